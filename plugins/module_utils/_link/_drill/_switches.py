# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The traffic's moves from one line to the other: whether each had a reason, and whether there were too many. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._outages import Outage

PRIMARY, SECONDARY = "primary", "secondary"

FLAPPING_SECONDS = 600.0
"""People complain of three or four moves a day (complaints 6): as many within ten minutes are surely too many."""
MOST_MOVES = 2
"""Over and back."""
SETTLING_SECONDS = 5.0
"""For how long after a return the primary must work, or else it was none to return to."""


@dataclass(frozen=True)
class Move:
    """The traffic was seen on another line than before."""

    at: float
    """Halfway between the look that saw it and the one before."""
    to: str
    within: float = 0.0
    """How far off that may be."""


@dataclass(frozen=True)
class Switch:
    """A move, and whether the line that was left, or taken again, gave reason for it; None where nobody can say."""

    at: float
    to: str
    justified: bool | None


def judged(moves: Sequence[Move], seen: Sequence[Outage], slack: float, until: float) -> tuple[Switch, ...]:
    """``seen`` are outages of any protocol, ``slack`` how late a move may be seen, ``until`` the end of what is known.

    Leaving the primary had a reason where something had failed and had not recovered before the move. Returning had one
    where what was returned to then works, or what was left did not.
    """
    return tuple(Switch(move.at, move.to, _justified(move, seen, slack, until)) for move in moves)


def _justified(move: Move, seen: Sequence[Outage], slack: float, until: float) -> bool | None:
    begun = [outage for outage in seen if outage.begin <= move.at + move.within]
    lost = any(outage.end is None or outage.end >= move.at - slack - move.within for outage in begun)
    if move.to == SECONDARY:
        return lost
    if lost:
        return True
    if until < move.at + SETTLING_SECONDS:
        return None
    return not any(move.at < outage.begin <= move.at + SETTLING_SECONDS for outage in seen)


def flaps(moves: Sequence[Move]) -> bool:
    """Whether more than :data:`MOST_MOVES` lie within :data:`FLAPPING_SECONDS`."""
    return any(
        later.at - earlier.at <= FLAPPING_SECONDS for earlier, later in zip(moves, moves[MOST_MOVES:], strict=False)
    )
