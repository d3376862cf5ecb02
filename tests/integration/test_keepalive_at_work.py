# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What brings tethering back: the phone's default first, the loop for the rest."""

from __future__ import annotations

import pytest

from integration.house import House


def test_a_wiggle_of_the_cable_is_cured_by_the_default_alone(house: House) -> None:
    house.run("android_usb_tether")
    house.until(house.serving, "the tether")
    with house.tether_lost():
        house.lab.ctl("cable", "wiggle", "5")
    house.until(house.serving, "the tether again")


def test_the_default_outlives_a_reboot_of_either_end(house: House) -> None:
    house.run("android_usb_tether")
    for end in ("phone", "router"):
        with house.tether_lost():
            house.lab.ctl(end, "reboot")
        house.until(house.serving, "the tether again")


def test_the_loop_brings_back_what_something_else_took_away(house: House) -> None:
    house.run("android_usb_tether", plug_in_default=False)
    house.run("android_tether_keepalive", strategy=["loop"], interval=1)
    house.until(lambda: house.run("android_info")["keepalive"]["health"]["state"] == "serving", "a healthy look")
    with house.tether_lost():  # as there is no default
        house.lab.ctl("cable", "wiggle", "5")
    house.until(house.serving, "the tether again")
    health = house.until(
        lambda: (found := house.run("android_info")["keepalive"]["health"])["state"] == "serving" and found, "its word"
    )
    assert (health["drops"], health["last_drop_why"] in ("host gone", "function lost")) == (1, True)
    assert (health["recoveries"], health["last_cure"], health["source"]) == (1, "function", "route")


@pytest.mark.parametrize("layer", ["loop", "root_service"])
def test_a_function_that_lost_its_tether_and_is_still_set_is_taken_away_and_set(house: House, layer: str) -> None:
    """Data Saver does not bring back what it ended, and Android 10 has no reset of the gadget, which would."""
    house.lab.ctl("phone", "set", "android", "10")
    house.until(lambda: house.phone_state()["usb"]["configured"], "the other phone on the router's USB")
    house.until(lambda: not house.run("android_info").failed, "the other phone by adb")
    house.lab.ctl("phone", "set", "root", "granted")
    house.run("android_usb_tether", plug_in_default=False)
    house.until(house.serving, "the tether")
    assert not house.run("android_tether_keepalive", strategy=[layer], interval=1).failed
    house.lab.ctl("phone", "forget-log")
    for on in ("true", "false"):
        house.lab.ctl("phone", "set", "data_saver", on)
    health = house.until(
        lambda: (found := house.run("android_info")["keepalive"]["health"])["recoveries"] and found, "its word"
    )
    assert health["last_drop_why"] == "tether not started"
    log = house.lab.ctl("phone", "log")
    assert [entry["function"] for entry in log if entry["what"] == "USB function requested"][:2] == ["none", "rndis"]
    house.until(house.serving, "the tether again")


def test_the_loop_runs_an_own_command_as_root(house: House) -> None:
    house.lab.ctl("phone", "set", "root", "granted")
    house.run("android_usb_tether", plug_in_default=False)
    outcome = house.run(
        "android_tether_keepalive", strategy=["loop"], interval=1, command="svc usb setFunctions ncm", as_root=True
    )
    assert not outcome.failed
    house.lab.ctl("cable", "wiggle", "5")
    house.until(lambda: house.phone_state()["usb"]["function"] == "ncm", "the other function, by the own command")


def test_a_loop_that_died_is_found_and_started_again(house: House) -> None:
    house.run("android_tether_keepalive", strategy=["loop"])
    house.until(lambda: house.run("android_info")["keepalive"]["health"], "its first word")
    house.lab.ctl("phone", "restart-adbd")
    house.until(lambda: not house.run("android_info").failed, "adb back")
    died = house.run("android_info")["keepalive"]
    assert (died["running"], died["health"]["state"]) == (False, "died")
    assert house.run("android_tether_keepalive", strategy=["loop"])["changed"] is True
    assert house.run("android_info")["keepalive"]["running"] is True


def test_a_changed_interval_replaces_the_loop_and_leaves_one(house: House) -> None:
    house.run("android_tether_keepalive", strategy=["loop"], interval=10)
    assert house.run("android_tether_keepalive", strategy=["loop"], interval=20)["changed"] is True
    assert len(house.keepalives()) == 1


def test_paused_it_leaves_the_tether_off(house: House) -> None:
    house.run("android_tether_keepalive", strategy=["loop"], state="paused", interval=1)
    house.until(lambda: house.run("android_info")["keepalive"]["health"]["state"] == "paused", "its word")
    assert house.phone_state()["usb"]["function"] == "none"
    assert house.run("android_tether_keepalive", strategy=["loop"], state="paused", interval=1)["changed"] is False
    assert house.run("android_tether_keepalive", strategy=["loop"], interval=1)["after"]["paused"] is False
    house.until(house.serving, "the tether, as it may act again")


def test_the_diff_shows_the_script_and_its_checksum(house: House) -> None:
    promised = house.run("android_tether_keepalive", strategy=["loop"], check_mode=True)
    assert house.run("android_info")["keepalive"]["installed"] is False
    checksum = promised["after"]["checksum"]
    assert promised["diff"][0]["before_header"].endswith("(absent)")
    assert promised["diff"][0]["after_header"].endswith(f"(running, sha256 {checksum})")
    assert "/proc/net/route" in promised["diff"][0]["after"]
    house.run("android_tether_keepalive", strategy=["loop"])
    assert house.run("android_info")["keepalive"]["checksum"] == checksum


def test_a_script_that_was_edited_on_the_phone_is_shown_and_put_right(house: House) -> None:
    house.run("android_tether_keepalive", strategy=["loop"])
    house.shell("sed -i s/interval=1/interval=99/ /data/local/tmp/homelab.dualwan/keepalive.sh")
    drift = house.run("android_tether_keepalive", strategy=["loop"], check_mode=True)
    assert drift["changed"] is True
    assert "interval=99" in drift["diff"][0]["before"]
    assert "interval=1" in drift["diff"][0]["after"]
    assert house.run("android_tether_keepalive", strategy=["loop"])["changed"] is True
    assert house.run("android_tether_keepalive", strategy=["loop"])["changed"] is False


def test_stopped_and_absent(house: House) -> None:
    house.run("android_tether_keepalive", strategy=["loop"])
    stopped = house.run("android_tether_keepalive", state="stopped")
    assert (stopped["after"]["installed"], stopped["after"]["running"]) == (True, False)
    absent = house.run("android_tether_keepalive", state="absent")
    assert (absent["after"]["installed"], absent["after"]["running"]) == (False, False)
    assert house.run("android_tether_keepalive", state="absent")["changed"] is False
