# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When exactly an outage began and ended, by all probes that took part in it. Pure.

An answer proves that there was a way, a loss proves little: it may be one at random. So each edge lies halfway between
the answer that is nearest to it and the nearest loss on its other side.

A probe is on the way for a while. Where it is lost nobody knows, on its way out or on its way back; to take it for lost
when its last packet was halfway round is wrong by half a round trip at the most. When that was is told by how long the
probe usually takes, not by when its answer was read: a computer that is busy reads late.

The end is another matter. What is lost is not sent again within a probe's patience, so a probe that is answered was
sent when the way was there.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._samples import Sample, Series

AROUND_PERIODS = 3.0
"""How far from where an edge seems to be it is looked for."""
TAKING_TURNS_PERIODS = 2.0
"""Within which each target has noticed what the first did."""
USUAL_OF = 15
"""Answers of which the median counts as usual."""


def began(series: Sequence[Series], about: float, period: float) -> float:
    """The begin that lies about there. ``period`` is in seconds."""
    reach = AROUND_PERIODS * period
    round_trip = min(_usual(each, about) for each in series)
    answered, lost, first = [], [], about
    for each in series:
        takes = _usual(each, about)
        for sample in each.between(about - reach - takes, about + reach).samples:
            moment = _halfway(sample, takes, round_trip)
            if sample.lost:
                lost.append(moment)
                first = min(first, sample.sent)
            elif sample.sent <= about + takes + period:
                answered.append(moment)
    if not answered:
        return first
    last = max(answered)
    return (last + min((each for each in lost if each > last), default=last)) / 2


def ended(series: Sequence[Series], about: float, period: float) -> float:
    """The end that lies about there."""
    reach = AROUND_PERIODS * period
    near = sorted(
        (sample for each in series for sample in each.between(about - reach, about + reach).samples),
        key=lambda sample: sample.sent,
    )
    # A stray answer in the middle is none of the end's.
    early = about - TAKING_TURNS_PERIODS * period
    first = next((sample.sent for sample in near if not sample.lost and sample.sent >= early), about)
    last = max((sample.sent for sample in near if sample.lost and sample.sent < first), default=first)
    return (first + last) / 2


def lost_before(series: Series, begin: float, reach: float) -> int:
    """How many were lost at most so many seconds before an outage that began then, and so by chance."""
    takes = _usual(series, begin)
    near = series.between(begin - reach - takes, begin).samples
    return sum(sample.lost and begin - reach < sample.sent + takes < begin for sample in near)


def lost_after(series: Series, end: float, reach: float) -> int:
    """The same, after an outage that ended then."""
    return series.between(end, end + reach).lost


def _halfway(sample: Sample, takes: float, round_trip: float) -> float:
    """When the last packet of a probe had half its way behind it, or was lost there."""
    return sample.sent + takes - round_trip / 2


def _usual(series: Series, before: float) -> float:
    """How long this probe took lately; nothing where it was never answered."""
    took = [sample.took for sample in series.samples if sample.took is not None and sample.sent < before]
    return median(took[-USUAL_OF:]) if took else 0.0
