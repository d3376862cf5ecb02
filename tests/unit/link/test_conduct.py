# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a drill is conducted, with hands and probes of a world that exists in a fake clock's time only."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._conduct import (
    RESERVE,
    TELL_SECONDS,
    WATCH,
    Drill,
    NothingAnswers,
    NotOnPrimary,
    Plan,
    conduct,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._interrupts import Interrupted, Interrupts
from unit.link.drill_world import Trouble, World

PLAN = Plan(baseline=4, failover=20, on_backup=3, settling=6, failback=20, after=3, look=1.0)
PHASES = ["baseline", "failing", "on_backup", "mending", "after"]


def drilled(world: World, plan: Plan = PLAN, told: list[str] | None = None) -> Drill:
    return conduct(world, world, plan, world.clock, (told if told is not None else []).append)


def phases(drill: Drill) -> list[str]:
    return [phase.name for phase in drill.course.phases]


def test_a_drill_that_goes_well_has_all_phases_and_marks_in_their_order() -> None:
    world = World()
    drill = drilled(world)
    marks = drill.course.marks
    assert phases(drill) == PHASES
    assert list(marks) == ["fault_injected", "failed_over", "fault_ended", "failed_back"]
    assert list(marks.values()) == sorted(marks.values())
    assert (drill.before, drill.during) == ("203.0.113.20", "198.51.100.77")
    assert [move.to for move in drill.moves] == ["secondary", "primary"]
    assert (world.injections, world.mendings, world.given_back, drill.given_back) == (1, 1, 1, True)
    assert drill.error is drill.interrupted is drill.not_given_back is None


def test_a_move_is_dated_between_the_look_before_and_the_look_that_saw_it() -> None:
    world = World()
    drill = drilled(world)
    assert world.broken_since is not None
    over = drill.course.marks["failed_over"] - world.broken_since
    assert abs(over - 8.0) <= PLAN.look


def test_progress_is_told_by_phase_and_while_waiting() -> None:
    told: list[str] = []
    drilled(World(), told=told)
    assert "The secondary carries the traffic now" in told
    waits = [line for line in told if line.startswith("Waiting for the failover")]
    assert waits == ["Waiting for the failover: 5 s of 20 s; 0 of 5 probes get answers, the router says primary"]


def test_without_a_failover_the_fault_is_ended_and_the_line_given_back() -> None:
    world = World(detects=None)
    drill = drilled(world)
    assert phases(drill) == ["baseline", "failing", "mending", "after"]
    assert "failed_over" not in drill.course.marks
    assert (world.mendings, world.given_back) == (1, 1)


def test_without_a_failback_the_wait_ends_and_the_line_is_given_back() -> None:
    world = World(returns=None)
    drill = drilled(world)
    assert phases(drill) == PHASES
    assert "failed_back" not in drill.course.marks
    assert (world.mendings, world.given_back) == (1, 1)


@pytest.mark.parametrize("moment", ["inject", "active", "mend"])
def test_whatever_a_device_does_the_line_is_given_back_and_the_error_kept(moment: str) -> None:
    world = World()
    if moment == "active":
        world.clock.after(9, lambda: world.fails.update(active=Trouble()))
    else:
        world.fails[moment] = Trouble()
    drill = drilled(world)
    assert isinstance(drill.error, Trouble)
    assert (world.injections, world.given_back, drill.given_back) == (1, 1, True)


@pytest.mark.parametrize("seconds", [5, 9, 14, 17, 19])
def test_ctrl_c_at_any_moment_gives_the_line_back(seconds: float) -> None:
    world = World()

    def interrupt() -> None:
        raise Interrupted

    world.clock.after(seconds, interrupt)
    drill = drilled(world)
    assert isinstance(drill.interrupted, Interrupted)
    assert (world.given_back, drill.given_back) == (1, True)


def test_what_was_never_broken_is_not_mended() -> None:
    world = World()

    def interrupt() -> None:
        raise Interrupted

    world.clock.after(2, interrupt)
    drill = drilled(world)
    assert (world.injections, world.given_back, drill.given_back) == (0, 0, True)


def test_nobody_interrupts_while_the_line_is_given_back() -> None:
    class Impatient(Interrupts):
        shielded = False

        def shield(self) -> None:
            self.shielded = True

    world, impatient = World(), Impatient()
    seen = []
    given = world.give_back
    world.give_back = lambda: (seen.append(impatient.shielded), given())[1]  # type: ignore[method-assign]
    conduct(world, world, PLAN, world.clock, interrupts=impatient)
    assert seen == [True]


def test_a_drill_ends_where_nobody_waits_for_it_any_more() -> None:
    class Orphan(Interrupts):
        looks = 0

        def check(self) -> None:
            self.looks += 1
            if self.looks > 8:
                raise Interrupted

    world = World()
    drill = conduct(world, world, PLAN, world.clock, interrupts=Orphan())
    assert drill.interrupted is not None
    assert world.given_back == 1


def test_a_line_that_cannot_be_given_back_is_said_beside_the_first_error() -> None:
    world = World(fails={"mend": Trouble(), "give_back": Trouble()})
    drill = drilled(world)
    assert isinstance(drill.error, Trouble)
    assert isinstance(drill.not_given_back, Trouble)
    assert drill.given_back is False


def test_nothing_is_broken_where_nothing_answers_before() -> None:
    world = World(dark=[(0, 1e9)])
    drill = drilled(world)
    assert isinstance(drill.error, NothingAnswers)
    assert world.injections == 0


def test_a_protocol_that_is_dead_on_the_backup_is_waited_for_and_no_longer_than_was_said() -> None:
    world = World(dead_protocols_on_backup=("dns",))
    drill = drilled(world)
    backup = drill.course.span("on_backup")
    assert backup is not None
    assert PLAN.settling <= backup.end - backup.begin <= PLAN.on_backup + PLAN.settling + 3 * PLAN.look
    dns = next(each for each in drill.series if each.protocol == "dns")
    assert not dns.answers(backup.begin, backup.end)


def test_a_reserve_is_watched_go_and_come_back_by_itself() -> None:
    world = World(detects=7)
    world.active = lambda: "primary"  # type: ignore[method-assign]
    drill = drilled(world, Plan(kind=RESERVE, baseline=3, failover=20, after=2))
    assert phases(drill) == ["baseline", "failing", "after"]
    assert list(drill.course.marks) == ["fault_injected", "reserve_lost", "reserve_back"]
    assert (world.mendings, world.given_back) == (0, 1)


def test_a_watch_touches_nothing() -> None:
    world = World(dark=[(1010, 1020)])
    drill = drilled(world, Plan(kind=WATCH, baseline=60))
    assert phases(drill) == ["baseline"]
    assert (world.injections, world.given_back) == (0, 0)
    assert drill.series[0].lost > 40


def test_a_long_watch_asks_for_all_samples_as_rarely_as_a_short_one() -> None:
    # There are millions after some days, and who copies them holds up the probes.
    read = {}
    for tells in (1, 30):
        world, told = World(), []
        drilled(world, Plan(kind=WATCH, baseline=tells * TELL_SECONDS + 1, look=TELL_SECONDS), told)
        assert len([line for line in told if "5 of 5 probes get answers" in line]) == tells
        read[tells] = world.series_read
    assert read == {1: 1, 30: 1}


def test_nothing_is_broken_where_the_traffic_left_the_primary_by_itself_before() -> None:
    world = World()
    world.active = lambda: "secondary" if world.clock.now() >= 1002 else "primary"  # type: ignore[method-assign]
    drill = drilled(world)
    assert isinstance(drill.error, NotOnPrimary)
    assert (world.injections, drill.given_back) == (0, True)


def test_a_router_that_says_nothing_is_no_failover_where_no_address_was_known_before() -> None:
    world = World(detects=None)
    world.address = lambda: None  # type: ignore[method-assign]
    world.active = lambda: None if world.broken_since is not None else "primary"  # type: ignore[method-assign]
    drill = drilled(world)
    assert "failed_over" not in drill.course.marks


def test_a_line_is_not_given_back_while_the_traffic_stays_on_the_backup() -> None:
    drill = drilled(World(returns=None))
    assert (drill.given_back, drill.stays_away) == (False, True)
