# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer that is a machine in the house: what the phone tells of it, and how it is paused, by a real adb."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from integration.house import House, Outcome
from integration.machine import Machine, watches


@pytest.fixture
def machine(house: House, tmp_path: Path) -> Machine:
    made = Machine(house, tmp_path)
    made.furnish(house.lab.serial)
    return made


def host_layer(house: House, **options: Any) -> Outcome:
    outcome = house.run("android_tether_keepalive", strategy=["host"], **options)
    assert not outcome.failed, outcome.message
    return outcome


def test_the_keepalive_tells_whether_a_machine_looks_after_the_phone(house: House, machine: Machine) -> None:
    before = host_layer(house)
    assert before["layers"]["host"]["after"] == "absent"
    assert before["by_hand"][0].startswith("have a machine look after the phone (none has since its boot)")
    with machine.looking() as run:
        house.until(lambda: "the tether is on again" in run.said, "the tether")
        after = host_layer(house)
    assert (after["layers"]["host"]["after"], after["changed"]) == ("running", False)
    assert [hand.partition(":")[0] for hand in after["by_hand"]] == [
        "after each reboot of the phone, `adb tcpip 5555` by USB",
        "have it in a Wi-Fi without internet, never in the router's own",
    ]
    assert host_layer(house, state="absent")["by_hand"][0].startswith(
        "end the service on the machine that looks after it"
    )


def test_auto_tells_of_a_machine_that_goes_on(house: House, machine: Machine) -> None:
    with machine.looking() as run:
        house.until(lambda: "the tether is on again" in run.said, "the tether")
        assert house.run("android_tether_keepalive", state="started")["by_hand"] == []
        for state in ("stopped", "absent"):
            (hand,) = house.run("android_tether_keepalive", state=state)["by_hand"]
            assert hand.startswith("end the service on the machine that looks after it")


@pytest.mark.parametrize("strategy", [["auto"], ["host"]])
def test_paused_a_machine_leaves_a_phone_without_a_script_alone(
    house: House, machine: Machine, strategy: list[str]
) -> None:
    house.lab.ctl("phone", "set", "gadget", "legacy")
    with machine.looking() as run:
        house.until(lambda: "the tether is on again" in run.said, "the tether")
        paused = {"state": "paused", "strategy": strategy}
        promised = house.run("android_tether_keepalive", check_mode=True, **paused)
        done = house.run("android_tether_keepalive", **paused)
        for told in (promised, done):
            assert (told["changed"], told["after"]["paused"], told["by_hand"]) == (True, True, [])
        assert house.run("android_tether_keepalive", **paused)["changed"] is False
        house.lab.ctl("cable", "pull")
        house.until(lambda: not house.phone_state()["usb"]["connected"], "the disconnection")
        house.lab.ctl("cable", "plug", "router")
        house.until(lambda: house.phone_state()["usb"]["configured"], "the phone on the router's USB")
        house.until(lambda: watches(house), "a watch")
        time.sleep(3)  # in which it looks a dozen times
        assert (house.keepalives(), house.phone_state()["usb"]["function"]) == ([], "none")

        started = house.run("android_tether_keepalive", strategy=["host"])
        assert (started["changed"], started["after"]["paused"]) == (True, False)
        house.until(lambda: run.said.count("the tether is on again") == 2, "the tether")


def test_a_pause_that_is_left_ends_with_the_rest(house: House) -> None:
    house.lab.ctl("phone", "set", "gadget", "legacy")
    house.run("android_tether_keepalive", state="paused")
    assert house.run("android_tether_keepalive", state="absent")["changed"] is True
    assert house.shell("ls -d /data/local/tmp/homelab.dualwan") == ""
    assert house.run("android_tether_keepalive", state="absent")["changed"] is False


def test_for_a_machine_the_phone_remembers_its_computers(house: House) -> None:
    promised = host_layer(house, check_mode=True)
    assert (promised["changed"], house.shell("settings get global adb_allowed_connection_time")) == (True, "null\n")
    assert host_layer(house)["changed"] is True
    house.lab.ctl("phone", "set", "days_away", "30")
    house.until(lambda: not house.run("android_info").failed, "the phone by adb")
    assert host_layer(house)["changed"] is False
