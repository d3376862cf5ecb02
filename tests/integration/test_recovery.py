# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three drops of each layer on each phone, by the benchmark's own measure, at the pace of the wall."""

from __future__ import annotations

from benchmarks.recovery import CASES, measure

DROPS = 3


def test_every_layer_that_claims_it_brings_the_tether_back() -> None:
    recoveries = measure(drops=DROPS, watched_seconds=6.0)
    assert len(recoveries) == len(CASES)
    for one in recoveries:
        if one.layer == "naive":
            continue
        assert one.recovered == DROPS, one
        assert one.worst_seconds is not None, one
        assert one.worst_seconds <= 15, one
        if one.layer != "host":  # which asks the phone from elsewhere, by a shell for each look
            # None where strace may not look.
            assert not one.processes_per_hour, one
