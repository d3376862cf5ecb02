# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor in the simulated house: it names what was done to it first, by one login and one round trip."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks.mutations import MUTATIONS, Mutation, ask, bring_up
from integration.house import House

A_FEW = (
    "Dual WAN off",
    "plugged in before USB was a WAN",
    "the primary's cable is out",
    "the phone's cable is out",
    "the phone is in the computer",
    "mobile data off",
    "a wiggle, and no default",
    "the phone asks for permission",
    "a wrong password",
)
"""Of the benchmark's table, which has all."""


def named(name: str) -> Mutation:
    return next(mutation for mutation in MUTATIONS if mutation.name == name)


def test_every_state_of_the_benchmark_has_a_name_of_its_own() -> None:
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS) >= 50


@pytest.mark.parametrize("name", A_FEW)
def test_it_names_first_what_was_done(house: House, name: str) -> None:
    bring_up(house)
    outcome = ask(house, named(name))
    assert [finding["id"] for finding in outcome["findings"]][:1] == [named(name).cause]


def test_a_house_in_order_is_asked_once_and_left_alone(house: House) -> None:
    bring_up(house)
    before = house.lab.ctl("router", "nvram")
    house.forget()
    requests = house.phone_state()["adb"]["requests"]
    outcome = house.run("backup_link_doctor")
    assert not outcome.failed, outcome.message
    assert (outcome["ready"], outcome["exit_code"]) == (True, 0)
    assert {finding["severity"] for finding in outcome["findings"]} <= {"notice"}
    assert house.kinds() == ["login", "read", "logout"]
    assert house.phone_state()["adb"]["requests"] == requests + 1
    assert house.lab.ctl("router", "nvram") == before


def test_the_routers_name_server_is_asked_where_its_port_is_known(house: House) -> None:
    bring_up(house)
    port = house.lab.internet_dns_port
    assert not [found for found in told(house, port) if found.startswith("dns_")]
    # As after a failover that ties the house's name server to the line that is lost.
    house.lab.ctl("internet", "dns", "1")
    assert "dns_silent" in told(house, port)


def told(house: House, dns_port: int) -> list[str]:
    outcome = house.run("backup_link_doctor", fail_on="never", dns_port=dns_port)
    return [finding["id"] for finding in outcome["findings"]]


def test_check_yml_shows_a_table_writes_its_files_and_ends_by_severity(
    house: House, playbooks: Path, tmp_path: Path
) -> None:
    bring_up(house)
    files = {"verify_json_file": str(tmp_path / "link.json"), "verify_junit_file": str(tmp_path / "link.xml")}
    report = house.play(playbooks / "check.yml", "-e", json.dumps(files))
    assert report.code == 0, report.output
    assert report.changed == []
    assert json.loads((tmp_path / "link.json").read_text())["ready"] is True
    suite = ET.parse(tmp_path / "link.xml").getroot()
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "0")

    house.shell("settings put global low_power 1")
    warned = house.play(playbooks / "check.yml", "-e", json.dumps(files))
    assert warned.code == 0, warned.output
    assert "phone_battery_saver: The phone's battery saver is on" in warned.output
    told = {"verify_fail_on": "warning", **files}
    failed = house.play(playbooks / "check.yml", "-e", json.dumps(told))
    assert failed.code != 0
    assert json.loads((tmp_path / "link.json").read_text())["exit_code"] == 1
    assert [case.get("name") for case in ET.parse(tmp_path / "link.xml").iter("testcase") if len(case)][:1] == [
        "phone_battery_saver"
    ]
    ignored = house.play(playbooks / "check.yml", "-e", json.dumps({**told, "verify_ignore": ["phone_battery_saver"]}))
    assert "phone_battery_saver" not in ignored.output


def test_the_phone_is_left_out_where_none_goes_with_the_router(house: House, playbooks: Path) -> None:
    bring_up(house)
    report = house.play(playbooks / "check.yml", "-e", "backup_phone=")
    assert report.code == 0, report.output
    assert "phone_not_asked" in report.output


def test_what_is_wrong_is_said_once_and_line_by_line_and_the_failure_names_the_first(
    house: House, playbooks: Path
) -> None:
    report = house.play(playbooks / "check.yml")
    assert report.code != 0
    said, failed = report.tasks[-2:]
    assert said["result"]["msg"][0].startswith("-> primary")
    assert failed["result"]["msg"].startswith("dual_wan_off: Dual WAN is off")


@pytest.mark.parametrize(
    ("playbook", "variable"),
    [
        ("check.yml", "backup_phone"),
        ("check.yml", "verify_phone"),
        ("drill.yml", "backup_phone"),
        ("drill.yml", "drill_phone"),
        ("report.yml", "backup_phone"),
    ],
)
def test_a_phone_that_is_no_host_is_refused_before_anything_is_asked(
    house: House, playbooks: Path, tmp_path: Path, playbook: str, variable: str
) -> None:
    house.lab.ctl("router", "forget-requests")
    report = house.play(
        playbooks / playbook, "-e", f"{variable}=atic", "-e", f"report_directory={tmp_path}", "-e", "drill_fault=watch"
    )
    assert report.code != 0
    assert "The phone is to be atic (backup_phone)" in report.output
    assert house.kinds() == []
    assert not [*tmp_path.glob("*.html")]


def test_with_two_routers_each_names_its_phone(house: House, playbooks: Path, tmp_path: Path) -> None:
    bring_up(house)
    inventory = json.loads(house.inventory.read_text())
    one = inventory["asus_routers"]["hosts"].pop("router")
    inventory["asus_routers"]["hosts"] = {"upstairs": one, "downstairs": {**one, "backup_phone": "phone"}}
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(inventory))
    report = house.play(playbooks / "check.yml", inventory=path)
    assert report.code == 0, report.output
    told = {task["host"]: task["result"] for task in report.tasks if task["action"].endswith("backup_link_doctor")}
    ids = {host: {finding["id"] for finding in result["findings"]} for host, result in told.items()}
    assert "phone_not_asked" in ids["upstairs"]
    assert "phone_not_asked" not in ids["downstairs"]


def test_bad_options_fail_before_anything_is_asked(house: House, playbooks: Path) -> None:
    report = house.play(playbooks / "check.yml", "-e", json.dumps({"verify_ignore": ["nonsense"]}))
    assert report.code != 0
    assert "ignore has nonsense, which is no rule" in report.output
    assert house.kinds() == []
