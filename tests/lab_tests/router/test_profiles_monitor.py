# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the failover daemons of the generations do otherwise (dual-WAN facts 4.2 and 4.3)."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from lab.router.probes import Probes
from lab.router.profiles import by_name

from .workbench import Bench, story_on, tell_on

SLACK = 0.1


async def fail_over(bench: Bench, **more: object) -> None:
    """To a phone in hot standby, by a silent loss; the Ethernet line then has its lease again, and no path."""
    bench.set(wans_dualwan="wan usb", wans_usb_bk="0", wans_standby="1", wans_mode="fb")
    bench.set(wandog_enable="1", wandog_target="198.51.100.1", wandog_fb_count="1", **more)
    await bench.tether()
    await bench.until(lambda: bench.router.lines.connected(1) and bench.nvram("link_wan1") == "1")
    bench.router.outside.set_upstream(0, "silent")
    await bench.until(lambda: bench.nvram("wan_primary") == "1")


@pytest.mark.parametrize(("firmware", "returns"), [("382", True), ("386", False), ("388", False), ("3006", False)])
def test_382_returns_to_a_line_that_has_a_lease_and_no_path(firmware: str, returns: bool) -> None:
    async def tell(bench: Bench) -> None:
        await fail_over(bench, wandog_interval="2", wandog_maxfail="2")
        if returns:
            await bench.until(lambda: bench.nvram("wan_primary") == "0", within=20)
        else:
            await bench.clock.sleep(60)
            assert bench.nvram("wan_primary") == "1"

    tell_on(firmware, tell)


@story_on("3006")
async def test_3006_returns_only_if_ping_and_dns_both_get_through(bench: Bench) -> None:
    # A missed query is tolerated twice, so DNS alone would have taken the dead line for a good one.
    await fail_over(bench, dns_probe="1")
    await bench.clock.sleep(60)
    assert bench.nvram("wan_primary") == "1"
    bench.router.outside.set_upstream(0, "up")
    await bench.until(lambda: bench.nvram("wan_primary") == "0", within=20)


@pytest.mark.parametrize(("firmware", "setting"), [("386", "wandog_delay"), ("3006", "wandog_delay_rpt")])
def test_after_a_switch_it_sleeps_for_the_delay_of_its_generation(firmware: str, setting: str) -> None:
    async def tell(bench: Bench) -> None:
        await fail_over(bench, wandog_interval="2", wandog_maxfail="2", **{setting: "30"})
        began = bench.clock.now()
        bench.router.outside.set_upstream(0, "up")
        assert await bench.until(lambda: bench.nvram("wan_primary") == "0") - began >= 30 - SLACK

    tell_on(firmware, tell)


@story_on("3006")
async def test_3006_fails_over_within_ten_seconds_by_default(bench: Bench) -> None:
    bench.set(
        wans_dualwan="wan usb", wans_usb_bk="0", wans_standby="1", wandog_enable="1", wandog_target="198.51.100.9"
    )
    await bench.tether()
    await bench.until(lambda: bench.router.lines.connected(1) and bench.nvram("link_wan1") == "1")
    await bench.until(lambda: bench.nvram("rc_service") == "")
    began = bench.clock.now()
    bench.router.outside.set_upstream(0, "silent")
    assert await bench.until(lambda: bench.nvram("wan_primary") == "1") - began >= 2 * (3 + 2) - 3 - SLACK
    assert bench.clock.now() - began <= 2 * (3 + 2) + SLACK


@pytest.mark.parametrize(("firmware", "internet"), [("386", "1"), ("3006", "2")])
def test_an_empty_query_is_the_usual_one_on_3006(firmware: str, internet: str) -> None:
    async def tell(bench: Bench) -> None:
        bench.set(dns_probe="1", dns_probe_host="", dns_probe_content="", wandog_interval="1")
        await bench.clock.sleep(20)
        assert bench.nvram("link_internet") == internet

    tell_on(firmware, tell)


@pytest.mark.parametrize(("firmware", "internet"), [("386", "2"), ("3006", "1")])
def test_on_3006_any_address_means_any_but_one(firmware: str, internet: str) -> None:
    async def tell(bench: Bench) -> None:
        bench.set(dns_probe="1", dns_probe_content="*", wandog_interval="1")
        with patch.object(bench.router.outside, "resolve", return_value=("10.0.0.1",)):
            await bench.clock.sleep(20)
        assert bench.nvram("link_internet") == internet

    tell_on(firmware, tell)


@pytest.mark.parametrize(("firmware", "timeout", "waits"), [("386", "", 3), ("3006", "", 7), ("3006", "1", 1)])
def test_a_query_waits_as_long_as_its_generation_does(firmware: str, timeout: str, waits: float) -> None:
    async def tell(bench: Bench) -> None:
        bench.set(dns_probe="1", wandog_interval="9", dns_probe_timeout=timeout)
        router = bench.router
        probes = Probes(bench.clock, router.nvram, router.lines, router.outside, 0, by_name(firmware).monitor)
        router.outside.set_upstream(0, "silent")
        began = bench.clock.now()
        await probes.look()
        assert bench.clock.now() - began == pytest.approx(waits, abs=SLACK)

    tell_on(firmware, tell)
