# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to happen when a certain request comes to adbd."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Obey = Callable[[list[str]], Awaitable[object]]


@dataclass
class Appointment:
    """Words to obey at the ``left``-th request from now that has ``text`` in it, before it is served."""

    left: int
    text: str
    words: list[str]
    obey: Obey

    @classmethod
    def of(cls, which: str, words: list[str], obey: Obey) -> Appointment:
        """``N``, or ``N:TEXT``. Raises ValueError."""
        number, _mark, text = which.partition(":")
        if not number.isdigit() or int(number) < 1:
            raise ValueError(f"N or N:TEXT is wanted, N counting requests from 1, not {which!r}")
        return cls(int(number), text, words, obey)

    def met_by(self, name: str) -> bool:
        """Count a request; whether it is the one."""
        if self.text in name:
            self.left -= 1
        return self.left == 0
