# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as adbd sees them: with the rights of the user shell and within the phone's root."""

from __future__ import annotations

import contextlib
import os
from typing import Any


def stat(path: str, follow: bool) -> dict[str, int]:
    """What both generations of the sync protocol want to know."""
    return _status(os.stat(path) if follow else os.lstat(path))


def listing(path: str) -> list[dict[str, Any]]:
    """The entries of a directory, ``.`` and ``..`` included as adbd does."""
    names = [".", "..", *sorted(os.listdir(path))]
    found: list[dict[str, Any]] = []
    for name in names:
        try:
            found.append({"name": name, **stat(os.path.join(path, name), follow=False)})
        except FileNotFoundError:
            continue
    return found


def create(path: str, mode: int) -> int:
    """Open a new file for a push: a former one is removed first, parents are made (adbd's file_sync_service)."""
    with contextlib.suppress(FileNotFoundError):
        if not os.path.isdir(path):
            os.unlink(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return os.open(path, flags, mode)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), 0o775, exist_ok=True)
        return os.open(path, flags, mode)


def finish(path: str, mode: int, modified: int) -> None:
    """Mode and time of a pushed file."""
    os.chmod(path, mode)
    os.utime(path, (modified, modified))


def remove(path: str) -> None:
    """Take back a push that failed."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _status(found: os.stat_result) -> dict[str, int]:
    return {
        "mode": found.st_mode,
        "size": found.st_size,
        "mtime": int(found.st_mtime),
        "atime": int(found.st_atime),
        "ctime": int(found.st_ctime),
        "dev": found.st_dev,
        "ino": found.st_ino,
        "nlink": found.st_nlink,
        "uid": found.st_uid,
        "gid": found.st_gid,
    }
