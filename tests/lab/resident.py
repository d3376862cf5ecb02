# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that a lab lives in: what it writes down of itself, when it ends, and how it is found and ended.

It holds a lock on ``lab.lock`` for as long as it lives. So a held lock and the pid beside it are surely of one lab,
whatever became of that pid otherwise, and the lab is gone when the lock is free.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from .control import ControlDoor
from .house import House, Options

_LOOK_AROUND_SECONDS = 0.5
_PATIENCE_SECONDS = 15.0

DESCRIPTION = "lab.json"
LOCK = "lab.lock"
LOG = "lab.log"
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
    if not (state_dir / LOCK).exists():
        return False
    try:
        take_lock(state_dir).close()
    except AlreadyThere:
        return True
    return False


def describe(state_dir: Path) -> dict[str, Any]:
    """What ``up`` prints: everything but the token."""
    described: dict[str, Any] = json.loads((state_dir / DESCRIPTION).read_text())
    described.pop("token")
    described.pop("owns_state_dir")
    return described


def live(
    options: Options,
    state_dir: Path,
    *,
    owns_state_dir: bool,
    parent_pid: int | None,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Run a lab until it is told to end, its state directory goes, or its parent does."""
    with take_lock(state_dir) as lock:
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            asyncio.run(_live(options, state_dir, owns_state_dir, parent_pid, ready))
        finally:
            # Tidy up while the lock is held still: whoever waits for it finds nothing left.
            remove_traces(state_dir, whole=owns_state_dir)


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
    shutil.rmtree(state_dir / "phone", ignore_errors=True)


async def _live(
    options: Options, state_dir: Path, owns_state_dir: bool, parent_pid: int | None, ready: Callable[[], None]
) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, over.set)
    house = House(options, state_dir)
    token = secrets.token_urlsafe(24)
    control = ControlDoor(token, house.obey)
    try:
        await house.start()
        await control.start()
        _write_description(house, options, state_dir, control.port, token, owns_state_dir)
        ready()
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), _LOOK_AROUND_SECONDS)
            if not (state_dir / DESCRIPTION).exists() or not _lives(parent_pid):
                over.set()
    finally:
        await control.stop()
        await house.stop()


def _lives(pid: int | None) -> bool:
    if pid is None:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # Dead, but not yet collected by whoever started it.
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def _write_description(
    house: House, options: Options, state_dir: Path, control_port: int, token: str, owns_state_dir: bool
) -> None:
    described = {
        "http_port": house.router.http_port,
        "https_port": house.router.https_port,
        "adb_port": house.phone.adb_port,
        "control_port": control_port,
        "serial": house.phone.serial,
        "username": options.username,
        "password": options.password,
        "pid": os.getpid(),
        "state_dir": str(state_dir),
        "certificate": str(house.certificate.path),
        "certificate_fingerprint": house.certificate.fingerprint,
        "token": token,
        "owns_state_dir": owns_state_dir,
    }
    written = state_dir / f"{DESCRIPTION}.new"
    written.touch(mode=0o600)
    written.write_text(json.dumps(described))
    written.rename(state_dir / DESCRIPTION)
