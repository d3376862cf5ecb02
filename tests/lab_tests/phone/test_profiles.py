# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Android versions that there are, what each says and takes, and one that there is not."""

from __future__ import annotations

import pytest

from lab.phone import profiles

from .rig import Rig


def test_an_unknown_version_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no profile of Android '7'; there is 8\.1, 10, 12, 14, 16"):
        profiles.load("7")


@pytest.mark.parametrize("version", profiles.versions())
def test_a_profile_is_of_its_version_and_spells_all_it_can_bind(version: str) -> None:
    profile = profiles.load(version)
    assert profile.release == version
    assert profile.properties["ro.build.version.release"].removesuffix(".0") == version
    assert profile.dump_format == "lines" or profile.functions <= set(profile.dump_names)


def become(rig: Rig, version: str) -> None:
    """Another phone on the same cable, in the router's port."""
    rig.control(f"set android {version}")
    assert rig.on_phone("wait-for-device").status == 0
    rig.plug()
    rig.until(lambda: rig.state()["usb"]["configured"])


@pytest.mark.parametrize("version", profiles.versions())
def test_adb_sees_another_phone(rig: Rig, version: str) -> None:
    become(rig, version)
    assert rig.state()["android"] == version
    assert rig.shell("getprop ro.product.model").output == f"Lab Phone {version}\n"
    assert f"model:Lab_Phone_{version}" in rig.adb("devices", "-l").output.replace("8_1", "8.1")


@pytest.mark.parametrize("version", ["10", "12", "14", "16"])
def test_from_10_on_the_function_is_the_tether(rig: Rig, version: str) -> None:
    become(rig, version)
    said = rig.shell("svc usb setFunctions rndis")
    assert (said.output, said.errors, said.status) == (
        "setCurrentFunctions opId:1\n" if version in ("14", "16") else "",
        "",
        0,
    )
    rig.until(lambda: rig.state()["tether"]["serving"])
    assert "current_functions=RNDIS" in rig.shell("dumpsys usb").output


def test_8_1_has_the_old_verb_and_needs_to_be_asked_for_tethering(rig: Rig) -> None:
    become(rig, "8.1")
    rig.control("set root granted")
    assert "usage: svc usb" in rig.shell("svc usb setFunctions rndis").output
    assert rig.state()["usb"]["function"] == "none"
    # adbd ends in the switch, with this very command.
    rig.shell("svc usb setFunction rndis")
    rig.until(lambda: (rig.state()["usb"]["function"], rig.state()["usb"]["configured"]) == ("rndis", True))
    assert rig.on_phone("wait-for-device").status == 0
    assert rig.shell("svc usb getFunction").errors == "rndis,adb\n"
    assert not rig.state()["tether"]["serving"]
    assert "ffffffff" in rig.shell("service call connectivity 34 i32 1").output
    assert not rig.state()["tether"]["serving"]
    assert "00000000 00000000" in rig.shell("su -c 'service call connectivity 34 i32 1'").output
    rig.until(lambda: rig.state()["tether"]["serving"])
    assert rig.state()["tether"]["address"] == "192.168.42.129"


def test_8_1_dumps_lines(rig: Rig) -> None:
    become(rig, "8.1")
    dump = rig.shell("dumpsys usb").output
    assert dump.startswith("USB Manager State:\n  USB Device State:\n    mCurrentFunctions: adb\n")
    assert "    mConfigured: true\n" in dump
    assert "    Kernel state: CONFIGURED\n" in dump
    assert rig.shell("dumpsys tethering").errors == "Can't find service: tethering\n"
    assert "Tether state:" in rig.shell("dumpsys connectivity tethering").output


def test_10_does_not_know_ncm_and_has_no_gadget_reset(rig: Rig) -> None:
    become(rig, "10")
    said = rig.shell("svc usb setFunctions ncm")
    assert "IllegalArgumentException" in said.errors
    assert "usage: svc usb" in rig.shell("svc usb resetUsbGadget").output
    assert "usage: svc usb" not in rig.shell("svc usb setScreenUnlockedFunctions rndis").output


def test_a_phone_without_a_gadget_hal_restarts_adbd_at_every_switch(rig: Rig) -> None:
    rig.plug()
    rig.control("set gadget legacy")
    rig.shell("( exec setsid sleep 631 ) </dev/null >/dev/null 2>&1 &")
    rig.until(lambda: rig.runs("sleep 631"))
    rig.shell("svc usb setFunctions rndis")
    rig.until(lambda: rig.state()["tether"]["serving"])
    assert rig.on_phone("wait-for-device").status == 0
    assert not rig.runs("sleep 631")
    assert rig.shell("getprop sys.usb.state").output == "rndis,adb\n"


def test_a_reset_makes_it_the_first_phone_again(rig: Rig) -> None:
    become(rig, "16")
    rig.wait_for(rig.phone.reset())
    assert rig.state()["android"] == "14"


@pytest.mark.parametrize(
    ("version", "behind_a_pin"),
    [
        ("10", ("", "java.lang.IllegalArgumentException: Credential can't be null or empty", 255)),
        ("14", ("false", "", 0)),
    ],
)
def test_what_locksettings_says_of_a_phone_with_a_pin(
    rig: Rig, version: str, behind_a_pin: tuple[str, str, int]
) -> None:
    become(rig, version)
    rig.control("set lock secure")
    told = rig.shell("locksettings get-disabled")
    assert (told.output.strip(), told.errors.strip().rpartition("\n")[2], told.status) == behind_a_pin
    rig.control("set lock none")
    rig.shell("locksettings set-disabled true")
    assert rig.shell("locksettings get-disabled").output == "true\n"
