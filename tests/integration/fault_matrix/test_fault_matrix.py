# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault at every point: the task finishes right or says how it left the router, and the next run finishes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._task import nobody
from integration.fault_matrix.cells import CELLS, Cell
from integration.fault_matrix.table import PROPERTY, told
from integration.fault_matrix.verdict import check_failures, check_logins, check_what_was_told, truth
from integration.house import House

STANDING = ("silent-drop", "no-applyapp")
"""Faults that stay until they are cleared."""


@pytest.mark.parametrize("cell", [pytest.param(cell, id=cell.name) for cell in CELLS])
def test_it_ends_right_or_says_how_it_left_the_router_and_the_next_run_ends_right(
    cell: Cell, house_with: Callable[..., House], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    story = cell.story
    house = house_with(story.firmware, story.found)
    options = {**story.options, **connection(house, cell), **files(house, cell, tmp_path)}
    before = house.nvram()
    house.forget()
    words = cell.fault.order(story, cell.point)

    def arm() -> None:
        if words:
            house.lab.ctl("router", "fault", *words)

    def hear(line: str) -> None:
        if "went down" in line:
            arm()

    if not cell.point.rebooting:
        arm()
    start = time.monotonic()
    first = house.run(story.module, tell=hear if cell.point.rebooting else nobody, **{**options, **cell.fault.options})
    seconds = time.monotonic() - start

    seen = truth(house, before)
    armed = [fault for fault in seen.state["faults"] if fault.startswith(f"{cell.fault.lab_name} ")]
    assert not words or cell.fault.lab_name in STANDING or not armed, "the fault was never met"
    check_logins(first, seen)
    check_failures(seen, cell.fault)
    record_property(PROPERTY, [story.name, cell.fault.name, cell.point.name, told(first), round(seconds, 1)])
    if first.failed:
        assert cell.may_fail, first.message
        check_what_was_told(first, seen, story)
    else:
        assert seen.is_right(story), "it ended well, and the router is not as wanted"

    end(house)
    second = house.run(story.module, **options)
    assert not second.failed, f"{second.message} (after: {first.message})"
    assert truth(house, before).is_right(story), "the second run ended well, and the router is not as wanted"
    third = house.run(story.module, **options)
    assert not third.failed, third.message
    assert not third["changed"], "the third run found something to do"


def connection(house: House, cell: Cell) -> dict[str, object]:
    return {} if cell.story.tls else {"tls": False, "port": house.lab.http_port}


def files(house: House, cell: Cell, tmp_path: Path) -> dict[str, object]:
    """For a restore: a file of the router as it was, and a router that somebody has changed since."""
    if cell.story.module != "asus_settings_backup":
        return {}
    if cell.story.options:
        kept = house.run("asus_settings_backup", directory=str(tmp_path / "kept"))
        assert not kept.failed, kept.message
        for name in cell.story.wanted:
            house.lab.ctl("router", "set", name, "7")
    return {"directory": str(tmp_path / "kept")}


def end(house: House) -> None:
    """The fault is over, and the router well again."""
    house.lab.ctl("router", "fault", "no-fault")
    if house.lab.ctl("router", "state")["hung"]:
        house.lab.ctl("router", "power-on")

    def well() -> bool:
        state = house.lab.ctl("router", "state")
        return bool(state["up"] and state["httpd"] and not house.nvram("rc_service").get("rc_service"))

    house.until(well, "the router well again")
