# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone with a cable and a real adb server, in the hands of a test that waits for nothing but answers."""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import adbutils

from lab.adb_server import adb_program
from lab.cable import Cable, UsbDevice
from lab.clock import Clock
from lab.phone import Phone

T = TypeVar("T")

SPEED = 20.0
PATIENCE = 60.0


class Machine:
    """A host that gives power and remembers what it saw."""

    powered = True

    def __init__(self) -> None:
        self.device: UsbDevice | None = None

    def device_arrived(self, device: UsbDevice) -> None:
        self.device = device

    def device_left(self) -> None:
        self.device = None

    @property
    def functions(self) -> set[str]:
        return set(self.device.functions) if self.device else set()


@dataclass
class Said:
    output: str
    errors: str
    status: int


class Rig:
    """The phone lives in an event loop of another thread, as it does in the lab's own process."""

    def __init__(self, directory: Path, adb_server_port: int, adbd: Path | None = None) -> None:
        self.directory = directory
        self._adbd = adbd
        self.router = Machine()
        self.computer = Machine()
        self._server_port = adb_server_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.phone: Phone
        self.cable: Cable

    def switch_on(self) -> None:
        self._thread.start()

        async def start() -> None:
            clock = Clock(SPEED)
            self.cable = Cable(clock)
            self.cable.attach_host("router", self.router)
            self.cable.attach_host("computer", self.computer)
            self.phone = Phone(
                clock, self.cable, profile="14", adb_port=0, root=self.directory / "phone", adbd=self._adbd
            )
            self.cable.attach_gadget(self.phone)
            await self.phone.start()

        self.wait_for(start())

    def put_away(self) -> None:
        if self._thread.is_alive():
            if hasattr(self, "phone"):
                self.adb("disconnect", self.phone.serial)
                self.wait_for(self.phone.stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def do(self, action: Callable[..., Any], *arguments: object) -> Any:
        """Call something of the simulator in its own thread."""

        async def call() -> Any:
            return action(*arguments)

        return self.wait_for(call())

    def control(self, words: str) -> Any:
        return self.wait_for(self.phone.control(words.split()))

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.control("state")
        return state

    def commands(self) -> list[str]:
        """What runs on the phone."""
        return [process["command"] for process in self.state()["processes"]]

    def runs(self, part: str) -> bool:
        """Whether a command with this in it does."""
        return any(part in command for command in self.commands())

    def log(self, what: str) -> list[dict[str, Any]]:
        return [entry for entry in self.control("log") if entry["what"] == what]

    def until(self, there: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Look until something is the case."""
        give_up = time.monotonic() + patience
        while not (found := there()):
            if time.monotonic() > give_up:
                raise AssertionError(f"never came about; {self.state()}")
            time.sleep(0.01)
        return found

    def plug(self, host: str = "router") -> None:
        self.do(self.cable.plug, host)

    def tether(self, function: str = "rndis") -> None:
        """A phone that serves the router, by whatever adb says."""
        self.plug()
        self.shell(f"svc usb setFunctions {function}")
        self.until(lambda: self.state()["tether"]["serving"])

    def connect(self) -> None:
        said = self.adb("connect", self.phone.serial)
        assert said.output == f"connected to {self.phone.serial}\n"

    def adb(self, *words: str, given: bytes | None = None) -> Said:
        environment = {**os.environ, "HOME": str(self.directory)}
        done = subprocess.run(
            [adb_program(), "-P", str(self._server_port), *words],
            input=given or b"",
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env=environment,
        )
        return Said(done.stdout.decode(), done.stderr.decode(), done.returncode)

    def on_phone(self, *words: str, given: bytes | None = None) -> Said:
        return self.adb("-s", self.phone.serial, *words, given=given)

    def shell(self, command: str, given: bytes | None = None) -> Said:
        return self.on_phone("shell", command, given=given)

    def adb_state(self) -> str:
        """As ``adb devices`` has it."""
        for line in self.adb("devices").output.splitlines():
            serial, _mark, state = line.partition("\t")
            if serial == self.phone.serial:
                return state
        return ""

    @property
    def device(self) -> adbutils.AdbDevice:
        return adbutils.AdbClient(port=self._server_port, socket_timeout=PATIENCE).device(self.phone.serial)
