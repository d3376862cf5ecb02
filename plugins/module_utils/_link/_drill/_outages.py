# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From single losses to outages. Pure.

A probe may be lost for no reason: a line that loses some packets in a hundred is no line that is down. So an outage is

- a time in which more than half of the probes looked at are losing, each from the first of its probes that was lost to
  the next that is answered,
- two probe periods long at the least, and :data:`LEAST_LOST` losses in all: with 6 in 100 probes lost at random, one
  of a hundred thousand drills of a minute would see one that is none. What loses for longer than that time counts for
  nothing: a loss by chance beside an outage of half of the probes makes none of most. A single probe that loses while
  most others do needs only :data:`LEAST_SHARED`.

When each began and ended is in ``_edges``. Probes of several targets are sent one after the other within a period, so
the more there are, the finer both are known; and what began or ended for several protocols at about the same time did
so for the same reason, and is dated by all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._edges import (
    began,
    ended,
    lost_after,
    lost_before,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._samples import (
    Run,
    Series,
    of_protocol,
    runs,
)

LEAST_LOST = 6
LEAST_SHARED = 2
"""Of one probe or protocol, while most others are losing too."""
LEAST_PERIODS = 2.0
NEIGHBOURS = 2.0
"""Periods within which the probes notice the same event, one after the other."""
APART_PERIODS = 0.75
"""Less than one, or whether one answer of a single probe lies in between would be a matter of milliseconds."""
TOGETHER_PERIODS = 5.0
"""Within which edges of several protocols are one event: one or two losses at random may lie before it or after it."""
STRAY_LOSSES = 2
"""Of one series, on the wrong side of an edge: more are no chance."""


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


def outages(series: Sequence[Series], period: float, known: Sequence[Outage] = ()) -> tuple[Outage, ...]:
    """Of these probes together; of one alone where there is one. ``period`` is in seconds.

    What falls together with an outage that is ``known`` need not prove by its length that it is no chance.
    """
    losing = [run for each in series for run in runs(each.samples)]
    found = []
    for span in _joined(_spans(losing, len(series) // 2 + 1), period):
        taking_part = [run for run in losing if _overlap(run, span)]
        lost = sum(run.lost for run in taking_part if _within(run, span, NEIGHBOURS * period))
        last = max(run.last for run in taking_part)
        long = span.end is None or span.end - span.begin >= LEAST_PERIODS * period
        shared = any(_share(span, outage) for outage in known)
        enough = lost >= (LEAST_SHARED if shared else LEAST_LOST)
        if enough and long and (span.end is not None or last - span.begin >= (LEAST_PERIODS - 1) * period):
            end = None if span.end is None else ended(series, span.end, period)
            found.append(Outage(began(series, span.begin, period), end))
    return tuple(found)


def by_protocol(series: Sequence[Series], period: float) -> dict[str, tuple[Outage, ...]]:
    """Of each protocol by itself."""
    return _by_group(of_protocol(series), outages(series, period), period)


def by_name(series: Sequence[Series], period: float) -> dict[str, tuple[Outage, ...]]:
    """Of each target by itself."""
    return _by_group({each.name: (each,) for each in series}, outages(series, period), period)


def _by_group(
    groups: Mapping[str, tuple[Series, ...]], known: Sequence[Outage], period: float
) -> dict[str, tuple[Outage, ...]]:
    alone = {name: outages(some, period, known) for name, some in groups.items()}
    begins = [(outage.begin, groups[name]) for name, some in alone.items() for outage in some]
    ends = [(outage.end, groups[name]) for name, some in alone.items() for outage in some if outage.end is not None]
    return {
        name: tuple(
            Outage(
                _together(outage.begin, groups[name], begins, period, is_begin=True),
                None if outage.end is None else _together(outage.end, groups[name], ends, period, is_begin=False),
            )
            for outage in some
        )
        for name, some in alone.items()
    }


def _together(
    edge: float,
    own: Sequence[Series],
    edges: Sequence[tuple[float, Sequence[Series]]],
    period: float,
    *,
    is_begin: bool,
) -> float:
    """The edge as all see it who have one at about the same time; its own where that would make too many strays."""
    event = [(at, some) for at, some in edges if abs(at - edge) <= TOGETHER_PERIODS * period]
    about = median(at for at, _some in event)
    everyone = [each for _at, some in event for each in some]
    # Losses that would lie on the side on which there was a way.
    if is_begin:
        dated = began(everyone, about, period)
        strays = [lost_before(each, dated, dated - edge + period) for each in own]
    else:
        dated = ended(everyone, about, period)
        strays = [lost_after(each, dated, edge - dated + period) for each in own]
    return dated if max(strays) <= STRAY_LOSSES else edge


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
    for protocol, some in by_protocol(series, period).items():
        for outage in some:
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
    """Those that lie less than :data:`APART_PERIODS` apart are one: a stray answer ends no outage of several probes.

    A loss at random may well lie so near to an outage. What is short does not begin or end what has a long part.
    """
    parts: list[list[_Span]] = []
    for span in spans:
        before = parts[-1][-1].end if parts else None
        if before is not None and span.begin - before < APART_PERIODS * period:
            parts[-1].append(span)
        else:
            parts.append([span])
    joined = []
    for some in parts:
        long = [span for span in some if span.end is None or span.end - span.begin >= LEAST_PERIODS * period] or some
        joined.append(_Span(long[0].begin, long[-1].end))
    return joined


def _within(run: Run, span: _Span, reach: float) -> bool:
    """Whether its losses lie in there, or nearly so."""
    return run.first >= span.begin - reach and (inf if run.answered is None else run.answered) <= _end(span) + reach


def _share(span: _Span, outage: Outage) -> bool:
    """Whether most of the shorter one lies in the other."""
    begin, end = max(span.begin, outage.begin), min(_end(span), _until(outage))
    shorter = min(_end(span) - span.begin, _until(outage) - outage.begin)
    return end > begin and (end == inf or end - begin >= shorter / 2)


def _end(span: _Span) -> float:
    return inf if span.end is None else span.end


def _overlap(run: Run, span: _Span) -> bool:
    return (span.end is None or run.first <= span.end) and (run.answered is None or run.answered >= span.begin)
