# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the documentation run, and a second time change nothing."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.house import House

MODULES = (
    "asus_dualwan",
    "asus_settings_backup",
    "asus_wan",
    "asus_wan_info",
    "backup_link_doctor",
    "backup_link_drill",
    "android_info",
    "android_ethernet_tether_info",
    "android_usb_tether",
    "android_tether_keepalive",
    "android_backup_phone",
)

OF_A_LINK_THAT_STANDS = ("backup_link_doctor", "backup_link_drill")


def examples(module: str) -> list[dict[str, Any]]:
    """The tasks under EXAMPLES, one by one."""
    source = importlib.import_module(f"ansible_collections.homelab.dualwan.plugins.modules.{module}")
    return yaml.safe_load(source.EXAMPLES)


@pytest.mark.parametrize("module", MODULES)
def test_examples_run_as_they_are_written(house: House, tmp_path: Path, playbooks: Path, module: str) -> None:
    if module in OF_A_LINK_THAT_STANDS:
        assert house.play(playbooks / "site.yml").code == 0
    house.lab.ctl("phone", "set", "root", "granted")
    tasks = examples(module)
    for task in tasks:
        # Where the devices are is the house's business; all else is the example's.
        task.get(f"homelab.dualwan.{module}", {}).update(house.reach(module))
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    path = tmp_path / "examples.yml"
    path.write_text(yaml.safe_dump([play]))
    report = house.play(path)
    assert report.code == 0, report.output
    assert len(report.tasks) == len(tasks)


def test_a_copy_of_the_example_inventory_with_its_vault_brings_the_link_up(
    house: House, playbooks: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "inventory"
    shutil.copytree(playbooks / "example-inventory", copy)
    secrets = copy / "group_vars" / "asus_routers" / "vault.yml"
    names = yaml.safe_load(secrets.with_name("vault.yml.example").read_text())
    values = (house.lab.username, house.lab.password)
    secrets.write_text(yaml.safe_dump(dict(zip(names, values, strict=True))))
    opener = tmp_path / "vault-password"
    opener.write_text(house.lab.password)
    program = Path(sys.executable).with_name("ansible-vault")
    subprocess.run(
        [program, "encrypt", f"--vault-password-file={opener}", secrets], check=True, env=house.environment()
    )
    assert house.lab.password not in secrets.read_text()

    where = {
        "asuswrt_host": "127.0.0.1",
        "asuswrt_port": house.lab.https_port,
        "asuswrt_certificate_fingerprint": house.lab.certificate_fingerprint,
        "android_serial": house.lab.serial,
        "android_adb_server_port": house.lab.adb_server_port,
    }
    report = house.play(
        playbooks / "site.yml", f"--vault-password-file={opener}", "-e", json.dumps(where), inventory=copy
    )
    assert report.code == 0, report.output
    assert len(report.changed) == 3
