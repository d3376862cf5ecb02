# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``start_multipath``: every combination by table, and what it comes to on the router."""

from __future__ import annotations

import pytest

from lab.router.multipath import Plan, plan

from .workbench import Bench, story, tell_on

BOTH, ZERO, ONE, NEITHER = (True, True), (True, False), (False, True), (False, False)


@pytest.mark.parametrize(
    ("mode", "active", "connected", "expected"),
    [
        ("fb", 0, BOTH, Plan(0, stop=(1,))),
        ("fb", 1, BOTH, Plan(0, stop=(1,))),
        ("fb", 0, ZERO, Plan(0)),
        ("fb", 1, ZERO, Plan(0)),
        ("fb", 0, ONE, Plan(1, restart=(0,))),
        ("fb", 1, ONE, Plan(1, restart=(0,))),
        ("fb", 0, NEITHER, Plan(0, restart=(0,))),
        ("fb", 1, NEITHER, Plan(0, restart=(0,))),
        ("fo", 0, BOTH, Plan(0, stop=(1,))),
        ("fo", 1, BOTH, Plan(1, stop=(0,))),
        ("fo", 0, ZERO, Plan(0)),
        ("fo", 1, ZERO, Plan(0)),
        ("fo", 0, ONE, Plan(1)),
        ("fo", 1, ONE, Plan(1)),
        ("fo", 0, NEITHER, Plan(0, restart=(0,))),
        ("fo", 1, NEITHER, Plan(1, restart=(1,))),
        ("lb", 0, BOTH, Plan(0)),
        ("lb", 0, ZERO, Plan(0, restart=(1,))),
        ("lb", 1, ONE, Plan(1, restart=(0,))),
        ("lb", 0, NEITHER, Plan(0, restart=(0, 1))),
        ("zz", 1, NEITHER, Plan(1)),
    ],
)
def test_it_goes_by_the_mode_and_by_what_is_connected(
    mode: str, active: int, connected: tuple[bool, bool], expected: Plan
) -> None:
    assert plan(mode, active, connected) == expected


async def both_connected(bench: Bench, mode: str) -> None:
    bench.set(wans_dualwan="wan usb", wans_usb_bk="0", wans_standby="1", wans_mode=mode)
    await bench.tether()
    await bench.until(lambda: bench.router.lines.connected(1) and bench.nvram("link_wan1") == "1")
    await bench.until(lambda: bench.nvram("rc_service") == "")
    await bench.log_in()


async def run(bench: Bench, service: str) -> None:
    await bench.apply(rc_service=service)
    await bench.until(lambda: service in bench.services() and bench.nvram("rc_service") == "")


@pytest.mark.parametrize("mode", ["fo", "fb"])
def test_a_primary_that_is_switched_off_hands_over_to_a_connected_phone(mode: str) -> None:
    async def tell(bench: Bench) -> None:
        await both_connected(bench, mode)
        bench.set(wan0_enable="0")
        await run(bench, "restart_wan_if 0")
        assert (bench.nvram("wan0_state_t"), bench.nvram("wan_primary")) == ("5", "0")
        await run(bench, "start_multipath")
        assert (bench.nvram("wan0_state_t"), bench.nvram("wan_primary")) == ("5", "1")
        assert (bench.nvram("wan0_primary"), bench.nvram("wan1_primary")) == ("0", "1")
        assert bench.router.lines.connected(1)

    tell_on("386", tell)


@pytest.mark.parametrize(("mode", "taken", "rest"), [("fb", "0", ("1", "0")), ("fo", "1", ("0", "4"))])
def test_of_two_connected_lines_one_is_put_to_rest(mode: str, taken: str, rest: tuple[str, str]) -> None:
    """An Ethernet line rests in state 4, a phone in state 0."""

    async def tell(bench: Bench) -> None:
        await both_connected(bench, mode)
        bench.router.lines.make_active(1)
        await run(bench, "start_multipath")
        unit, state = rest
        assert (bench.nvram("wan_primary"), bench.nvram(f"wan{unit}_state_t")) == (taken, state)
        assert bench.nvram(f"wan{unit}_ipaddr") == "0.0.0.0"

    tell_on("386", tell)


@story
async def test_a_line_whose_cable_is_out_does_not_count_though_it_has_a_lease(bench: Bench) -> None:
    await both_connected(bench, "fb")
    bench.set(link_wan="0")
    await run(bench, "restart_multipath")
    assert bench.nvram("wan_primary") == "1"


@story
async def test_it_does_not_matter_whether_it_is_asked_to_start_or_to_stop(bench: Bench) -> None:
    await both_connected(bench, "fo")
    await run(bench, "stop_multipath")
    assert (bench.nvram("wan1_state_t"), bench.router.rc.runs[-1].note) == ("0", "")
