# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All settings in a file, and back, in a house."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.house import House
from lab.client import running

CONFIRMED: dict[str, Any] = {"state": "restored", "confirm": "restore RT-AX53U"}
KEPT = ["login", "read", "download", "logout"]
WIFI_KEY = "eleven little pigs"
WISH: dict[str, Any] = {"state": "enabled", "detection": {"ping_target": "1.1.1.1"}}


def test_a_file_costs_one_login_one_read_and_one_download(house: House, tmp_path: Path) -> None:
    outcome = house.run("asus_settings_backup", directory=str(tmp_path / "kept"))
    assert house.kinds() == KEPT
    assert (outcome["changed"], outcome["model"], outcome["form"]) == (True, "RT-AX53U", "HDR1")
    path = Path(outcome["file"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert house.lab.password.encode() in path.read_bytes()


def test_nothing_is_added_while_only_states_change(house: House, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    house.run("asus_settings_backup", directory=str(kept))
    house.lab.ctl("wan", "link", "0", "down")
    house.until(lambda: not house.run("asus_wan_info")["wans"][0]["link"], "the cable gone")
    again = house.run("asus_settings_backup", directory=str(kept))
    assert again["differs"] == []
    assert (again["changed"], len(list(kept.iterdir()))) == (False, 1)


def test_a_phone_that_comes_is_no_change(house: House, tmp_path: Path) -> None:
    house.run("asus_dualwan", **WISH)
    house.run("asus_settings_backup", directory=str(tmp_path))
    house.run("android_usb_tether")
    house.until(lambda: house.run("asus_wan_info")["phone"]["interface"], "the phone on the router's USB")
    assert house.run("asus_settings_backup", directory=str(tmp_path))["differs"] == []


def test_check_mode_leaves_the_router_and_the_disk_alone(house: House, tmp_path: Path) -> None:
    house.lab.ctl("router", "set", "asus_device_list", "<3>a node")
    outcome = house.run("asus_settings_backup", check_mode=True, directory=str(tmp_path / "kept"))
    assert house.kinds() == ["login", "read", "logout"]
    assert outcome["changed"] is True
    assert house.nvram("asus_device_list") == {"asus_device_list": "<3>a node"}
    assert not (tmp_path / "kept").exists()


def test_what_was_there_before_comes_back_with_one_more_login(house: House, tmp_path: Path) -> None:
    house.run("asus_settings_backup", directory=str(tmp_path))
    house.run("asus_dualwan", **WISH)
    changed = house.nvram("wans_dualwan", "wandog_target")
    foretold = house.run("asus_settings_backup", check_mode=True, directory=str(tmp_path), file="newest", **CONFIRMED)
    house.forget()

    outcome = house.run("asus_settings_backup", directory=str(tmp_path), file="newest", **CONFIRMED)
    assert not outcome.failed, outcome.message
    assert outcome["changed"] is True
    assert outcome["seconds"] > 0
    kinds = [kind for kind in house.kinds() if kind not in ("check", "cut")]  # waiting for the router
    assert kinds == ["login", "read", "download", "read", "upload", "login", "read", "read", "download", "logout"]
    assert house.lab.ctl("router", "state")["boots"] == 2
    assert house.nvram("wans_dualwan") == {"wans_dualwan": "wan none"}
    assert (outcome["not_restored"], outcome["warnings"]) == ({}, [])
    assert outcome["diff"]["before"]["wandog_target"] == changed["wandog_target"]
    assert foretold["diff"]["after"] == outcome["diff"]["after"]

    again = house.run("asus_settings_backup", directory=str(tmp_path), file="newest", **CONFIRMED)
    assert (again["changed"], again["differs"]) == (False, [])
    undone = house.run("asus_settings_backup", directory=str(tmp_path), file=outcome["before_restore"], **CONFIRMED)
    assert undone["changed"] is True
    assert house.nvram("wans_dualwan", "wandog_target") == changed


def test_a_phone_that_the_router_takes_by_itself_does_not_reboot_it_at_each_restore(
    house: House, tmp_path: Path
) -> None:
    house.run("asus_settings_backup", directory=str(tmp_path))
    house.run("asus_dualwan", detection={"failover_count": 7})
    house.run("android_usb_tether")
    by_itself = {"wans_dualwan": "wan usb", "wans_usb_bk_act": "1"}
    house.until(lambda: house.nvram(*by_itself) == by_itself, "Auto USB Backup WAN")

    outcome = house.run("asus_settings_backup", directory=str(tmp_path), file="newest", **CONFIRMED)
    assert outcome["differs"] == ["wandog_maxfail"]
    assert outcome["not_restored"] == {}
    assert house.lab.ctl("router", "state")["boots"] == 2
    house.until(lambda: house.nvram(*by_itself) == by_itself, "Auto USB Backup WAN after the boot")
    again = house.run("asus_settings_backup", directory=str(tmp_path), file="newest", **CONFIRMED)
    assert (again["changed"], again["differs"]) == (False, [])
    assert house.lab.ctl("router", "state")["boots"] == 2


def test_a_file_that_was_tampered_with_never_reaches_the_router(house: House, tmp_path: Path) -> None:
    path = Path(house.run("asus_settings_backup", directory=str(tmp_path))["file"])
    house.forget()
    path.write_bytes(path.read_bytes()[:-100])
    outcome = house.run("asus_settings_backup", file=str(path), **CONFIRMED)
    assert outcome["reason"] == "bad_backup"
    assert "is cut off" in outcome.message
    assert house.kinds() == []


def test_a_file_from_before_the_address_was_changed_is_refused(house: House, tmp_path: Path) -> None:
    path = house.run("asus_settings_backup", directory=str(tmp_path))["file"]
    house.lab.ctl("router", "set", "lan_ipaddr", "192.168.77.1")
    house.forget()
    outcome = house.run("asus_settings_backup", file=path, **CONFIRMED)
    assert (outcome["reason"], outcome["closed"]) == ("bad_wish", ["lan_ipaddr"])
    assert house.kinds() == ["login", "read", "logout"]
    assert house.nvram("lan_ipaddr") == {"lan_ipaddr": "192.168.77.1"}


@pytest.mark.parametrize("firmware", ["382", "388", "3006"])
def test_a_file_of_every_firmware_is_kept_and_put_back(tmp_path: Path, firmware: str) -> None:
    with running(speed=20, firmware=firmware) as lab:
        house = House(lab, tmp_path)
        kept = house.run("asus_settings_backup")
        assert not kept.failed, kept.message
        house.run("asus_dualwan", detection={"failover_count": 7})
        changed = house.nvram("wandog_maxfail")
        confirm = f"restore {kept['model']}"
        back = house.run("asus_settings_backup", state="restored", file="newest", confirm=confirm)
        assert not back.failed, back.message
        assert changed == {"wandog_maxfail": "7"}
        assert house.nvram("wandog_maxfail") != changed
        assert back["differs"] == ["wandog_maxfail"]


def test_nothing_of_a_file_s_content_is_in_output_or_results(house: House, tmp_path: Path) -> None:
    """However much is asked to be told, and also where it goes wrong."""
    house.lab.ctl("router", "set", "wl0_wpa_psk", WIFI_KEY)
    options = {**house.router, "directory": str(tmp_path / "kept")}
    whole = Path(house.run("asus_settings_backup", **options)["file"])
    damaged = tmp_path / "damaged.CFG"
    damaged.write_bytes(whole.read_bytes().replace(WIFI_KEY.encode() + b"\0", WIFI_KEY.encode() + b"\0no pair\0", 1))
    house.lab.ctl("router", "set", "wl0_wpa_psk", f"{WIFI_KEY} more")
    house.lab.ctl("router", "set", "wl0_ssid", "another")
    asked = [
        options,
        {**options, **CONFIRMED, "file": str(whole)},
        {**options, **CONFIRMED, "file": str(damaged)},
        {**options, **CONFIRMED, "file": str(whole), "confirm": "yes"},
    ]
    tasks = [{"homelab.dualwan.asus_settings_backup": one, "ignore_errors": True} for one in asked]
    tasks += [{**task, "check_mode": True} for task in tasks[:2]]
    play = tmp_path / "play.yml"
    play.write_text(
        yaml.safe_dump([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}])
    )
    report = house.play(play, "-vvv", "--diff")
    assert [task["how"] for task in report.tasks] == ["ok", "ok", "failed", "failed", "ok", "ok"], report.output
    told = report.output + str(report.tasks)
    assert "wl0_wpa_psk" in told
    for secret in (house.lab.password, WIFI_KEY):
        assert secret not in told
