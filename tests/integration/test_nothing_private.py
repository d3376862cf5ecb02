# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Neither the most talkative run nor the phone's own log has a serial number, a phone number or a password in it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from integration.house import House

PLAY = """\
- hosts: all
  gather_facts: false
  tasks:
    - homelab.dualwan.android_info:
    - homelab.dualwan.android_usb_tether:
    - homelab.dualwan.android_tether_keepalive:
        strategy: [loop]
        interval: 1
    - homelab.dualwan.android_backup_phone:
    - homelab.dualwan.android_usb_tether:
        function: ncm
      async: 60
      poll: 1
"""
INVENTORY = """\
all:
  hosts:
    phone:
      ansible_connection: local
      android_serial: {serial}
      android_adb_server_port: {port}
      ansible_python_interpreter: {python}
      router_password: {password}
"""


def private(house: House) -> list[str]:
    """What the phone has of it, as it says itself, what adb knows it by, and the router's password."""
    asked = "getprop ro.serialno; getprop ril.iccid.sim1; dumpsys telephony.registry | sed -n 's/.*IncomingNumber=+//p'"
    found = house.shell(asked).split()
    assert len(found) == 3
    return [*found, house.lab.serial, house.lab.password]


@pytest.mark.parametrize("fault", ["", "functions mtp"], ids=["all well", "a task that fails"])
def test_a_run_with_vvv_tells_nothing_private(house: House, tmp_path: Path, fault: str) -> None:
    secrets = private(house)
    if fault:
        house.lab.ctl("phone", "set", *fault.split())
    playbook, inventory = tmp_path / "play.yml", tmp_path / "inventory.yml"
    playbook.write_text(PLAY)
    inventory.write_text(
        INVENTORY.format(
            serial=house.lab.serial, port=house.lab.adb_server_port, password=house.lab.password, python=sys.executable
        )
    )
    report = house.play(playbook, "-vvv", "--diff", inventory=inventory)
    assert bool(report.code) is bool(fault), report.output
    assert "android_usb_tether" in report.output, "it did not tell much"
    told = report.output + str(report.tasks)
    assert not [secret for secret in secrets if secret in told]


AWAY = """\
- hosts: all
  gather_facts: false
  tasks:
    - homelab.dualwan.android_info:
      ignore_errors: true
    - homelab.dualwan.android_info:
        may_be_away: true
    - homelab.dualwan.android_tether_keepalive:
        strategy: [host]
      ignore_errors: true
    - homelab.dualwan.android_usb_tether:
      async: 60
      poll: 1
      ignore_errors: true
"""


@pytest.mark.parametrize("serial", ["R58N12ABCDE", "127.0.0.1:9"], ids=["by USB", "over the network"])
def test_a_phone_that_is_away_is_not_named(house: House, tmp_path: Path, serial: str) -> None:
    playbook, inventory = tmp_path / "play.yml", tmp_path / "inventory.yml"
    playbook.write_text(AWAY)
    inventory.write_text(
        INVENTORY.format(serial=serial, port=house.lab.adb_server_port, password="", python=sys.executable)
    )
    report = house.play(playbook, "-vvv", "--diff", inventory=inventory)
    told = report.output + str(report.tasks)
    assert len(report.tasks) == 4
    assert told.count("phone") > 4
    assert serial not in told


def test_what_the_keepalive_writes_is_nothing_private(house: House) -> None:
    secrets = private(house)
    house.run("android_usb_tether", plug_in_default=False)
    house.run("android_tether_keepalive", strategy=["loop"], interval=1)
    house.until(lambda: house.run("android_info")["keepalive"]["health"]["state"] == "serving", "a healthy look")
    house.lab.ctl("cable", "wiggle", "5")
    house.until(lambda: house.run("android_info")["keepalive"]["health"]["recoveries"] == 1, "a cure in its log")
    written = house.shell("cat /data/local/tmp/homelab.dualwan/*")
    assert "cure: function" in written
    assert not [secret for secret in secrets if secret in written]
