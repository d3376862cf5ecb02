# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the checkout is, and the collection paths in which Ansible and its test tool find it.

Ansible looks for ``ansible_collections/homelab/dualwan``. A link of that name is enough for all but ansible-test,
which resolves links and so needs a copy.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
TREE = BUILD / "tree"
NAME = Path("ansible_collections", "homelab", "dualwan")


def link_tree() -> Path:
    """Make the collection path that links to the checkout, and return it."""
    link = TREE / NAME
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink() or link.resolve() != ROOT:
        link.unlink(missing_ok=True)
        # Two test processes may come here at the same time; whichever is first is right.
        with contextlib.suppress(FileExistsError):
            link.symlink_to(ROOT, target_is_directory=True)
    return TREE


def copy_tree(path: Path) -> Path:
    """Copy what git tracks or would track into the collection path ``path``; return the copied checkout.

    The copy is a git repository of its own: ansible-test would otherwise ask the checkout around it, which ignores
    ``build/``, and find no files to check.
    """
    shutil.rmtree(path, ignore_errors=True)
    copy = path / NAME
    copy.mkdir(parents=True)
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    for name in sorted({*listing.stdout.split("\0")} - {""}):
        source, target = ROOT / name, copy / name
        # A file that was removed but not yet committed is still listed.
        if source.is_symlink() or source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    subprocess.run(["git", "init", "--quiet"], cwd=copy, check=True)
    return copy


if __name__ == "__main__":
    print(link_tree())
