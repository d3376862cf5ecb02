# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Predicted times against those of the genuine daemon of 386.69061."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import timing
from unit.builders import a_backup_router, a_router

# Interval, count, and seconds from a silent loss to the failover.
SEEN = [
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
]


def times(**nvram):
    return timing(a_backup_router(**nvram))


@pytest.mark.parametrize(("interval", "count", "seen"), SEEN)
def test_the_longest_failover_is_no_shorter_than_seen_nor_a_round_longer(interval, count, seen):
    longest = times(wandog_interval=str(interval), wandog_maxfail=str(count))["failover_seconds"]
    assert seen <= longest <= seen + interval + 2


def test_as_shipped_it_is_more_than_the_page_counts():
    assert times()["failover_seconds"] == pytest.approx(84, abs=2)


def test_without_a_probe_it_is_never_noticed():
    assert times(wandog_enable="0")["failover_seconds"] is None


def test_a_ping_at_nothing_is_no_probe():
    assert times(wandog_target="")["failover_seconds"] is None


def test_dns_skips_and_tolerates_rounds_and_waits_three_seconds_for_each():
    longest = times(wandog_enable="0", dns_probe="1", wandog_maxfail="4")["failover_seconds"]
    assert longest >= (4 + 4) * (5 + 3)


@pytest.mark.parametrize(
    ("firmver", "timeout", "wait"),
    [("3.0.0.4", "", 3), ("3.0.0.4", "2", 2), ("3.0.0.6", "", 18), ("3.0.0.6", "1", 1)],
)
def test_without_a_limit_dns_waits_as_its_generation_does(firmver, timeout, wait):
    probing = {"wandog_enable": "0", "dns_probe": "1", "wandog_maxfail": "4", "wandog_interval": "20"}
    longest = times(firmver=firmver, dns_probe_timeout=timeout, **probing)["failover_seconds"]
    assert longest == (4 + 4) * (20 + wait) + 1


def test_with_both_both_must_fail():
    both = times(dns_probe="1", wandog_maxfail="4")["failover_seconds"]
    assert both >= times(wandog_enable="0", dns_probe="1", wandog_maxfail="4")["failover_seconds"]


def test_load_balance_does_not_move_traffic():
    assert times(wans_mode="lb")["failover_seconds"] is None


def test_without_a_backup_nothing_fails_over():
    assert timing(a_router(wandog_enable="1", wandog_target="1.1.1.1"))["failover_seconds"] is None


@pytest.mark.parametrize(("mode", "seconds"), [("fb", 20), ("fo", None), ("lb", None)])
def test_traffic_returns_after_its_count(mode, seconds):
    assert times(wans_mode=mode)["failback_seconds"] == seconds


# The page of the 4G models: 86400 / interval x 128 bytes x 30 days.
@pytest.mark.parametrize(("interval", "megabytes"), [("5", 63.3), ("1", 316.4), ("60", 5.3)])
def test_what_pinging_costs(interval, megabytes):
    assert times(wandog_interval=interval)["probe_megabytes_per_month"] == megabytes


def test_no_ping_costs_nothing():
    assert times(wandog_enable="0")["probe_megabytes_per_month"] == 0


def test_an_interval_of_zero_is_no_division_by_it():
    assert times(wandog_interval="0")["probe_megabytes_per_month"] == 0


@pytest.mark.parametrize(("interval", "count", "seen"), SEEN)
@pytest.mark.parametrize("standby", ["0", "1"])
def test_each_timing_of_the_genuine_daemon_lies_in_the_range_for_a_silent_loss(interval, count, seen, standby):
    found = times(wandog_interval=str(interval), wandog_maxfail=str(count), wans_standby=standby)
    for name in ("detection", "failover"):
        assert found[name]["silent_loss"]["min"] <= seen <= found[name]["silent_loss"]["max"]
    assert found["detection"]["silent_loss"]["max"] - found["detection"]["silent_loss"]["min"] == interval + 1
    assert found["detection"]["silent_loss"]["source"] == "seen"


@pytest.mark.parametrize(("kind", "seen"), [("answered_loss", 8), ("link_loss", 2.6)])
def test_so_do_those_of_the_other_losses(kind, seen):
    found = times(wandog_interval="2", wandog_maxfail="3")["detection"][kind]
    assert found["min"] <= seen <= found["max"]
    assert found["source"] == "seen"


@pytest.mark.parametrize(
    ("firmver", "buildno", "source"),
    [("3.0.0.4", "380", "inferred"), ("3.0.0.4", "382", "source"), ("3.0.0.4", "386", "seen"),
     ("3.0.0.4", "388", "inferred"), ("3.0.0.6", "102", "inferred")],
)  # fmt: skip
def test_only_one_generation_was_timed(firmver, buildno, source):
    assert times(firmver=firmver, buildno=buildno)["detection"]["silent_loss"]["source"] == source


def test_dialling_is_on_top_and_its_range_is_no_better_known_than_that():
    cold, hot = times()["failover"]["silent_loss"], times(wans_standby="1")["failover"]["silent_loss"]
    assert cold["max"] > hot["max"] > times()["detection"]["silent_loss"]["max"]
    assert cold["source"] == hot["source"] == "inferred"


def test_a_pulled_cable_counts_half_but_at_least_once():
    pulled = [times(wandog_interval="9", wandog_maxfail=count)["detection"]["link_loss"] for count in ("1", "3", "8")]
    assert [(found["min"], found["max"]) for found in pulled] == [(0, 12), (0, 21), (27, 39)]


def test_a_line_that_is_no_ethernet_counts_whole():
    found = times(wans_dualwan="dsl usb", wandog_interval="9", wandog_maxfail="8")["detection"]["link_loss"]
    assert (found["min"], found["max"]) == (63, 75)


def test_a_phone_as_primary_has_no_cable_but_its_own():
    detection = times(wans_dualwan="usb wan")["detection"]
    assert detection["link_loss"] is None
    assert detection["phone_unplugged"]["min"] == 0


def test_without_a_phone_none_can_be_unplugged():
    assert times(wans_dualwan="wan lan")["detection"]["phone_unplugged"] is None


def test_without_a_probe_a_pulled_cable_is_noticed_nonetheless():
    detection = times(wandog_enable="0")["detection"]
    assert (detection["silent_loss"], detection["answered_loss"]) == (None, None)
    assert detection["link_loss"]["max"] == 6 * 5 + 1


def test_both_probes_wait_one_after_the_other():
    longest = times(dns_probe="1", wandog_maxfail="4")["detection"]["silent_loss"]["max"]
    assert longest == (4 + 4) * (5 + 2 + 3) + 1


def test_the_rounds_that_dns_skips_are_the_routers_own_setting():
    one = times(wandog_enable="0", dns_probe="1", dns_delay_round="0")["failover_seconds"]
    two = times(wandog_enable="0", dns_probe="1", dns_delay_round="")["failover_seconds"]
    assert two - one == 2 * (5 + 3)


def test_dns_costs_something_at_the_most():
    found = times(wandog_enable="0", dns_probe="1")
    assert found["probe_megabytes_per_month"] == found["data_per_month"]["min"] == 0
    assert 50 < found["data_per_month"]["max"] < 150


@pytest.mark.parametrize(
    ("stored", "pause"),
    [({}, 0), ({"wandog_delay": "7"}, 7), ({"firmver": "3.0.0.6", "wandog_delay": "7", "wandog_delay_rpt": "9"}, 9)],
)
def test_after_a_service_and_after_a_switch_nothing_is_counted(stored, pause):
    assert times(**stored)["pauses"] == {"after_a_service": 15, "after_a_switch": pause}


LOGICAL = {"silent_loss", "answered_loss"}
LOSSES = {*LOGICAL, "link_loss", "phone_unplugged"}
NEVER = [
    ({"wans_dualwan": "wan none"}, "off", {*LOSSES, "failback"}),
    ({"wans_usb_bk_act": "1"}, "off", {*LOSSES, "failback"}),
    ({"wans_mode": "lb"}, "load_balance", {*LOSSES, "failback"}),
    ({"wans_mode": "zz"}, "mode", {*LOSSES, "failback"}),
    ({"wan1_enable": "0"}, "switched_off", {*LOSSES, "failback"}),
    ({"modem_enable": "0"}, "modem_off", {*LOSSES, "failback"}),
    ({"wandog_enable": "0"}, "no_probe", LOGICAL),
    ({"wandog_target": ""}, "no_target", LOGICAL),
    ({"wandog_target": "bad host;x"}, "no_target", LOGICAL),
    ({"wandog_target": "", "dns_probe": "1"}, "no_target", LOGICAL),
    ({"web_redirect": "1"}, "overridden", LOGICAL),
    ({"wan0_proto": "pppoe", "wan0_pppoe_demand": "1"}, "on_demand", LOGICAL),
    ({"wans_mode": "fo"}, "no_failback", {"failback"}),
]


@pytest.mark.parametrize(("stored", "reason", "of"), NEVER)
def test_what_never_happens_is_null_and_said(stored, reason, of):
    found = times(**stored)
    assert [(told["id"], set(told["of"])) for told in found["never"]] == [(reason, of)]
    ranges = {**found["detection"], "failback": found["failback"]}
    assert {name for name, value in ranges.items() if value is None} == of
    assert (found["failover_seconds"] is None) == ("silent_loss" in of)
    assert (found["failback_seconds"] is None) == ("failback" in of)


@pytest.mark.parametrize(
    ("state", "reason"),
    [({"link_wan1": "0"}, "phone_missing"), ({"wan0_sbstate_t": "4"}, "same_subnet")],
)
def test_what_is_in_the_way_at_the_moment_is_said_and_leaves_the_ranges(state, reason):
    found = times(**state)
    assert [told["id"] for told in found["never"]] == [reason]
    assert found["detection"] == times()["detection"]


def test_nothing_is_in_the_way_of_a_backup_that_is_ready():
    assert times()["never"] == []
    assert times(web_redirect="")["never"] == []  # a router that does not tell has it as shipped
