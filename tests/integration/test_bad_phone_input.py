# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong on the way to a phone: a message that says what to do, and nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from integration.house import House
from lab.client import LabClient, running

TASKS = ("android_info", "android_backup_phone", "android_usb_tether", "android_tether_keepalive")


def set_phone(house: House, *words: str) -> None:
    house.lab.ctl("phone", "set", *words)


def untouched(house: House) -> bool:
    """Whether the phone is as it was found."""
    phone = house.phone_state()
    return (phone["usb"]["function"], phone["usb"]["default"], phone["processes"]) == ("none", "none", [])


@pytest.mark.parametrize("task", TASKS)
def test_no_adb_server(house: House, task: str) -> None:
    outcome = house.run(task, adb_server_port=1)
    assert outcome["reason"] == "adb_server_missing"
    assert "adb start-server" in outcome.message


@pytest.mark.parametrize("task", TASKS)
def test_no_such_phone(house: House, task: str) -> None:
    outcome = house.run(task, serial="R58M123ABC")
    assert outcome["reason"] == "no_phone"
    assert "knows no such phone" in outcome.message
    assert "R58M123ABC" not in outcome.message
    assert "`adb devices`" in outcome.message


def test_nobody_at_the_network_address(house: House) -> None:
    outcome = house.run("android_usb_tether", serial="127.0.0.1:1")
    assert outcome["reason"] == "no_phone"
    assert "cannot reach" in outcome.message


@pytest.mark.parametrize("task", TASKS)
def test_a_phone_that_may_be_away_is_no_error(house: House, task: str) -> None:
    outcome = house.run(task, serial="127.0.0.1:1", may_be_away=True)
    assert (outcome["present"], outcome["changed"]) == (False, False)
    assert outcome["warnings"] == [outcome["why"]]


@contextmanager
def a_second_phone(house: House) -> Iterator[LabClient]:
    """In a house of its own, known to the same adb server."""
    with running(speed=20) as other:
        assert house.run("android_info", serial=other.serial)["present"]
        yield other


def test_two_phones_and_no_serial(house: House) -> None:
    assert house.run("android_info")["present"]
    with a_second_phone(house) as other:
        outcome = house.run("android_usb_tether", serial=None)
        assert outcome["reason"] == "several_phones"
        assert "knows 2 phones" in outcome.message
        assert house.lab.serial not in outcome.message
        assert other.serial not in outcome.message
    assert untouched(house)


@pytest.mark.parametrize("task", TASKS)
def test_a_phone_that_has_not_allowed_this_computer(house: House, task: str) -> None:
    set_phone(house, "authorised", "false")
    outcome = house.run(task)
    assert outcome["reason"] == "unauthorised"
    assert "Allow USB debugging?" in outcome.message


def test_a_phone_that_is_offline(house: House) -> None:
    set_phone(house, "offline", "true")
    outcome = house.run("android_usb_tether", timeout=3)
    assert outcome["reason"] in ("offline", "no_phone", "connection_lost")
    assert "Traceback" not in outcome.message
    set_phone(house, "offline", "false")
    house.until(lambda: not house.run("android_info").failed, "the phone back")
    assert untouched(house)


@pytest.mark.parametrize("function", ["rndis", "ncm"])
def test_a_function_that_the_gadget_refuses(house: House, function: str) -> None:
    set_phone(house, "functions", "mtp,ptp,midi")
    outcome = house.run("android_usb_tether", function=function)
    assert outcome["reason"] == "function_refused"
    assert function in outcome.message
    assert house.phone_state()["usb"]["default"] == "none"


def test_auto_takes_the_function_that_there_is(house: House) -> None:
    set_phone(house, "functions", "mtp,ncm")
    outcome = house.run("android_usb_tether", function="auto")
    assert outcome["after"]["function"] == "ncm"
    assert house.phone_state()["usb"]["default"] == "ncm"


def test_svc_that_says_nothing_and_does_nothing(house: House) -> None:
    set_phone(house, "svc", "mute")
    assert house.run("android_usb_tether", function="rndis")["reason"] == "function_refused"


@pytest.mark.parametrize(
    ("words", "said"),
    [(("storage", "full"), "No space left"), (("tmp", "ro"), "Read-only")],
    ids=["full", "read-only"],
)
def test_a_storage_that_takes_no_script(house: House, words: tuple[str, str], said: str) -> None:
    set_phone(house, *words)
    outcome = house.run("android_tether_keepalive", strategy=["loop"])
    assert outcome["reason"] == "not_written", outcome.message
    assert said in outcome.message
    assert untouched(house)


def test_a_full_storage_leaves_the_loop_that_runs(house: House) -> None:
    house.run("android_tether_keepalive", interval=10)
    set_phone(house, "storage", "full")
    assert house.run("android_tether_keepalive", interval=20)["reason"] == "not_written"
    assert house.run("android_info")["keepalive"]["running"] is True


@pytest.mark.parametrize("interval", [0, -1, 3601])
def test_an_interval_that_helps_nobody(house: House, interval: int) -> None:
    outcome = house.run("android_tether_keepalive", interval=interval)
    assert outcome["reason"] == "bad_wish"
    assert "1 to 3600" in outcome.message


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"max_battery_temperature": 200}, "20 to 80"),
        ({"cures": []}, "such as function"),
        ({"command": " "}, "4096 bytes"),
        ({"cures": ["prayer"]}, "value of cures must be one or more of"),
    ],
    ids=["too hot", "no cure", "an empty command", "no such cure"],
)
def test_settings_that_cannot_be(house: House, options: dict[str, Any], said: str) -> None:
    outcome = house.run("android_tether_keepalive", **options)
    assert outcome.failed
    assert said in outcome.message
    assert untouched(house)


@pytest.mark.parametrize(
    ("root", "said"), [("none", "no root"), ("denied", "no root"), ("hangs", "no root")], ids=["no su", "no", "silence"]
)
def test_root_that_is_not_given(house: House, root: str, said: str) -> None:
    set_phone(house, "root", root)
    outcome = house.run("android_tether_keepalive", as_root=True)
    assert outcome["reason"] == "not_supported"
    assert said in outcome.message
    assert untouched(house)


def test_a_command_that_the_phone_s_shell_cannot_read(house: House) -> None:
    outcome = house.run("android_tether_keepalive", strategy=["loop"], command="echo 'never closed")
    assert outcome["reason"] == "not_written"
    assert untouched(house)


@pytest.mark.parametrize("request_number", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    ("task", "options"),
    [("android_usb_tether", {}), ("android_tether_keepalive", {"interval": 30})],
    ids=["tether", "keepalive"],
)
def test_the_cable_is_pulled_at_any_request(
    house: House, task: str, options: dict[str, Any], request_number: int
) -> None:
    """adb comes back by itself, or the task says that it dropped; a second run finishes either way."""
    house.run("android_info")
    set_phone(house, "drop_at", str(request_number))
    outcome = house.run(task, timeout=10, **options)
    if outcome.failed:
        assert outcome["reason"] in ("connection_lost", "offline", "no_phone")
        assert "run again" in outcome.message or "router's port" in outcome.message
    set_phone(house, "drop_at", "0")
    house.until(lambda: not house.run("android_info").failed, "the phone back")
    assert not house.run(task, **options).failed
    assert house.run(task, **options)["changed"] is False
