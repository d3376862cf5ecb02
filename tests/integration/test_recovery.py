# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three drops of each layer on each phone, by the benchmark's own measure, at the pace of the wall."""

from __future__ import annotations

from benchmarks.recovery import CASES, measure

DROPS = 3
BEGINS_PER_HOUR = 12 * 4
"""A shell, its try of a pause, and setprop, of which the lab's starts one more."""


def test_every_layer_that_claims_it_brings_the_tether_back() -> None:
    recoveries = measure(drops=DROPS, watched_seconds=6.0)
    assert len(recoveries) == len(CASES)
    for one in recoveries:
        if one.layer == "naive":
            continue
        assert one.recovered == DROPS, one
        assert one.worst_seconds is not None, one
        assert one.worst_seconds <= 15, one
        # None where strace may not look. A machine begins its watch anew every five minutes; in between it starts
        # nothing either.
        if one.processes_per_hour is not None:
            assert one.processes_per_hour <= (BEGINS_PER_HOUR if one.layer == "host" else 0), one
