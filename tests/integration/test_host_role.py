# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine in the house that looks after the phone: what the role writes there, and that it brings the tether back."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from integration.house import House
from integration.machine import ADB, LOOK, UNITS, Machine
from tools.needs import unavailable
from tools.rearm_script import script_in


def test_what_is_written_brings_the_tether_back_is_written_once_and_goes_again(house: House, tmp_path: Path) -> None:
    machine = Machine(house, tmp_path)
    report = machine.play("host", android_serial=house.lab.serial)
    assert report.code == 0, report.output
    assert sorted(path.name for path in machine.units.iterdir()) == UNITS
    assert stat.S_IMODE((machine.directory / "rearm.env").stat().st_mode) == 0o600
    assert f"EnvironmentFile={machine.directory}/rearm.env" in (machine.units / LOOK).read_text()

    with machine.looking() as run:
        house.until(lambda: "the tether is on again" in run.said, "the tether")
        assert house.serving()
        assert house.lab.serial not in run.said

    again = machine.play("host", "--diff", "-v", android_serial=house.lab.serial)
    assert (again.code, again.changed) == (0, [])
    assert machine.play("host_remove").code == 0
    assert list(machine.units.iterdir()) == []
    assert not machine.directory.exists()
    assert machine.play("host_remove").changed == []


def test_by_timer_or_by_udev_it_is_started_and_nothing_tells_the_serial_number(house: House, tmp_path: Path) -> None:
    machine = Machine(house, tmp_path)
    report = machine.play("host", "--diff", "-vv", android_serial="R58N12ABCDE")
    assert report.code == 0, report.output
    assert "R58N12ABCDE" not in report.output.replace(str(tmp_path), "")
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


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"phone_rearm_interval": 0}, "phone_rearm_interval is 0"),
        ({"phone_rearm_interval": 3601}, "phone_rearm_interval is 3601"),
        ({"phone_rearm_directory": "/usr/local/bin"}, "phone_rearm_directory is /usr/local/bin"),
        ({"phone_rearm_user": "nobody-of-that-name"}, "no such user"),
    ],
    ids=["no interval", "too long an interval", "a directory of others", "no such user"],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    house: House, tmp_path: Path, wrong: dict[str, Any], told: str
) -> None:
    machine = Machine(house, tmp_path)
    report = machine.play("host", **{"android_serial": 12345678, **wrong})
    assert report.code != 0
    assert told in report.output
    assert not machine.directory.exists()
    assert list(machine.units.iterdir()) == []


def test_what_others_have_too_is_not_taken_away(house: House, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    report = Machine(house, tmp_path).play("host_remove", phone_rearm_directory=str(tmp_path / "shared"))
    assert report.code != 0
    assert (tmp_path / "shared").exists()


def test_taking_it_off_the_phone_tells_of_a_machine_that_goes_on(house: House, tmp_path: Path) -> None:
    house.shell('read -r now _ </proc/uptime; setprop debug.homelab.dualwan "${now%.*} 305"')
    phone = {"android_serial": house.lab.serial, "android_adb_server_port": house.lab.adb_server_port}
    report = Machine(house, tmp_path).play("remove", **phone)
    assert report.code == 0, report.output
    assert "end the service on the machine that looks after it" in report.output


def test_shellcheck_has_nothing_to_say(tmp_path: Path) -> None:
    if shutil.which("shellcheck") is None:
        unavailable("the program shellcheck")
    script_in(tmp_path)
    written = [str(tmp_path / name) for name in ("rearm.sh", "watch.sh")]
    said = subprocess.run(["shellcheck", "-s", "sh", *written], capture_output=True, text=True, check=False)
    assert said.stdout == ""
    assert "shellcheck" not in "".join(Path(path).read_text() for path in written)
