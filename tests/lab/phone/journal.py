# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened on the phone, with lab times."""

from __future__ import annotations

from ..clock import Clock


class Journal:
    """The story of a run, for those who have to explain it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[dict[str, object]] = []

    def note(self, what: str, **details: object) -> None:
        """Write down ``what`` happened now."""
        self._entries.append({"at": round(self._clock.now(), 3), "what": what, **details})

    def entries(self) -> list[dict[str, object]]:
        """All of it, oldest first."""
        return list(self._entries)

    def forget(self) -> None:
        """Start afresh."""
        self._entries.clear()
