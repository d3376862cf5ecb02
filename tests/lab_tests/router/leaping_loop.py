# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event loop whose time leaps to what is due next: minutes of the lab pass in milliseconds, and exactly."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any

_IDLE_DESCRIPTORS = 2
"""The loop's own wake-up and the listening web server; with more, somebody is in conversation."""
_BYTES_NEED = 0.002
"""Seconds on the wall in which loopback surely carries what was sent."""


class _Leaping(selectors.DefaultSelector):
    leapt = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select(None)
        talking = len(self.get_map()) > _IDLE_DESCRIPTORS
        ready = super().select(min(timeout, _BYTES_NEED) if talking else 0)
        if not ready:
            self.leapt += max(0.0, timeout)
        return ready


class LeapingLoop(asyncio.SelectorEventLoop):
    """Sockets are genuine, time is not."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.leapt


def run_leaping(story: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        runner.run(story)
