# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worst first, and a cause before what it makes show."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    ERROR,
    LINK,
    NOTICE,
    WARNING,
    Rule,
    findings,
    worst,
)
from unit.scenes import a_scene


def a_rule(name, severity, *explains, fires=True):
    return Rule(name, severity, LINK, name, lambda _scene: "seen" if fires else None, "do", "somewhere", explains)


def told(*rules, ignore=()):
    return [(found.rule.id, found.severity, found.explained_by) for found in findings(a_scene(), rules, ignore)]


def test_what_does_not_fire_is_not_told():
    assert told(a_rule("a", ERROR, fires=False)) == []


def test_the_worst_comes_first_and_the_tables_order_decides_among_equals():
    rules = (a_rule("a", NOTICE), a_rule("b", ERROR), a_rule("c", WARNING), a_rule("d", ERROR))
    assert [name for name, *_rest in told(*rules)] == ["b", "d", "c", "a"]


def test_a_cause_is_as_bad_as_its_effect_and_comes_before_it():
    rules = (a_rule("effect", ERROR), a_rule("cause", NOTICE, "effect"))
    assert told(*rules) == [("cause", ERROR, ()), ("effect", ERROR, ("cause",))]


def test_a_cause_without_its_effect_stays_as_bad_as_it_is():
    assert told(a_rule("cause", NOTICE, "effect"), a_rule("effect", ERROR, fires=False)) == [("cause", NOTICE, ())]


def test_the_first_cause_of_a_chain_comes_first():
    rules = (a_rule("c", ERROR), a_rule("b", WARNING, "c"), a_rule("a", NOTICE, "b"))
    assert told(*rules) == [("a", ERROR, ()), ("b", ERROR, ("a",)), ("c", ERROR, ("b",))]


def test_what_is_worse_and_has_no_cause_comes_before_a_lesser_chain():
    rules = (a_rule("cause", NOTICE, "effect"), a_rule("effect", WARNING), a_rule("alone", ERROR))
    assert [name for name, *_rest in told(*rules)] == ["alone", "cause", "effect"]


def test_two_causes_of_one_effect():
    rules = (a_rule("a", WARNING, "e"), a_rule("e", ERROR), a_rule("b", WARNING, "e"))
    assert told(*rules) == [("a", ERROR, ()), ("b", ERROR, ()), ("e", ERROR, ("a", "b"))]


def test_two_that_name_each_other_are_told_in_the_tables_order():
    rules = (a_rule("a", WARNING, "b"), a_rule("b", ERROR, "a"))
    assert [(name, severity) for name, severity, _why in told(*rules)] == [("a", ERROR), ("b", ERROR)]


def test_what_is_ignored_neither_shows_nor_explains():
    rules = (a_rule("effect", WARNING), a_rule("cause", NOTICE, "effect"))
    assert told(*rules, ignore=["cause"]) == [("effect", WARNING, ())]


def test_a_cure_may_depend_on_what_was_seen():
    rule = Rule("a", ERROR, LINK, "A", lambda _scene: "seen", lambda scene: scene.router.able.model, "somewhere")
    assert findings(a_scene(), [rule])[0].cure == "RT-AX53U"


@pytest.mark.parametrize(
    ("severities", "expected"), [((), None), ((NOTICE,), NOTICE), ((NOTICE, ERROR, WARNING), ERROR)]
)
def test_the_worst_of_all(severities, expected):
    rules = [a_rule(f"r{number}", severity) for number, severity in enumerate(severities)]
    assert worst(findings(a_scene(), rules)) == expected
