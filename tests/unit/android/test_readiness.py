# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checklist: what the phone says of each item, and what becomes of it."""

from __future__ import annotations

import subprocess

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android import _backup_phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._readiness import (
    CUTS_A_MACHINE_OFF,
    CUTS_OFF,
    ITEMS,
    MODES,
    PROBE,
    adb_goes_by_wifi,
    findings,
)
from unit.keepalive_world import shell_command

BATTERY = "  USB powered: true\n  health: 2\n  level: 80\n  temperature: 312\n"
READY = {
    "sdk": "34",
    "maker": "Google",
    "lock_disabled": "true",
    "secure_lock": "secure=false",
    "mobile_data": "1",
    "wifi": "0",
    "data_saver": "Restrict background status: disabled",
    "battery_saver": "0",
    "adb_key_life": "0",
    "dun": "0",
    "ota": "1",
    "battery": BATTERY,
}
ENFORCED = dict.fromkeys(MODES, "enforce")


def found(name, *, mode="enforce", wifi_needed=None, **differs):
    modes = {**ENFORCED, name: mode}
    by_name = {one.item.name: one for one in findings({**READY, **differs}, modes, wifi_needed=wifi_needed)}
    return by_name.get(name)


def test_a_ready_phone_needs_nothing():
    assert [one.item.name for one in findings(READY, ENFORCED) if not one.ok] == []


@pytest.mark.parametrize(
    ("name", "differs"),
    [
        ("mobile_data", {"mobile_data": "0"}),
        ("wifi_off", {"wifi": "1"}),
        ("data_saver", {"data_saver": "Restrict background status: enabled"}),
        ("battery_saver", {"battery_saver": "1"}),
        ("adb_key_expiry", {"adb_key_life": "604800000"}),
        ("adb_key_expiry", {"adb_key_life": "null"}),
        ("dun", {"dun": "1"}),
        ("ota_restart", {"ota": "null"}),
    ],
)
def test_what_is_not_as_it_should_is_set_or_reported(name, differs):
    one = found(name, **differs)
    assert (one.ok, one.to_set, one.hand) == (False, True, None)
    reported = found(name, mode="report", **differs)
    assert (reported.ok, reported.to_set) == (False, False)
    assert reported.hand == reported.item.hand
    assert found(name, mode="ignore", **differs) is None


@pytest.mark.parametrize(
    ("name", "differs"),
    [
        ("charging", {"battery": BATTERY.replace("true", "false")}),
        ("battery_health", {"battery": BATTERY.replace("312", "450")}),
        ("battery_health", {"battery": BATTERY.replace("health: 2", "health: 3")}),
    ],
    ids=["no power", "hot", "ill"],
)
def test_what_nothing_can_set_is_for_a_hand_even_if_enforced(name, differs):
    one = found(name, **differs)
    assert (one.ok, one.to_set) == (False, False)
    assert one.hand


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_a_phone_that_says_nothing_is_not_ready_and_nothing_is_set(item):
    silent = {**dict.fromkeys(READY, ""), "sdk": "34", "maker": "samsung", "adb_key_life": "0"}
    one = next(one for one in findings(silent, ENFORCED) if one.item is item)
    if item.name != "adb_key_expiry":
        assert (one.ok, one.to_set) == (None, False)
        assert one.hand


@pytest.mark.parametrize(
    ("disabled", "secure", "lock", "ok", "to_set"),
    [
        ("true", "secure=false", "none", True, False),
        ("false", "secure=false", "swipe", True, True),
        ("false", "secure=true", "secure", False, False),
        ("", "secure=true", "secure", False, False),
        # What the window manager remembers may be old, and None is never said of a phone with a PIN.
        ("true", "secure=true", "none", True, False),
        ("", "secure=false", None, None, False),
    ],
    ids=["none", "swipe", "a PIN", "a PIN on an older Android", "a PIN that was taken away", "not told"],
)
def test_the_lock_screen_is_set_to_none_unless_it_has_a_secret(disabled, secure, lock, ok, to_set):
    one = found("lock_screen", lock_disabled=disabled, secure_lock=secure)
    assert (one.value, one.ok, one.to_set) == (lock, ok, to_set)
    assert (one.hand is None) is bool(ok)


def test_swipe_is_no_fault_where_it_is_only_reported():
    one = found("lock_screen", mode="report", lock_disabled="false")
    assert (one.ok, one.to_set, one.hand) == (True, False, None)


def test_a_battery_saver_that_was_never_set_is_off():
    assert found("battery_saver", battery_saver="null").ok


@pytest.mark.parametrize("shell", ["mksh", "dash", "busybox ash"])
@pytest.mark.parametrize(
    ("stored", "on"),
    [
        ({"mobile_data": "1"}, "1"),
        ({"mobile_data": "0", "multi_sim_data_call": "1"}, "0"),
        ({"mobile_data": "1", "multi_sim_data_call": "-1"}, "1"),
        ({"mobile_data": "1", "multi_sim_data_call": "2", "mobile_data1": "1", "mobile_data2": "0"}, "0"),
        ({"mobile_data": "0", "multi_sim_data_call": "1", "mobile_data1": "1"}, "1"),
        ({}, "null"),
    ],
    ids=["one slot", "one slot that has a number", "no SIM", "off in the second", "the factory said off", "nothing"],
)
def test_mobile_data_is_that_of_the_sim_for_data(shell, stored, on):
    answers = "".join(f"{name}) echo {value} ;; " for name, value in stored.items())
    settings = f"settings() {{ case $3 in {answers}*) echo null ;; esac; }}\n"
    said = subprocess.run(
        [*shell_command(shell), "-c", settings + PROBE["mobile_data"]],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (said.stdout, said.stderr) == (f"{on}\n", "")


def test_keys_do_not_expire_before_android_11():
    assert found("adb_key_expiry", sdk="29", adb_key_life="null") is None


@pytest.mark.parametrize(("maker", "there"), [("samsung", True), ("Samsung", True), ("Google", False)])
def test_auto_blocker_is_samsung_s_and_nobody_can_read_it(maker, there):
    one = found("auto_blocker", maker=maker)
    assert (one is not None) is there
    assert one is None or (one.ok is None and "Auto Blocker: off" in one.hand)


def test_wi_fi_that_somebody_comes_by_stays():
    one = found("wifi_off", wifi="1", wifi_needed=CUTS_OFF)
    assert (one.to_set, one.ok, one.hand) == (False, False, CUTS_OFF)


ADDRESSES = """\
1: lo    inet 127.0.0.1/8 scope host lo
21: wlan0    inet 192.168.50.77/24 brd 192.168.50.255 scope global
23: rndis0    inet 192.168.42.129/24 brd 192.168.42.255 scope global
"""


@pytest.mark.parametrize(
    ("serial", "by_wifi"),
    [
        ("192.168.50.77:5555", True),
        ("192.168.42.129:5555", False),
        # Where a tunnel begins: the phone has that address, too, and it is not the one that adb comes by.
        ("127.0.0.1:41999", True),
        ("R58N12ABCDE", False),
        ("emulator-5554", False),
        ("adb-R58N12ABCDE-Xb3dYz._adb-tls-connect._tcp", True),
        # It is not known by which way, so it is not cut.
        ("phone.lan:5555", True),
        ("203.0.113.9:5555", True),
        ("[2001:db8::7]:5555", True),
        (None, True),
    ],
)
def test_whether_adb_comes_by_wi_fi(serial, by_wifi):
    assert adb_goes_by_wifi(serial, ADDRESSES) is by_wifi


def test_only_what_depends_on_the_provider_is_left_out_unasked():
    assert [name for name, mode in MODES.items() if mode == "ignore"] == ["dun"]
    assert {item.name for item in ITEMS} == set(MODES)


BY_CABLE, BY_WIFI = "R58N12ABCDE", "192.168.50.77:5555"
A_TRACE, AN_OLD_TRACE = "4800 300", "4000 300"


class AKnownPhone:
    """One that the adb server knows by a name, and counts how often it was asked for that."""

    def __init__(self, serial):
        self.serial = serial
        self.asked = 0

    def known_as(self):
        self.asked += 1
        return self.serial


@pytest.fixture
def wifi(monkeypatch):
    """What becomes of Wi-Fi on a phone that is reached so, and how often the adb server was asked which phone it is."""

    def look(serial, *, said=None, **differs):
        sections = {**READY, "wifi": "1", "addresses": ADDRESSES, "host_trace": "", "uptime": "5000.00 1.00", **differs}
        monkeypatch.setattr(_backup_phone, "ask", lambda *_args, **_how: sections)
        phone = AKnownPhone(serial)
        (one,) = (each for each in _backup_phone._look(phone, ENFORCED, said) if each.item.name == "wifi_off")
        return one, phone.asked

    return look


@pytest.mark.parametrize(("on", "asked"), [("1", 1), ("0", 0)])
def test_the_server_is_asked_which_phone_it_is_only_where_wi_fi_is_on(wifi, on, asked):
    assert wifi(BY_CABLE, wifi=on)[1] == asked


@pytest.mark.parametrize(
    ("serial", "differs", "kept_for"),
    [
        (BY_CABLE, {}, None),
        (BY_WIFI, {}, CUTS_OFF),
        (BY_CABLE, {"host_trace": A_TRACE}, CUTS_A_MACHINE_OFF),
        (BY_CABLE, {"host_trace": "100 0"}, CUTS_A_MACHINE_OFF),
        (BY_CABLE, {"host_trace": AN_OLD_TRACE}, None),
        (BY_CABLE, {"host_trace": A_TRACE, "addresses": ADDRESSES.replace("wlan0", "rmnet0")}, None),
    ],
    ids=["by cable", "by it", "a machine", "a machine that waits for events", "one that is gone", "in no Wi-Fi"],
)
def test_wi_fi_is_kept_for_whoever_may_come_by_it(wifi, serial, differs, kept_for):
    one, _asked = wifi(serial, **differs)
    assert (one.to_set, one.hand) == (kept_for is None, kept_for)


@pytest.mark.parametrize(
    ("serial", "said", "goes"),
    [(BY_WIFI, False, True), ("127.0.0.1:41999", False, True), (BY_CABLE, True, False)],
    ids=["a Wi-Fi that is not the phone's", "a tunnel to its cable", "another way that is to stay"],
)
def test_what_the_user_says_of_it_holds(wifi, serial, said, goes):
    one, asked = wifi(serial, said=said, host_trace=A_TRACE)
    assert (one.to_set, asked) == (goes, 0)
