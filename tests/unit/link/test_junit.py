# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A JUnit report that a CI can read."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ansible_collections.homelab.dualwan.plugins.module_utils._link._junit import Case, suite


def parsed(*cases):
    return ET.fromstring(suite("a suite", cases))


def test_the_counts_are_those_of_the_cases():
    cases = (Case("a", "c"), Case("b", "c", failure="x"), Case("d", "c", skipped="y"), Case("e", "c", 1.5, output="z"))
    root = parsed(*cases)
    within = root.find("testsuite")
    assert root.tag == "testsuites"
    for element in (root, within):
        counts = {name: element.get(name) for name in ("tests", "failures", "errors", "skipped", "time")}
        assert counts == {"tests": "4", "failures": "1", "errors": "0", "skipped": "1", "time": "1.500"}
    assert within.get("name") == "a suite"
    assert [case.get("name") for case in within] == ["a", "b", "d", "e"]


def test_a_failure_has_its_first_line_as_message():
    failure = parsed(Case("a", "c", failure="it broke\nhere")).find("testsuite/testcase/failure")
    assert (failure.get("message"), failure.text) == ("it broke", "it broke\nhere")


def test_what_was_skipped_says_why_and_what_passed_may_say_something():
    root = parsed(Case("a", "c", skipped="away"), Case("b", "c", output="fine"))
    assert root.find("testsuite/testcase/skipped").get("message") == "away"
    assert root.find("testsuite/testcase/system-out").text == "fine"


def test_whatever_a_device_says_the_document_can_be_parsed():
    text = 'a "model" <b>&\x00\x1b\ud800\ufffe\N{SNOWMAN}'
    root = parsed(Case(text, text, failure=text, output=text))
    assert root.find("testsuite/testcase").get("name") == 'a "model" <b>&????\N{SNOWMAN}'
