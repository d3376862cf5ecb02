# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phone's SIM cards, slot by slot, and how well the network that counts is received. Pure.

The signal is said in words that differ by release: only what is surely known is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections

_PRIMARY = re.compile(r"\bprimary=(CellSignalStrength\w+)")
_RSRP = re.compile(r"\b(?:rsrp|ssRsrp)\s*=\s*(-\d{2,3})\b")
_LEVEL = re.compile(r"\bm?[lL]evel\s*=\s*(\d)\b")


@dataclass(frozen=True)
class Sim:
    """One slot."""

    state: str | None
    """``gsm.sim.state`` in small letters, such as ``loaded``."""
    operator: str | None
    rsrp_dbm: int | None
    """The reference signal of LTE or 5G."""
    level: int | None
    """Android's bars, 0 to 4."""


def sims_from(found: Sections) -> tuple[Sim, ...]:
    """Of what ``RADIO`` asked for; one at least, of which nothing may be known."""
    states, operators = found["sim"].split(","), found["operator"].split(",")
    signals = found["signal"].splitlines()
    told = []
    for slot, state in enumerate(states):
        signal = _primary(signals[slot]) if slot < len(signals) else ""
        rsrp, level = _RSRP.search(signal), _LEVEL.search(signal)
        told.append(
            Sim(
                state=state.lower() or None,
                operator=(operators[slot] if slot < len(operators) else "") or None,
                rsrp_dbm=int(rsrp.group(1)) if rsrp else None,
                level=int(level.group(1)) if level else None,
            )
        )
    return tuple(told)


def _primary(line: str) -> str:
    """Of what SignalStrength says of each kind of network that about the one that counts; empty where none is named.

    The others are there as well, with a level of 0 (SignalStrength.java of Android 10 and later).
    """
    kind = _PRIMARY.search(line)
    return line.partition(f"{kind.group(1)}:")[2].partition("CellSignalStrength")[0] if kind else ""
