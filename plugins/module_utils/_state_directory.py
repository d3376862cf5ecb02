# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the control node keeps what it must know of a device from one run to the next."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def private_directory(directory: Path) -> None:
    """Make it for its owner alone, so that it is there after a power cut too. Raises OSError."""
    missing = [each for each in (directory, *directory.parents) if not each.exists()]
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in missing:
        names_on_disk(each.parent)


def names_on_disk(directory: Path) -> None:
    """What was made, renamed or removed in it stays so: else a power cut may take it back. Raises OSError."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that cannot be told, such as a folder shared with a machine
            raise
    finally:
        os.close(descriptor)


def keep_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all; on disk when this returns. Raises OSError."""
    private_directory(path.parent)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    names_on_disk(path.parent)


def remove(path: Path) -> None:
    """Gone for good when this returns, if it was there at all. Raises OSError."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    names_on_disk(path.parent)


def state_directory() -> Path:
    """``homelab.dualwan`` in the user's directory for state (XDG Base Directory Specification). Not made by this."""
    given = os.environ.get("XDG_STATE_HOME", "")
    # The specification says to ignore a relative one.
    base = Path(given) if given.startswith("/") else Path.home() / ".local" / "state"
    return base / "homelab.dualwan"
