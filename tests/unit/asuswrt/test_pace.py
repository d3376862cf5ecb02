# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pace by its name or by its effect: which numbers it becomes, and when it is refused."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import timing
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit.builders import a_backup_router, the_plan

NUMBERS = ("wandog_interval", "wandog_maxfail", "wandog_fb_count")


def becomes(nvram, **detection):
    """What the router has of the three numbers after a task with that detection, and what that means."""
    after = {**nvram, **the_plan(nvram, detection=detection).values}
    return tuple(int(after[name]) for name in NUMBERS), timing(after)


@pytest.mark.parametrize(
    ("preset", "numbers", "failover", "megabytes"),
    [("fast", (2, 3, 10), 13, 158), ("balanced", (5, 4, 4), 29, 63), ("frugal", (30, 3, 4), 97, 11)],
)
def test_a_preset_is_the_numbers_and_the_effect_that_its_documentation_says(preset, numbers, failover, megabytes):
    found, means = becomes(a_backup_router(), preset=preset)
    assert (found, means["failover_seconds"]) == (numbers, failover)
    assert means["probe_megabytes_per_month"] == pytest.approx(megabytes, abs=0.5)


def test_what_is_given_beside_a_preset_counts():
    assert becomes(a_backup_router(), preset="fast", failover_count=5)[0] == (2, 5, 10)


@pytest.mark.parametrize(
    ("preset", "router", "interval"),
    [
        ("fast", {"buildno": "388"}, 3),
        ("fast", {"firmver": "3.0.0.6", "dns_probe_timeout": "4"}, 6),
        ("frugal", {"buildno": "382"}, 9),
        ("frugal", {"productid": "RT-AC88U"}, 9),
    ],
)
def test_a_preset_takes_the_nearest_interval_that_the_firmware_takes(preset, router, interval):
    assert becomes(a_backup_router(**router), preset=preset)[0][0] == interval


@pytest.mark.parametrize(
    "detection", [{"preset": "fast"}, {"preset": "frugal"}, {"failover_within": 30}, {"failover_within": 200}]
)
def test_a_second_task_with_it_changes_nothing(detection):
    once = the_plan(a_backup_router(), detection=detection)
    assert once.changes
    assert the_plan({**a_backup_router(), **once.values}, detection=detection).empty


def test_a_preset_on_a_router_that_takes_no_interval_at_all_says_what_is_in_the_way():
    with pytest.raises(BadWish, match="dns_probe_timeout"):
        the_plan(a_backup_router(dns_probe_timeout="99"), detection={"preset": "fast"})


@pytest.mark.parametrize("within", [7, 13, 29, 60, 100, 300])
def test_a_failover_within_some_seconds_has_no_more_probes_than_it_needs(within):
    (interval, losses, returns), means = becomes(a_backup_router(), failover_within=within)
    assert means["failover_seconds"] <= within
    slower = timing(a_backup_router(wandog_interval=str(interval + 1), wandog_maxfail=str(losses)))
    assert slower["failover_seconds"] > within or interval == 99
    assert interval * returns >= 20


def test_two_probes_decide_only_where_three_do_not_fit():
    assert becomes(a_backup_router(), failover_within=10)[0][:2] == (1, 3)
    assert becomes(a_backup_router(), failover_within=9)[0][:2] == (2, 2)


def test_a_limit_of_data_makes_two_probes_do():
    assert becomes(a_backup_router(), failover_within=13)[0][:2] == (2, 3)
    assert becomes(a_backup_router(), failover_within=13, megabytes_per_month=100)[0][:2] == (4, 2)


def test_the_probes_that_the_task_switches_on_are_reckoned_with():
    nvram = a_backup_router(wandog_enable="0")
    after = the_plan(nvram, detection={"failover_within": 60, "dns_query": {"hostname": "dns.msftncsi.com"}}).values
    assert timing({**nvram, **after})["failover_seconds"] <= 60


def test_a_count_of_the_return_may_stand_beside_it():
    assert becomes(a_backup_router(), failover_within=30, failback_count=9)[0][2] == 9


REFUSED = [
    ({"preset": "fast", "failover_within": 30}, "both"),
    ({"preset": "fast", "interval": 1, "failover_count": 2, "failback_count": 3}, "all three"),
    ({"failover_within": 30, "interval": 5}, "follow from it"),
    ({"failover_within": 30, "failover_count": 5}, "follow from it"),
    ({"megabytes_per_month": 30.0}, "Add failover_within"),
    ({"failover_within": 3}, "Give at least 7"),
    ({"failover_within": -3}, "Give at least 7"),
    ({"failover_within": 30, "megabytes_per_month": 1.0}, "longer detection.failover_within"),
    ({"failover_within": 30, "ping_target": ""}, "neither ping nor DNS"),
]


@pytest.mark.parametrize(("detection", "told"), REFUSED)
def test_what_cannot_be_is_refused_with_what_would_do(detection, told):
    with pytest.raises(BadWish, match=told):
        the_plan(a_backup_router(), detection=detection)


def test_under_load_balance_there_is_no_failover_to_be_within_anything():
    with pytest.raises(BadWish, match="load_balance"):
        the_plan(a_backup_router(), mode="load_balance", detection={"failover_within": 30})
