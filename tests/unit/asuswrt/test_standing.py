# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failed task says of how it left the router."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import Busy, NotStored
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._standing import FORMER, SETTINGS, Standing

WRITE = ("write", {"a": "1", "b": "2"})
NEITHER = ("read", {"a": "0", "b": "0", "c": "3"})
ONE = ("read", {"a": "1", "b": "0"})
HALF = ("read", {"a": "1"})
BOTH = ("read", {"a": "1", "b": "2"})
REQUEST = ("write", {})


def told_after(what, *steps):
    standing = Standing(what)
    for step, values in steps:
        if step == "write":
            standing.sent(values, "start_multipath")
        else:
            standing.saw(values)
    error = Busy("It is busy", doing="waiting", cure="Run again")
    standing.describe(error)
    return error


@pytest.mark.parametrize(
    ("steps", "stored", "said"),
    [
        ((), "nothing", "No setting was changed."),
        ((NEITHER,), "nothing", "No setting was changed."),
        ((REQUEST,), "nothing", "No setting was changed, and start_multipath was asked for."),
        ((BOTH, WRITE), "unknown", "were sent, and whether the router has stored them was not seen."),
        ((WRITE, HALF), "unknown", "was not seen."),
        ((WRITE, BOTH), "all", "The settings are stored."),
        ((WRITE, ONE), "not_all", "The settings were sent, and the router has not stored b."),
        ((WRITE, NEITHER), "not_all", "has not stored a, b."),
        ((WRITE, BOTH, WRITE), "unknown", "was not seen."),
        ((WRITE, BOTH, REQUEST), "all", "The settings are stored."),
    ],
)
def test_only_what_was_read_behind_the_last_write_counts(steps, stored, said):
    error = told_after(SETTINGS, *steps)
    assert error.as_result()["stored"] == stored
    assert said in error.message
    assert error.message.startswith("It is busy while waiting. ")
    assert error.message.endswith(" Run again")


@pytest.mark.parametrize(
    ("steps", "stored", "said"),
    [
        ((), "unknown", "The former values were not sent yet."),
        ((WRITE,), "unknown", "was not seen."),
        ((WRITE, BOTH), "nothing", "The former values are stored."),
        ((WRITE, ONE), "not_all", "has not stored b."),
    ],
)
def test_former_values_that_are_back_leave_nothing_of_the_change(steps, stored, said):
    error = told_after(FORMER, *steps)
    assert error.as_result()["stored"] == stored
    assert said in error.message


def test_a_file_that_was_sent_shows_in_no_read():
    standing = Standing()
    standing.sent_a_file()
    error = Busy("It is busy", cure="Run again")
    standing.describe(error)
    assert error.as_result()["stored"] == "unknown"
    assert "whether the router took it was not seen" in error.message


def test_an_error_that_says_it_itself_is_left_as_it_is():
    error = NotStored("The router kept others", cure="Look", stored="not_all")
    Standing().describe(error)
    assert error.message == "The router kept others. Look"
    assert error.as_result()["stored"] == "not_all"
