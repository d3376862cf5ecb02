# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outages are told from losses, and their times are right."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._outages import (
    by_name,
    by_protocol,
    outages,
    partial,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._samples import Sample, Series, runs
from unit.link.drill_world import PERIOD, PROBES, down_between, samples_of, series_of

TOLERANCE = PERIOD + 0.1
"""What a drill is judged by."""


def test_a_line_that_works_has_no_outage() -> None:
    assert outages(series_of(down_between(), 0, 60), PERIOD) == ()


@pytest.mark.parametrize("names", [("tcp a",), ("tcp a", "dns b"), PROBES])
@pytest.mark.parametrize("took", [0.005, 0.05, 0.15])
def test_begin_and_end_are_known_within_a_period_and_a_tenth(names: tuple[str, ...], took: float) -> None:
    (found,) = outages(series_of(down_between((20.03, 31.77)), 0, 60, names=names, took=took), PERIOD)
    assert abs(found.begin - 20.03) <= TOLERANCE
    assert found.end is not None
    assert abs(found.end - 31.77) <= TOLERANCE


@given(
    st.floats(5, 20),
    st.floats(2, 30),
    st.integers(0, 2**32),
    st.sampled_from([0.0, 0.02, 0.05]),
    st.sampled_from([0.005, 0.04, 0.1]),
)
@settings(max_examples=200, deadline=None)
def test_so_they_are_where_packets_get_lost_at_random(
    begin: float, lasts: float, seed: int, loss: float, took: float
) -> None:
    dice = random.Random(seed)
    series = series_of(down_between((begin, begin + lasts)), 0, 60, took=took, loss=loss, dice=dice)
    (found,) = outages(series, PERIOD)
    assert abs(found.begin - begin) <= TOLERANCE
    assert found.end is not None
    assert abs(found.end - begin - lasts) <= TOLERANCE


def test_losses_at_random_are_no_outage() -> None:
    dice = random.Random(5)
    for _minute in range(50):
        series = series_of(down_between(), 0, 60, loss=0.06, dice=dice)
        assert outages(series, PERIOD) == ()
        assert not any(by_protocol(series, PERIOD).values())


def test_one_target_that_is_gone_is_no_outage_of_the_line_nor_of_its_protocol() -> None:
    gone = series_of(down_between((10, 30)), 0, 60, names=("tcp a",))
    others = series_of(down_between(), 0, 60, names=("tcp b", "dns router"))
    assert outages((*gone, *others), PERIOD) == ()
    assert by_protocol((*gone, *others), PERIOD)["tcp"] == ()


def test_an_outage_that_lasts_has_no_end() -> None:
    (found,) = outages(series_of(down_between((20, 99)), 0, 40), PERIOD)
    assert found.end is None
    assert found.seconds(until=40) == pytest.approx(20, abs=TOLERANCE)


def test_two_outages_are_two() -> None:
    first, second = outages(series_of(down_between((10, 14), (16, 20)), 0, 40), PERIOD)
    assert first.end is not None
    assert first.end < 15 < second.begin


def test_an_outage_of_tcp_is_found_though_ping_and_dns_see_nothing() -> None:
    tcp = series_of(down_between((20, 50)), 0, 60, names=("tcp a", "tcp b", "tls a"))
    others = series_of(down_between(), 0, 60, names=("icmp a", "dns router"))
    (found,) = partial((*tcp, *others), PERIOD)
    assert set(found.out) == {"tcp", "tls"}
    assert set(found.through) == {"icmp", "dns"}
    assert abs(found.outage.begin - 20) <= TOLERANCE
    assert found.told == "tcp and tls got no answer, while icmp and dns did"


def test_where_all_are_lost_nothing_is_partial() -> None:
    assert partial(series_of(down_between((20, 30)), 0, 60), PERIOD) == ()


def test_dns_that_stays_dead_after_the_rest_has_recovered_is_partial() -> None:
    dns = series_of(down_between((20, 50)), 0, 60, names=("dns router",))
    others = series_of(down_between((20, 30)), 0, 60, names=("tcp a", "icmp a"))
    (found,) = partial((*dns, *others), PERIOD)
    assert (found.out, found.through) == (("dns",), ("tcp", "icmp"))


def test_runs_of_losses_have_the_answers_on_both_sides() -> None:
    samples = [Sample(0.0, 0.1), Sample(0.2, None), Sample(0.4, None), Sample(0.6, 0.1), Sample(0.8, None)]
    first, second = runs(samples)
    assert (first.last_answer, first.first, first.last, first.lost, first.answered) == (0.1, 0.2, 0.4, 2, 0.6)
    assert (second.lost, second.answered) == (1, None)


def test_losses_before_any_answer_begin_with_the_first() -> None:
    samples = samples_of(down_between((0, 10)), 0, 20)
    assert runs(samples)[0].last_answer is None
    (found,) = outages(series_of(down_between((0, 10)), 0, 20), PERIOD)
    assert found.begin == 0.0


def test_a_loss_by_chance_just_before_an_outage_or_just_after_it_is_none_of_it() -> None:
    way = down_between((20.0, 30.0))
    unlucky = [
        Series(
            each.name,
            each.protocol,
            each.target,
            tuple(Sample(sample.sent, None if 19.6 < sample.sent < 30.4 else sample.took) for sample in each.samples)
            if each.protocol == "dns"
            else each.samples,
        )
        for each in series_of(way, 0, 60)
    ]
    for found in (by_protocol(unlucky, PERIOD)["dns"], by_name(unlucky, PERIOD)["dns router"]):
        (outage,) = found
        assert abs(outage.begin - 20.0) <= PERIOD / 2
        assert abs((outage.end or 0.0) - 30.0) <= PERIOD / 2


def test_what_is_out_for_longer_than_the_others_is_so_by_itself() -> None:
    dns = series_of(down_between((20, 31)), 0, 60, names=("dns router",))
    others = series_of(down_between((20.8, 30)), 0, 60, names=("tcp a", "icmp a"))
    found = by_protocol((*dns, *others), PERIOD)
    for protocol, begin, end in (("dns", 20, 31), ("tcp", 20.8, 30), ("icmp", 20.8, 30)):
        (outage,) = found[protocol]
        assert abs(outage.begin - begin) <= TOLERANCE
        assert abs((outage.end or 0.0) - end) <= TOLERANCE


def test_answers_that_are_read_late_do_not_move_the_begin() -> None:
    way = down_between((20.0, 30.0))
    late = [
        Series(
            each.name,
            each.protocol,
            each.target,
            tuple(
                Sample(sample.sent, sample.took and sample.took + 0.6 * (19.5 < sample.sent < 20.0))
                for sample in each.samples
            ),
        )
        for each in series_of(way, 0, 60)
    ]
    (outage,) = outages(late, PERIOD)
    assert abs(outage.begin - 20.0) <= PERIOD / 2


@pytest.mark.parametrize("seconds", [0.7, 0.9, 1.1])
def test_an_outage_too_short_for_one_probe_to_prove_it_is_its_own_where_most_had_it(seconds: float) -> None:
    series = series_of(down_between((20.0, 20.0 + seconds)), 0, 60)
    (whole,) = outages(series, PERIOD)
    for found in (*by_protocol(series, PERIOD).values(), *by_name(series, PERIOD).values()):
        (outage,) = found
        assert abs(outage.begin - whole.begin) <= PERIOD / 2
        assert abs((outage.end or 0.0) - (whole.end or 0.0)) <= PERIOD / 2
    assert partial(series, PERIOD) == ()


def test_a_short_loss_of_one_probe_elsewhere_is_still_none() -> None:
    others = series_of(down_between((20.0, 22.0)), 0, 60, names=("tcp a", "icmp a"))
    dns = series_of(down_between((20.0, 22.0), (40.0, 40.9)), 0, 60, names=("dns router",))
    (found,) = by_protocol((*others, *dns), PERIOD)["dns"]
    assert abs(found.begin - 20.0) <= TOLERANCE


@pytest.mark.parametrize("begin", [10.0, 12.0, 29.4])
def test_a_loss_by_chance_beside_an_outage_of_half_of_the_probes_makes_none_of_most(begin: float) -> None:
    tcp = series_of(down_between((10.0, 30.0)), 0, 60, names=("tcp a", "tls a", "http a"))
    unlucky = series_of(down_between((begin, begin + 0.6)), 0, 60, names=("icmp a",))
    others = series_of(down_between(), 0, 60, names=("dns a", "dns b"))
    assert outages((*tcp, *unlucky, *others), PERIOD) == ()


def test_an_outage_of_all_within_one_of_half_of_the_probes_is_found() -> None:
    tcp = series_of(down_between((10.0, 30.0)), 0, 60, names=("tcp a", "tls a", "http a"))
    others = series_of(down_between((15.0, 17.0)), 0, 60, names=("icmp a", "dns a", "dns b"))
    (found,) = outages((*tcp, *others), PERIOD)
    assert abs(found.begin - 15.0) <= TOLERANCE
    assert abs((found.end or 0.0) - 17.0) <= TOLERANCE
