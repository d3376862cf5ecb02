# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Re-arming from a machine in the house: the role writes it, and what it wrote brings the tether back by a real adb."""

from __future__ import annotations

import shutil
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from integration.house import House, Outcome
from integration.machine import ADB, LOOK, UNITS, Machine
from tools.needs import unavailable


@pytest.fixture
def machine(house: House, tmp_path: Path) -> Machine:
    made = Machine(house, tmp_path)
    report = made.play("host", android_serial=house.lab.serial)
    assert report.code == 0, report.output
    return made


def test_what_is_written_is_for_one_phone_and_written_once(house: House, machine: Machine) -> None:
    assert sorted(path.name for path in machine.units.iterdir()) == UNITS
    assert stat.S_IMODE((machine.directory / "rearm.env").stat().st_mode) == 0o600
    assert f"EnvironmentFile={machine.directory}/rearm.env" in (machine.units / LOOK).read_text()
    again = machine.play("host", "--diff", "-v", android_serial=house.lab.serial)
    assert (again.code, again.changed) == (0, [])
    assert machine.play("host_remove").code == 0
    assert list(machine.units.iterdir()) == []
    assert not machine.directory.exists()
    assert machine.play("host_remove").changed == []


def test_the_serial_number_is_in_no_output(house: House, tmp_path: Path) -> None:
    report = Machine(house, tmp_path).play("host", "--diff", "-vv", android_serial="R58N12ABCDE")
    assert report.code == 0, report.output
    assert "R58N12ABCDE" not in report.output.replace(str(tmp_path), "")


def test_what_is_written_sets_a_lost_tether_again_by_adb(house: House, machine: Machine) -> None:
    with machine.looking() as run:
        house.until(lambda: "the tether is on again" in run.said, "the tether")
        assert house.serving()
        assert house.lab.serial not in run.said


def test_by_udev_it_is_started_when_the_phone_comes_up(house: House, tmp_path: Path) -> None:
    machine = Machine(house, tmp_path)
    machine.play("host", android_serial="R58N12ABCDE")
    report = machine.play("host", "--diff", "-vvv", android_serial="R58N12ABCDE", phone_rearm_trigger="udev")
    assert report.code == 0, report.output
    assert sorted(path.name for path in machine.units.iterdir()) == [ADB, LOOK]
    (rule,) = machine.rules.iterdir()
    assert stat.S_IMODE(rule.stat().st_mode) == 0o600
    (line,) = [line for line in rule.read_text().splitlines() if not line.startswith("#")]
    assert 'ENV{ID_SERIAL_SHORT}=="R58N12ABCDE"' in line
    assert line.endswith('ENV{SYSTEMD_WANTS}+="homelab.dualwan-rearm.service"')
    assert "R58N12ABCDE" not in report.output.replace(str(tmp_path), "").replace(str(report.tasks), "")
    again = machine.play("host", android_serial="R58N12ABCDE", phone_rearm_trigger="udev")
    assert (again.code, again.changed) == (0, [])

    machine.play("host", android_serial="R58N12ABCDE")
    assert list(machine.rules.iterdir()) == []
    assert sorted(path.name for path in machine.units.iterdir()) == UNITS


def test_udev_cannot_know_a_phone_by_its_address(house: House, tmp_path: Path) -> None:
    report = Machine(house, tmp_path).play("host", android_serial="192.0.2.7:5555", phone_rearm_trigger="udev")
    assert report.code != 0
    assert "the phone's serial number" in report.output


@pytest.mark.parametrize("interval", [0, -5, 3601])
def test_an_interval_that_is_none_is_refused_and_nothing_is_written(
    house: House, tmp_path: Path, interval: int
) -> None:
    machine = Machine(house, tmp_path)
    report = machine.play("host", android_serial="192.0.2.7:5555", phone_rearm_interval=interval)
    assert report.code != 0
    assert f"phone_rearm_interval is {interval}" in report.output
    assert not machine.directory.exists()


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


def test_taking_it_off_the_phone_tells_of_a_machine_that_goes_on(house: House, machine: Machine) -> None:
    house.shell('read -r now _ </proc/uptime; setprop debug.homelab.dualwan "${now%.*} 305"')
    report = machine.play("remove", android_serial=house.lab.serial, android_adb_server_port=house.lab.adb_server_port)
    assert report.code == 0, report.output
    assert "end the service on the machine that looks after it" in report.output


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
        time.sleep(3)
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


def test_shellcheck_has_nothing_to_say(machine: Machine) -> None:
    if shutil.which("shellcheck") is None:
        unavailable("the program shellcheck")
    written = [str(machine.directory / name) for name in ("rearm.sh", "watch.sh")]
    said = subprocess.run(["shellcheck", "-s", "sh", *written], capture_output=True, text=True, check=False)
    assert said.stdout == ""
    assert "shellcheck" not in "".join(Path(path).read_text() for path in written)
