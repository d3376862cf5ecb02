# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real systemd runs the units that the role writes, and a real udev reads its rule."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.house import House, Report
from integration.machine import ADB, LOOK, TIMER, Machine, watches
from integration.own_systemd import OwnSystemd, own_systemd
from lab.adb_server import free_port
from tools.needs import unavailable


class Server:
    """The machine with its systemd."""

    def __init__(self, house: House, machine: Machine, systemd: OwnSystemd) -> None:
        self._house, self._machine, self._systemd = house, machine, systemd
        self.said, self.systemctl = systemd.said, systemd.systemctl

    def play(self, tasks_from: str, *arguments: str, **variables: Any) -> Report:
        settings = {"android_serial": self._house.lab.serial, "phone_rearm_start": True, "phone_rearm_interval": 2}
        report = self._machine.play(
            tasks_from, *arguments, environment=dict(self._systemd.environment), **{**settings, **variables}
        )
        assert report.code == 0, report.output
        return report

    def shows(self, unit: str, what: str) -> str:
        return self._systemd.systemctl("show", "--value", "--property", what, unit)


@pytest.fixture
def machine(house: House, tmp_path: Path) -> Machine:
    return Machine(house, tmp_path)


@pytest.fixture
def server(house: House, machine: Machine) -> Iterator[Server]:
    """Where no adb server runs yet."""
    settings = {"ANDROID_ADB_SERVER_PORT": str(free_port())}
    with own_systemd(machine.units, machine.programs, settings) as systemd:
        yield Server(house, machine, systemd)


def test_whenever_the_tether_or_the_run_is_gone_the_timer_brings_it_back_until_it_is_stopped(
    house: House, server: Server
) -> None:
    server.play("host")
    house.until(lambda: "the tether is on again" in server.said(), "the tether")
    adb_server = server.shows(ADB, "InvocationID")
    with house.tether_lost():
        house.shell("svc usb setFunctions")
    house.until(house.serving, "the tether again")
    house.until(lambda: server.said().count("the tether is on again") == 2, "its word in the journal")
    assert server.said().count("the tether is gone, setting the USB function rndis") == 2
    assert house.lab.serial not in server.said()
    # One that a run had started would end with that run.
    assert (server.shows(ADB, "ActiveState"), server.shows(ADB, "InvocationID")) == ("active", adb_server)

    house.until(lambda: watches(house), "a watch")
    run = server.shows(LOOK, "InvocationID")
    server.systemctl("kill", "--signal=KILL", LOOK)
    house.until(lambda: server.shows(LOOK, "InvocationID") not in ("", run), "another run")
    house.until(lambda: watches(house), "a watch")

    server.systemctl("stop", TIMER, LOOK)
    assert server.shows(LOOK, "ActiveState") == "inactive"
    # The adb of the watch goes with the service's cgroup. Here there is none to be had, so that it may live on.
    assert server.shows(LOOK, "KillMode") == "control-group"


def test_a_healthy_phone_is_watched_in_one_run_and_another_interval_holds_at_once(house: House, server: Server) -> None:
    server.play("host")
    house.until(lambda: "the tether is on again" in server.said(), "its word in the journal")
    there = house.until(lambda: watches(house), "a watch")
    said, run = server.said(), server.shows(LOOK, "InvocationID")
    assert server.play("host").changed == []
    assert (server.said(), server.shows(LOOK, "InvocationID"), watches(house)) == (said, run, there)
    assert server.shows(LOOK, "ActiveState") == "active"

    assert server.play("host", phone_rearm_interval=600).changed == [
        "homelab.dualwan.phone : Tell it which phone",
        "homelab.dualwan.phone : Describe the timer",
        "homelab.dualwan.phone : Begin anew with what is written now",
    ]
    assert "OnUnitInactiveUSec=10min" in server.shows(TIMER, "TimersMonotonic")
    assert server.shows(TIMER, "ActiveState") == "active"
    house.until(lambda: watches(house) not in ([], there), "another watch")
    house.until(lambda: house.shell("getprop debug.homelab.dualwan").split()[1:] == ["900"], "its trace")


def test_check_mode_foretells_it_on_a_machine_that_has_nothing_yet(server: Server, machine: Machine) -> None:
    assert server.play("host", "--check").changed
    assert list(machine.units.iterdir()) == []


def test_taken_off_it_leaves_nothing_that_runs(house: House, server: Server, machine: Machine) -> None:
    server.play("host")
    house.until(house.serving, "the tether, and with it the end of the first watch")
    house.until(lambda: watches(house), "a watch")
    server.play("host_remove")
    assert [server.shows(unit, "ActiveState") for unit in (TIMER, LOOK, ADB)] == ["inactive"] * 3
    assert list(machine.units.iterdir()) == []
    assert server.play("host_remove").changed == []


def test_an_adb_server_that_is_there_already_is_used(house: House, machine: Machine) -> None:
    port = str(house.lab.adb_server_port)
    with own_systemd(machine.units, machine.programs, {"ANDROID_ADB_SERVER_PORT": port}) as systemd:
        server = Server(house, machine, systemd)
        server.play("host")
        house.until(house.serving, "the tether")
        # Whether it counts as active with nothing to run is systemd's to say, and differs by the kernel's cgroups.
        assert server.shows(ADB, "Result") == "success"


def test_systemd_has_nothing_to_object(house: House, machine: Machine) -> None:
    if not shutil.which("systemd-analyze"):
        unavailable("the program systemd-analyze")
    machine.play("host", android_serial=house.lab.serial)
    said = subprocess.run(
        ["systemd-analyze", "verify", *(str(path) for path in machine.units.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    ).stderr
    assert [line for line in said.splitlines() if "homelab" in line] == []


# A device's directory in a /sys that holds nothing else, which takes the place of the real one for this process only.
PLUGGED_IN = """
mount -t tmpfs none /sys
mount -t tmpfs none /run
mkdir -p "$1" /sys/bus/usb /sys/class /run/udev
ln -s "$2" /run/udev/rules.d
ln -s /sys/bus/usb "$1/subsystem"
cd "$1"
echo 18d1 >idVendor
echo 4eeb >idProduct
echo "$3" >serial
printf 'DEVTYPE=usb_device\\nPRODUCT=18d1/4eeb/510\\nBUSNUM=001\\nDEVNUM=004\\n' >uevent
exec udevadm test --action="$4" "$1"
"""
DEVICE = "/sys/devices/pci0000:00/usb1/1-1"


def asked_for(machine: Machine, serial: str, action: str = "add") -> bool:
    """Whether udev has systemd start the service when such a device comes up."""
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-ec", PLUGGED_IN, "sh", DEVICE, str(machine.rules), serial, action],
        env={**os.environ, "SYSTEMD_DEVICE_VERIFY_SYSFS": "0"},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert f"ACTION={action}\n" in done.stdout, done.stdout + done.stderr
    return f"SYSTEMD_WANTS={LOOK}" in done.stdout


def test_udev_starts_the_service_for_that_phone_alone(machine: Machine) -> None:
    if os.getuid() != 0 or not shutil.which("udevadm"):
        unavailable("root and udevadm")
    machine.play("host", android_serial="R58N12ABCDE", phone_rearm_trigger="udev")
    assert asked_for(machine, "R58N12ABCDE")
    assert not asked_for(machine, "R58N12ABCDE", action="remove")
    assert not asked_for(machine, "R58N12ABCDF")
