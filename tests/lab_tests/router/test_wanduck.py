# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a failover takes, against what the genuine daemon of 386.69061 was seen to need (dual-WAN facts 12)."""

from __future__ import annotations

import pytest

from .leaping_loop import run_leaping
from .workbench import Bench, on_the_bench, story

SLACK = 0.1
"""Lab seconds between two looks at what is awaited, and some."""


OVERHEAD_SEEN = 0.8
"""What the genuine one took beyond the longest, in the one run that did (interval 1, count 3)."""


async def prepare(bench: Bench, interval: int = 2, count: int = 3, **more: object) -> None:
    """Both lines connected, ping on: the set-up of the observed runs."""
    bench.set(
        wans_dualwan="wan usb",
        wans_usb_bk="0",
        wans_standby="1",
        wandog_enable="1",
        wandog_target="198.51.100.1",
        wandog_interval=interval,
        wandog_maxfail=count,
        **more,
    )
    await bench.tether()
    await bench.until(lambda: bench.router.lines.connected(1) and bench.nvram("link_wan1") == "1")
    await bench.until(lambda: bench.nvram("rc_service") == "")
    bench.router.rc.runs.clear()


async def failover(bench: Bench) -> float:
    began = bench.clock.now()
    return await bench.until(lambda: bench.nvram("wan_primary") == "1") - began


@pytest.mark.parametrize(
    ("interval", "count", "seen"),
    [
        (1, 3, 9.8),
        (2, 3, 10.8),
        (2, 3, 11.5),
        (2, 3, 11.9),
        (2, 6, 22.9),
        (2, 12, 47.4),
        (3, 2, 7.2),
        (3, 3, 13.3),
        (5, 4, 25.0),
        (5, 4, 27.9),
        (9, 2, 19.8),
        (5, 12, 80),
    ],
)
def test_a_silent_loss_costs_count_times_interval_plus_two(interval: int, count: int, seen: float) -> None:
    longest = count * (interval + 2)
    # The observation itself lies in the range that the lab keeps to.
    assert longest - interval - SLACK <= seen <= longest + OVERHEAD_SEEN

    async def tell() -> None:
        async with on_the_bench() as bench:
            await prepare(bench, interval, count)
            bench.router.outside.set_upstream(0, "silent")
            assert longest - interval - 0.1 <= await failover(bench) <= longest + SLACK

    run_leaping(tell())


@story
async def test_a_loss_that_is_answered_is_seen_sooner(bench: Bench) -> None:
    await prepare(bench)
    bench.router.outside.set_upstream(0, "refused")
    assert 2 * 3 + 2 - 2 - 0.1 <= await failover(bench) <= 2 * 3 + 2 + SLACK
    assert (bench.nvram("wan0_primary"), bench.nvram("wan1_primary")) == ("0", "1")
    await bench.until(lambda: bench.services() == ["restart_wan_if 0", "restart_wan_line 1"])
    await bench.until(lambda: bench.nvram("link_internet") == "2")


@story
async def test_a_pulled_cable_counts_half(bench: Bench) -> None:
    await prepare(bench)
    bench.router.outside.wan_cable = False
    assert 2 - 0.1 <= await failover(bench) <= 4 + SLACK
    await bench.until(lambda: bench.services() == ["restart_wan_if 0"])
    states = [bench.nvram(name) for name in ("link_wan", "wan0_state_t", "wan0_auxstate_t")]
    assert states == ["0", "3", "1"]


@story
async def test_a_cold_standby_is_started_when_it_is_needed_and_put_to_rest_after(bench: Bench) -> None:
    bench.set(wans_dualwan="wan usb", wandog_interval="1", wandog_maxfail="2", wandog_fb_count="2")
    await bench.tether()
    await bench.until(lambda: bench.nvram("link_wan1") == "1")
    assert bench.nvram("wan1_state_t") == "0"
    bench.router.outside.wan_cable = False
    await failover(bench)
    await bench.until(lambda: bench.nvram("link_internet") == "2")
    assert bench.nvram("wan1_ipaddr") == "192.168.42.10"
    bench.router.outside.wan_cable = True
    await bench.until(lambda: bench.nvram("wan_primary") == "0")
    await bench.until(lambda: bench.nvram("wan1_state_t") == "0")


@story
async def test_failback_waits_for_the_path_and_counts(bench: Bench) -> None:
    await prepare(bench, wandog_fb_count=4)
    bench.router.outside.set_upstream(0, "silent")
    await failover(bench)
    await bench.until(lambda: bench.nvram("rc_service") == "" and bench.router.lines.connected(0))
    await bench.clock.sleep(60)
    assert bench.nvram("wan_primary") == "1"
    bench.router.rc.runs.clear()
    bench.router.outside.set_upstream(0, "up")
    began = bench.clock.now()
    took = await bench.until(lambda: bench.nvram("wan_primary") == "0") - began
    assert 3 * 2 - 0.1 <= took <= 4 * 2 + 2 + SLACK
    # A phone that is left is stopped, and started anew because it is to stand by hot.
    await bench.until(lambda: bench.router.lines.state(1) == 0)
    await bench.until(lambda: bench.router.lines.connected(1))
    assert bench.services() == ["stop_wan_if 1", "restart_wan_line 0", "restart_wan_if 1"]


@story
async def test_plain_failover_never_returns_until_told_to(bench: Bench) -> None:
    await prepare(bench, wans_mode="fo", wandog_fb_count=1)
    bench.router.outside.set_upstream(0, "silent")
    await failover(bench)
    bench.router.outside.set_upstream(0, "up")
    await bench.clock.sleep(60)
    assert bench.nvram("wan_primary") == "1"
    # Taken up by the running daemon, without a service.
    bench.set(wans_mode="fb")
    await bench.until(lambda: bench.nvram("wan_primary") == "0", within=20)


@story
async def test_probes_are_switched_under_the_running_daemon(bench: Bench) -> None:
    await prepare(bench)
    bench.set(wandog_enable="0")
    bench.router.outside.set_upstream(0, "silent")
    await bench.clock.sleep(45)
    assert (bench.nvram("wan_primary"), bench.nvram("link_internet")) == ("0", "2")
    bench.set(wandog_enable="1")
    assert await failover(bench) <= 12 + SLACK


@story
async def test_interval_and_count_are_taken_up_by_the_running_daemon(bench: Bench) -> None:
    await prepare(bench, 9, 12)
    assert [bench.nvram(name) for name in ("link_wan", "link_wan1", "link_internet")] == ["1", "1", "2"]
    bench.set(wandog_interval="2", wandog_maxfail="3")
    await bench.clock.sleep(9)
    bench.router.outside.set_upstream(0, "silent")
    assert 12 - 2 - 0.1 <= await failover(bench) <= 12 + SLACK


@story
async def test_a_new_target_is_asked_by_the_running_daemon(bench: Bench) -> None:
    await prepare(bench)
    bench.set(wandog_target="")
    bench.router.outside.set_upstream(0, "silent")
    await bench.clock.sleep(45)
    assert bench.nvram("wan_primary") == "0"
    bench.set(wandog_target="198.51.100.1")
    assert await failover(bench) <= 12 + 2 + SLACK


@story
async def test_nothing_is_counted_while_the_phone_is_not_ready(bench: Bench) -> None:
    await prepare(bench)
    bench.cable.pull()
    bench.router.outside.set_upstream(0, "silent")
    await bench.clock.sleep(60)
    assert (bench.nvram("wan_primary"), bench.nvram("wan0_auxstate_t"), bench.nvram("link_internet")) == ("0", "2", "1")
    # So the count begins when the phone is there.
    await bench.tether()
    assert 12 - 2 - 2 - 0.1 <= await failover(bench) <= 12 + 2 + SLACK


@story
async def test_an_active_phone_that_leaves_is_left_at_once(bench: Bench) -> None:
    await prepare(bench, wans_mode="fo")
    bench.router.outside.set_upstream(0, "silent")
    await failover(bench)
    bench.router.outside.set_upstream(0, "up")
    await bench.until(lambda: bench.nvram("rc_service") == "" and bench.router.lines.connected(0))
    bench.cable.pull()
    began = bench.clock.now()
    assert await bench.until(lambda: bench.nvram("wan_primary") == "0") - began <= 2 + SLACK
    await bench.until(lambda: bench.nvram("link_internet") == "2")


@story
async def test_a_phone_that_comes_back_to_a_house_without_a_line_is_used_again(bench: Bench) -> None:
    await prepare(bench)
    bench.router.outside.wan_cable = False
    await failover(bench)
    bench.cable.pull()
    await bench.until(lambda: bench.nvram("link_internet") == "1")
    await bench.tether()
    await bench.until(lambda: bench.nvram("link_internet") == "2", within=60)
    assert bench.router.lines.active == 1


@story
async def test_an_apply_freezes_the_daemon(bench: Bench) -> None:
    await prepare(bench)
    await bench.log_in()
    bench.router.outside.set_upstream(0, "silent")
    await bench.apply(rc_service="restart_firewall")
    assert 15 + 8 <= await failover(bench) <= 15 + 12 + 2 + SLACK


@story
async def test_dns_skips_after_a_success_and_tolerates_two_misses(bench: Bench) -> None:
    await prepare(bench)
    bench.set(wandog_enable="0", dns_probe="1")
    await bench.clock.sleep(10)
    bench.router.outside.set_upstream(0, "silent")
    # Two skipped rounds at most, two tolerated, three counted; each that is asked waits 3 s.
    assert 2 * 5 + 3 * 5 - 2 - 0.1 <= await failover(bench) <= 2 * 2 + 2 * 5 + 3 * 5 + SLACK


@story
async def test_a_wrong_address_is_a_miss_and_any_will_do_with_a_star(bench: Bench) -> None:
    bench.set(dns_probe="1", dns_probe_content="192.0.2.99", wandog_interval="1")
    await bench.until(lambda: bench.nvram("link_internet") == "1")
    assert bench.nvram("wan0_auxstate_t") == "2"
    bench.set(dns_probe_content="*")
    await bench.until(lambda: bench.nvram("link_internet") == "2")


@story
async def test_a_target_that_is_none_is_not_asked(bench: Bench) -> None:
    await prepare(bench, 1, 2)
    bench.set(wandog_target="bad host;x")
    bench.router.outside.set_upstream(0, "silent")
    await bench.clock.sleep(30)
    assert bench.nvram("wan_primary") == "0"


@story
async def test_load_balance_keeps_both_up_and_switches_nothing(bench: Bench) -> None:
    await prepare(bench, wans_mode="lb")
    bench.router.outside.set_upstream(0, "silent")
    await bench.clock.sleep(30)
    assert bench.nvram("wan_primary") == "0"
    assert bench.router.lines.connected(0)
    assert bench.router.lines.connected(1)


@story
async def test_a_mode_unknown_to_all_is_confessed(bench: Bench) -> None:
    await prepare(bench)
    bench.set(wans_mode="zz")
    await bench.until(lambda: bench.router.state()["not_simulated"] == ["wanduck: wans_mode 'zz'"])


@story
async def test_a_line_switched_off_is_off_and_no_reason_to_fail_over(bench: Bench) -> None:
    await prepare(bench)
    await bench.log_in()
    await bench.apply(wan_unit="0", wan_enable="0", rc_service="restart_wan_if 0")
    await bench.until(lambda: (bench.nvram("wan0_state_t"), bench.nvram("link_internet")) == ("5", "1"))
    await bench.clock.sleep(60)
    assert bench.nvram("wan_primary") == "0"
    await bench.apply(wan_unit="0", wan_enable="1", rc_service="restart_wan_if 0")
    await bench.until(lambda: (bench.nvram("wan0_state_t"), bench.nvram("link_internet")) == ("2", "2"))


@story
async def test_a_line_that_the_lab_has_not_is_confessed(bench: Bench) -> None:
    await bench.log_in()
    await bench.apply(wan0_proto="pppoe", wans_dualwan="wan lan", rc_service="restart_wan_if 0")
    await bench.until(lambda: len(bench.router.state()["not_simulated"]) == 2)
    assert bench.router.state()["not_simulated"][0].startswith("wan0_proto 'pppoe'")
    assert not bench.router.lines.connected(0)
