# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict of a drill: a row for each thing that was to be. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._link._conduct import FAILOVER, RESERVE, WATCH, Drill
from ansible_collections.homelab.dualwan.plugins.module_utils._link._measure import Measured
from ansible_collections.homelab.dualwan.plugins.module_utils._link._outages import Outage
from ansible_collections.homelab.dualwan.plugins.module_utils._link._phases import (
    FAILED_BACK,
    FAILED_OVER,
    RESERVE_LOST,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._switches import SECONDARY

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


def _back_told(case: Case) -> str:
    if FAILED_BACK not in case.seen.marks:
        return f"The traffic was not back on the primary within {case.drill.plan.failback:.0f} s (complaints 1)"
    early = "" if case.seen.failback is not None else ", before the fault had ended"
    return f"The traffic returned to the primary{early}"


def _seconds(seconds: float | None, foretold: Range | None) -> str:
    took = "not seen" if seconds is None else f"{seconds:.1f} s"
    return took if foretold is None else f"{took}, where {foretold.least:.0f} to {foretold.most:.0f} s were foretold"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _over_told(case: Case) -> str:
    if _moved(case):
        return "The traffic moved to the backup"
    waited = f"The traffic did not move to the backup within {case.drill.plan.failover:.0f} s"
    return f"{waited}. Look at the doctor's findings, and give more patience if the line was still being given up"


def _carried_told(case: Case) -> str:
    before, during = case.drill.before, case.drill.during
    if before is None:
        return "Nobody could be asked for our address, so the router's word is all that says who carried the traffic"
    if during is None:
        return "The internet did not see another address than before, so nothing proves that the backup carried it"
    return "The internet saw another address than before: the backup carried the traffic"


def _protocols_told(names: tuple[str, ...], where: str) -> str:
    if not names:
        return f"All that was answered before was answered {where}"
    told = f"No answer {where} for {_names(names)}"
    if not any(name.startswith("dns") for name in names):
        return told
    return (
        f"{told}. Name servers that are reached by one line only are a known cause (complaints 4): let the router take "
        "those of the line in use (WAN, DNS Server: automatic)"
    )


def _flapping_told(case: Case) -> str:
    number = len(case.drill.moves)
    if not case.seen.flapping:
        return f"The traffic moved {number} times"
    return (
        f"The traffic moved {number} times: it flaps. A larger detection.failover_count tolerates more loss, a larger "
        "failback_count waits for a line that stays"
    )


def _unjustified(case: Case) -> tuple[str, ...]:
    started = case.drill.course.started
    return tuple(
        f"to the {switch.to} after {switch.at - started:.0f} s"
        for switch in case.seen.switches
        if switch.justified is False
    )


def _switches_told(case: Case) -> str:
    wrong = _unjustified(case)
    if not wrong:
        return "Every move of the traffic had its reason"
    return f"The traffic moved without a reason that the probes saw: {_names(wrong)}. One ping target may lie"


def _partial_told(case: Case) -> str:
    if not case.seen.partial:
        return "What failed, failed for all protocols"
    return f"An outage that not every probe sees: {_names(tuple(each.told for each in case.seen.partial))}"


def _partial_ok(case: Case) -> bool:
    return not case.seen.partial


def _of_all(case: Case) -> tuple[Outage, ...]:
    """Outages that every protocol suffered; what only some did is judged by itself."""
    return tuple(
        outage
        for outage in case.seen.whole
        if not any(
            each.outage.touches(outage.begin, case.seen.ended if outage.end is None else outage.end)
            for each in case.seen.partial
        )
    )


def _outages_told(case: Case) -> str:
    if not _of_all(case):
        return "No outage of all probes was seen"
    started, ended = case.drill.course.started, case.seen.ended
    each = [f"{outage.seconds(ended):.1f} s from {outage.begin - started:.0f} s on" for outage in _of_all(case)]
    return f"Without a way for {_names(tuple(each))}"


def _bridged(case: Case) -> bool:
    """Whether each outage was over as soon as the backup takes over; there is none where that is not foretold."""
    foretold = case.foretold.failover
    return all(
        foretold is not None and case.within(outage.seconds(case.seen.ended), foretold) for outage in _of_all(case)
    )


def _given_back_told(case: Case) -> str:
    if case.drill.not_given_back is not None:
        return case.drill.not_given_back.message
    return "The line is as it was before"


def _stayed(case: Case) -> bool:
    return not any(move.to == SECONDARY for move in case.drill.moves)


ROWS = (
    Row("failed_over", (FAILOVER,), _always, _moved, _over_told),
    Row(
        "failover_in_time",
        (FAILOVER,),
        _moved,
        lambda case: case.within(case.seen.failover, case.foretold.failover),
        lambda case: f"Failover: {_seconds(case.seen.failover, case.foretold.failover)}",
        otherwise=SLOW,
    ),
    Row(
        "carried_by_backup",
        (FAILOVER,),
        _moved,
        lambda case: case.drill.before is None or case.drill.during is not None,
        _carried_told,
    ),
    Row(
        "answered_on_backup",
        (FAILOVER,),
        _moved,
        lambda case: not case.seen.dead_on_backup,
        lambda case: _protocols_told(case.seen.dead_on_backup, "by the backup"),
    ),
    Row(
        "failed_back",
        (FAILOVER,),
        _to_return,
        lambda case: FAILED_BACK in case.seen.marks,
        _back_told,
    ),
    Row(
        "failback_in_time",
        (FAILOVER,),
        lambda case: _to_return(case) and case.seen.failback is not None,
        lambda case: case.within(case.seen.failback, case.foretold.failback),
        lambda case: f"Failback: {_seconds(case.seen.failback, case.foretold.failback)}",
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
        lambda case: f"The backup's return: {_seconds(case.seen.reserve, case.foretold.reserve)}",
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
        lambda case: _protocols_told(case.seen.dead_after, "after all"),
    ),
    Row("outages_bridged", (WATCH,), _always, _bridged, _outages_told, otherwise=SLOW),
    Row("no_partial_outage", (WATCH,), _always, _partial_ok, _partial_told),
    Row("switches_justified", (WATCH,), _always, lambda case: not _unjustified(case), _switches_told),
    Row("no_flapping", (FAILOVER, RESERVE, WATCH), _always, lambda case: not case.seen.flapping, _flapping_told),
    Row("given_back", (FAILOVER, RESERVE), _always, lambda case: case.drill.given_back, _given_back_told),
)
