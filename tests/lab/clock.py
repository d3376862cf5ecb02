# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's clock: seconds as the devices count them, which may pass faster than on the wall."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any


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

    def now(self) -> float:
        """Lab seconds since the lab was started."""
        return (self._loop.time() - self._born) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait so many lab seconds."""
        await asyncio.sleep(seconds / self.speed)

    def later(self, seconds: float, action: Callable[..., Any], *arguments: Any) -> asyncio.TimerHandle:
        """Run ``action(*arguments)`` in so many lab seconds; the handle cancels it."""
        return self._loop.call_later(seconds / self.speed, action, *arguments)
