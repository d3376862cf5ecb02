# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of the keepalive: which a phone gets and why, and each installed, kept, found again and removed."""

from __future__ import annotations

from typing import Any

import pytest

from integration.house import House, Outcome

ROOT_SCRIPT = "/data/adb/homelab.dualwan/keepalive.sh"
ROOT_LAUNCHER = "/data/adb/service.d/homelab.dualwan.sh"


def set_phone(house: House, *words: str) -> None:
    house.lab.ctl("phone", "set", *words)


def another_phone(house: House, android: str) -> None:
    set_phone(house, "android", android)
    house.until(lambda: house.phone_state()["usb"]["configured"], "the other phone on the router's USB")
    house.until(lambda: not house.run("android_info").failed, "the other phone by adb")


def keepalive(house: House, **options: Any) -> Outcome:
    outcome = house.run("android_tether_keepalive", **options)
    assert not outcome.failed, outcome.message
    return outcome


def chosen(outcome: Outcome) -> list[str]:
    return [name for name, layer in outcome["layers"].items() if layer["chosen"]]


@pytest.mark.parametrize("android", ["10", "12", "14", "16"])
def test_without_root_it_is_the_default_and_the_loop(house: House, android: str) -> None:
    another_phone(house, android)
    done = keepalive(house)
    assert chosen(done) == ["default_usb", "loop"]
    assert (done["layers"]["default_usb"]["after"], done["layers"]["loop"]["after"]) == ("rndis", "running")
    assert done["layers"]["root_service"] == {
        "chosen": False,
        "why": "it has no su",
        "before": "absent",
        "after": "absent",
    }
    assert house.phone_state()["usb"]["default"] == "rndis"
    assert keepalive(house)["changed"] is False


def test_with_root_it_is_the_default_and_the_service(house: House) -> None:
    set_phone(house, "root", "granted")
    done = keepalive(house)
    assert chosen(done) == ["default_usb", "root_service"]
    assert "survives a reboot" in done["layers"]["loop"]["why"]
    assert [ROOT_SCRIPT in command for command in house.keepalives()] == [True]
    assert keepalive(house)["changed"] is False
    info = house.run("android_info")["keepalive"]
    assert (info["layer"], info["running"], info["health"]["user"]) == ("root_service", True, "root")


@pytest.mark.parametrize("root", ["denied", "hangs"])
def test_a_su_that_gives_nothing_is_no_root(house: House, root: str) -> None:
    set_phone(house, "root", root)
    done = keepalive(house)
    assert chosen(done) == ["default_usb", "loop"]
    assert "does not give root" in done["layers"]["root_service"]["why"]


def test_a_phone_without_a_gadget_hal_gets_no_loop(house: House) -> None:
    set_phone(house, "gadget", "legacy")
    done = keepalive(house)
    assert chosen(done) == ["default_usb"]
    assert "no gadget HAL" in done["layers"]["loop"]["why"]
    assert keepalive(house)["changed"] is False


def test_auto_brings_a_loop_that_was_started_by_name_to_its_state(house: House) -> None:
    set_phone(house, "gadget", "legacy")
    keepalive(house, strategy=["loop"])
    for state, after in (("paused", "paused"), ("started", "running"), ("stopped", "stopped")):
        done = keepalive(house, state=state)
        assert (done["changed"], done["layers"]["loop"]["after"]) == (True, after)
        assert keepalive(house, state=state)["changed"] is False


def test_absent_takes_the_loop_before_the_default_that_it_would_take_for_a_drop(house: House) -> None:
    both = {"strategy": ["default_usb", "loop"], "cures": ["default"]}
    keepalive(house, **both)
    house.until(house.serving, "the tether")
    assert keepalive(house, **both, state="absent")["changed"] is True
    phone = house.phone_state()
    assert (phone["usb"]["function"], phone["usb"]["default"], house.keepalives()) == ("none", "none", [])
    asked = [each for each in house.lab.ctl("phone", "log") if each["what"] == "default USB function set"]
    assert [each["function"] for each in asked] == ["rndis", "none"]
    assert keepalive(house, **both, state="absent")["changed"] is False


@pytest.mark.parametrize(("android", "cure"), [("10", "reset"), ("8.1", "default")])
def test_cures_that_the_phone_does_not_have_are_refused(house: House, android: str, cure: str) -> None:
    another_phone(house, android)
    set_phone(house, "root", "granted")
    refused = house.run("android_tether_keepalive", cures=[cure])
    assert refused["reason"] == "not_supported"
    assert f"none of the cures: {cure}" in refused.message
    assert house.keepalives() == []
    keepalive(house, cures=[cure, "function"])


def test_a_loop_that_ended_with_adbd_as_the_default_changed_is_started_again(house: House) -> None:
    set_phone(house, "gadget", "legacy")
    both = {"strategy": ["default_usb", "loop"]}
    keepalive(house, **both, function="rndis")
    keepalive(house, **both, function="ncm")
    assert len(house.keepalives()) == 1
    assert keepalive(house, **both, function="ncm")["changed"] is False


@pytest.mark.parametrize("screen", ["locked", "unlocked"])
def test_a_secure_lock_is_told_to_defeat_the_default_also_while_the_screen_is_open(house: House, screen: str) -> None:
    set_phone(house, "lock", "secure")
    set_phone(house, "screen", screen)
    done = keepalive(house)
    assert "secure lock screen defeats it" in done["layers"]["default_usb"]["why"]
    assert any("secure lock screen" in warning for warning in done["warnings"])


def test_a_locked_phone_still_serves_after_it_was_told_its_default(house: House) -> None:
    house.run("android_usb_tether", plug_in_default=False)
    house.until(house.serving, "the tether")
    set_phone(house, "lock", "secure")
    set_phone(house, "screen", "locked")
    assert keepalive(house, strategy=["default_usb"])["changed"] is True
    usb = house.phone_state()["usb"]
    assert (usb["function"], usb["default"]) == ("rndis", "rndis")
    house.until(house.serving, "the tether again")


def test_a_default_that_the_gadget_cannot_be_is_a_warning(house: House) -> None:
    set_phone(house, "functions", "mtp,ptp")
    for _run in range(2):
        done = keepalive(house, strategy=["default_usb"])
        assert done["layers"]["default_usb"]["after"] == "rndis"
        assert ["does not use it" in warning for warning in done["warnings"]] == [True]


def test_each_of_two_sims_is_told_of(house: House) -> None:
    set_phone(house, "second_sim", "loaded")
    sims = house.run("android_info")["sims"]
    assert [(sim["operator"], sim["rsrp_dbm"], sim["level"]) for sim in sims] == [
        ("Lab Mobile", -95, 4),
        ("Lab Mobile Two", -108, 2),
    ]


def test_android_8_needs_root(house: House) -> None:
    another_phone(house, "8.1")
    done = keepalive(house)
    assert chosen(done) == []
    assert {layer["why"] for layer in done["layers"].values()} == {
        "Android has a default USB configuration from 9 on",
        "it has no su",
        "up to Android 8 only root can ask for tethering",
        "no automate_flow was given",
        "what another machine asks for by adb is a tether from Android 9 on",
    }
    set_phone(house, "root", "granted")
    assert chosen(keepalive(house)) == ["root_service"]
    house.until(house.serving, "the tether, by setUsbTethering")


@pytest.mark.parametrize(
    ("android", "layer", "said"),
    [
        ("8.1", "default_usb", "from 9 on"),
        ("14", "root_service", "it has no su"),
        ("8.1", "loop", "only root can ask"),
        ("8.1", "host", "from Android 9 on"),
    ],
)
def test_a_layer_by_name_that_cannot_be_is_refused(house: House, android: str, layer: str, said: str) -> None:
    another_phone(house, android)
    outcome = house.run("android_tether_keepalive", strategy=[layer])
    assert outcome["reason"] == "not_supported"
    assert said in outcome.message
    assert house.keepalives() == []


def test_check_mode_promises_what_is_then_done(house: House) -> None:
    set_phone(house, "root", "granted")
    promised = keepalive(house, check_mode=True)
    assert (promised["changed"], house.keepalives(), house.phone_state()["usb"]["default"]) == (True, [], "none")
    done = keepalive(house)
    assert promised["layers"] == done["layers"]
    assert promised["diff"] == done["diff"]
    assert "default USB configuration: rndis" in done["diff"][0]["after"]
    assert ROOT_LAUNCHER.rpartition("/")[0] not in done["diff"][0]["after"]
    assert "sys.boot_completed" in done["diff"][1]["after"]


def test_the_service_starts_at_boot_and_outlives_adbd(house: House) -> None:
    set_phone(house, "root", "granted")
    house.run("android_usb_tether", plug_in_default=False)
    keepalive(house, strategy=["root_service"], cures=["function"], interval=1)
    house.lab.ctl("phone", "restart-adbd")
    assert len(house.keepalives()) == 1
    house.shell("rm -r /data/local/tmp/*")
    house.until(lambda: not house.phone_state()["wake_lock"], "its end, after which the phone may sleep")
    with house.tether_lost():
        house.lab.ctl("phone", "reboot")
    house.until(house.serving, "the tether again, by the service alone")
    assert house.phone_state()["usb"]["default"] == "none"
    assert house.phone_state()["wake_lock"] == "homelab.dualwan"
    assert house.shell("stat -c %u /data/local/tmp/homelab.dualwan").strip() == "2000"


def test_a_service_that_died_or_was_edited_is_put_right(house: House) -> None:
    set_phone(house, "root", "granted")
    keepalive(house, strategy=["root_service"])
    house.shell("su -c 'kill $(cat /data/local/tmp/homelab.dualwan/pid)'")
    house.until(lambda: house.keepalives() == [], "its end")
    assert keepalive(house, strategy=["root_service"])["changed"] is True
    house.shell(f"su -c 'echo true >>{ROOT_LAUNCHER}'")
    drift = keepalive(house, strategy=["root_service"], check_mode=True)
    assert drift["diff"][0]["before"].endswith("true\n")
    keepalive(house, strategy=["root_service"])
    assert keepalive(house, strategy=["root_service"])["changed"] is False
    house.shell(f"su -c 'chmod 644 {ROOT_LAUNCHER}'")
    assert keepalive(house, strategy=["root_service"], check_mode=True)["changed"] is True


def test_one_gives_way_to_the_other(house: House) -> None:
    set_phone(house, "root", "granted")
    keepalive(house, strategy=["loop"])
    assert chosen(keepalive(house)) == ["default_usb", "root_service"]
    assert [ROOT_SCRIPT in command for command in house.keepalives()] == [True]
    keepalive(house, strategy=["loop"])
    assert [ROOT_SCRIPT in command for command in house.keepalives()] == [False]
    assert house.shell(f"su -c 'ls {ROOT_SCRIPT} {ROOT_LAUNCHER}'") == ""


@pytest.mark.parametrize("root", ["none", "granted"])
def test_absent_leaves_nothing_but_the_default(house: House, root: str) -> None:
    set_phone(house, "root", root)
    keepalive(house)
    assert keepalive(house, state="absent")["changed"] is True
    assert house.keepalives() == []
    assert house.shell("ls -d /data/local/tmp/homelab.dualwan") == ""
    assert house.shell("su -c 'ls /data/adb/service.d; ls -d /data/adb/homelab.dualwan'") == ""
    assert house.phone_state()["usb"]["default"] == "rndis"
    assert keepalive(house, state="absent")["changed"] is False
    assert keepalive(house, state="absent", strategy=["default_usb"])["changed"] is True
    assert house.phone_state()["usb"]["default"] == "none"


def test_the_service_is_paused_and_stopped_like_the_loop(house: House) -> None:
    set_phone(house, "root", "granted")
    for state, alive in (("paused", 1), ("stopped", 0), ("started", 1)):
        keepalive(house, state=state)
        assert len(house.keepalives()) == alive
        assert keepalive(house, state=state)["changed"] is False


def test_a_service_whose_root_was_taken_away_is_left_and_ends_only_with_root(house: House) -> None:
    set_phone(house, "root", "granted")
    keepalive(house)
    serves = house.keepalives()
    set_phone(house, "root", "denied")
    for _run in range(2):
        done = keepalive(house, interval=9)
        assert (done["changed"], chosen(done)) == (False, ["default_usb", "root_service"])
        assert any("no loop comes beside it" in warning for warning in done["warnings"])
    refused = house.run("android_tether_keepalive", state="absent")
    assert (refused["reason"], house.keepalives()) == ("not_supported", serves)
    assert ROOT_LAUNCHER in refused.message
    set_phone(house, "root", "granted")
    assert keepalive(house, state="absent")["changed"] is True
    assert house.keepalives() == []


def test_auto_and_a_name_together_are_refused(house: House) -> None:
    outcome = house.run("android_tether_keepalive", strategy=["auto", "loop"])
    assert outcome["reason"] == "bad_wish"


def test_no_log_has_a_serial_number_or_who_called(house: House) -> None:
    serial_number, who_called = "LAB14000001", "5555550100"
    assert house.shell("getprop ro.serialno").strip() == serial_number
    assert who_called in house.shell("dumpsys telephony.registry")
    set_phone(house, "root", "granted")
    told = [
        house.run("android_info"),
        house.run("android_backup_phone"),
        house.run("android_usb_tether"),
        keepalive(house),
    ]
    house.shell("svc usb setFunctions none")
    house.until(lambda: house.run("android_info")["keepalive"]["health"]["recoveries"], "a drop and its cure")
    kept = house.shell("cat /data/local/tmp/homelab.dualwan/log /data/local/tmp/homelab.dualwan/heartbeat")
    assert "tether gone: function lost" in kept
    for said in (*(str(outcome.result) for outcome in told), kept):
        assert serial_number not in said
        assert who_called not in said
