# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A model of the router's failover daemon, that pings for real (dual-WAN facts 4 and 12).

Every ``interval`` seconds it looks at the line that carries: is the cable in, and does the ping target answer? That
ping goes by the default route and waits two seconds for an answer. After ``maxfail`` failures in a row the other line
carries. A pulled cable counts from the next round on, and half as many are enough. While the backup carries, the
primary is pinged by its own interface; after ``fb_count`` answers in a row it carries again (386.69061 looks at the
path, the number of rounds is as in the sources).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from .addresses import INTERFACE, PING_TARGET, PRIMARY, SECONDARY
from .ping import Answer, ping


@dataclass(frozen=True)
class Settings:
    """In seconds and rounds, as in the router; smaller, so that a run takes seconds."""

    interval: float = 1.0
    maxfail: int = 2
    fb_count: int = 2
    ping_wait: float = 2.0


class Daemon:
    """Decides by which line the router sends."""

    def __init__(
        self, router: str, settings: Settings, plugged: Callable[[str], bool], carry: Callable[[str], None]
    ) -> None:
        self._router = router
        self._settings = settings
        self._plugged = plugged
        self._carry = carry
        self._failures = 0
        self._returns = 0
        self._known_unreachable = False
        self._was_plugged = True
        self.active = PRIMARY

    async def run(self) -> None:
        """Round after round until cancelled."""
        while True:
            await self._round()
            await asyncio.sleep(self._settings.interval)

    async def _round(self) -> None:
        limit = self._settings.maxfail
        plugged = self._plugged(self.active)
        just_pulled = self._was_plugged and not plugged
        self._was_plugged = plugged
        if not plugged:
            limit //= 2
            self._failures = 0 if just_pulled else self._failures + 1
        else:
            self._failures = 0 if await self._answers() else self._failures + 1
        if self._failures >= max(1, limit):
            other = SECONDARY if self.active == PRIMARY else PRIMARY
            if self._plugged(other):
                self._switch(other)
            return
        if self.active == SECONDARY:
            await self._consider_return()

    async def _answers(self) -> bool:
        """An error ends the wait at once, but not at a loss's first packet: so the sum comes to what was seen (12)."""
        wait, loop = self._settings.ping_wait, asyncio.get_running_loop()
        began = loop.time()
        answer = await ping(self._router, PING_TARGET, wait)
        if answer is Answer.ERROR and not self._known_unreachable:
            await asyncio.sleep(max(began + wait - loop.time(), 0))
        self._known_unreachable = answer is Answer.ERROR
        return answer is Answer.REPLY

    async def _consider_return(self) -> None:
        back = self._plugged(PRIMARY)
        if back:
            interface = INTERFACE[PRIMARY]
            back = await ping(self._router, PING_TARGET, self._settings.ping_wait, interface) is Answer.REPLY
        self._returns = self._returns + 1 if back else 0
        if self._returns >= max(1, self._settings.fb_count):
            self._switch(PRIMARY)

    def _switch(self, to: str) -> None:
        self._carry(to)
        self.active = to
        self._failures = self._returns = 0
        self._known_unreachable = False
        self._was_plugged = self._plugged(to)
