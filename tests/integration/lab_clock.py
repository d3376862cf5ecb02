# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's time for what the collection does inside a test: it waits in the simulated router's seconds."""

from __future__ import annotations

import time


class LabClock:
    """As ``_clock.Clock`` wants it. Time-outs of sockets stay on the wall's clock, as in the lab."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._born = time.monotonic()

    def now(self) -> float:
        return (time.monotonic() - self._born) * self._speed

    def epoch(self) -> float:
        return 1_800_000_000.0 + self.now()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self._speed)
