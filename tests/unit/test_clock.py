# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking again and again, for so many seconds."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._clock import look_until
from unit.fake_clock import FakeClock


def looks(seconds, *, good_after, answers_in=0.0):
    """When each look began, in seconds, and what came of the last."""
    clock, began = FakeClock(), []
    start = clock.now()

    def look():
        began.append(clock.now() - start)
        seen = clock.now() - start >= good_after
        clock.sleep(answers_in)
        return seen

    return began, look_until(bool, look, clock, seconds=seconds, pause=2.0)


def test_the_first_good_look_is_the_last():
    assert looks(10, good_after=3) == ([0, 2, 4], True)


def test_without_time_there_is_one_look():
    assert looks(0, good_after=1) == ([0], False)


def test_it_ends_with_a_look_that_began_when_the_time_was_over():
    assert looks(5, good_after=99) == ([0, 2, 4, 6], False)


def test_an_answer_that_comes_late_does_not_end_it():
    assert looks(5, good_after=3, answers_in=9) == ([0, 11], True)
