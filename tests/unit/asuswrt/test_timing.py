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
