# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""USB tethering on phones of several Androids, with and without a gadget HAL, by network and by USB."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from integration.house import House


def become(house: House, android: str, **settings: str) -> None:
    house.lab.ctl("phone", "set", "android", android)
    for name, value in settings.items():
        house.lab.ctl("phone", "set", name, value)
    house.until(lambda: house.phone_state()["usb"]["configured"], "the phone on USB")
    house.until(lambda: not house.run("android_info").failed, "the phone by adb")


def usb(house: House) -> tuple[str, str, bool]:
    state: dict[str, Any] = house.phone_state()
    return state["usb"]["function"], state["usb"]["default"], state["tether"]["serving"]


@pytest.mark.parametrize("android", ["10", "12", "14", "16"])
@pytest.mark.parametrize("gadget", ["hal", "legacy"])
def test_on_and_off_and_nothing_the_second_time(house: House, android: str, gadget: str) -> None:
    become(house, android, gadget=gadget)
    assert house.run("android_usb_tether")["serving"] is True
    assert usb(house) == ("rndis", "rndis", True)
    assert house.run("android_usb_tether")["changed"] is False
    assert house.run("android_usb_tether", state="disabled")["changed"] is True
    assert usb(house) == ("none", "none", False)


@pytest.mark.parametrize("gadget", ["hal", "legacy"])
def test_over_usb_adb_goes_and_the_same_phone_returns(house: House, gadget: str) -> None:
    become(house, "14", gadget=gadget)
    house.lab.ctl("phone", "set", "adb_over", "usb")
    house.lab.ctl("cable", "plug", "computer")
    house.until(lambda: not house.run("android_info").failed, "the phone at the computer")
    done = house.run("android_usb_tether")
    assert not done.failed, done.message
    assert usb(house) == ("rndis", "rndis", True)


def test_android_10_has_no_ncm(house: House) -> None:
    become(house, "10")
    refused = house.run("android_usb_tether", function="ncm")
    assert refused["reason"] == "function_refused"
    assert "IllegalArgumentException" in refused.message


def test_android_8_is_asked_by_root(house: House) -> None:
    become(house, "8.1", root="granted")
    assert "plug_in_default to false" in house.run("android_usb_tether").message
    assert house.run("android_usb_tether", plug_in_default=False, check_mode=True)["changed"] is True
    done = house.run("android_usb_tether", plug_in_default=False)
    assert (done["changed"], done["serving"]) == (True, True)
    assert usb(house) == ("rndis", "none", True)
    assert house.run("android_usb_tether", plug_in_default=False)["changed"] is False
    assert house.run("android_usb_tether", state="disabled")["changed"] is True
    assert usb(house)[2] is False


def test_on_android_8_the_function_alone_is_not_enough(house: House) -> None:
    become(house, "8.1", root="granted")
    house.shell("( exec setsid sh -c 'sleep 20; svc usb setFunction rndis' ) </dev/null >/dev/null 2>&1 &")
    house.until(lambda: house.phone_state()["usb"]["function"] == "rndis", "the function")
    house.until(lambda: not house.run("android_info").failed, "adb back")
    house.until(lambda: house.phone_state()["usb"]["configured"], "the host")
    assert house.run("android_usb_tether", plug_in_default=False)["serving"] is True


@pytest.mark.parametrize("root", ["none", "denied", "hangs"])
def test_android_8_without_root_is_refused(house: House, root: str) -> None:
    become(house, "8.1", root=root)
    refused = house.run("android_usb_tether", plug_in_default=False)
    assert refused["reason"] == "not_supported"
    assert "root alone" in refused.message
    assert usb(house) == ("none", "none", False)
    # A teardown has nothing to ask for, and comes to its end.
    off = house.run("android_usb_tether", state="disabled")
    assert (off.failed, off["changed"]) == (False, False)


def test_a_phone_that_adb_reaches_before_its_services_are_there_is_waited_for(house: House) -> None:
    house.lab.ctl("phone", "set", "services", "late")
    house.lab.ctl("phone", "reboot")

    def adb_alone() -> bool:
        state = house.phone_state()
        return bool(state["powered"] and not state["booted"])

    def asked() -> int:
        return int(house.phone_state()["asked"].get("getprop", 0))

    house.until(adb_alone, "adbd before Android's services")
    before = asked()
    with ThreadPoolExecutor(1) as beside:
        run = beside.submit(house.run, "android_usb_tether")
        house.until(lambda: asked() >= before + 2, "its waiting")
        house.lab.ctl("phone", "set", "services", "ok")
        done = run.result()
    assert not done.failed, done.message
    assert house.phone_state()["boots"] == 2
    assert usb(house) == ("rndis", "rndis", True)
