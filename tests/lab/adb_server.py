# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real adb server for the lab: one's own, on loopback, with its key and its log in a directory of its own.

``python -m lab.adb_server --home DIRECTORY [--port N] [--parent-pid PID]`` runs one in the foreground until it is
ended, and prints a line of JSON with its ``port`` and ``pid`` as soon as it answers.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from .parent import lives

START_SECONDS = 60.0
"""The first start makes a key, which takes a second or three."""

_QUIET = {
    # No multicast for phones in the neighbourhood. The first is adb 36's; older ones know the second or none.
    "ADB_MDNS": "0",
    "ADB_MDNS_AUTO_CONNECT": "0",
    # Real phones and emulators of this machine are not the lab's business; the scan takes its ports for an emulator.
    "ADB_USB": "0",
    "ADB_EMU": "0",
    "ADB_LOCAL_TRANSPORT_MAX_PORT": "5554",
}


class NoAdb(Exception):
    """There is no adb on this machine."""


def adb_program() -> str:
    """``$ADB``, the one in adbutils' wheel, or the one in PATH. Raises NoAdb."""
    if chosen := os.environ.get("ADB"):
        return chosen
    with contextlib.suppress(ImportError):
        import adbutils

        bundled = Path(adbutils.__file__).parent / "binaries" / "adb"
        if bundled.is_file():
            return str(bundled)
    found = shutil.which("adb")
    if found is None:
        raise NoAdb("no adb: set ADB to one, install Debian's package adb, or adbutils on x86-64")
    return found


def start(home: Path, port: int = 0) -> tuple[subprocess.Popen[bytes], int]:
    """Start a server and wait until it answers. Raises NoAdb, or RuntimeError with what the server said."""
    home.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ADB_", "ANDROID_"))}
    environment.update(_QUIET, HOME=str(home), ANDROID_USER_HOME=str(home / ".android"), TMPDIR=str(home))
    log = home / "adb-server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [adb_program(), "-P", str(port), "nodaemon", "server"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=home,
        )
    give_up = time.monotonic() + START_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > give_up:
            stop(process)
            raise RuntimeError(f"the adb server did not come up on port {port}: {log.read_text(errors='replace')}")
        time.sleep(0.02)
    return process, port


def stop(process: subprocess.Popen[bytes]) -> None:
    """End this server and no other."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def adb_server(home: Path) -> Iterator[int]:
    """A server for as long as the block lasts; its port."""
    process, port = start(home)
    try:
        yield port
    finally:
        stop(process)


class AdbServer:
    """A lab's own, which may be killed and come back on the port that it had."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    async def start(self) -> None:
        """Unless it runs. Raises as :func:`start` does."""
        if self._process is None:
            self._process, self.port = await asyncio.to_thread(start, self._home, self.port)

    async def kill(self) -> None:
        """As ``adb kill-server``; nothing comes back by itself."""
        process, self._process = self._process, None
        if process is not None:
            await asyncio.to_thread(stop, process)


def free_port() -> int:
    """One of loopback's on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"000chost:version")
            return connection.recv(4) == b"OKAY"
    except OSError:
        return False


def _ended(*_: object) -> None:
    raise SystemExit(0)


def main(arguments: list[str] | None = None) -> None:
    """Run one server in the foreground."""
    parser = argparse.ArgumentParser(prog="lab.adb_server", description="A real adb server for the lab")
    parser.add_argument("--home", type=Path, required=True, help="directory for its key and its log")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--parent-pid", type=int, help="end when this process is gone")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _ended)
    signal.signal(signal.SIGINT, _ended)
    process, port = start(options.home.resolve(), options.port)
    try:
        print(json.dumps({"port": port, "pid": os.getpid()}), flush=True)
        while process.poll() is None and lives(options.parent_pid):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)
    finally:
        stop(process)
    sys.exit(1 if lives(options.parent_pid) else 0)


if __name__ == "__main__":
    main()
