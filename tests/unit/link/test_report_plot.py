# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plot shows of many samples, where labels go, and the colours of both themes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._colours import (
    DARK,
    LIGHT,
    MEETINGS,
    THEMES,
    stand_ins,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._drill import Probe, drill_from
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._given import Given
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._plot import inline
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._plot_columns import (
    Flag,
    ceiling,
    columns,
    levels,
    losses,
    shortened,
    ticks,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import seconds, span, written
from tools import report_samples as sample


def contrast(front: str, back: str) -> float:
    """By WCAG 2.2, relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(front), luminance(back)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("meeting", MEETINGS, ids=lambda meeting: f"{meeting.front} on {meeting.back}")
def test_colours_that_meet_can_be_told_apart(theme, meeting):
    palette = THEMES[theme]
    assert contrast(palette[meeting.front], palette[meeting.back]) >= meeting.least


def test_both_themes_have_the_same_colours_and_each_stand_in_is_its_own():
    assert LIGHT.keys() == DARK.keys() == stand_ins().keys()
    assert len(set(stand_ins().values())) == len(LIGHT)


def test_a_loss_among_many_answers_is_not_averaged_away():
    samples = [(number / 5, 10.0) for number in range(5000)]
    samples[2500] = (500.0, None)
    found = columns(samples, 1000.0, 100)
    assert len(found) == 100
    assert [column.lost for column in found if column.lost] == [1]
    (gone,) = losses(found, 1000.0, 100)
    assert gone.start < 505
    assert gone.end > 500


def test_neighbouring_losses_are_one_block():
    samples = [(number / 5, None if 100 <= number < 300 else 10.0) for number in range(500)]
    (gone,) = losses(columns(samples, 100.0, 500), 100.0, 500)
    assert gone.start == pytest.approx(20, abs=0.2)
    assert gone.end == pytest.approx(60, abs=0.2)


@given(
    some.lists(some.tuples(some.floats(0, 500), some.none() | some.floats(0.1, 5000)), max_size=200),
    some.integers(1, 50),
)
def test_every_sample_falls_on_one_column(samples, number):
    found = columns(samples, 500.0, number)
    assert len(found) <= number
    assert sum(column.lost for column in found) == sum(answer is None for _at, answer in samples)
    answers = [answer for _at, answer in samples if answer is not None]
    assert max((c.slowest for c in found if c.slowest is not None), default=None) == max(answers, default=None)


@pytest.mark.parametrize(
    ("answers", "top"),
    [([], 10), ([0.2], 1), ([12.0], 15), ([99.0], 100), ([101.0], 150), ([10.0] * 999 + [900.0], 10)],
)
def test_a_lane_ends_at_a_round_number_above_what_is_usual(answers, top):
    samples = tuple((float(at), answer) for at, answer in enumerate(answers))
    assert ceiling(Probe("tcp", 1, 0, (), None, samples)) == top


@given(some.lists(some.tuples(some.floats(0, 10), some.floats(0.1, 3), some.booleans()), max_size=9))
def test_no_label_covers_another(drawn):
    flags = [
        Flag(stem - width if leftward else stem, stem if leftward else stem + width, stem)
        for stem, width, leftward in drawn
    ]
    found = levels(flags)
    for one in range(len(flags)):
        for other in range(one):
            assert found[one] != found[other] or not flags[one].meets(flags[other])


def test_a_stem_goes_through_no_label_where_that_can_be():
    flags = [Flag(at, at + 3, at) for at in (1.0, 1.2, 2.0, 9.0)]
    assert levels(flags) == [2, 1, 0, 0]


def test_a_long_name_keeps_its_begin_and_end():
    assert shortened("http connectivitycheck.gstatic.com/generate_204", 20) == "http connecti…te_204"
    assert shortened("icmp 8.8.8.8", 20) == "icmp 8.8.8.8"


@given(some.floats(0.5, 20000), some.integers(2, 12))
def test_ticks_are_few_and_within_the_time(whole, most):
    found = ticks(whole, most)
    assert found[0] == 0
    assert len(found) <= most + 1
    assert found[-1] <= whole * 1.0001


@pytest.mark.parametrize(
    "changes",
    [
        {"probes": [], "marks": [], "phases": []},
        {"probes": [sample.a_drill()["probes"][0] | {"samples": []}]},
        {"probes": [sample.a_drill()["probes"][0] | {"samples": [[0.0, None]]}], "marks": [], "phases": []},
        {"predicted": {"failover": None, "failback": None, "why_never": ["no_probe"]}},
        {"predicted": {"failover": {"min": 500, "max": 600}, "failback": {"min": 0, "max": 900}, "why_never": []}},
        {"marks": [{"name": "fault_injected", "at": 15.0}] * 8},
    ],
    ids=["nothing", "no samples", "one loss", "nothing foretold", "foretold for later", "all at once"],
)
def test_a_drill_that_ended_early_can_be_drawn(changes):
    drill = drill_from(Given(sample.a_drill(**changes), "drill", ""))
    assert inline(drill, "narrow").startswith("<svg")


def test_the_drawing_has_the_pages_colours_and_its_text_is_text():
    svg = inline(drill_from(Given(sample.a_drill(), "drill", "")), "narrow")
    assert "var(--bad)" in svg
    assert ">icmp 8.8.8.8</text>" in svg
    assert "<style" not in svg
    assert not [colour for colour in stand_ins().values() if colour in svg]


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "not known"), (0.04, "0.0 s"), (8.44, "8.4 s"), (119.9, "119.9 s"), (120, "2 min"), (185.4, "3 min 5 s")],
)
def test_seconds_are_said_as_people_say_them(value, said):
    assert seconds(value).replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_range_is_one_number_where_both_ends_are_the_same():
    assert span(23, 29) == "23 to 29\N{NO-BREAK SPACE}s"
    assert span(3, 3) == "3\N{NO-BREAK SPACE}s"
    assert span(None, 3) == "not known"


def test_a_devices_own_stamp_is_said_like_the_others_or_as_it_stands():
    assert written("2025-11-22T03:41:50Z") == "2025-11-22 03:41 UTC"
    assert written("Sat 22 Nov") == "Sat 22 Nov"
