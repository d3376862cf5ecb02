# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict of a drill: a row for each thing that was to be. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._conduct import (
    FAILOVER,
    RESERVE,
    WATCH,
    Drill,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._measure import Measured
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._phases import (
    FAILED_BACK,
    FAILED_OVER,
    RESERVE_LOST,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._switches import SECONDARY
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._verdict_words import (
    back_told,
    carried_told,
    flapping_told,
    given_back_told,
    of_all,
    outages_told,
    over_told,
    partial_told,
    protocols_told,
    switches_told,
    took,
    unjustified,
)

PASSED, SLOW, FAILED, ABORTED = "passed", "slow", "failed", "aborted"
RANK = (PASSED, SLOW, FAILED, ABORTED)

MARGIN_SECONDS = 2.0
"""On top of a prediction, besides one probe period: the router takes its time, and answers one request
after the other."""


@dataclass(frozen=True)
class Range:
    """Seconds, from the least to the most."""

    least: float
    most: float

    def as_result(self) -> dict[str, float]:
        """As the drill's document has it."""
        return {"min": self.least, "max": self.most}


@dataclass(frozen=True)
class Prediction:
    """What should happen; None where nothing is foretold, or where it is not to happen."""

    failover: Range | None = None
    failback: Range | None = None
    reserve: Range | None = None
    why_never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """All that a row may look at."""

    drill: Drill
    seen: Measured
    foretold: Prediction
    period: float
    asked: bool = True
    """Whether somebody out there was asked for our address; else the router was."""

    def within(self, seconds: float | None, foretold: Range | None) -> bool:
        """Whether it took no longer than was foretold."""
        return seconds is not None and (foretold is None or seconds <= foretold.most + self.period + MARGIN_SECONDS)


@dataclass(frozen=True)
class Row:
    """One thing that was to be."""

    id: str
    kinds: tuple[str, ...]
    applies: Callable[[Case], bool]
    holds: Callable[[Case], bool]
    told: Callable[[Case], str]
    otherwise: str = FAILED
    """The verdict where it does not hold."""


@dataclass(frozen=True)
class Judgement:
    """A row that applied."""

    id: str
    ok: bool
    told: str
    otherwise: str

    def as_result(self) -> dict[str, str | bool]:
        """As the drill's document has it."""
        return {"id": self.id, "ok": self.ok, "told": self.told}


def judge(case: Case) -> tuple[Judgement, ...]:
    """Every row that applies, in the table's order."""
    return tuple(
        Judgement(row.id, row.holds(case), row.told(case), row.otherwise)
        for row in ROWS
        if case.drill.plan.kind in row.kinds and row.applies(case)
    )


def verdict(case: Case, judgements: tuple[Judgement, ...]) -> str:
    """``aborted`` where it was ended early; else the worst of what did not hold."""
    if case.drill.error is not None or case.drill.interrupted is not None:
        return ABORTED
    return max((each.otherwise for each in judgements if not each.ok), key=RANK.index, default=PASSED)


def _always(_case: Case) -> bool:
    return True


def _moved(case: Case) -> bool:
    return FAILED_OVER in case.seen.marks


def _to_return(case: Case) -> bool:
    return _moved(case) and case.foretold.failback is not None


def _partial_ok(case: Case) -> bool:
    return not case.seen.partial


def _bridged(case: Case) -> bool:
    """Whether each outage was over as soon as the backup takes over; there is none where that is not foretold."""
    foretold = case.foretold.failover
    return all(
        foretold is not None and case.within(outage.seconds(case.seen.ended), foretold) for outage in of_all(case)
    )


def _stayed(case: Case) -> bool:
    return not any(move.to == SECONDARY for move in case.drill.moves)


ROWS = (
    Row("failed_over", (FAILOVER,), _always, _moved, over_told),
    Row(
        "failover_in_time",
        (FAILOVER,),
        _moved,
        lambda case: case.within(case.seen.failover, case.foretold.failover),
        lambda case: f"Failover: {took(case.seen.failover, case.foretold.failover)}",
        otherwise=SLOW,
    ),
    Row(
        "carried_by_backup",
        (FAILOVER,),
        _moved,
        lambda case: case.drill.before is None or case.drill.during is not None,
        carried_told,
    ),
    Row(
        "answered_on_backup",
        (FAILOVER,),
        _moved,
        lambda case: not case.seen.dead_on_backup,
        lambda case: protocols_told(case.seen.dead_on_backup, "by the backup"),
    ),
    Row(
        "failed_back",
        (FAILOVER,),
        _to_return,
        lambda case: FAILED_BACK in case.seen.marks,
        back_told,
    ),
    Row(
        "failback_in_time",
        (FAILOVER,),
        lambda case: _to_return(case) and case.seen.failback is not None,
        lambda case: case.within(case.seen.failback, case.foretold.failback),
        lambda case: f"Failback: {took(case.seen.failback, case.foretold.failback)}",
        otherwise=SLOW,
    ),
    Row(
        "reserve_lost",
        (RESERVE,),
        _always,
        lambda case: RESERVE_LOST in case.seen.marks,
        lambda case: (
            "The router saw the backup go"
            if RESERVE_LOST in case.seen.marks
            else "The router did not see the backup go, so what brings it back was not tried"
        ),
    ),
    Row(
        "reserve_back",
        (RESERVE,),
        lambda case: RESERVE_LOST in case.seen.marks,
        lambda case: case.seen.reserve is not None,
        lambda case: (
            f"The backup was away for {case.seen.reserve:.1f} s"
            if case.seen.reserve is not None
            else f"The backup did not return by itself within {case.drill.plan.failover:.0f} s: look at the keepalive"
        ),
    ),
    Row(
        "reserve_in_time",
        (RESERVE,),
        lambda case: case.seen.reserve is not None and case.foretold.reserve is not None,
        lambda case: case.within(case.seen.reserve, case.foretold.reserve),
        lambda case: f"The backup's return: {took(case.seen.reserve, case.foretold.reserve)}",
        otherwise=SLOW,
    ),
    Row(
        "traffic_stayed",
        (RESERVE,),
        _always,
        _stayed,
        lambda case: "The traffic stayed on the primary" if _stayed(case) else "The traffic left the primary",
    ),
    Row(
        "answered_after",
        (FAILOVER, RESERVE),
        _always,
        lambda case: not case.seen.dead_after,
        lambda case: protocols_told(case.seen.dead_after, "after all"),
    ),
    Row("outages_bridged", (WATCH,), _always, _bridged, outages_told, otherwise=SLOW),
    Row("no_partial_outage", (WATCH,), _always, _partial_ok, partial_told),
    Row("switches_justified", (WATCH,), _always, lambda case: not unjustified(case), switches_told),
    Row("no_flapping", (FAILOVER, RESERVE, WATCH), _always, lambda case: not case.seen.flapping, flapping_told),
    Row("given_back", (FAILOVER, RESERVE), _always, lambda case: case.drill.given_back, given_back_told),
)
