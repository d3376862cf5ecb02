# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a running lab is found by its state directory, and ended.

Its process holds a lock on ``lab.lock`` for as long as it lives. So a held lock and the pid in it are surely of one
lab, whatever became of that pid otherwise, and the lab is gone when the lock is free.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any, TextIO

_PATIENCE_SECONDS = 60.0

DESCRIPTION = "lab.json"
LOCK = "lab.lock"
LOG = "lab.log"
ADB_HOME = "adb"
_FILES = (DESCRIPTION, LOCK, LOG, "certificate.pem", "certificate-key.pem")


class AlreadyThere(Exception):
    """A lab lives in that state directory."""


def take_lock(state_dir: Path) -> TextIO:
    """Hold it; the caller keeps the file open."""
    lock = (state_dir / LOCK).open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise AlreadyThere(f"a lab is running in {state_dir} already") from None
    return lock


def is_alive(state_dir: Path) -> bool:
    """Looks without making the file anew, which would keep a lab that is just ending from removing its directory."""
    try:
        lock = (state_dir / LOCK).open()
    except FileNotFoundError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def describe(state_dir: Path) -> dict[str, Any]:
    """What ``up`` prints: everything but the token."""
    described: dict[str, Any] = json.loads((state_dir / DESCRIPTION).read_text())
    described.pop("token")
    described.pop("owns_state_dir")
    return described


def end(state_dir: Path) -> bool:
    """End the lab of a state directory and wait till it is gone. False if there was none."""
    if not is_alive(state_dir):
        return False
    pid = int((state_dir / LOCK).read_text())
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        give_up = time.monotonic() + _PATIENCE_SECONDS
        while is_alive(state_dir):
            if time.monotonic() > give_up:
                break
            time.sleep(0.02)
        else:
            return True
    raise TimeoutError(f"process {pid} of the lab in {state_dir} does not end")


def remove_traces(state_dir: Path, *, whole: bool) -> None:
    """The directory if the lab made it, else only what a lab puts there; a log stays for its reader."""
    if whole:
        shutil.rmtree(state_dir, ignore_errors=True)
        return
    for name in _FILES:
        if name != LOG:
            (state_dir / name).unlink(missing_ok=True)
    for folder in ("phone", ADB_HOME):
        shutil.rmtree(state_dir / folder, ignore_errors=True)
