# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router on the table: a clock that leaps, a cable with a pretended phone, and ways to talk to its web server."""

from __future__ import annotations

import asyncio
import base64
import functools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from lab.cable import Cable, Lease, UsbDevice
from lab.clock import Clock
from lab.router import Router

from .leaping_loop import run_leaping

APP = "asusrouter-lab-DUTUtil-1"
BROWSER = "Mozilla/5.0"
PASSWORD = "correct-horse"

_GLANCE = 0.05
"""Lab seconds between two looks at something awaited."""


class PretendedPhone:
    """The gadget's end of the cable, without a phone behind it."""

    def __init__(self, cable: Cable) -> None:
        self._cable = cable
        self.offer: Lease | None = Lease("192.168.42.10", "255.255.255.0", "192.168.42.129", ("192.168.42.129",))
        self.online = True
        self.power_seen: list[bool] = []
        cable.attach_gadget(self)

    def show(self, *functions: str) -> None:
        """Bind these functions, or none."""
        device = UsbDevice(0x18D1, 0x4EE4, "Lab", "Phone", frozenset(functions))
        self._cable.present(device if functions else None)

    def vbus(self, present: bool) -> None:
        self.power_seen.append(present)

    def configured(self) -> None:
        pass

    def lease(self) -> Lease | None:
        return self.offer

    def upstream(self) -> bool:
        return self.online


@dataclass(frozen=True)
class Answer:
    head: str
    body: str

    @property
    def status(self) -> int:
        return int(self.head.split(" ")[1])

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        for line in self.head.split("\r\n")[1:]:
            key, _mark, value = line.partition(": ")
            if key.lower() == name.lower():
                return value
        return None


class Bench:
    """What a story is told with."""

    def __init__(self, firmware: str) -> None:
        self.clock = Clock()
        self.cable = Cable(self.clock)
        self.router = Router(self.clock, self.cable, firmware=firmware, username="admin", password=PASSWORD)
        self.cable.attach_host("router", self.router)
        self.phone = PretendedPhone(self.cable)
        self.token: str | None = None

    def nvram(self, name: str) -> str:
        return self.router.nvram.get(name)

    def set(self, **values: object) -> None:
        for name, value in values.items():
            self.router.nvram.set(name, str(value))
        self.router.nvram.commit()

    async def send(self, raw: bytes, source: str = "127.0.0.1") -> str:
        """Bytes in, bytes out until the router hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.router.http_port, local_addr=(source, 0))
        try:
            writer.write(raw)
            return (await reader.read()).decode()
        finally:
            writer.close()

    async def ask(
        self,
        target: str,
        body: str | None = None,
        *,
        agent: str = APP,
        cookie: str | None = None,
        referer: bool = False,
        source: str = "127.0.0.1",
    ) -> Answer:
        """One request, with the bench's token unless a cookie is given."""
        host = f"127.0.0.1:{self.router.http_port}"
        lines = [f"{'GET' if body is None else 'POST'} {target} HTTP/1.1", f"Host: {host}", f"User-Agent: {agent}"]
        cookie = f"asus_token={self.token}" if cookie is None and self.token else cookie
        if cookie:
            lines.append(f"Cookie: {cookie}")
        if referer:
            lines.append(f"Referer: http://{host}/index.asp")
        if body is not None:
            lines.append(f"Content-Length: {len(body.encode())}")
        raw = "\r\n".join(lines) + "\r\n\r\n" + (body or "")
        head, _mark, text = (await self.send(raw.encode(), source)).partition("\r\n\r\n")
        return Answer(head, text)

    async def try_login(self, password: str = PASSWORD, **how: Any) -> Answer:
        authorization = quote(base64.b64encode(f"admin:{password}".encode()).decode(), safe="")
        return await self.ask("/login.cgi", f"login_authorization={authorization}", cookie="", **how)

    async def log_in(self) -> None:
        self.token = (await self.try_login()).json["asus_token"]

    async def apply(self, **fields: str) -> Answer:
        """Through applyapp.cgi."""
        return await self.ask("/applyapp.cgi", form({"action_mode": "apply", **fields}))

    async def until(self, happens: Callable[[], bool], within: float = 300) -> float:
        """Wait for something; the lab second in which it was so. ``within`` lab seconds."""
        give_up = self.clock.now() + within
        while not happens():
            assert self.clock.now() < give_up, f"not within {within} s"
            await self.clock.sleep(_GLANCE)
        return self.clock.now()

    async def tether(self) -> None:
        """Plug the phone in with its tether on, and wait for the router to have seen it."""
        self.cable.plug("router")
        self.phone.show("rndis", "adb")
        await self.until(self.router.lines.usb_ready)

    def services(self) -> list[str]:
        return [run.service for run in self.router.rc.runs]


def form(fields: dict[str, str]) -> str:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())


@asynccontextmanager
async def on_the_bench(firmware: str = "386") -> AsyncIterator[Bench]:
    bench = Bench(firmware)
    await bench.router.start()
    try:
        yield bench
    finally:
        await bench.router.stop()
        await asyncio.sleep(0)


Tale = Callable[[Bench], Awaitable[None]]


def story(tell: Tale) -> Callable[[], None]:
    """Make a test of a coroutine that takes a bench."""
    return story_on("386")(tell)


def story_on(firmware: str) -> Callable[[Tale], Callable[[], None]]:
    """The same, with another firmware on the router."""

    def make(tell: Tale) -> Callable[[], None]:
        @functools.wraps(tell)
        def test() -> None:
            tell_on(firmware, tell)

        # Else pytest would look through the wrapper and ask for a fixture.
        del test.__wrapped__
        return test

    return make


def tell_on(firmware: str, tell: Tale) -> None:
    """For a test that is told on several firmwares."""

    async def run() -> None:
        async with on_the_bench(firmware) as bench:
            await tell(bench)

    run_leaping(run())
