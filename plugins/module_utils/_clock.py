# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time as the conversations see it: injected, so that tests need not wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

Seen = TypeVar("Seen")


class Clock(Protocol):
    """Seconds that pass, and the wish to let some pass."""

    def now(self) -> float:
        """Seconds since some fixed moment; never goes back."""

    def epoch(self) -> float:
        """Seconds since 1970, for what outlives this run."""

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""


class WallClock:
    """The machine's own."""

    def now(self) -> float:
        return time.monotonic()

    def epoch(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def look_until(
    good: Callable[[Seen], bool], look: Callable[[], Seen], clock: Clock, *, seconds: float, pause: float
) -> Seen:
    """Look again and again, ``pause`` seconds apart. Returns the first that is good, or what the last look saw.

    The last one begins when the seconds are over: an answer that comes late tells of the time when it was asked for.
    """
    deadline = clock.now() + seconds
    while True:
        last = clock.now() >= deadline
        seen = look()
        if last or good(seen):
            return seen
        clock.sleep(pause)
