# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rc_service: one request at a time, asynchronous, and lost without a word if the last one takes too long.

380r notify_rc.c and web API facts 4.4; that a busy rc blocks httpd and is then passed over was seen (section 9).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

from ..clock import Clock, Timer
from .nvram import Nvram

PATIENCE_SECONDS = 15
MOST_PARAMETERS = 7


@dataclass
class Run:
    """A service in the state's list."""

    at: float
    service: str
    by: str
    note: str = ""


class Rc:
    """``perform`` does one service and says whether it knew it."""

    def __init__(self, clock: Clock, nvram: Nvram, perform: Callable[[list[str]], Awaitable[bool]]) -> None:
        self._clock = clock
        self._nvram = nvram
        self._perform = perform
        self._worker: asyncio.Task[None] | None = None
        self._occupied: Timer | None = None
        self.runs: list[Run] = []

    async def notify(self, event: str, by: str) -> bool:
        """Ask for services, separated by ``;``. False if they were passed over."""
        waited = 0
        while self._nvram.get("rc_service"):
            if waited >= PATIENCE_SECONDS:
                self.runs.append(Run(self._clock.now(), event, by, "skipped: rc was busy"))
                return False
            await self._clock.sleep(1)
            waited += 1
        self._nvram.set("rc_service", event)
        self._nvram.set("rc_service_pid", "1")
        self._worker = asyncio.create_task(self._work(event, by))
        return True

    async def notify_and_wait(self, event: str, by: str) -> None:
        """As the monitor daemon does: go on when it is done."""
        if await self.notify(event, by) and self._worker is not None:
            await asyncio.shield(self._worker)

    def occupy(self, seconds: float) -> None:
        """Be busy with something long."""
        self.end_occupation()
        self._nvram.set("rc_service", "restart_firewall")
        self._occupied = self._clock.later(seconds, self.end_occupation)

    def end_occupation(self) -> None:
        if self._occupied is not None:
            self._occupied.cancel()
            self._occupied = None
            if self._worker is None or self._worker.done():
                self._clear()

    def stop(self) -> None:
        """The machine goes down."""
        if self._worker is not None and self._worker is not asyncio.current_task():
            self._worker.cancel()
        self._worker = None
        self.end_occupation()
        self._clear()

    def as_data(self) -> list[dict[str, Any]]:
        return [asdict(run) for run in self.runs]

    async def _work(self, event: str, by: str) -> None:
        for piece in event.split(";"):
            words = piece.split()[:MOST_PARAMETERS]
            if not words:
                continue
            run = Run(self._clock.now(), " ".join(words), by)
            self.runs.append(run)
            if not await self._perform(words):
                run.note = "not simulated"
        if self._occupied is None:
            self._clear()

    def _clear(self) -> None:
        self._nvram.set("rc_service", "")
        self._nvram.unset("rc_service_pid")
