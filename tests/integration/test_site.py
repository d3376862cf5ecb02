# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job: one playbook brings the link up, and a second run changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from integration.drilling import briefly
from integration.house import House


def test_one_run_brings_the_link_up_and_the_next_changes_nothing(house: House, playbooks: Path) -> None:
    first = house.play(playbooks / "site.yml")
    assert first.code == 0, first.output
    assert len(first.changed) == 3

    house.forget()
    second = house.play(playbooks / "site.yml")
    assert second.code == 0, second.output
    assert second.changed == []
    assert house.kinds() == ["login", "read", "logout"] * 2


def test_the_router_really_fails_over_to_the_phone_and_returns(house: House, playbooks: Path) -> None:
    house.play(playbooks / "site.yml")
    house.lab.ctl("wan", "upstream", "0", "silent")
    house.until(lambda: house.nvram("wan_primary", "link_internet") == {"wan_primary": "1", "link_internet": "2"}, "")

    on_backup = house.play(playbooks / "check.yml")
    assert on_backup.code != 0
    link = on_backup.of("backup_link_doctor")[0]
    assert link["active"] == "secondary"
    assert [finding["id"] for finding in link["findings"] if finding["severity"] == "error"] == ["on_backup"]

    house.lab.ctl("wan", "upstream", "0", "up")
    house.until(lambda: house.nvram("wan_primary")["wan_primary"] == "0", "the return to the primary")
    house.until(lambda: house.run("asus_wan_info")["ready"], "both lines in order")


def test_it_ends_in_proof_and_with_drill_in_a_drill(house: House, playbooks: Path) -> None:
    report = house.play(playbooks / "site.yml", "-e", json.dumps({"verify_json_file": str(house.home / "proof.json")}))
    proof = json.loads((house.home / "proof.json").read_text())
    assert (proof["ready"], proof["drill_would_take"] > 0) == (True, True)
    assert "a drill by target_unreachable would take" in report.output
    assert report.of("backup_link_drill") == []

    drills = house.play(playbooks / "site.yml", "-e", json.dumps({"drill": True, **briefly(house)}))
    assert drills.code == 0, drills.output
    measured = drills.of("backup_link_drill")[-1]
    assert measured["verdict"] in ("passed", "slow"), measured["told"]
    assert measured["drill"]["given_back"]
    assert house.play(playbooks / "site.yml").changed == []


def test_several_routers_drill_one_after_the_other(house: House, playbooks: Path, tmp_path: Path) -> None:
    assert house.play(playbooks / "site.yml").code == 0
    names = ("host", "port", "tls", "certificate_fingerprint", "username", "password")
    same = {f"asuswrt_{name}": f"{{{{ hostvars['router'].asuswrt_{name} }}}}" for name in names}
    of_the_group = {"drill": True, **briefly(house)}
    group = {"asus_routers": {"hosts": {"twin": same}, "vars": of_the_group}}
    (tmp_path / "twin.yml").write_text(json.dumps(group))

    # Two at once on one router: the second would be told that a drill runs.
    report = house.play(playbooks / "site.yml", "--inventory", str(tmp_path / "twin.yml"), "-e", "backup_phone=")
    assert report.code == 0, report.output
    verdicts = [told["verdict"] for told in report.of("backup_link_drill") if "verdict" in told]
    assert len(verdicts) == 2
    assert set(verdicts) <= {"passed", "slow"}


def test_a_drill_that_nobody_has_said_yes_to_is_refused(house: House, playbooks: Path) -> None:
    report = house.play(
        playbooks / "site.yml", "-e", json.dumps({"drill": True, **briefly(house)} | {"drill_confirmed": False})
    )
    assert report.code != 0
    assert report.of("backup_link_drill")[-1]["reason"] == "not_confirmed", report.output
    assert house.nvram("wan0_enable") == {"wan0_enable": "1"}


def test_check_mode_writes_to_neither_end(house: House, playbooks: Path) -> None:
    before = (house.lab.ctl("router", "nvram"), house.phone_state()["usb"])
    house.lab.ctl("phone", "forget-log")
    report = house.play(playbooks / "site.yml", "--check", "--diff")
    assert report.code == 0, report.output
    assert len(report.changed) == 3
    assert set(house.kinds()) == {"login", "read", "logout"}
    assert (house.lab.ctl("router", "nvram"), house.phone_state()["usb"]) == before
    assert house.phone_state()["processes"] == []


def test_without_a_keepalive_the_default_stays_whatever_the_layers_were_to_be(house: House, playbooks: Path) -> None:
    told = json.dumps({"phone_keepalive": False, "phone_keepalive_strategy": ["default_usb", "loop"]})
    assert house.play(playbooks / "site.yml", "-e", told).code == 0
    assert house.phone_state()["usb"]["default"] == "rndis"
    assert house.play(playbooks / "site.yml", "-e", told).changed == []


@pytest.mark.parametrize("layers", [["auto"], "loop, default_usb"], ids=["a list", "as a command line gives it"])
def test_layers_that_set_the_default_are_refused_where_none_is_wanted(
    house: House, playbooks: Path, layers: list[str] | str
) -> None:
    told = json.dumps({"phone_plug_in_default": False, "phone_keepalive_strategy": layers})
    report = house.play(playbooks / "site.yml", "-e", told, "--limit", "android_phones")
    assert report.code != 0
    assert "name the layers without it, such as loop" in report.output
    assert house.phone_state()["usb"]["function"] == "none"


WRONG = {
    "phone_keepalive": "y",
    "phone_keepalive_as_root": "sure",
    "phone_keepalive_strategy": "root_service; loop",
    "phone_keepalive_interval": 0,
    "phone_keepalive_cures": "",
    "phone_keepalive_max_battery_temperature": "nan",
    "phone_automate_flow": "my flow",
}


def test_values_that_cannot_be_are_all_told_before_the_phone_hears_of_any(house: House, playbooks: Path) -> None:
    report = house.play(playbooks / "site.yml", "-e", json.dumps(WRONG), "--limit", "android_phones")
    assert report.code != 0
    said = " ".join(report.output.split())
    assert [name for name in WRONG if f"{name} is " not in said] == []
    assert house.phone_state()["usb"]["function"] == "none"


def test_a_value_that_is_null_is_one_that_was_left_out(house: House, playbooks: Path) -> None:
    assert house.play(playbooks / "site.yml", "--limit", "android_phones").code == 0
    nulls = dict.fromkeys(name for name in WRONG if name not in ("phone_keepalive", "phone_keepalive_as_root"))
    report = house.play(playbooks / "site.yml", "-e", json.dumps(nulls), "--limit", "android_phones")
    assert report.code == 0, report.output
    assert report.changed == []


def test_a_phone_that_is_no_host_is_told_before_the_router_hears_of_anything(house: House, playbooks: Path) -> None:
    report = house.play(playbooks / "site.yml", "-e", "backup_phone=nobody")
    assert report.code != 0
    assert "The phone is to be nobody (backup_phone)" in " ".join(report.output.split())
    assert house.kinds() == []


def test_teardown_leaves_the_house_as_it_was_found(house: House, playbooks: Path) -> None:
    house.play(playbooks / "site.yml")
    report = house.play(playbooks / "teardown.yml")
    assert report.code == 0, report.output
    assert house.nvram("wans_dualwan")["wans_dualwan"] == "wan none"
    phone = house.phone_state()
    assert (phone["usb"]["function"], phone["usb"]["default"], phone["processes"]) == ("none", "none", [])
    assert house.play(playbooks / "teardown.yml").changed == []


def test_a_house_that_lives_on_its_phone_is_not_taken_off_it(house: House, playbooks: Path) -> None:
    house.play(playbooks / "site.yml")
    house.lab.ctl("wan", "link", "0", "down")
    house.until(lambda: house.nvram("wan_primary", "link_internet") == {"wan_primary": "1", "link_internet": "2"}, "")
    house.forget()
    for check_mode in (True, False):
        outcome = house.run("asus_dualwan", check_mode=check_mode, state="disabled")
        assert outcome["reason"] == "bad_wish"
        assert "The secondary WAN (usb) carries the traffic" in outcome.message
        assert "even_without_backup" in outcome.message
    assert house.kinds() == ["login", "read", "logout"] * 2

    report = house.play(playbooks / "teardown.yml")
    assert report.code != 0
    assert [task["result"].get("reason") for task in report.tasks if task["how"] == "failed"] == ["bad_wish"]
    assert house.nvram("wans_dualwan", "link_internet") == {"wans_dualwan": "wan usb", "link_internet": "2"}
    phone = house.phone_state()
    assert (phone["usb"]["function"], phone["usb"]["default"]) == ("rndis", "rndis")
    assert house.keepalives()

    forced = house.play(playbooks / "teardown.yml", "--check", "-e", "router_even_without_backup=true")
    assert forced.code == 0, forced.output
    assert forced.of("asus_dualwan")[0]["after"]["state"] == "disabled"


@pytest.mark.parametrize(
    ("variables", "kept"),
    [
        ({"backup_phone": "phone"}, True),
        ({"backup_phone": "phone", "router_activation": "never"}, True),
        ({}, True),
        ({"backup_phone": "another"}, False),
    ],
    ids=["its own", "its own, with a bad variable", "none named by several", "that of another site"],
)
def test_teardown_leaves_the_phone_of_a_router_that_was_not_asked_and_no_other(
    house: House, playbooks: Path, tmp_path: Path, variables: dict[str, str], kept: bool
) -> None:
    house.run("android_usb_tether")
    login = {f"asuswrt_{name}": f"{{{{ hostvars['router'].asuswrt_{name} }}}}" for name in ("username", "password")}
    away = {**login, "asuswrt_host": "127.0.0.1", "asuswrt_port": 9, **variables}
    sites = {"asus_routers": {"hosts": {"away": away}}, "elsewhere": {"hosts": {"another": {}}}}
    (tmp_path / "away.yml").write_text(json.dumps(sites))
    report = house.play(playbooks / "teardown.yml", "--inventory", str(tmp_path / "away.yml"))
    assert report.code != 0
    asked = [task for task in report.tasks if task["action"] == "homelab.dualwan.asus_dualwan"]
    reasons = {task["host"]: task["result"].get("reason") for task in asked}
    assert reasons.get("away") == (None if "router_activation" in variables else "unreachable")
    assert ("away has not given up its second line" in report.output) is kept
    assert house.phone_state()["usb"]["function"] == ("rndis" if kept else "none")


def test_the_phone_may_be_set_up_at_the_computer_and_then_be_plugged_into_the_router(
    house: House, playbooks: Path
) -> None:
    house.lab.ctl("phone", "set", "adb_over", "usb")
    house.lab.ctl("cable", "plug", "computer")
    house.until(lambda: not house.run("android_info", may_be_away=True).failed, "the phone at the computer")
    house.until(lambda: house.run("android_info", may_be_away=True)["present"], "the phone at the computer")

    at_the_computer = house.play(playbooks / "site.yml", "-e", "verify_wait_seconds=0")
    assert at_the_computer.code != 0
    assert house.phone_state()["usb"]["default"] == "rndis"
    errors = [each for each in at_the_computer.of("backup_link_doctor")[0]["findings"] if each["severity"] == "error"]
    assert [finding["id"] for finding in errors] == ["phone_elsewhere", "secondary_phone_missing"]
    assert "Plug the phone into the router" in errors[0]["cure"]

    house.lab.ctl("cable", "plug", "router")
    at_the_router = house.play(playbooks / "site.yml")
    assert at_the_router.code == 0, at_the_router.output
    assert at_the_router.changed == []
    assert at_the_router.of("android_usb_tether")[0]["present"] is False
