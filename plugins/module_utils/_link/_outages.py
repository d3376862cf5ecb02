# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From single losses to outages. Pure.

A probe may be lost for no reason: a line that loses some packets in a hundred is no line that is down. So an outage is

- a time in which more than half of the probes looked at are losing, each from the first of its probes that was lost to
  the next that is answered,
- two probe periods long at the least, and :data:`LEAST_LOST` losses in all: with 6 in 100 probes lost at random, one
  of a hundred thousand drills of a minute would see one that is none.

Its **begin** lies halfway between the last answer that arrived before it and the first probe after that which was
lost: an answer proves that the way was there when it came, also where its probe had been on the way for long. Its
**end** is when the first probe was sent that is answered again, halfway to the last one lost before. Probes of several
targets are sent one after the other within a period, so the more there are, the finer both are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from ansible_collections.homelab.dualwan.plugins.module_utils._link._samples import Run, Series, of_protocol, runs

LEAST_LOST = 6
LEAST_PERIODS = 2.0
NEIGHBOURS = 2.0
"""Periods within which the probes notice the same event, one after the other."""


@dataclass(frozen=True)
class Outage:
    """A time without a way. ``end`` is None where it lasts until the samples end."""

    begin: float
    end: float | None

    def seconds(self, until: float) -> float:
        """How long, up to ``until`` where it has not ended."""
        return max((until if self.end is None else self.end) - self.begin, 0.0)

    def touches(self, begin: float, end: float) -> bool:
        """Whether some of it lies in between."""
        return self.begin <= end and (self.end is None or self.end >= begin)


@dataclass(frozen=True)
class _Span:
    """While more than half of the series are losing."""

    begin: float
    end: float | None


def outages(series: Sequence[Series], period: float) -> tuple[Outage, ...]:
    """Of these probes together; of one alone where there is one. ``period`` is in seconds."""
    losing = [run for each in series for run in runs(each.samples)]
    found = []
    for span in _joined(_spans(losing, len(series) // 2 + 1), period):
        taking_part = [run for run in losing if _overlap(run, span)]
        lost = sum(run.lost for run in taking_part)
        last = max(run.last for run in taking_part)
        long = span.end is None or span.end - span.begin >= LEAST_PERIODS * period
        if lost >= LEAST_LOST and long and (span.end is not None or last - span.begin >= (LEAST_PERIODS - 1) * period):
            found.append(Outage(_begin(taking_part, span, period), _end(taking_part, span, period)))
    return tuple(found)


def by_protocol(series: Sequence[Series], period: float) -> dict[str, tuple[Outage, ...]]:
    """Of each protocol by itself."""
    return {protocol: outages(some, period) for protocol, some in of_protocol(series).items()}


@dataclass(frozen=True)
class Partial:
    """Some protocols had an outage while others got through, so that who looks at those alone did not see it."""

    outage: Outage
    out: tuple[str, ...]
    through: tuple[str, ...]

    @property
    def told(self) -> str:
        return f"{' and '.join(self.out)} got no answer, while {' and '.join(self.through)} did"


def partial(series: Sequence[Series], period: float) -> tuple[Partial, ...]:
    """Outages of some protocols only, those that share their time and their victims as one."""
    protocols = of_protocol(series)
    found: list[Partial] = []
    for protocol, some in protocols.items():
        for outage in outages(some, period):
            through = tuple(
                other for other, its in protocols.items() if other != protocol and _gets_through(its, outage)
            )
            if not through:
                continue
            known = next((each for each in found if each.outage.touches(outage.begin, _until(outage))), None)
            if known is None:
                found.append(Partial(outage, (protocol,), through))
            else:
                both = tuple(name for name in known.through if name in through)
                found[found.index(known)] = Partial(_both(known.outage, outage), (*known.out, protocol), both)
    return tuple(each for each in found if each.through)


def _gets_through(series: Sequence[Series], outage: Outage) -> bool:
    """Whether at least half of these probes were answered meanwhile."""
    sent = [sample for each in series for sample in each.between(outage.begin, _until(outage)).samples]
    return bool(sent) and 2 * sum(not sample.lost for sample in sent) >= len(sent)


def _until(outage: Outage) -> float:
    return inf if outage.end is None else outage.end


def _both(one: Outage, other: Outage) -> Outage:
    end = None if one.end is None or other.end is None else max(one.end, other.end)
    return Outage(min(one.begin, other.begin), end)


def _spans(losing: Sequence[Run], needed: int) -> list[_Span]:
    """Times in which so many runs overlap."""
    # At the same moment a run that begins counts before one that ends.
    events = sorted(
        [(run.first, 0, 1) for run in losing] + [(run.answered, 1, -1) for run in losing if run.answered is not None]
    )
    spans, count, begin = [], 0, 0.0
    for moment, _order, change in events:
        count += change
        if change > 0 and count == needed:
            begin = moment
        elif change < 0 and count == needed - 1:
            spans.append(_Span(begin, moment))
    if count >= needed:
        spans.append(_Span(begin, None))
    return spans


def _joined(spans: list[_Span], period: float) -> list[_Span]:
    """Two that lie less than a period apart are one: a stray answer ends no outage."""
    if not spans:
        return []
    joined = [spans[0]]
    for before, after in pairwise(spans):
        if before.end is not None and after.begin - before.end < period:
            joined[-1] = _Span(joined[-1].begin, after.end)
        else:
            joined.append(after)
    return joined


def _overlap(run: Run, span: _Span) -> bool:
    return (span.end is None or run.first <= span.end) and (run.answered is None or run.answered >= span.begin)


def _begin(taking_part: Sequence[Run], span: _Span, period: float) -> float:
    early = [run for run in taking_part if span.begin - NEIGHBOURS * period <= run.first <= span.begin]
    answers = [run.last_answer for run in early if run.last_answer is not None]
    firsts = [run.first for run in early]
    if not answers:
        return min(firsts)
    last_answer = max(answers)
    after = [first for first in firsts if first >= last_answer]
    return (last_answer + min(after)) / 2 if after else last_answer


def _end(taking_part: Sequence[Run], span: _Span, period: float) -> float | None:
    if span.end is None:
        return None
    late = [
        run for run in taking_part if run.answered is not None and abs(run.answered - span.end) <= NEIGHBOURS * period
    ]
    answered = min(run.answered for run in late if run.answered is not None)
    lasts = [run.last for run in late if run.last < answered]
    return (max(lasts) + answered) / 2 if lasts else answered
