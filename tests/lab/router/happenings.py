# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What faults do to the router as a whole, and how it is put right again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from ..clock import Clock, Timer
from .door import FAILURES_TO_CAPTCHA
from .failures import LOCK_SECONDS
from .httpd import Httpd
from .lines import Lines
from .nvram import Nvram
from .outside import Outside
from .rc import Rc

_CAPTCHA = "captcha_enable"


class Happenings:
    """``happen`` is one event; ``end`` undoes what lasts of them."""

    def __init__(
        self,
        clock: Clock,
        *,
        nvram: Nvram,
        lines: Lines,
        outside: Outside,
        rc: Rc,
        servers: Sequence[Httpd],
        errand: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        self._clock = clock
        self._nvram = nvram
        self._lines = lines
        self._outside = outside
        self._rc = rc
        self._servers = servers
        self._errand = errand
        self._refusal: asyncio.Task[None] | None = None
        self._silenced: int | None = None
        self._line_returns: Timer | None = None
        self._captcha_turned_on = False
        self._events: dict[str, Callable[[float | None], Awaitable[None]]] = {
            "lock": self._lock,
            "captcha": self._captcha,
            "busy": self._busy,
            "refuse": self._refuse,
            "internet-gone": self._internet_gone,
        }

    def add(self, event: str, cause: Callable[[], Awaitable[None]]) -> None:
        """One that the router itself can do."""

        async def happen(_amount: float | None) -> None:
            await cause()

        self._events[event] = happen

    async def happen(self, event: str, amount: float | None) -> None:
        await self._events[event](amount)

    async def end(self) -> None:
        """No lock, no captcha, nothing that occupies rc, httpd listening, the line as it was."""
        for server in self._servers:
            server.door.unlock()
        if self._captcha_turned_on:
            self._nvram.set(_CAPTCHA, self._nvram.default(_CAPTCHA))
            self._captcha_turned_on = False
        self._rc.end_occupation()
        if self._refusal is not None and not self._refusal.done():
            self._refusal.cancel()
            await self._listen()
        self._refusal = None
        self._line_is_back()

    async def _lock(self, seconds: float | None) -> None:
        for server in self._servers:
            server.door.lock(LOCK_SECONDS if seconds is None else seconds)

    async def _captcha(self, _amount: float | None) -> None:
        """As if it was on and two logins had failed already."""
        if self._nvram.get(_CAPTCHA) != "1":
            self._nvram.set(_CAPTCHA, 1)
            self._captcha_turned_on = True
        for server in self._servers:
            server.door.failures = max(server.door.failures, FAILURES_TO_CAPTCHA)

    async def _busy(self, seconds: float | None) -> None:
        self._rc.occupy(seconds or 0.0)

    async def _refuse(self, seconds: float | None) -> None:
        """Nobody listens for a while. The processes live on, and their tokens with them."""
        if self._refusal is not None:
            self._refusal.cancel()
        for server in self._servers:
            server.stop_listening()
        self._refusal = self._errand(self._listen_again(seconds or 0.0))

    async def _listen_again(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        await self._listen()

    async def _listen(self) -> None:
        for server in self._servers:
            await server.start()

    async def _internet_gone(self, seconds: float | None) -> None:
        """Replies vanish on the line of WAN0, whichever that is by now."""
        self._line_is_back()
        self._silenced = self._lines.line(0)
        if self._silenced is None:
            # Nothing is ever plugged in there.
            return
        self._outside.set_upstream(self._silenced, "silent")
        if seconds is not None:
            self._line_returns = self._clock.later(seconds, self._line_is_back)

    def _line_is_back(self) -> None:
        if self._line_returns is not None:
            self._line_returns.cancel()
            self._line_returns = None
        if self._silenced is not None:
            self._outside.set_upstream(self._silenced, "up")
            self._silenced = None
