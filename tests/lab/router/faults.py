# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trouble to order. A fault with a time lasts that long; one without hits once."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..clock import Clock

ON_REQUEST = ("reset-in-body", "empty-reply", "html-reply", "session-gone")
NAMES = ("lock", "busy", *ON_REQUEST, "silent-drop", "reboot-after-write", "no-fault")


@dataclass
class Faults:
    """Those that are waiting to happen."""

    clock: Clock
    dropped_names: set[str] = field(default_factory=set)
    _armed: dict[str, float | None] = field(default_factory=dict)

    def arm(self, name: str, seconds: float | None) -> None:
        self._armed[name] = None if seconds is None else self.clock.now() + seconds

    def strikes(self, name: str) -> bool:
        """Whether the fault happens now; one without a time is used up by it."""
        if name not in self._armed:
            return False
        until = self._armed[name]
        if until is None:
            del self._armed[name]
            return True
        if self.clock.now() < until:
            return True
        del self._armed[name]
        return False

    def clear(self) -> None:
        self._armed.clear()
        self.dropped_names.clear()

    def as_data(self) -> list[str]:
        return sorted([*self._armed, *(f"silent-drop {name}" for name in self.dropped_names)])
