# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole tasks against a phone that remembers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android import _tether
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import (
    ConnectionLost,
    FunctionRefused,
    NotSupported,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.fake_phone import FakePhone

OPTIONS = {
    "serial": "X1",
    "adb_server_host": "127.0.0.1",
    "adb_server_port": 5037,
    "timeout": 30.0,
    "state": "enabled",
    "function": "auto",
    "plug_in_default": True,
}


@pytest.fixture
def run(monkeypatch):
    def run_on(phone, *, check_mode=False, **options):
        monkeypatch.setattr(_tether, "Phone", lambda *_: phone)
        return _tether.run({**OPTIONS, **options}, Here(check_mode))

    return run_on


def test_a_phone_as_wanted_is_left_alone(run):
    phone = FakePhone(function="rndis", default="rndis")
    result = run(phone)
    assert phone.lines == []
    assert (result["changed"], result["serving"], result["warnings"]) == (False, True, [])


def test_tethering_is_switched_on_and_waited_for(run):
    phone = FakePhone()
    result = run(phone)
    assert (phone.function, phone.default) == ("rndis", "rndis")
    assert (result["changed"], result["serving"]) == (True, True)
    assert result["diff"] == {
        "before": {"function": None, "plug_in_default": None},
        "after": {"function": "rndis", "plug_in_default": "rndis"},
    }


def test_what_a_slow_phone_said_before_it_had_switched_is_no_refusal(run):
    phone = FakePhone()
    phone.starts_to_switch_in_seconds = 1
    phone.answers_in_seconds = _tether.SWITCH_SECONDS + 1
    assert run(phone)["serving"] is True
    assert phone.lines == ["svc usb setFunctions rndis", "svc usb setScreenUnlockedFunctions rndis"]


def test_a_router_that_does_not_take_the_phone_up_again_is_waited_for_and_told(run):
    phone = FakePhone()
    phone.clock.after(0, lambda: setattr(phone, "connected", False))
    result = run(phone)
    assert phone.clock.time - 1000 >= _tether.SWITCH_SECONDS
    assert "has not taken the phone up again" in result["warnings"][0]


@pytest.mark.parametrize("mishap", ["switches_lost", "reboots_after_switches"])
def test_a_switch_that_the_phone_did_not_hear_or_forgot_is_asked_for_once_more(run, mishap):
    phone = FakePhone()
    setattr(phone, mishap, 1)
    assert run(phone)["changed"] is True
    assert (phone.function, phone.default) == ("rndis", "rndis")
    assert phone.lines.count("svc usb setFunctions rndis") == 2


def test_a_switch_that_never_arrives_is_not_asked_for_without_end(run):
    phone = FakePhone()
    phone.switches_lost = 99
    with pytest.raises(FunctionRefused):
        run(phone, function="rndis")
    assert phone.lines == ["svc usb setFunctions rndis"] * 3


def test_the_second_run_sends_nothing(run):
    phone = FakePhone()
    run(phone)
    sent = len(phone.lines)
    assert not run(phone)["changed"]
    assert len(phone.lines) == sent


def test_check_mode_promises_and_sends_nothing(run):
    phone = FakePhone()
    promised = run(phone, check_mode=True)
    assert phone.lines == []
    done = run(phone)
    for name in ("changed", "before", "diff"):
        assert promised[name] == done[name]


def test_adb_that_drops_in_the_switch_changes_nothing(run):
    phone = FakePhone()
    phone.drops_on_switch = True
    assert run(phone)["serving"]


def test_adb_that_drops_while_the_state_is_read_back_is_asked_again(run):
    phone = FakePhone()
    original = phone.shell_through_a_switch

    def switch_and_drop_later(script, *, doing):
        phone.reads_lost = 1
        return original(script, doing=doing)

    phone.shell_through_a_switch = switch_and_drop_later
    assert run(phone)["serving"]


def test_a_read_that_dropped_late_is_asked_once_more():
    phone = FakePhone()
    answer, tries = phone.read, []

    def slow(script, *, doing):
        tries.append(script)
        phone.clock.sleep(phone.address.timeout + 1)
        if len(tries) == 1:
            raise ConnectionLost("It dropped", doing=doing, cure="Look at the cable")
        return answer(script, doing=doing)

    phone.read = slow
    assert _tether._look(phone).connected
    assert len(tries) == 2


@pytest.mark.parametrize("complains", [True, False], ids=["aloud", "in silence"])
def test_a_phone_without_rndis_gets_ncm(run, complains):
    phone = FakePhone(takes=("ncm",))
    phone.complains = complains
    result = run(phone)
    assert (phone.function, phone.default) == ("ncm", "ncm")
    assert result["after"]["function"] == "ncm"


def test_it_is_not_asked_for_what_it_was_not_told(run):
    phone = FakePhone(takes=("ncm",))
    with pytest.raises(FunctionRefused, match="rndis") as failed:
        run(phone, function="rndis")
    assert "function: auto tries the other kind" in failed.value.cure
    assert failed.value.as_result()["after"]["function"] is None
    assert (phone.function, phone.default) == (None, None)


def test_a_phone_that_takes_neither_says_why(run):
    with pytest.raises(FunctionRefused, match=r"rndis \(.*IllegalArgumentException.*nor ncm \("):
        run(FakePhone(takes=()))


def test_no_default_keeps_the_function(run):
    phone = FakePhone(function="rndis", default="rndis")
    result = run(phone, plug_in_default=False)
    assert (phone.function, phone.default) == ("rndis", None)
    assert result["changed"]


def test_off(run):
    phone = FakePhone(function="rndis", default="rndis")
    result = run(phone, state="disabled")
    assert (phone.function, phone.default) == (None, None)
    assert (result["changed"], result["serving"]) == (True, False)


def test_in_the_air_it_is_set_and_serves_nobody_yet(run):
    result = run(FakePhone(connected=False))
    assert (result["changed"], result["serving"], result["warnings"]) == (True, False, [])


def test_a_locked_screen_is_warned_of_and_does_not_stand_in_the_way(run):
    phone = FakePhone(function="rndis", locked=True)
    result = run(phone)
    assert (phone.function, phone.default, result["serving"]) == ("rndis", "rndis", True)
    assert "screen lock to none" in result["warnings"][0]


def test_an_android_without_a_default_is_refused_before_anything_is_sent(run):
    phone = FakePhone(sdk="27")
    with pytest.raises(NotSupported, match=r"Android 8\.1\.0, which has no default") as failed:
        run(phone)
    assert "plug_in_default to false" in failed.value.cure
    assert phone.lines == []


@pytest.mark.parametrize(
    ("sdk", "options", "said"),
    [("25", {}, "runs Android"), ("27", {"function": "ncm"}, "no NCM"), ("27", {}, "gives no root")],
    ids=["too old", "ncm", "no root"],
)
def test_what_cannot_work_on_an_old_android_is_refused(run, sdk, options, said):
    phone = FakePhone(sdk=sdk)
    with pytest.raises(NotSupported, match=said):
        run(phone, plug_in_default=False, **options)
    assert not any("service" in line for line in phone.lines)


def test_an_old_android_whose_tether_is_off_needs_no_root_to_stay_so(run):
    phone = FakePhone(sdk="27")
    result = run(phone, state="disabled", function="ncm")
    assert (result["changed"], result["after"]["function"]) == (False, None)
    assert phone.lines == []


def test_an_old_android_without_root_whose_tether_is_on_is_told_where_to_switch_it_off(run):
    phone = FakePhone(sdk="27", function="rndis")
    with pytest.raises(NotSupported, match="gives no root") as failed:
        run(phone, state="disabled")
    assert "switch it off in the phone's settings" in failed.value.cure
    assert not any("service" in line for line in phone.lines)


@pytest.mark.parametrize(("upstream", "warned"), [("[wlan0]", 1), ("[v4-wlan0, wlan0]", 1), ("[rmnet_data2]", 0)])
def test_a_way_out_by_the_phones_wifi_serves_and_is_warned_of(run, upstream, warned):
    phone = FakePhone(function="rndis", default="rndis")
    phone.upstream = upstream
    result = run(phone)
    assert result["serving"] is True
    assert len(result["warnings"]) == warned
    assert all("leads back into the router" in warning for warning in result["warnings"])


def a_phone_by(serial):
    """One that tethers, to which adb comes by this address."""
    phone = FakePhone(function="rndis", default="rndis")
    phone.address = replace(phone.address, serial=serial)
    phone.adb_goes_by_the_tether = True
    return phone


def test_a_tether_that_takes_adb_along_is_off_and_the_task_says_that_it_did_not_see_it(run):
    phone = a_phone_by("192.168.42.129:5555")
    result = run(phone, state="disabled")
    assert (phone.function, phone.default) == (None, None)
    assert (result["changed"], result["serving"], result["after"]["function"]) == (True, False, None)
    assert result["diff"]["after"] == {"function": None, "plug_in_default": None}
    assert len(result["warnings"]) == 1
    assert "was not read back" in result["warnings"][0]


def test_adb_that_is_lost_by_another_way_has_told_nothing_of_the_tether(run):
    with pytest.raises(ConnectionLost):
        run(a_phone_by("192.168.50.23:5555"), state="disabled")
