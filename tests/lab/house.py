# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A house with a router, a phone, a computer and one cable between them."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

from .adb_server import AdbServer
from .cable import Cable, NetworkCable, UsbDevice
from .certificate import make_certificate
from .clock import Clock
from .internet import Internet
from .options import Options
from .phone import Phone
from .resident import ADB_HOME
from .router import Router
from .router.outside import PLUG
from .router.words import WordsUnknown, router_words, wan_words


class Computer:
    """A host that gives power and looks at what is plugged in."""

    powered = True

    def __init__(self) -> None:
        self.seen: list[list[str]] = []
        self.device: UsbDevice | None = None

    def device_arrived(self, device: UsbDevice) -> None:
        self.device = device
        self.seen.append(sorted(device.functions))

    def device_left(self) -> None:
        self.device = None


class House:
    """Made inside a running event loop."""

    def __init__(self, options: Options, state_dir: Path) -> None:
        self.clock = Clock(options.speed)
        self.cable = Cable(self.clock)
        self.network_cable = NetworkCable(self.clock)
        self.certificate = make_certificate(state_dir)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.certificate.path, self.certificate.key_path)
        self.router = Router(
            self.clock,
            self.cable,
            firmware=options.firmware,
            username=options.username,
            password=options.password,
            http_port=options.http_port,
            https_port=options.https_port,
            tls=tls,
        )
        self.router.outside.network_cable = self.network_cable
        self.internet = Internet(self.router, tls)
        self.computer = Computer()
        self.cable.attach_host(PLUG, self.router)
        self.cable.attach_host("computer", self.computer)
        phone_root = state_dir / "phone"
        phone_root.mkdir(mode=0o700, exist_ok=True)
        self.phone = Phone(
            self.clock,
            self.cable,
            profile=options.android,
            adb_port=options.adb_port,
            root=phone_root,
            adbd=Path(options.real_adbd) if options.real_adbd else None,
            network_cable=self.network_cable,
        )
        self.cable.attach_gadget(self.phone)
        self.adb_server = AdbServer(state_dir / ADB_HOME) if options.adb_server else None

    async def start(self) -> None:
        await self.router.start()
        await self.phone.start()
        await self.internet.start()
        self.cable.plug(PLUG)
        if self.adb_server is not None:
            await self.adb_server.start()

    async def stop(self) -> None:
        if self.adb_server is not None:
            await self.adb_server.kill()
        self.cable.pull()
        await self.internet.stop()
        await self.phone.stop()
        await self.router.stop()

    async def reset(self) -> None:
        """Everything as at the start."""
        self.cable.pull()
        self.network_cable.pull()
        self.computer.seen.clear()
        self.internet.reset()
        await self.router.reset()
        await self.phone.reset()
        self.cable.plug(PLUG)
        if self.adb_server is not None:
            await self.adb_server.start()

    async def obey(self, words: list[str]) -> Any:
        """Do or tell what the control door asks; the vocabulary is in the README."""
        match words:
            case ["router", *rest]:
                return await router_words(self.router, rest)
            case ["wan", *rest]:
                return await wan_words(self.router, rest)
            case ["internet", *rest]:
                return self.internet.obey(rest)
            case ["cable", *rest]:
                return await self._cable_words(rest)
            case ["phone", *rest]:
                return await self.phone.control(rest)
            case ["adb-server", ("start" | "kill") as word] if self.adb_server is not None:
                return await (self.adb_server.start() if word == "start" else self.adb_server.kill())
            case ["at", which, *rest] if rest:
                return self.phone.adb.at(which, rest, self.obey)
            case ["clock"]:
                return {"now": self.clock.now(), "speed": self.clock.speed}
            case ["reset"]:
                return await self.reset()
            case _:
                raise WordsUnknown(
                    "router …, wan …, internet …, cable …, phone …, at N[:TEXT] …, adb-server start|kill, clock, reset"
                )

    @property
    def _in_use(self) -> Cable | NetworkCable:
        return self.network_cable if self.network_cable.plugged else self.cable

    async def _cable_words(self, words: list[str]) -> Any:
        match words:
            case ["pull"]:
                self.cable.pull()
                self.network_cable.pull()
            case ["plug", "lan"]:
                # The phone has one port: what is an adapter's is no USB cable's.
                self.cable.pull()
                self.network_cable.plug()
            case ["plug", host]:
                self.network_cable.pull()
                self.cable.plug(host)
            case ["wiggle"]:
                await self._in_use.wiggle()
            case ["wiggle", seconds]:
                await self._in_use.wiggle(float(seconds))
            case ["state"]:
                device = self.computer.device
                return {
                    "plugged": "lan" if self.network_cable.plugged else self.cable.plugged,
                    "power": self.cable.power,
                    "computer": {"sees": sorted(device.functions) if device else [], "seen": self.computer.seen},
                }
            case _:
                raise WordsUnknown(f"cable pull|plug {'|'.join(self.cable.hosts)}|lan|wiggle [SECONDS]|state")
        return None
