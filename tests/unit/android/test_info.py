# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``android_info``: all in one round trip."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android import _info
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import (
    BadAnswer,
    NoPhone,
    StillBooting,
    Unauthorised,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.answering_phone import AnsweringPhone
from unit.dumps import A_PIXEL, OTHERS, UNHEARD, lte, nr, signal

OPTIONS = {"serial": None, "adb_server_host": "127.0.0.1", "adb_server_port": 5037, "timeout": 30.0}
SECTIONS = {
    **A_PIXEL,
    "keepalive_sum": "",
    "keepalive_script": "",
    "keepalive_process": "",
    "keepalive_paused": "",
    "keepalive_heartbeat": "",
    "keepalive_log": "",
    "uptime": "5000.00 1.00",
    "automate_note": "",
    "automate_app": "",
    "automate_privileged": "0",
    "automate_service": "0",
    "automate_exempt": "",
    "boot_count": "7",
}


@pytest.fixture
def run(monkeypatch):
    def run_on(*, may_be_away=False, error=None, without=(), **differs):
        kept = {name: text for name, text in {**SECTIONS, **differs}.items() if name not in without}
        phone = AnsweringPhone(kept, error)
        monkeypatch.setattr(_info, "Phone", lambda *_: phone)
        result = _info.run({**OPTIONS, "may_be_away": may_be_away}, Here())
        assert phone.asked == 1
        return result

    return run_on


def test_a_phone_in_order(run):
    result = run()
    assert (result["present"], result["model"], result["maker"], result["android"]) == (
        True,
        "Pixel 4a",
        "Google",
        "14",
    )
    assert (result["sdk"], result["root"], result["mobile_data"]) == (34, False, True)
    assert result["usb"]["serving"]
    assert (result["keepalive"]["installed"], result["keepalive"]["health"]) == (False, None)
    assert not result["changed"]


def test_the_temperature_is_in_tenths(run):
    assert run()["battery"] == {
        "level_percent": 83,
        "temperature_celsius": 31.2,
        "health": "good",
        "powered": True,
    }


def test_a_phone_that_says_nothing_of_its_battery(run):
    assert set(run(battery="")["battery"].values()) == {None}


def test_the_sim_and_the_signal(run):
    assert run()["sim"] == {"state": "loaded", "operator": "Lab Mobile", "rsrp_dbm": -95, "level": 3}


def test_the_first_of_two_sims(run):
    sim = run(sim="LOADED,ABSENT", operator="One,")["sim"]
    assert (sim["state"], sim["operator"]) == ("loaded", "One")


def test_each_of_two_sims(run):
    signals = [signal(lte=lte(rsrp=-95, level=3)), signal(lte=lte(rsrp=-108, level=2))]
    result = run(sim="LOADED,PIN_REQUIRED", operator="One,Two", signal="\n".join(signals))
    assert result["sims"] == [
        {"state": "loaded", "operator": "One", "rsrp_dbm": -95, "level": 3},
        {"state": "pin_required", "operator": "Two", "rsrp_dbm": -108, "level": 2},
    ]
    assert result["sim"] == result["sims"][0]


INVALID = "mCdma=Invalid,mGsm=Invalid,mWcdma=Invalid,mTdscdma=Invalid"


@pytest.mark.parametrize(
    ("line", "rsrp", "level"),
    [
        (signal(), -95, 3),
        (signal(lte=lte().replace(" parametersUseForLevel=0", ""), nr="Invalid"), -95, 3),
        (signal(others=INVALID, nr="Invalid"), -95, 3),
        (signal(lte=lte(UNHEARD, 0), nr=nr(-101, 2), primary="Nr"), -101, 2),
        (
            signal(
                others=INVALID, lte="Invalid", nr=nr(-110, 1), after=",SignalBarInfo{ nrLevel=4 },rat=20", primary="Nr"
            ),
            -110,
            1,
        ),
        (signal(lte=lte(-104, 2), nr=nr(-112, 1)), -104, 2),
        (signal(lte=lte(UNHEARD, 0), others=OTHERS.replace("mLevel=0", "mLevel=4"), primary="Gsm"), None, 4),
        (signal(lte=lte(UNHEARD, 0)), None, 0),
        (signal(lte="Invalid"), None, None),
    ],
    ids=["4G", "Android 10", "a maker", "5G", "a maker's 5G", "4G beside 5G", "2G", "unheard", "not measured"],
)
def test_the_signal_is_that_of_the_network_that_counts(run, line, rsrp, level):
    sim = run(signal=line)["sim"]
    assert (sim["rsrp_dbm"], sim["level"]) == (rsrp, level)


@pytest.mark.parametrize(
    "signal",
    ["", "mSignalStrength=SignalStrength: 99 0 -120 -160 -120 -1 -1 28 2147483647 -20 -300 -1 2147483647"],
    ids=["nothing", "numbers of Android 8"],
)
def test_a_signal_that_is_not_told_is_none(run, signal):
    sim = run(signal=signal)["sim"]
    assert (sim["rsrp_dbm"], sim["level"]) == (None, None)


@pytest.mark.parametrize(
    ("sdk", "said", "gadget"), [("34", "V1_2", "hal"), ("29", "usage", "unknown"), ("27", "", "legacy")]
)
def test_the_gadget(run, sdk, said, gadget):
    assert run(sdk=sdk, gadget=said)["gadget"] == gadget


@pytest.mark.parametrize(("stored", "on"), [("1", True), ("0", False), ("null", None), ("", None)])
def test_mobile_data(run, stored, on):
    assert run(mobile_data=stored)["mobile_data"] is on


@pytest.mark.parametrize(("stored", "expires"), [("0", False), ("604800000", True)])
def test_whether_the_key_expires(run, stored, expires):
    assert run(adb_key_life=stored)["adb_key_expires"] is expires


def test_a_key_without_a_setting_expires_after_a_week_since_android_11(run):
    assert run(adb_key_life="null")["adb_key_expires"] is True


def test_a_su_is_seen(run):
    assert run(su="/system/bin/su")["root"]


GONE = NoPhone("The adb server knows no phone", cure="Plug it in")


def test_an_absent_phone_is_an_error(run):
    with pytest.raises(NoPhone):
        run(error=GONE)


def test_or_an_answer_if_it_may_be_away(run):
    result = run(error=GONE, may_be_away=True)
    assert (result["present"], result["changed"]) == (False, False)
    assert result["why"] == GONE.message


def test_a_phone_that_refuses_is_an_error_all_the_same(run):
    with pytest.raises(Unauthorised):
        run(error=Unauthorised("It refused", cure="Allow it"), may_be_away=True)


def test_an_answer_that_breaks_off_is_no_answer(run):
    with pytest.raises(BadAnswer, match="keepalive_log"):
        run(without=("keepalive_log",))


def booting(monkeypatch, *boots):
    """What android_info returns of a phone that says this of its boot, one answer after the other, and then ``1``."""
    phone = AnsweringPhone(SECTIONS)
    phone.boots = list(boots)
    monkeypatch.setattr(_info, "Phone", lambda *_: phone)
    return phone, lambda: _info.run({**OPTIONS, "may_be_away": False}, Here())


def test_a_phone_that_still_boots_is_waited_for_and_asked_anew(monkeypatch):
    phone, look = booting(monkeypatch, "")
    assert look()["usb"]["serving"]
    assert (phone.asked, phone.waited_for, phone.drops) == (2, "reading its state", 1)


def test_one_that_boots_again_meanwhile_is_not_taken_for_what_android_does_not_ship(monkeypatch):
    _phone, look = booting(monkeypatch, "", "")
    with pytest.raises(StillBooting, match="has not finished booting while reading its state"):
        look()
