# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``sleep`` in lab seconds, for a lab that is faster than the wall: a script's periods have to keep up with USB's."""

from __future__ import annotations

from ..standins import Answer, Call, not_simulated
from .handset import Handset

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


async def run(handset: Handset, call: Call) -> Answer:
    try:
        seconds = sum(_seconds(word) for word in call.arguments)
    except ValueError:
        return not_simulated(" ".join(["sleep", *call.arguments]))
    await handset.clock.sleep(seconds)
    return Answer()


def _seconds(word: str) -> float:
    unit = _UNITS.get(word[-1:], 0)
    return float(word[:-1]) * unit if unit else float(word)
