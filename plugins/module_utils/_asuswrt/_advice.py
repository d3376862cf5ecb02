# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which interval and counts to set: a pace by its name, or one for a failover within some seconds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing_rules import Detection
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish


@dataclass(frozen=True)
class Pace:
    """The three numbers of ``detection``."""

    interval: int
    failover_count: int
    failback_count: int


PRESETS: Mapping[str, Pace] = {
    "fast": Pace(2, 3, 10),
    "balanced": Pace(5, 4, 4),
    "frugal": Pace(30, 3, 4),
}
"""``balanced`` is what the role has. None goes by fewer than three probes, so that one lost packet moves nothing, and
none returns to a primary that has not worked for 20 s, so that one that comes and goes is left alone."""
LOSSES = (3, 2)
"""How many probes in a row may decide, the better first."""
STEADY_SECONDS = 20
"""How long a primary must have worked, at the least."""


def preset(name: str, intervals: range) -> Pace:
    """That of :data:`PRESETS`, with the nearest interval that the router takes."""
    pace = PRESETS[name]
    if not intervals:
        return pace
    return Pace(min(max(pace.interval, intervals[0]), intervals[-1]), pace.failover_count, pace.failback_count)


def advise(detection: Detection, intervals: range, within: int, megabytes: float | None = None) -> Pace:
    """The pace with the fewest probes that gives a silent loss up within so many seconds, dialling not counted.

    Three probes in a row decide, or where that is too slow or costs too much, two. ``detection`` says which probes
    there are; ``megabytes`` is the most that they may cost in a month. Raises BadWish saying what would do.
    """
    if not detection.probes:
        raise BadWish(
            "detection.failover_within is given, and neither ping nor DNS probes are on",
            cure="Give detection.ping_target, such as 1.1.1.1: without a probe such a loss is never noticed",
        )
    quick = list(_in_time(detection, intervals, within))
    for found in quick:
        if megabytes is None or _megabytes(found) <= megabytes:
            return Pace(found.interval, found.losses, max(math.ceil(STEADY_SECONDS / found.interval), 1))
    if quick:
        least = min(_megabytes(found) for found in quick)
        raise BadWish(
            f"A failover within {within} s costs {least} MB a month, and detection.megabytes_per_month is {megabytes}",
            cure="Give a longer detection.failover_within, or allow more data",
        )
    shortest = min(
        (detection.every(interval, LOSSES[-1]).silent_loss().most for interval in intervals),
        default=None,
    )
    raise BadWish(
        f"detection.failover_within is {within} s, and this router with these probes takes longer",
        cure="Lower dns_probe_timeout in the router first" if shortest is None else f"Give at least {shortest}",
    )


def _in_time(detection: Detection, intervals: range, within: int) -> Iterator[Detection]:
    """The slowest that is quick enough, for each number of probes."""
    for losses in LOSSES:
        paces = (detection.every(interval, losses) for interval in reversed(intervals))
        found = next((pace for pace in paces if pace.silent_loss().most <= within), None)
        if found:
            yield found


def _megabytes(detection: Detection) -> float:
    return round(detection.ping_megabytes() + detection.dns_megabytes(), 1)
