# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find Python interpreters that can make a virtual environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def find(version: str) -> Path | None:
    """The first usable interpreter of a version such as ``3.12``: the running one, on PATH, or installed by pyenv."""
    return next((path for path in _candidates(version) if _usable(path, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    yield Path(sys.executable)
    name = f"python{version}"
    # Every folder, not only the first: pyenv puts shims there that are no interpreter of that version at all.
    for folder in os.get_exec_path():
        yield Path(folder, name)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"), reverse=True)


def _usable(path: Path, version: str) -> bool:
    """True if it runs, is of that version, and has what ``-m venv`` needs (which Debian packages apart)."""
    code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([path, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.stdout.strip() == version
