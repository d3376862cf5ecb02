# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checklist against a phone: set, read back, nothing the second time, and honest about the rest."""

from __future__ import annotations

from typing import Any

import pytest

from integration.house import House, Outcome


def set_up(house: House, **options: Any) -> Outcome:
    """As who knows that it is no Wi-Fi by which adb comes: at 127.0.0.1 there may be a tunnel that leads there."""
    return house.run("android_backup_phone", adb_over_wifi=False, **options)


def untidy(house: House) -> None:
    """As phones come: Wi-Fi on, Data Saver on, mobile data off."""
    for name, value in (("wifi", "true"), ("data_saver", "true"), ("mobile_data", "false")):
        house.lab.ctl("phone", "set", name, value)


def test_what_can_be_set_is_set_once(house: House) -> None:
    untidy(house)
    done = set_up(house)
    assert not done.failed, done.message
    assert (done["changed"], done["ready"], done["warnings"]) == (True, True, [])
    assert (done["diff"]["before"]["data_saver"], done["diff"]["after"]["data_saver"]) == ("on", "off")
    state = house.phone_state()
    assert (state["wifi"], state["mobile_data"]) == (False, True)
    assert house.run("android_info")["adb_key_expires"] is False
    again = set_up(house)
    assert (again["changed"], again["ready"]) == (False, True)


def test_wi_fi_that_adb_may_come_by_stays_and_that_is_told(house: House) -> None:
    untidy(house)
    done = house.run("android_backup_phone")
    assert (done["changed"], done["ready"]) == (True, False)
    assert [warning.partition(",")[0] for warning in done["warnings"]] == [
        "wifi_off: adb reaches this phone by that Wi-Fi"
    ]
    state = house.phone_state()
    assert (state["wifi"], state["mobile_data"]) == (True, True)


def test_with_two_sims_it_is_the_switch_of_the_one_for_data(house: House) -> None:
    for name, value in (("second_sim", "loaded"), ("mobile_data", "false")):
        house.lab.ctl("phone", "set", name, value)
    assert house.run("android_info")["mobile_data"] is False
    done = house.run("android_backup_phone")
    assert (done["diff"]["before"]["mobile_data"], done["diff"]["after"]["mobile_data"]) == ("off", "on")
    assert house.phone_state()["mobile_data"] is True
    assert house.run("android_backup_phone")["changed"] is False


def test_check_mode_promises_and_sets_nothing(house: House) -> None:
    untidy(house)
    promised = set_up(house, check_mode=True)
    assert house.phone_state()["wifi"] is True
    done = set_up(house)
    for name in ("changed", "diff", "checklist"):
        assert promised[name] == done[name]


def test_reported_it_is_left_as_it_is(house: House) -> None:
    untidy(house)
    told = set_up(house, wifi_off="report", data_saver="ignore")
    assert house.phone_state()["wifi"] is True
    assert told["ready"] is False
    assert "data_saver" not in told["checklist"]
    assert any("Switch Wi-Fi off" in warning for warning in told["warnings"])


@pytest.mark.parametrize("android", ["14", "10"])
def test_a_secure_lock_is_for_a_hand(house: House, android: str) -> None:
    house.lab.ctl("phone", "set", "android", android)
    house.until(lambda: not house.run("android_info").failed, "the phone by adb")
    house.lab.ctl("phone", "set", "lock", "secure")
    promised, done = house.run("android_backup_phone", check_mode=True), house.run("android_backup_phone")
    for name in ("changed", "ready", "diff", "checklist", "warnings"):
        assert promised[name] == done[name]
    assert done["ready"] is False
    lock = done["checklist"]["lock_screen"]
    assert (lock["before"], lock["after"], lock["ok"]) == ("secure", "secure", False)
    assert "Screen lock: None or Swipe" in lock["hand"]
    assert house.run("android_backup_phone")["changed"] is False
    house.lab.ctl("phone", "set", "lock", "none")
    assert house.shell("locksettings get-disabled") == "false\n"  # it was not told to be None behind the PIN


def test_a_phone_that_does_nothing_of_it_is_told_so(house: House) -> None:
    untidy(house)
    house.lab.ctl("phone", "set", "svc", "mute")
    done = house.run("android_backup_phone")
    assert done["checklist"]["mobile_data"] == {
        "mode": "enforce",
        "ok": False,
        "before": "off",
        "after": "off",
        "hand": "Settings, Network: mobile data on",
    }


def test_no_power_and_a_hot_battery_are_told(house: House) -> None:
    house.lab.ctl("phone", "set", "temperature", "470")
    house.lab.ctl("cable", "pull")
    done = house.run("android_backup_phone")
    assert [name for name, item in done["checklist"].items() if not item["ok"]] == ["charging", "battery_health"]
    assert done["ready"] is False


def test_an_old_android_is_asked_what_it_has(house: House) -> None:
    house.lab.ctl("phone", "set", "android", "8.1")
    house.until(lambda: not house.run("android_info").failed, "the old phone by adb")
    done = house.run("android_backup_phone")
    assert "adb_key_expiry" not in done["checklist"]
    assert house.run("android_backup_phone")["changed"] is False
