# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill measured, the verdict, and the document of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._conduct import (
    RESERVE,
    WATCH,
    Drill,
    Plan,
    conduct,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._interrupts import Interrupted
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._measure import Measured, measure
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._result import (
    About,
    document,
    for_the_history,
    junit,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._switches import Move, flaps, judged
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._verdict import (
    Case,
    Prediction,
    Range,
    judge,
    verdict,
)
from unit.link.drill_world import PERIOD, Trouble, World

PLAN = Plan(baseline=6, failover=30, on_backup=4, settling=5, proof=5, failback=30, after=4, look=1.0)
FORETOLD = Prediction(Range(5, 9), Range(2, 6))
ABOUT = About("pull_cable", 1_795_629_600.0, {"name": "router", "model": "X", "firmware": "386"}, "public_address")
TOLERANCE = PERIOD + 0.1


def drilled(world: World, plan: Plan = PLAN) -> Drill:
    return conduct(world, world, plan, world.clock)


def measured(world: World, plan: Plan = PLAN) -> Measured:
    return measure(drilled(world, plan), PERIOD)


def case_of(world: World, plan: Plan = PLAN, foretold: Prediction = FORETOLD) -> Case:
    drill = drilled(world, plan)
    return Case(drill, measure(drill, PERIOD), foretold, PERIOD)


def outcome(case: Case) -> tuple[str, list[str]]:
    found = judge(case)
    return verdict(case, found), [each.id for each in found if not each.ok]


def test_a_failover_is_measured_from_the_fault_to_the_first_answer_by_the_backup() -> None:
    seen = measured(World(detects=8.0, returns=4.0))
    assert seen.failover == pytest.approx(8.0, abs=TOLERANCE)
    assert seen.failback == pytest.approx(4.0, abs=PLAN.look)
    assert list(seen.marks)[:2] == ["fault_injected", "outage_began"]
    assert set(list(seen.marks)[2:4]) == {"failed_over", "carried_by_backup"}  # within one look of each other
    assert list(seen.marks)[4:] == ["fault_ended", "failed_back"]
    (whole,) = seen.whole
    assert whole.seconds(seen.ended) == pytest.approx(8.0, abs=TOLERANCE)


def test_a_fault_that_only_its_outage_dates_is_dated_by_that() -> None:
    late = World(detects=12.0)
    inject = late.inject

    def noticed_late() -> None:
        inject()
        late.clock.sleep(3)

    late.inject = noticed_late  # type: ignore[method-assign]
    seen = measured(late, replace(PLAN, dated_by_outage=True))
    assert seen.failover == pytest.approx(12.0, abs=TOLERANCE)
    assert seen.marks["fault_injected"] == seen.marks["outage_began"]


def test_a_move_without_an_outage_is_carried_by_the_first_answer_after_it() -> None:
    world = World(detects=6.0)
    world.up = lambda _at: True  # type: ignore[method-assign]
    seen = measured(world)
    assert seen.whole == ()
    assert seen.failover == pytest.approx(6.0, abs=2 * PLAN.look)
    assert [switch.justified for switch in seen.switches] == [None, True]


def test_a_failover_after_an_outage_had_its_reason() -> None:
    assert [switch.justified for switch in measured(World()).switches] == [True, True]


@pytest.mark.parametrize(
    ("world", "foretold", "expected", "failing"),
    [
        (World(), FORETOLD, "passed", []),
        (World(detects=20), FORETOLD, "slow", ["failover_in_time"]),
        (World(returns=20), FORETOLD, "slow", ["failback_in_time"]),
        (World(detects=None), FORETOLD, "failed", ["failed_over"]),
        (World(returns=None), FORETOLD, "failed", ["failed_back", "given_back"]),
        (World(dead_protocols_on_backup=("dns",)), FORETOLD, "failed", ["answered_on_backup"]),
        (World(detects=20), Prediction(None, None), "passed", []),
        (World(fails={"give_back": Trouble()}), FORETOLD, "failed", ["given_back"]),
        (World(fails={"inject": Trouble()}), FORETOLD, "aborted", ["failed_over"]),
    ],
    ids=["well", "slow over", "slow back", "no failover", "no failback", "dns", "nothing foretold", "kept", "error"],
)
def test_verdicts(world: World, foretold: Prediction, expected: str, failing: list[str]) -> None:
    assert outcome(case_of(world, foretold=foretold)) == (expected, failing)


@pytest.mark.parametrize("returns", [3.1, 4.0, 5.0, 5.9])
def test_what_the_primary_answers_before_its_return_is_seen_is_not_the_backups(returns: float) -> None:
    world = World(returns=returns, dead_protocols_on_backup=("dns",))
    case = case_of(world, plan=replace(PLAN, look=3.0))
    assert "answered_on_backup" in outcome(case)[1]


def test_another_address_is_what_proves_the_backup() -> None:
    world = World()
    world.address = lambda: "203.0.113.20"  # type: ignore[method-assign]
    assert outcome(case_of(world)) == ("failed", ["carried_by_backup"])


def test_the_routers_word_is_not_told_as_what_the_internet_saw() -> None:
    case = case_of(World())
    (by_address,) = (each.told for each in judge(case) if each.id == "carried_by_backup")
    (by_word,) = (each.told for each in judge(replace(case, asked=False)) if each.id == "carried_by_backup")
    assert by_address.startswith("The internet saw another address")
    assert by_word.startswith("The router gave another address")


def test_a_reserve_that_comes_back_passes_and_one_that_does_not_fails() -> None:
    plan = Plan(kind=RESERVE, baseline=3, failover=20, settling=4, after=2)
    back, gone, stayed = World(detects=7), World(detects=None), World(detects=7)
    for world in (back, gone, stayed):
        world.active = lambda: "primary"  # type: ignore[method-assign]
        world.up = lambda _at: True  # type: ignore[method-assign]
    stayed.reserve = lambda: True  # type: ignore[method-assign]
    assert outcome(case_of(back, plan, Prediction())) == ("passed", [])
    assert outcome(case_of(gone, plan, Prediction())) == ("failed", ["reserve_back"])
    assert outcome(case_of(stayed, plan, Prediction())) == ("failed", ["reserve_lost"])


def watched(world: World, foretold: Prediction, lines: list[tuple[float, str]] | None = None) -> tuple[str, list[str]]:
    def active() -> str:
        return [line for since, line in [(0.0, "primary"), *(lines or [])] if world.clock.now() >= since][-1]

    world.active = active  # type: ignore[method-assign]
    return outcome(case_of(world, Plan(kind=WATCH, baseline=120), foretold))


def test_a_watch_passes_an_outage_that_was_bridged_in_time_and_no_longer_one() -> None:
    foretold = Prediction(Range(5, 12))
    moves = [(1030.0, "secondary"), (1060.0, "primary")]
    assert watched(World(dark=[(1020, 1030)]), foretold, moves) == ("passed", [])
    assert watched(World(dark=[(1020, 1050)]), foretold, moves)[1] == ["outages_bridged"]


def test_a_watch_finds_a_move_without_a_reason() -> None:
    found = watched(World(), FORETOLD, [(1030.0, "secondary"), (1060.0, "primary")])
    assert found == ("failed", ["switches_justified"])


def test_a_watch_finds_flapping() -> None:
    lines = [(1020.0, "secondary"), (1040.0, "primary"), (1060.0, "secondary"), (1080.0, "primary")]
    dark = [(1015, 1021), (1055, 1061)]
    assert watched(World(dark=dark), Prediction(Range(5, 12)), lines) == ("failed", ["no_flapping"])


def test_moves_far_apart_do_not_flap() -> None:
    assert not flaps([Move(0, "secondary"), Move(300, "primary"), Move(5000, "secondary"), Move(5300, "primary")])
    assert flaps([Move(0, "secondary"), Move(300, "primary"), Move(500, "secondary")])


def test_whether_a_return_had_a_reason_is_open_while_too_little_is_known() -> None:
    (switch,) = judged([Move(100, "primary")], (), slack=1, until=101)
    assert switch.justified is None


def whole_document(world: World) -> dict[str, Any]:
    return document(ABOUT, case_of(world))


def test_the_document_is_json_with_times_since_the_begin() -> None:
    found = json.loads(json.dumps(whole_document(World())))
    assert (found["schema"], found["id"]) == (1, "20261125T180000Z-pull_cable")
    assert found["phases"][0] == {"name": "baseline", "from": 0.0, "to": found["phases"][1]["from"]}
    assert found["predicted"]["failover"] == {"min": 5, "max": 9}
    assert found["carried"]["proved"] is True
    probe = found["probes"][0]
    assert (probe["name"], probe["sent"], len(probe["samples"])) == ("tcp a", probe["sent"], probe["sent"])
    assert probe["lost"] == sum(1 for _at, took in probe["samples"] if took is None)
    assert probe["outage_seconds"] == pytest.approx(8, abs=TOLERANCE)
    assert found["told"][0] == "Drill pull_cable: passed"


def test_the_routers_own_word_proves_nothing() -> None:
    case = case_of(World())
    carried = document(ABOUT, replace(case, asked=False))["carried"]
    assert (carried["proved"], carried["during"]) == (False, case.drill.during)


def test_an_outage_that_lasts_ends_with_the_drill() -> None:
    found = whole_document(World(detects=None, dark=[(1010, 1e9)]))
    assert found["outages"][-1]["to"] == found["phases"][-1]["to"]


def test_the_history_has_no_whole_address() -> None:
    kept = for_the_history(whole_document(World()), "00:00:5E:00:53:07")
    assert (kept["carried"]["before"], kept["carried"]["during"]) == ("203.0.0.0/16", "198.51.0.0/16")
    assert "203.0.113" not in json.dumps(kept)


def test_junit_has_a_case_for_each_judgement_and_one_for_an_early_end() -> None:
    world = World(detects=None)

    def interrupt() -> None:
        raise Interrupted

    world.clock.after(9, interrupt)
    found = whole_document(world)
    assert found["verdict"] == "aborted"
    suite = ET.fromstring(junit(found)).find("testsuite")
    assert suite is not None
    names = {case.get("name"): case.find("failure") is not None for case in suite}
    assert names["ended"] is True
    assert names["given_back"] is False
    assert len(names) == len(found["judgements"]) + 1


def test_a_probe_that_was_never_answered_shows_nothing_and_is_told() -> None:
    world = World()
    series = world.series
    world.series = lambda: tuple(  # type: ignore[method-assign]
        replace(each, samples=tuple(replace(sample, took=None) for sample in each.samples))
        if each.protocol == "icmp"
        else each
        for each in series()
    )
    case = case_of(world)
    assert case.seen.silent == ("icmp a",)
    assert outcome(case) == ("passed", [])
    assert any("not answered before either" in line for line in document(ABOUT, case)["told"])
