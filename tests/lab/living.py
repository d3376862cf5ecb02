# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that a lab lives in: from its start to its end, whoever asks for that."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import signal
from collections.abc import Callable
from pathlib import Path

from .control import ControlDoor
from .house import House
from .options import Options
from .parent import lives
from .resident import DESCRIPTION, remove_traces, take_lock

_LOOK_AROUND_SECONDS = 0.5


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
        asyncio.run(_live(options, state_dir, owns_state_dir, parent_pid, ready))
        # Tidy up while the lock is held still: whoever waits for it finds nothing left. After a failed start the
        # log is wanted yet, and whoever started it tidies up.
        remove_traces(state_dir, whole=owns_state_dir)


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
        ports = {
            "control_port": control.port,
            "internet_http_port": house.internet.http_port,
            "internet_tls_port": house.internet.tls_port,
            "internet_dns_port": house.internet.dns_port,
            "adb_server_port": house.adb_server.port if house.adb_server else None,
        }
        _write_description(house, options, state_dir, ports, token, owns_state_dir)
        ready()
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), _LOOK_AROUND_SECONDS)
            if not (state_dir / DESCRIPTION).exists() or not lives(parent_pid):
                over.set()
    finally:
        await control.stop()
        await house.stop()


def _write_description(
    house: House, options: Options, state_dir: Path, ports: dict[str, int | None], token: str, owns_state_dir: bool
) -> None:
    described = {
        "http_port": house.router.http_port,
        "https_port": house.router.https_port,
        "adb_port": house.phone.adb_port,
        **ports,
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
