# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault at every request: the task ends right or says what the phone has, and the next run ends right."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import adbutils
import pytest

from integration.house import House, Outcome
from integration.phone_fault_matrix import faults as met
from integration.phone_fault_matrix.cells import CELLS, Cell
from integration.phone_fault_matrix.conftest import ready
from integration.phone_fault_matrix.stories import ALL_ALONG, BACKUP
from integration.phone_fault_matrix.table import PROPERTY, verdict
from integration.phone_fault_matrix.verdict import check_nothing_private, check_what_was_told

TIMEOUT = 3.0
"""Seconds that the task has patience with adb; a real adb server takes nearly as many to see a phone again."""
SU_TIMEOUT = 7.0
"""Where su is waited for, which the collection does for 5."""
DRIFTS = (met.DRIFT, met.LAUNCHER_DRIFT)


@pytest.mark.parametrize("cell", [pytest.param(cell, id=cell.name) for cell in CELLS])
def test_it_ends_right_or_says_what_the_phone_has_and_the_next_run_ends_right(
    cell: Cell, house: House, obey: Callable[[str], None], record_property: Callable[[str, object], None]
) -> None:
    story, fault = cell.story, cell.fault
    find(house, cell)
    options: dict[str, Any] = {**story.options, "timeout": SU_TIMEOUT if fault is met.SU_HANGS else TIMEOUT}
    if fault is met.TWO:
        options["serial"] = None
    boots = house.phone_state()["boots"] + (fault is met.REBOOT)
    arrange(house, cell, obey)
    start = time.monotonic()
    first = house.run(story.module, **options)
    seconds = time.monotonic() - start

    state = house.until(lambda: with_power(house, boots), "the phone's power")
    assert state["adb"]["appointments"] == 0, "the fault was never met"
    right = story.right(state)
    record_property(PROPERTY, [story.name, fault.name, cell.point.name, verdict(first, right), round(seconds, 1)])
    check_nothing_private(first)
    if first.failed:
        check_what_was_told(first, fault)
    else:
        check_what_was_done(first, cell, right)

    mend(house, cell, obey)
    second = house.until(lambda: finished(house, cell, options), "the end of a second run")
    house.until(lambda: story.right(house.phone_state()), f"a phone as wanted: {second.result}")
    third = house.run(story.module, **options)
    assert not third.failed, third.message
    assert not third["changed"], "the third run found something to do"
    if story.tells:
        assert third[story.tells], third.result


def find(house: House, cell: Cell) -> None:
    """The phone as the story, and its fault, has it."""
    for words in cell.story.found:
        house.lab.ctl(*words.split())
    if cell.story.hand in cell.story.found:
        house.until(lambda: cell.story.right(house.phone_state()), "what a hand did")
    ready(house)
    before = cell.story.before if cell.fault not in DRIFTS else cell.story.options
    if before is not None:
        earlier = house.run(cell.story.module, **before)
        assert not earlier.failed, earlier.message


def plugged_in(house: House) -> bool:
    state = house.phone_state()
    return bool(state["usb"]["configured"] or state["ethernet"]["adapter"])


def adb_knows(house: House) -> list[tuple[str, str]]:
    return [(one.state, one.serial) for one in adbutils.AdbClient(port=house.lab.adb_server_port).list()]


def arrange(house: House, cell: Cell, obey: Callable[[str], None]) -> None:
    """The fault, now or at its request."""
    story, fault = cell.story, cell.fault
    if cell.point is not ALL_ALONG:
        if story.meanwhile:
            house.lab.ctl("at", "2", *story.meanwhile.split())
        house.lab.ctl(*cell.point.order(fault.begin))
        return
    obey(fault.begin)
    if "unauthorised" in fault.reasons:
        # Until the adb server has seen it, what it says is that the connection dropped.
        house.until(lambda: ("device", house.lab.serial) not in adb_knows(house), "the adb server without the phone")
    if story.found != () or fault.begin.startswith("phone set android"):
        house.until(lambda: plugged_in(house), "the phone at the router")


def mend(house: House, cell: Cell, obey: Callable[[str], None]) -> None:
    """What a person does who has read what was told."""
    story, fault = cell.story, cell.fault
    obey(fault.end)
    if fault.begin.startswith("phone set android"):
        find(house, cell)
    if story.hand:
        obey(story.hand)
        house.until(lambda: story.right(house.phone_state()), "what a hand did")


def check_what_was_done(outcome: Outcome, cell: Cell, right: bool) -> None:
    """Of a task that did not fail."""
    story, fault = cell.story, cell.fault
    if story is BACKUP and not right:
        assert outcome["warnings"], "it ended well, and the phone is not as wanted"
    elif fault.said and not fault.reasons:  # which is no failure, but told
        assert any(words in warning for words in fault.said for warning in outcome["warnings"]), outcome["warnings"]
    elif fault not in (met.REBOOT, met.ADBD):  # which end the loop, whenever they come
        assert right, "it ended well, and the phone is not as wanted"
    if fault in DRIFTS:
        assert outcome["changed"], "what was edited was not seen"
        assert any(word in outcome["diff"][0]["before"] for word in ("interval=99", "\nreboot\n"))
    if story.tells and fault is not met.REBOOT:  # which may come after it was read
        assert outcome[story.tells] is right, outcome.result


def with_power(house: House, boots: int) -> dict[str, Any] | None:
    """Its state, once it has booted as often as it was told to: a reboot on its way undoes what comes before it."""
    state = house.phone_state()
    return state if state["booted"] and state["boots"] >= boots else None


def finished(house: House, cell: Cell, options: dict[str, Any]) -> Any:
    ready(house)
    outcome = house.run(cell.story.module, **options)
    assert not outcome.failed, outcome.message
    return outcome
