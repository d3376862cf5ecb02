# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's clock on a machine that is late."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from lab.clock import Clock

SPEED = 50
LATE = 6
"""Lab seconds in which the machine has no time for the lab."""

Told = list[tuple[str, int]]


def told(story: Callable[[Clock, Callable[[str], None]], None]) -> Told:
    """What the story says, and at which lab second after its begin."""

    async def live() -> Told:
        clock = Clock(SPEED)
        began, said = clock.now(), []
        story(clock, lambda what: said.append((what, round(clock.now() - began))))
        asyncio.get_running_loop().call_soon(time.sleep, LATE / SPEED)
        await clock.sleep(LATE)
        return said

    return asyncio.run(live())


def test_what_one_thing_leads_to_comes_before_what_is_due_after_it() -> None:
    """As where a host takes a phone in time, and the phone would have given it up a second later."""

    def story(clock: Clock, say: Callable[[str], None]) -> None:
        given_up = clock.later(5, say, "given up")

        def detached() -> None:
            say("detached")
            clock.later(2, attached)

        def attached() -> None:
            say("attached")
            given_up.cancel()

        clock.later(2, detached)

    assert told(story) == [("detached", 2), ("attached", 4)]


def test_at_the_same_time_the_first_one_that_was_asked_for_goes_first() -> None:
    def story(clock: Clock, say: Callable[[str], None]) -> None:
        clock.later(1, clock.later, 2, say, "third")
        for word in ("first", "second"):
            clock.later(1, say, word)

    assert told(story) == [("first", 1), ("second", 1), ("third", 3)]


def test_one_that_fails_holds_up_no_other() -> None:
    def story(clock: Clock, say: Callable[[str], None]) -> None:
        clock.later(1, {}.pop, "nothing")
        clock.later(2, say, "done")
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: say(type(context["exception"]).__name__)
        )

    assert told(story)[-1] == ("done", 2)
    assert "KeyError" in [what for what, _at in told(story)]
