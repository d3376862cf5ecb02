# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``backup_link_doctor``: one login, one read, one round trip, and a result that is whole however it ends."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NoPhone, Unauthorised
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import DRILL, Debt, Debts
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import Memory, Unfinished, mark_of
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, MissingLibrary
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor import _look, _node, _run
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rulebook import RULES
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, nobody
from unit.answering_phone import AnsweringPhone
from unit.builders import A_PHONE, CONNECTION
from unit.fake_router import FakeRouter
from unit.scenes import IN_ORDER, a_router_seen, heartbeat

OPTIONS = {
    **CONNECTION,
    "serial": "192.0.2.9:5555",
    "adb_server_host": "127.0.0.1",
    "adb_server_port": 5037,
    "phone": True,
    "plug": "usb",
    "fail_on": "error",
    "ignore": [],
    "wait_seconds": 0.0,
    "json_file": None,
    "junit_file": None,
    "files_mode": "0600",
    "dns_port": 0,
}
QUIET = ("not_encrypted", "never_drilled")
"""Of the fake router, which has no TLS, and of a control node that remembers nothing."""


def fail(error):
    raise error


class World:
    def __init__(self, monkeypatch):
        self.router = FakeRouter(dict(a_router_seen().nvram))
        self.sections = {**IN_ORDER, "keepalive_heartbeat": heartbeat()}
        self.phone_error = None
        self.phones = []
        monkeypatch.setattr(_look, "Session", partial(Session, transport=self.router.transport))
        monkeypatch.setattr(_look, "Phone", self._phone)
        monkeypatch.setattr(_node, "ROUTES", Path("/nowhere"))  # whatever machine the tests run on

    def _phone(self, _address, _clock):
        if isinstance(self.phone_error, MissingLibrary):
            fail(self.phone_error)
        self.phones.append(AnsweringPhone(self.sections, self.phone_error))
        return self.phones[-1]

    def run(self, *, check_mode=False, tell=nobody, **options):
        given = {**OPTIONS, "ignore": list(QUIET), **options}
        return _run.run(given, Here(check_mode, self.router.clock, tell))

    def ids(self, **options):
        return [finding["id"] for finding in self.run(**options)["findings"]]


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


def test_a_house_in_order_is_asked_once(world):
    result = world.run()
    assert world.router.asked == ["login", "read", "logout"]
    assert [phone.asked for phone in world.phones] == [1]
    assert (result["ready"], result["worst"], result["exit_code"], result["findings"]) == (True, None, 0, [])
    assert (result["changed"], result["active"], result["internet"], result["model"]) == (
        False,
        "primary",
        True,
        "RT-AX53U",
    )
    assert "failed" not in result


def test_it_fails_by_severity_and_says_the_first_with_evidence_and_cure(world):
    world.sections["mobile_data"] = "0"
    result = world.run()
    assert (result["failed"], result["reason"], result["exit_code"]) == (True, "findings", 2)
    assert result["msg"].startswith("phone_mobile_data: Mobile data is switched off on the phone (it says off). Run ")
    assert (result["ready"], [found["id"] for found in result["findings"]]) == (False, ["phone_mobile_data"])


@pytest.mark.parametrize(
    ("fail_on", "fails"), [("error", False), ("warning", True), ("notice", True), ("never", False)]
)
def test_from_which_severity_on_it_fails(world, fail_on, fails):
    world.sections["wifi"] = "1"
    result = world.run(fail_on=fail_on)
    assert (bool(result.get("failed")), result["exit_code"], result["worst"]) == (fails, 1, "warning")
    assert result["ready"]


def test_a_change_that_is_seen_to_be_well_is_no_cause_of_an_outage_of_a_later_day(world):
    change = Unfinished(
        identity=world.router.nvram["lan_hwaddr"],
        begun=world.router.clock.epoch() - 300,
        former={"wans_dualwan": "wan none"},
        wanted={"wans_dualwan": "wan usb"},
        service="none",
        rollback_seconds=180,
    )
    memory = Memory(router_from(CONNECTION))
    memory.begin(change)
    offline = {"link_internet": "1"}
    world.router.nvram |= offline
    assert "unfinished_change" in world.ids()
    world.router.nvram["link_internet"] = "2"
    world.run(check_mode=True)
    assert memory.unfinished(change.identity) == change
    assert world.ids() == []
    assert memory.unfinished(change.identity) is None
    world.router.nvram |= offline
    assert "unfinished_change" not in world.ids()


def test_what_is_ignored_is_not_told_and_counts_for_ready(world):
    world.sections["mobile_data"] = "0"
    result = world.run(ignore=[*QUIET, "phone_mobile_data"])
    assert (result["findings"], result["ready"], "failed" in result) == ([], False, False)


def test_names_as_a_command_line_gives_them_are_names(world):
    world.sections["mobile_data"] = "0"
    assert world.run(ignore=["", *QUIET, " phone_mobile_data"])["findings"] == []


@pytest.mark.parametrize("port", [-1, 65536, 10**30])
def test_a_port_that_there_is_not_is_refused_before_anything_is_asked(world, port):
    with pytest.raises(BadWish, match="dns_port"):
        world.run(dns_port=port)
    assert (world.router.asked, world.phones) == ([], [])


def test_an_unknown_rule_to_ignore_is_refused_before_anything_is_asked(world):
    with pytest.raises(BadWish, match="no_such_rule"):
        world.run(ignore=["no_such_rule"])
    assert (world.router.asked, world.phones) == ([], [])


@pytest.mark.parametrize("option", ["json_file", "junit_file"])
def test_so_is_a_file_that_cannot_be(world, tmp_path, option):
    for place in (tmp_path / "no" / "where", tmp_path):
        with pytest.raises(BadWish, match=option):
            world.run(**{option: str(place)})
    assert world.router.asked == []


def test_a_phone_that_is_away_is_a_notice(world):
    world.phone_error = NoPhone("adb knows no phone", cure="Plug it in")
    result = world.run()
    assert [(found["id"], found["severity"]) for found in result["findings"]] == [("phone_away", "notice")]
    assert (result["ready"], result["exit_code"]) == (True, 0)
    assert result["findings"][0]["evidence"] == "adb knows no phone"


def test_a_phone_that_refuses_explains_a_phone_that_is_missing(world):
    world.phone_error = Unauthorised("It refused", cure="Allow it")
    assert world.ids() == ["phone_unauthorised"]
    world.router.nvram |= dict.fromkeys(A_PHONE, "")
    assert world.ids() == ["phone_unauthorised", "secondary_phone_missing"]


def test_a_phone_is_not_asked_where_that_is_said(world):
    assert world.ids(phone=False) == ["phone_not_asked"]
    assert world.phones == []


def test_without_adbutils_the_router_is_looked_at_all_the_same(world):
    world.phone_error = MissingLibrary("adbutils", "2.12", None)
    assert world.ids() == ["adbutils_missing"]


def test_a_phone_whose_words_cannot_be_read_is_a_finding(world):
    world.sections["usb"] = "something else"
    assert world.ids() == ["phone_unreadable"]


def test_its_mark_is_the_one_by_which_its_drills_are_kept(world):
    assert world.run()["mark"] == mark_of(world.router.nvram["lan_hwaddr"])


def test_a_router_that_is_away_is_a_finding_and_the_phone_is_asked(world):
    world.router._up = False
    result = world.run()
    assert result["mark"] is None
    assert result["findings"][0]["id"] == "router_unreachable"
    assert (result["failed"], result["reason"], result["ready"]) == (True, "unreachable", False)
    assert (result["timing"], result["wans"], result["active"]) == (None, [], None)
    assert len(world.phones) == 1


def test_and_does_not_fail_where_nothing_shall(world):
    world.router._up = False
    assert "failed" not in world.run(fail_on="never")


def test_it_waits_for_the_router_to_have_the_phone_and_asks_the_phone_once(world):
    missing = dict.fromkeys(A_PHONE, "")
    world.router.nvram |= missing
    world.router.clock.after(5, lambda: world.router.nvram.update(A_PHONE))
    told = []
    result = world.run(wait_seconds=60.0, tell=told.append)
    assert result["ready"]
    assert [line[:31] for line in told] == ["Waiting up to 60 s for the link"]
    assert 5 <= result["seconds"]["waited"] < 10
    assert (world.router.asked.count("login"), [phone.asked for phone in world.phones]) == (1, [1])


def test_the_files_have_what_the_result_has(world, tmp_path):
    world.sections["mobile_data"] = "0"
    files = {"json_file": str(tmp_path / "link.json"), "junit_file": str(tmp_path / "link.xml")}
    result = world.run(**files)
    assert (result["json"], result["junit"]) == (files["json_file"], files["junit_file"])
    told = json.loads((tmp_path / "link.json").read_text())
    assert told["schema"] == 1
    assert all(told[name] == result[name] for name in ("findings", "ready", "worst", "exit_code", "timing"))
    cases = ET.parse(tmp_path / "link.xml").findall("testsuite/testcase")
    assert [case.get("name") for case in cases] == [rule.id for rule in RULES]
    assert [case.get("name") for case in cases if case.find("failure") is not None] == ["phone_mobile_data"]
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "link.json": 0o600,
        "link.xml": 0o600,
    }


def test_in_the_report_what_does_not_fail_is_output_and_what_was_not_asked_is_skipped(world, tmp_path):
    world.run(phone=False, junit_file=str(tmp_path / "link.xml"))
    cases = {case.get("name"): case for case in ET.parse(tmp_path / "link.xml").iter("testcase")}
    assert cases["phone_not_asked"].find("system-out") is not None
    assert cases["phone_mobile_data"].find("skipped") is not None
    assert list(cases["no_probe"]) == []
    assert not [name for name, case in cases.items() if case.find("failure") is not None]


def test_check_mode_writes_no_file(world, tmp_path):
    world.run(check_mode=True, json_file=str(tmp_path / "a"), junit_file=str(tmp_path / "b"))
    assert list(tmp_path.iterdir()) == []


def a_killed_drill(world):
    debt = Debt(
        identity=world.router.nvram["lan_hwaddr"],
        fault="target_unreachable",
        begun=world.router.clock.epoch() - 60,
        pid=1,
        former={"wandog_target": "1.1.1.1"},
        lent={"wandog_target": "192.0.2.1"},
    )
    debts = Debts(router_from(CONNECTION))
    debts.note(debt)
    world.router.nvram["wandog_target"] = "192.0.2.1"
    return debts, debt.identity


def test_a_killed_drill_is_ended_first(world):
    debts, identity = a_killed_drill(world)
    result = world.run()
    assert world.router.nvram["wandog_target"] == "1.1.1.1"
    assert (result["changed"], result["findings"], debts.read(identity)) == (True, [], None)
    assert "wandog_target is 1.1.1.1 again" in result["given_back"][0]
    assert result["given_back"][0] in result["told"]


def test_in_check_mode_it_is_only_told(world):
    debts, identity = a_killed_drill(world)
    result = world.run(check_mode=True)
    assert result["findings"][0]["id"] == "unfinished_drill"
    assert (result["changed"], result["given_back"], world.router.writes) == (False, [], 0)
    assert debts.read(identity) is not None


def test_a_drill_that_runs_is_left_alone(world):
    debts, _identity = a_killed_drill(world)
    with debts.held(DRILL):
        result = world.run()
    assert result["findings"][0]["id"] == "drill_running"
    assert (world.router.writes, result["changed"]) == (0, False)


def test_what_cannot_be_given_back_is_a_finding(world):
    a_killed_drill(world)
    world.router.drops.add("wandog_target")
    result = world.run()
    assert result["findings"][0]["id"] == "unfinished_drill"
    assert "by hand" in result["findings"][0]["cure"].lower()


def test_a_line_that_was_being_switched_off_is_given_back_first(world):
    router, identity = world.router, world.router.nvram["lan_hwaddr"]
    switched = {"former": {"wan0_enable": "1"}, "lent": {"wan0_enable": "0"}, "line": 0, "traffic": "primary"}
    debts = Debts(router_from(CONNECTION))
    debts.note(Debt(identity, "asus_wan", router.clock.epoch() - 60, 1, **switched))
    router.nvram |= {"wan0_enable": "0", "wan0_state_t": "5"}
    router.when_done = lambda _service: router.nvram.update(wan0_state_t="2")
    assert world.run(check_mode=True)["findings"][0]["id"] == "unfinished_switch"
    result = world.run()
    assert (result["changed"], result["findings"], debts.read(identity)) == (True, [], None)
    assert result["given_back"][0].startswith("Switching the primary WAN off (asus_wan) that began 60 s ago")
    assert router.nvram["wan0_enable"] == "1"


def test_what_another_run_is_still_at_is_no_leftover(world):
    debts, identity = a_killed_drill(world)
    Memory(router_from(CONNECTION)).begin(an_interrupted_change(world))
    world.router.booted = -9999.0
    with debts.held("asus_dualwan"):
        result = world.run()
    assert (result["findings"], result["changed"], world.router.writes) == ([], False, 0)
    assert debts.read(identity) is not None
    assert world.run()["findings"][0]["id"] == "service_owed"


def an_interrupted_change(world):
    return Unfinished(
        identity=world.router.nvram["lan_hwaddr"],
        begun=world.router.clock.epoch() - 3600,
        former={"wans_mode": "fo"},
        wanted={"wans_mode": "fb"},
        service="start_multipath",
        rollback_seconds=180,
    )


def test_an_interrupted_change_is_told_of(world):
    Memory(router_from(CONNECTION)).begin(an_interrupted_change(world))
    world.router.booted = -9999.0
    world.router.nvram["link_internet"] = "1"
    assert world.ids()[0] == "unfinished_change"
    # With internet it is well, and the service is still to be asked for.
    world.router.nvram["link_internet"] = "2"
    assert world.ids() == world.ids() == ["service_owed"]
    # A boot makes all of it true.
    world.router.booted = world.router.clock.now() - 60
    assert world.ids() == []
    assert world.router.writes == 0
