# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The battery, which is just what it is set to be."""

from __future__ import annotations

from collections.abc import Callable


class Battery:
    """Percent, and tenths of a degree Celsius; ``changed`` hears of every new pair."""

    def __init__(self, changed: Callable[[int, int], None]) -> None:
        self._changed = changed
        self.set()

    def set(self, *, level: int = 80, temperature: int = 312) -> None:
        self.level, self.temperature = level, temperature
        self._changed(level, temperature)
