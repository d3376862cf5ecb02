# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report understands what the drill writes, word for word: both have their own idea of a drill's document."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill import _phases
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._conduct import (
    FAILOVER,
    RESERVE,
    WATCH,
    Plan,
    conduct,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._faults import FAULTS
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import MOVES_TRAFFIC, WENT_WELL
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._measure import measure
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._result import (
    SCHEMA,
    About,
    document,
    for_the_history,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._verdict import (
    PASSED,
    SLOW,
    Case,
    Prediction,
    Range,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report import _drill as report
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._given import Given
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._plot import inline
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._signs import VERDICT
from unit.link.drill_world import PERIOD, World

PLAN = Plan(baseline=6, failover=30, on_backup=4, settling=5, proof=5, failback=30, after=4, look=1.0)


def kept(world: World, fault: str = "pull_cable", **plan) -> dict:
    """What the history has of a drill in that world."""
    drill = conduct(world, world, replace(PLAN, **plan), world.clock)
    router = {"name": "router", "model": "RT-AX53U", "firmware": "386"}
    about = About(fault, 1_795_629_600.0, router, "public_address")
    case = Case(drill, measure(drill, PERIOD), Prediction(Range(5, 9), Range(2, 6)), PERIOD)
    return json.loads(json.dumps(for_the_history(document(about, case), "00:00:5E:00:53:07")))


def read(found: dict) -> report.Drill:
    return report.drill_from(Given(found, "drill", "none"))


def test_a_drill_is_read_as_it_was_written():
    found = kept(World(detects=8.0, returns=4.0))
    drill = read(found)
    assert SCHEMA == report.SCHEMA
    assert (drill.verdict, drill.proved, drill.given_back) == ("passed", True, True)
    assert (drill.failover, drill.failback) == (found["failover_seconds"], found["failback_seconds"])
    assert (drill.foretold_failover.start, drill.foretold_failover.end) == (5, 9)
    assert [probe.lost for probe in drill.probes] == [probe["lost"] for probe in found["probes"]]
    assert drill.seconds == pytest.approx(found["phases"][-1]["to"], abs=1)
    assert drill.carried == "by the public address"
    assert f"{drill.probes[0].lost} lost" in inline(drill, "narrow")


def test_each_mark_phase_and_verdict_of_a_drill_has_its_words():
    drill = read(kept(World(detects=8.0, returns=4.0)))
    assert {mark.name for mark in drill.marks} <= report.MARKS.keys()
    assert {phase.name for phase in drill.phases} <= report.PHASES.keys()
    assert drill.verdict in VERDICT


def test_each_fault_has_its_words_and_those_that_move_no_traffic_are_known():
    assert report.FAULTS.keys() == FAULTS.keys()
    assert set(report.MOVES_NOTHING) == {name for name, fault in FAULTS.items() if fault.kind in (RESERVE, WATCH)}


def test_who_only_reads_drills_knows_what_proves_the_link():
    assert set(MOVES_TRAFFIC) == {name for name, fault in FAULTS.items() if fault.kind == FAILOVER}
    assert WENT_WELL == (PASSED, SLOW)


def test_each_moment_has_its_words():
    marks = (_phases.FAULT_INJECTED, _phases.FAULT_ENDED, _phases.OUTAGE_BEGAN, _phases.FAILED_OVER, _phases.CARRIED)
    assert report.MARKS.keys() == {*marks, _phases.FAILED_BACK, _phases.RESERVE_LOST, _phases.RESERVE_BACK}


def test_a_failover_that_never_came_can_be_shown():
    drill = read(kept(World(detects=None)))
    assert drill.failover_told == "never"
    assert inline(drill, "wide").startswith("<svg")
