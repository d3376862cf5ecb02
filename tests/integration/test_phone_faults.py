# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix: each writing task meets each fault half way, says what happened, and a second run ends it.

A fault is a row: what brings it about while a task runs, what puts it right, and which reasons the task may give.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from integration.house import House
from lab import adb_server

WAYS_OF_BEING_GONE = {"connection_lost", "offline", "no_phone"}
MOMENTS = (0.02, 0.15, 0.6)
"""Seconds into the task: while it reads, while it writes, while it waits for what came of that."""

TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "tether": ("android_usb_tether", {}),
    "tether off": ("android_usb_tether", {"state": "disabled"}),
    "keepalive": ("android_tether_keepalive", {"strategy": ["default_usb", "loop"]}),
    "root service": ("android_tether_keepalive", {"strategy": ["root_service"]}),
    "removal": ("android_tether_keepalive", {"state": "absent"}),
    "checklist": ("android_backup_phone", {}),
}


@dataclass(frozen=True)
class Fault:
    name: str
    happen: Callable[[House], Any]
    mend: Callable[[House], Any]
    reasons: frozenset[str]


def phone(*words: str) -> Callable[[House], Any]:
    return lambda house: house.lab.ctl("phone", *words)


def nothing(house: House) -> None:
    """It mends by itself."""


FAULTS = (
    Fault("reboot", phone("reboot"), nothing, frozenset(WAYS_OF_BEING_GONE | {"not_stored", "function_refused"})),
    Fault("adbd restarts", phone("restart-adbd"), nothing, frozenset(WAYS_OF_BEING_GONE | {"not_stored"})),
    Fault(
        "key expires",
        phone("set", "authorised", "false"),
        phone("set", "authorised", "true"),
        frozenset(WAYS_OF_BEING_GONE | {"unauthorised"}),
    ),
    Fault("offline", phone("set", "offline", "true"), phone("set", "offline", "false"), frozenset(WAYS_OF_BEING_GONE)),
    Fault(
        "cable wiggles",
        lambda house: house.lab.ctl("cable", "wiggle", "5"),
        nothing,
        frozenset(WAYS_OF_BEING_GONE | {"not_stored", "function_refused"}),
    ),
    Fault("storage fills", phone("set", "storage", "full"), phone("set", "storage", "ok"), frozenset({"not_written"})),
    Fault(
        "svc falls silent",
        phone("set", "svc", "mute"),
        phone("set", "svc", "ok"),
        frozenset({"function_refused", "not_stored"}),
    ),
)


def arrange(house: House, task: str) -> None:
    """What the task has something to change of."""
    house.lab.ctl("phone", "set", "root", "granted" if task == "root service" else "none")
    if task in ("tether off", "removal"):
        assert not house.run("android_tether_keepalive", strategy=["default_usb", "loop"]).failed
    if task == "checklist":
        house.lab.ctl("phone", "set", "wifi", "true")
    house.run("android_info")


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("task", TASKS)
def test_a_task_that_meets_a_fault_says_so_and_the_next_run_ends_it(
    house: House, task: str, fault: Fault, moment: float
) -> None:
    arrange(house, task)
    module, options = TASKS[task]
    happening = threading.Timer(moment, fault.happen, [house])
    happening.start()
    outcome = house.run(module, timeout=5, **options)
    happening.join()
    if outcome.failed:
        assert outcome["reason"] in fault.reasons, outcome.message
        assert outcome.message.count(". ") >= 1, "what happened, and what to do next"
        assert "Traceback" not in outcome.message
    fault.mend(house)
    house.until(lambda: house.phone_state()["booted"] and not house.run("android_info").failed, "the phone back")
    house.until(lambda: house.phone_state()["usb"]["configured"], "the phone on USB again")
    assert not (second := house.run(module, **options)).failed, second.message
    house.until(lambda: house.run(module, **options)["changed"] is False, "nothing left to do")


@pytest.fixture
def a_server_of_its_own(house: House, tmp_path: Path) -> Iterator[tuple[Any, int]]:
    process, port = adb_server.start(tmp_path / "adb")
    try:
        yield process, port
    finally:
        adb_server.stop(process)


@pytest.mark.parametrize("task", ["tether", "keepalive", "checklist"])
def test_the_adb_server_is_killed_half_way(house: House, a_server_of_its_own: tuple[Any, int], task: str) -> None:
    arrange(house, task)
    process, port = a_server_of_its_own
    module, options = TASKS[task]
    assert house.run("android_info", adb_server_port=port)["present"]
    killing = threading.Timer(0.05, process.kill)
    killing.start()
    outcome = house.run(module, adb_server_port=port, timeout=5, **options)
    killing.join()
    time.sleep(0.1)
    if outcome.failed:
        assert outcome["reason"] in {"connection_lost", "adb_server_missing"}, outcome.message
    after = house.run(module, adb_server_port=port, **options)
    assert after["reason"] == "adb_server_missing"
    assert "adb start-server" in after.message
    house.until(lambda: not house.run(module, **options).failed, "the same by the house's own server")
    assert house.run(module, **options)["changed"] is False
