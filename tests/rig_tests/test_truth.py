# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill is measured against is derived rightly from what was written down."""

from __future__ import annotations

import pytest

from rig.addresses import PRIMARY, SECONDARY
from rig.truth import CARRIES, FAULT_BEGAN, FAULT_ENDED, Event, Truth


def truth_of(*events: tuple[float, str, str, str]) -> Truth:
    return Truth([Event(0.0, CARRIES, PRIMARY), *(Event(*event) for event in events)])


def test_an_outage_lasts_until_the_other_line_carries_however_long_the_fault_goes_on() -> None:
    truth = truth_of(
        (10.0, FAULT_BEGAN, PRIMARY, "silent"),
        (16.0, CARRIES, SECONDARY, ""),
        (20.0, FAULT_ENDED, PRIMARY, "silent"),
        (23.0, CARRIES, PRIMARY, ""),
    )
    assert truth.outages("tcp") == truth.outages("icmp") == truth.outages("dns") == [(10.0, 16.0)]
    assert [(move.at, move.line) for move in truth.moves()] == [(16.0, SECONDARY), (23.0, PRIMARY)]


@pytest.mark.parametrize(("protocol", "out"), [("tcp", True), ("tls", True), ("http", True), ("dns", False)])
def test_an_outage_of_tcp_is_none_of_names(protocol: str, out: bool) -> None:
    truth = truth_of((10.0, FAULT_BEGAN, PRIMARY, "tcp_only"), (15.0, FAULT_ENDED, PRIMARY, "tcp_only"))
    assert truth.outages(protocol) == ([(10.0, 15.0)] if out else [])


def test_a_fault_of_the_line_that_carries_nothing_is_no_outage() -> None:
    truth = truth_of((10.0, FAULT_BEGAN, SECONDARY, "silent"), (15.0, FAULT_ENDED, SECONDARY, "silent"))
    assert truth.outages("tcp") == []


def test_a_return_to_what_is_broken_is_an_outage_and_one_that_goes_on_has_no_end() -> None:
    truth = truth_of(
        (10.0, FAULT_BEGAN, PRIMARY, "pulled"), (12.0, CARRIES, SECONDARY, ""), (14.0, CARRIES, PRIMARY, "")
    )
    assert truth.outages("http") == [(10.0, 12.0), (14.0, None)]


def test_only_what_hits_people_justifies_a_move() -> None:
    justified = truth_of((10.0, FAULT_BEGAN, PRIMARY, "silent"), (16.0, CARRIES, SECONDARY, ""))
    unjustified = truth_of((10.0, FAULT_BEGAN, PRIMARY, "target_lost"), (16.0, CARRIES, SECONDARY, ""))
    assert justified.justified(justified.moves()[0])
    assert not unjustified.justified(unjustified.moves()[0])
    assert unjustified.outages("icmp") == []
