# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's clock: seconds as the devices count them, which may pass faster than on the wall.

A device is not slow because the machine is: what is due is done in the order in which it is due, and what one thing
leads to is counted from when that was due, not from when its turn came. At fifty times the pace a turn that is a tenth
of a second late would else be five seconds in which a phone gives its host up.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any


@dataclass(order=True)
class Timer:
    """Something to be done later."""

    due: float
    number: int
    """Of two that are due at the same time the one that was asked for first goes first."""
    action: Callable[[], Any] | None = field(compare=False)

    def cancel(self) -> None:
        """Leave it, if it has not been done."""
        self.action = None


class Clock:
    """Lab seconds on top of the running event loop.

    ``speed`` is how many lab seconds pass in one second on the wall.
    """

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"speed must be above 0, not {speed}")
        self.speed = speed
        self._loop = asyncio.get_running_loop()
        self._born = self._loop.time()
        self._timers: list[Timer] = []
        self._numbers = count()
        self._alarm: asyncio.TimerHandle | None = None
        self._doing: float | None = None
        """When that was due which is being done."""

    def now(self) -> float:
        """Lab seconds since the lab was started."""
        return (self._present() - self._born) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait so many lab seconds, and then for one's turn: who sleeps may find done what was due after it."""
        await asyncio.sleep(seconds / self.speed)

    def later(self, seconds: float, action: Callable[..., Any], *arguments: Any) -> Timer:
        """Run ``action(*arguments)`` in so many lab seconds; the timer cancels it."""
        timer = Timer(self._present() + seconds / self.speed, next(self._numbers), partial(action, *arguments))
        heapq.heappush(self._timers, timer)
        if self._doing is None:
            self._set_alarm()
        return timer

    def _present(self) -> float:
        return self._loop.time() if self._doing is None else self._doing

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self._loop.call_at(self._timers[0].due, self._ring) if self._timers else None

    def _ring(self) -> None:
        try:
            while self._timers and self._timers[0].due <= self._loop.time():
                timer = heapq.heappop(self._timers)
                if timer.action is not None:
                    self._doing = timer.due
                    timer.action()
        finally:
            self._doing = None
            self._set_alarm()
