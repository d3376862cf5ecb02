# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second provider's Ethernet line in a LAN port or a second WAN port: connecting, failing over, sharing load."""

from __future__ import annotations

import pytest

from lab.client import LabError, running

from .workbench import Bench, story, story_on, tell_on

SLACK = 0.1


async def prepare(bench: Bench, kind: str = "lan", **more: object) -> None:
    """Probing often, and nothing in the way; the daemon has looked at its links once."""
    bench.set(wans_dualwan=f"wan {kind}", wans_usb_bk="0", wandog_enable="1", wandog_target="198.51.100.1", **more)
    bench.set(wandog_interval=2, wandog_maxfail=3, wandog_fb_count=2)
    await bench.until(lambda: bench.nvram("link_wan1") == str(int(bench.router.outside.second_cable)))
    await bench.clock.sleep(6)


def address(bench: Bench, unit: int) -> str:
    return bench.nvram(f"wan{unit}_ipaddr")


@story
async def test_at_the_start_nothing_is_plugged_in_there(bench: Bench) -> None:
    await prepare(bench)
    bench.router.outside.set_upstream(0, "silent")
    await bench.clock.sleep(60)
    assert (bench.nvram("wan_primary"), bench.nvram("link_wan1")) == ("0", "0")
    assert bench.router.state()["not_simulated"] == [
        "wans_dualwan with 'lan': nothing is plugged in there (wan link 1 up)"
    ]


@pytest.mark.parametrize("kind", ["lan", "wan2", "sfp+"])
def test_it_takes_over_and_gives_back(kind: str) -> None:
    async def tell(bench: Bench) -> None:
        bench.router.outside.second_cable = True
        await prepare(bench, kind)
        # A cold standby until it is needed.
        assert (bench.nvram("link_wan1"), bench.nvram("wan1_state_t")) == ("1", "0")
        bench.router.outside.set_upstream(0, "silent")
        began = bench.clock.now()
        await bench.until(lambda: bench.nvram("wan_primary") == "1")
        assert bench.clock.now() - began <= 3 * (2 + 2) + SLACK
        await bench.until(lambda: bench.nvram("link_internet") == "2")
        assert address(bench, 1) == "192.0.2.20"
        assert bench.nvram("wan1_ifname") not in ("", bench.nvram("wan0_ifname"))
        bench.router.outside.set_upstream(0, "up")
        await bench.until(lambda: bench.nvram("wan_primary") == "0")
        # Cold or not, an Ethernet line that is left stays connected.
        await bench.clock.sleep(30)
        assert bench.nvram("wan1_state_t") == "2"
        assert bench.router.state()["not_simulated"] == []

    tell_on("386", tell)


@story
async def test_in_hot_standby_it_is_connected_beforehand(bench: Bench) -> None:
    bench.router.outside.second_cable = True
    await prepare(bench, wans_standby="1")
    await bench.until(lambda: bench.router.lines.connected(1))
    bench.router.outside.wan_cable = False
    await bench.until(lambda: bench.nvram("wan_primary") == "1", within=4 + SLACK)
    assert address(bench, 1) == "192.0.2.20"


@story
async def test_each_line_has_an_internet_of_its_own_behind_it(bench: Bench) -> None:
    bench.router.outside.second_cable = True
    await prepare(bench, wans_standby="1")
    bench.router.outside.set_upstream(2, "silent")
    assert (bench.router.lines.path(0), bench.router.lines.path(1)) == ("up", "silent")
    bench.router.outside.set_upstream(2, "refused")
    assert bench.router.lines.path(1) == "refused"
    bench.router.outside.second_cable = False
    assert bench.router.lines.path(1) == "silent"


@story
async def test_load_balance_has_both_up_and_gets_a_line_back_that_was_out(bench: Bench) -> None:
    bench.router.outside.second_cable = True
    await prepare(bench, wans_mode="lb")
    await bench.until(lambda: bench.router.lines.connected(0) and bench.router.lines.connected(1))
    bench.router.outside.second_cable = False
    await bench.until(lambda: (bench.nvram("link_wan1"), bench.nvram("wan1_state_t")) == ("0", "3"))
    assert bench.nvram("link_internet") == "2"
    bench.router.outside.second_cable = True
    await bench.until(lambda: bench.router.lines.connected(1))


@story_on("388")
async def test_after_a_reboot_its_unit_has_names_of_its_own(bench: Bench) -> None:
    bench.router.outside.second_cable = True
    await bench.log_in()
    await bench.apply(wans_dualwan="wan lan", wans_mode="lb", rc_service="reboot")
    await bench.until(lambda: bench.router.boots == 2 and bench.router.up)
    assert bench.nvram("wan_ifnames") == "eth1 vlan3"
    await bench.until(lambda: bench.router.lines.connected(0) and bench.router.lines.connected(1))
    await bench.log_in()
    assert (await bench.apply(wan1_pppoe_username="b")).json == {"modify": "1"}


def test_the_control_door_plugs_it_in_and_a_reset_pulls_it() -> None:
    with running(speed=50) as house:
        house.ctl("wan", "link", "1", "up")
        house.ctl("wan", "upstream", "2", "refused")
        assert house.ctl("wan", "state")["2"] == {"upstream": "refused", "link": "up", "path": "refused"}
        house.ctl("reset")
        assert house.ctl("wan", "state")["2"] == {"upstream": "up", "link": "down", "path": "silent"}
        with pytest.raises(LabError, match=r"wan link 0\|1 up\|down"):
            house.ctl("wan", "link", "2", "up")
