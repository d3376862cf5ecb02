# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a drill saw to what it measured. Pure.

``failover`` is from the fault to the first answer by the backup: where there was an outage, its end; else the first
answer after the router moved the traffic. ``failback`` is from the fault's end to the traffic on the primary again, by
the router's word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._conduct import Drill
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._outages import (
    Outage,
    Partial,
    by_name,
    by_protocol,
    outages,
    partial,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._phases import (
    CARRIED,
    FAILED_BACK,
    FAILED_OVER,
    FAULT_ENDED,
    FAULT_INJECTED,
    ON_BACKUP,
    OUTAGE_BEGAN,
    RESERVE_BACK,
    RESERVE_LOST,
    between,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._switches import (
    PRIMARY,
    SECONDARY,
    Switch,
    flaps,
    judged,
)


@dataclass(frozen=True)
class Measured:
    """Times are of the clock, in seconds."""

    marks: Mapping[str, float]
    failover: float | None
    failback: float | None
    """None also where the router returned before the fault had ended."""
    reserve: float | None
    """How long the backup could not have taken over."""
    whole: tuple[Outage, ...]
    """Of most probes at once."""
    by_protocol: Mapping[str, tuple[Outage, ...]]
    by_series: Mapping[str, tuple[Outage, ...]]
    partial: tuple[Partial, ...]
    switches: tuple[Switch, ...]
    flapping: bool
    silent: tuple[str, ...]
    """Names of the probes that were never answered before the fault, and so show nothing."""
    dead_on_backup: tuple[str, ...]
    """Names of those that were answered before the fault, and not once by the backup."""
    dead_after: tuple[str, ...]
    """The same, of the time after all."""
    ended: float


def measure(drill: Drill, period: float) -> Measured:
    """``period`` is the prober's, in seconds."""
    series, course = drill.series, drill.course
    ended = course.phases[-1].end
    whole = outages(series, period)
    protocols = by_protocol(series, period)
    marks = dict(course.marks)
    if FAULT_INJECTED in marks:
        marks = _dated(drill, marks, whole, period)
    injected = marks.get(FAULT_INJECTED, ended)
    silent = tuple(each.name for each in series if not each.answers(course.started, injected))
    heard = [each for each in series if each.name not in silent]
    backup = course.span(ON_BACKUP)
    until = _surely_on_backup(drill, marks, ended, period)
    after = course.phases[-1] if course.phases[-1].name == "after" else None
    seen = tuple(outage for some in protocols.values() for outage in some)
    return Measured(
        marks=marks,
        failover=between(marks, FAULT_INJECTED, CARRIED),
        failback=_failback(marks),
        reserve=between(marks, FAULT_INJECTED, RESERVE_BACK) if RESERVE_LOST in marks else None,
        whole=whole,
        by_protocol=protocols,
        by_series=by_name(series, period),
        partial=partial(heard, period),
        switches=_switches(drill, seen, period),
        flapping=flaps(drill.moves),
        silent=silent,
        dead_on_backup=tuple(each.name for each in heard if backup and not each.answers(backup.begin, until)),
        dead_after=tuple(each.name for each in heard if after and not each.answers(after.begin, after.end)),
        ended=ended,
    )


def _surely_on_backup(drill: Drill, marks: Mapping[str, float], ended: float, period: float) -> float:
    """Until when no answer can have come by the primary: a return is seen up to a look late, and was dated halfway.

    A stay that is cut short has no time to spare: there all counts that was answered until the return.
    """
    backup, back = drill.course.span(ON_BACKUP), marks.get(FAILED_BACK)
    if back is None or not drill.plan.on_backup:
        return ended if back is None else back
    late = next((move.within for move in reversed(drill.moves) if move.to == PRIMARY), 0.0)
    return max(back - late - 2 * period, backup.end if backup else back)


def _failback(marks: Mapping[str, float]) -> float | None:
    seconds = between(marks, FAULT_ENDED, FAILED_BACK)
    return None if seconds is None or seconds < 0 else seconds


def _switches(drill: Drill, seen: tuple[Outage, ...], period: float) -> tuple[Switch, ...]:
    """Nobody can say whether a failover had a reason that a fault caused without an outage."""
    injected = drill.course.marks.get(FAULT_INJECTED)
    found = judged(drill.moves, seen, slack=2 * drill.plan.look + period, until=drill.course.phases[-1].end)
    return tuple(
        replace(each, justified=None)
        if injected is not None and each.at >= injected and each.to == SECONDARY and not each.justified
        else each
        for each in found
    )


def _dated(drill: Drill, marks: dict[str, float], whole: tuple[Outage, ...], period: float) -> dict[str, float]:
    """With the marks that only the samples give, in the order of time."""
    look = drill.plan.look
    injected = marks[FAULT_INJECTED]
    over = marks.get(FAILED_OVER)
    within = max((move.within for move in drill.moves), default=0.0)
    latest = over + within if over is not None else marks.get(FAULT_ENDED, drill.course.phases[-1].end)
    # A probe that is on the way when the fault comes is lost, though it was sent before.
    ours = [outage for outage in whole if injected - 2 * period <= outage.begin <= latest + look]
    if ours:
        if drill.plan.dated_by_outage:
            marks[FAULT_INJECTED] = ours[0].begin
        marks[OUTAGE_BEGAN] = max(ours[0].begin, marks[FAULT_INJECTED])
        if drill.plan.dated_by_outage and over is not None:
            # It answered the fault, so it came after it, whatever half a look says.
            over = marks[FAILED_OVER] = max(over, marks[FAULT_INJECTED])
    if over is not None:
        carried = _carried(drill, ours[-1] if ours else None, over)
        if carried is not None:
            marks[CARRIED] = carried
    return dict(sorted(marks.items(), key=lambda mark: mark[1]))


def _carried(drill: Drill, outage: Outage | None, over: float) -> float | None:
    said = next((move for move in drill.moves if move.to == SECONDARY), None)
    earliest = over - drill.plan.look - (said.within if said is not None else 0.0)
    if outage is not None and (said is None or outage.end is None or outage.end >= earliest):
        return outage.end
    answered = [
        sample.sent for each in drill.series for sample in each.samples if sample.sent >= over and not sample.lost
    ]
    return min(answered, default=None)
