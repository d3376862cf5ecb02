# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills in the simulated house: each fault, what is measured, what is refused, and that all is as before."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import DRILL, Debts
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import load
from integration.drilling import around, debt, drill, lasting, router_of, up
from integration.house import House

PHASES = ["baseline", "failing", "on_backup", "mending", "after"]
ASKED_ONLY = {"login", "read", "logout"}


@pytest.fixture
def backed_up(house: House) -> House:
    up(house)
    return house


def wrong(document: dict[str, Any]) -> list[str]:
    return [each["id"] for each in document["judgements"] if not each["ok"]]


def marks(document: dict[str, Any]) -> dict[str, float]:
    return {each["name"]: each["at"] for each in document["marks"]}


@pytest.mark.parametrize("failback", [True, False], ids=["failback", "no failback"])
@pytest.mark.parametrize("fault", ["primary_off", "target_unreachable"])
def test_the_traffic_moves_and_returns_and_all_is_as_before(house: House, fault: str, failback: bool) -> None:
    # The daemon judges the backup by the same target: so many losses leave the drill seconds on the wall to mend it.
    up(house, failback=failback, failover_count=20 if fault == "target_unreachable" else 3)
    before = lasting(house)
    done = drill(house, fault)
    assert (done["verdict"], done["drill"]["given_back"]) == ("passed", True), done["told"]
    found = done["drill"]
    assert [phase["name"] for phase in found["phases"]] == PHASES
    assert found["carried"] == {
        "how": "public_address",
        "before": "203.0.113.20",
        "during": "198.51.100.77",
        "proved": True,
    }
    assert [switch["to"] for switch in found["switches"]] == ["secondary", "primary"]
    at = marks(found)
    assert at["fault_injected"] < at["carried_by_backup"] < at["fault_ended"] < at["failed_back"]
    assert found["failover_seconds"] == pytest.approx(at["carried_by_backup"] - at["fault_injected"], abs=0.01)
    assert lasting(house) == before
    kinds = house.kinds()
    assert (kinds.count("login"), kinds[-1]) == (1, "logout")
    assert debt(house) is None


def test_the_routers_word_serves_where_nobody_else_can_be_asked(backed_up: House) -> None:
    done = drill(backed_up, "primary_off", address_url="")
    assert done["verdict"] == "passed", done["told"]
    carried = done["drill"]["carried"]
    assert (carried["how"], carried["proved"]) == ("router_word", False)
    assert carried["during"] not in (None, carried["before"])


def test_a_pulled_cable_is_dated_by_its_outage(backed_up: House) -> None:
    house = backed_up
    before = lasting(house)

    def person(asked: str) -> None:
        if asked.startswith("Pull") and "Waiting" in asked:
            house.lab.ctl("wan", "link", "0", "down")
        if asked.startswith("Plug") and "Waiting" in asked:
            house.lab.ctl("wan", "link", "0", "up")

    done = drill(house, "pull_cable", tell=person)
    assert done["verdict"] == "passed", done["told"]
    at = marks(done["drill"])
    assert at["fault_injected"] == at["outage_began"] <= at["failed_over"]
    assert done["drill"]["outages"]
    assert done["drill"]["switches"][0]["justified"] is True
    assert lasting(house) == before


def test_where_nobody_pulls_the_cable_nothing_was_broken(backed_up: House) -> None:
    before = lasting(backed_up)
    done = drill(backed_up, "pull_cable", person_seconds=5)
    assert (done["reason"], done["verdict"]) == ("nobody_there", "aborted")
    assert done["drill"]["given_back"] is True
    assert lasting(backed_up) == before
    assert debt(backed_up) is None


def test_a_name_server_that_the_backup_does_not_reach_is_found(backed_up: House) -> None:
    backed_up.lab.ctl("internet", "dns", "0")
    before = lasting(backed_up)
    done = drill(backed_up, "primary_off")
    assert done["reason"] == "drill_failed"
    assert wrong(done["drill"]) == ["answered_on_backup"]
    assert "dns" in done.message
    assert "complaints 4" in done.message
    assert [each["out"] for each in done["drill"]["partial_outages"]] == [["dns"]]
    assert lasting(backed_up) == before


def test_a_tether_that_something_switches_on_again_is_measured(backed_up: House) -> None:
    def keepalive(told: str) -> None:
        if told.startswith("Waiting for the reserve to be back"):
            backed_up.run("android_usb_tether")

    done = drill(backed_up, "tether_off", tell=keepalive)
    assert done["verdict"] == "passed", done["told"]
    assert done["drill"]["failover_seconds"] is None
    assert done["drill"]["switches"] == []


def test_a_tether_that_nothing_switches_on_again_is_switched_on_in_the_end(backed_up: House) -> None:
    done = drill(backed_up, "tether_off", patience=1)
    assert wrong(done["drill"]) == ["reserve_back"]
    assert "keepalive" in done.message
    assert done["drill"]["given_back"] is True
    assert backed_up.phone_state()["usb"]["function"] == "rndis"
    assert backed_up.run("asus_wan_info")["ready"]


def test_a_phone_that_reboots_comes_back_by_its_default(backed_up: House) -> None:
    done = drill(backed_up, "phone_reboot")
    assert done["verdict"] == "passed", done["told"]
    assert done["drill"]["reserve_seconds"] > 0
    assert backed_up.run("asus_wan_info")["ready"]


def test_watching_finds_an_outage_that_names_do_not_see_and_writes_nothing(backed_up: House) -> None:
    def trouble(told: str) -> None:
        if " of 60 s" in told:  # some were answered before, or else they would show nothing
            backed_up.lab.ctl("internet", "tcp", "silent")

    done = drill(backed_up, "watch", watch_seconds=60, confirmed=False, tell=trouble)
    assert wrong(done["drill"]) == ["no_partial_outage"], done["told"]
    (found,) = done["drill"]["partial_outages"]
    assert (set(found["out"]), found["through"]) == ({"tcp", "tls", "http"}, ["dns"])
    assert set(backed_up.kinds()) == ASKED_ONLY


def test_without_a_word_that_it_may_begin_it_says_what_it_would_do(backed_up: House) -> None:
    done = drill(backed_up, "primary_off", confirmed=False)
    assert (done["reason"], "no internet for up to" in done.message) == ("not_confirmed", True)
    assert set(backed_up.kinds()) == ASKED_ONLY


@pytest.mark.parametrize("fault", ["primary_off", "target_unreachable", "tether_off", "watch"])
def test_check_mode_foretells_and_writes_nothing(backed_up: House, tmp_path: Path, fault: str) -> None:
    done = drill(backed_up, fault, check_mode=True, confirmed=False, json_file=str(tmp_path / "drill.json"))
    assert not done.failed, done.message
    assert (done["verdict"], done["drill"]) == (None, None)
    assert fault in done["told"][0]
    assert set(backed_up.kinds()) == ASKED_ONLY
    assert list(tmp_path.iterdir()) == []
    assert load(router_of(backed_up)) == []


@pytest.mark.parametrize("fault", ["tether_off", "phone_reboot"])
def test_check_mode_refuses_a_fault_of_the_phone_where_none_is_named(backed_up: House, fault: str) -> None:
    refused = drill(backed_up, fault, check_mode=True, confirmed=False, phone=False)
    assert (refused["reason"], "no phone is named" in refused.message) == ("bad_wish", True)
    assert set(backed_up.kinds()) == ASKED_ONLY


def test_a_backup_that_is_not_ready_is_not_drilled(backed_up: House) -> None:
    backed_up.lab.ctl("cable", "pull")
    backed_up.until(lambda: not backed_up.run("asus_wan_info")["ready"], "the phone gone")
    backed_up.forget()
    done = drill(backed_up, "primary_off")
    assert done["reason"] == "not_ready"
    assert [problem["id"] for problem in done["problems"]] == ["secondary_phone_missing"]
    assert set(backed_up.kinds()) == ASKED_ONLY


def test_what_would_never_fail_over_is_not_drilled(house: House) -> None:
    up(house, ping_target="")
    done = drill(house, "target_unreachable")
    assert done["reason"] == "not_ready"
    assert "Neither ping nor DNS" in done.message
    assert set(house.kinds()) == ASKED_ONLY


def test_nothing_is_broken_where_nothing_answers_before(backed_up: House) -> None:
    backed_up.lab.ctl("wan", "upstream", "0", "silent")
    backed_up.lab.ctl("wan", "upstream", "1", "silent")
    done = drill(backed_up, "primary_off", targets=around(backed_up)["targets"][:1], baseline_seconds=3)
    assert done.failed
    assert done["reason"] in ("nothing_answers", "not_ready")  # whichever is seen first
    assert "write" not in backed_up.kinds()


def test_while_a_drill_runs_nobody_writes_and_who_looks_is_told(backed_up: House, tmp_path: Path) -> None:
    with Debts(router_of(backed_up)).held(DRILL):
        for module, options in (
            ("asus_dualwan", {"state": "enabled"}),
            ("asus_wan", {"wan": "primary", "state": "enabled"}),
            ("asus_settings_backup", {"directory": str(tmp_path)}),
        ):
            assert backed_up.run(module, **options)["reason"] == "drill_running"
        assert drill(backed_up, "primary_off")["reason"] == "drill_running"
        seen = backed_up.run("asus_wan_info")
    assert seen["problems"][0]["id"] == "drill_running"
    assert set(backed_up.kinds()) == ASKED_ONLY
    assert backed_up.run("asus_wan_info")["ready"]


def test_every_drill_is_kept_for_its_owner_without_whole_addresses(backed_up: House, tmp_path: Path) -> None:
    files = {"json_file": str(tmp_path / "drill.json"), "junit_file": str(tmp_path / "drill.xml")}
    done = drill(backed_up, "primary_off", keep=1, **files)
    kept = Path(done["history_file"])
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text())["carried"]["before"] == "203.0.0.0/16"
    assert "203.0.113" not in kept.read_text()
    assert backed_up.lab.password not in kept.read_text()
    assert json.loads((tmp_path / "drill.json").read_text()) == done["drill"]
    assert {stat.S_IMODE(Path(file).stat().st_mode) for file in files.values()} == {0o600}
    suite = ET.parse(tmp_path / "drill.xml").getroot().find("testsuite")
    assert suite is not None
    assert [case.get("name") for case in suite] == [each["id"] for each in done["drill"]["judgements"]]
    with Debts(router_of(backed_up)).held("asus_dualwan"):  # who watches is held off by nobody
        again = drill(backed_up, "watch", watch_seconds=2, keep=1, fail_on="never")
    assert [each["id"] for each in load(router_of(backed_up))] == [again["drill"]["id"]]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"targets": []}, "1 to 12"),
        ({"targets": ["ftp://1.1.1.1"]}, "no target"),
        ({"targets": ["tcp://1.1.1.1"]}, "no target"),
        ({"address_url": "gopher://x"}, "address_url"),
        ({"probe_period": 0}, "probe_period"),
        ({"patience": 0.5}, "patience"),
        ({"keep": 0}, "keep"),
        ({"json_file": "/nowhere/at/all.json"}, "there is no directory"),
    ],
)
def test_bad_options_are_refused_before_the_router_hears_of_them(
    house: House, options: dict[str, Any], said: str
) -> None:
    done = drill(house, "primary_off", **options)
    assert (done["reason"], said in done.message) == ("bad_wish", True), done.message
    assert house.kinds() == []
