# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The note of what a drill owes, its lock, and giving back, against a router whose services move its lines."""

from __future__ import annotations

import errno
import fcntl
import json
import multiprocessing
import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt import _dualwan, _wan_info
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import DRILL, Debt, Debts
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    DrillRunning,
    NotGivenBack,
    NotRemembered,
    WrongPassword,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import read_all
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settle import give_back, lend, settle
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.builders import CONNECTION, a_backup_router, task_options
from unit.fake_router import FakeRouter

TARGET = "198.51.100.1"
DEBT = Debt("00:00:5E:00:53:07", "primary_off", 1_800_000_000.0, 4711, traffic="primary")
OFF = replace(DEBT, line=0, former={"wan0_enable": "1"}, lent={"wan0_enable": "0"})
SWITCHING = replace(OFF, fault="asus_wan")
SWITCHED_OFF = {"wan0_enable": "0", "wan0_state_t": "5", "wan0_primary": "0", "wan1_primary": "1", "wan1_state_t": "2"}
RETARGETED = replace(
    DEBT,
    fault="target_unreachable",
    former={"wandog_target": TARGET, "dns_probe": "1"},
    lent={"wandog_target": "192.0.2.254", "dns_probe": "0"},
)


class Router(FakeRouter):
    """One whose daemon returns to a primary that is connected, some seconds after it may."""

    def __init__(self, **nvram: str) -> None:
        super().__init__(a_backup_router(wandog_enable="1", **{"wandog_target": TARGET, **nvram}))
        self.when_done = self._act
        self.when_written = lambda _changes: self.clock.after(9, self._return)

    def _act(self, service: str) -> None:
        if service == "restart_wan_if 0":
            self.nvram["wan0_state_t"] = "2" if self.nvram["wan0_enable"] == "1" else "5"
            self.clock.after(9, self._return)

    def _return(self) -> None:
        if self.nvram["wans_mode"] == "fb" and self.nvram["wan0_state_t"] == "2":
            self.nvram |= {"wan0_primary": "1", "wan1_primary": "0"}


@contextmanager
def session_with(router: FakeRouter) -> Iterator[Session]:
    with Session(router_from(CONNECTION), router.clock, router.transport) as session:
        yield session


def debts() -> Debts:
    return Debts(router_from(CONNECTION))


def settled(router: FakeRouter, debt: Debt | None, *, check_mode: bool = False) -> list[str]:
    if debt is not None:
        debts().note(debt)
    with session_with(router) as session:
        return settle(session, read_all(session), Here(check_mode, router.clock))


def test_a_note_is_for_its_owner_and_comes_back_as_it_was() -> None:
    debts().note(RETARGETED)
    (path,) = Path(os.environ["XDG_STATE_HOME"]).rglob("*.drill.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert debts().read(DEBT.identity) == RETARGETED
    debts().forget(DEBT.identity)
    assert debts().read(DEBT.identity) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", json.dumps({"identity": 1, "unknown": 2})])
def test_a_note_that_cannot_be_read_is_none(text: str) -> None:
    debts().note(DEBT)
    (path,) = Path(os.environ["XDG_STATE_HOME"]).rglob("*.drill.json")
    path.write_text(text)
    assert debts().read(DEBT.identity) is None


def test_routers_that_are_reached_at_one_address_are_not_given_back_each_others_lines() -> None:
    other = replace(RETARGETED, identity="00:00:5E:00:53:08")
    debts().note(OFF)
    debts().note(other)
    debts().forget(OFF.identity)
    assert (debts().read(OFF.identity), debts().read(other.identity)) == (None, other)


def test_without_a_place_for_the_note_nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/1/nowhere")
    with pytest.raises(NotRemembered, match="cannot be written"):
        debts().note(DEBT)
    with pytest.raises(NotRemembered), debts().held(DRILL):
        pass


def test_one_drill_at_a_time() -> None:
    with debts().held(DRILL):
        assert debts().holder() == DRILL
        with pytest.raises(DrillRunning), debts().held(DRILL):
            pass
    assert debts().holder() is None


def test_who_holds_it_may_do_so_again_and_is_no_other() -> None:
    own = debts()
    with own.held("asus_dualwan"):
        with own.held("giving a line back"):
            assert own.holder() is None
        assert debts().holder() == "asus_dualwan"
    assert debts().holder() is None


def test_a_shorter_name_leaves_nothing_of_the_one_before() -> None:
    for who in ("asus_settings_backup", "asus_wan"):
        with debts().held(who):
            assert debts().holder() == who


def test_who_only_looks_whether_it_is_held_keeps_nobody_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with debts().held(DRILL):
        (path,) = Path(os.environ["XDG_STATE_HOME"]).rglob("*.drill.lock")
    looking = os.open(path, os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    flock, asked = fcntl.flock, []

    def until_it_has_looked(descriptor: int, operation: int) -> None:
        asked.append(operation)
        if len(asked) == 3:
            flock(looking, fcntl.LOCK_UN)
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", until_it_has_looked)
    with debts().held(DRILL):
        assert asked == [fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_SH | fcntl.LOCK_NB, fcntl.LOCK_EX | fcntl.LOCK_NB]
    os.close(looking)


def _hold_and_wait(pipe: int) -> None:
    with debts().held(DRILL):
        debts().note(OFF)
        os.write(pipe, b"!")
        signal.pause()


def test_the_lock_of_one_that_is_killed_is_free_and_its_note_stays() -> None:
    reading, writing = os.pipe()
    process = multiprocessing.get_context("fork").Process(target=_hold_and_wait, args=(writing,))
    process.start()
    assert os.read(reading, 1) == b"!"
    assert debts().holder() == DRILL
    process.kill()
    process.join()
    assert debts().holder() is None
    assert debts().read(DEBT.identity) == OFF
    os.close(reading)
    os.close(writing)


def test_without_a_note_nothing_is_asked() -> None:
    router = Router()
    assert settled(router, None) == []
    assert router.asked == ["login", "read", "logout"]


def test_another_routers_note_is_left_alone() -> None:
    router, other = Router(), replace(OFF, identity="00:00:5E:00:53:99")
    assert settled(router, other) == []
    assert router.writes == 0
    assert debts().read(other.identity) == other


def test_a_line_that_is_off_is_switched_on_and_its_return_waited_for() -> None:
    router = Router(**SWITCHED_OFF)
    (told,) = settled(router, OFF)
    assert told.startswith("A drill (primary_off) that began")
    assert "The primary WAN is switched on again" in told
    assert "The traffic is on the primary again" in told
    assert router.written == [{"wan0_enable": "1"}]
    assert router.services == ["restart_wan_if 0"]
    assert router.nvram["wan0_primary"] == "1"
    assert debts().read(DEBT.identity) is None


def test_a_line_that_is_on_again_in_nvram_only_is_started() -> None:
    router = Router(wan0_state_t="5")
    settled(router, OFF)
    assert router.services == ["restart_wan_if 0"]


def test_what_was_noted_and_never_sent_is_forgotten_without_a_write() -> None:
    router = Router()
    (told,) = settled(router, OFF)
    assert "The line was as it had been" in told
    assert router.writes == 0
    assert debts().read(DEBT.identity) is None


def test_a_line_that_was_being_switched_off_is_told_of_by_who_looks_and_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    router = Router(wan0_enable="0", wan0_state_t="5", wan1_state_t="2")
    debts().note(SWITCHING)
    monkeypatch.setattr(
        _wan_info, "Session", lambda *given, **named: Session(*given, **named, transport=router.transport)
    )
    found = _wan_info.run({**CONNECTION, "wait_seconds": 0, "as_variables": False}, Here(clock=router.clock))
    assert found["problems"][0]["id"] == "unfinished_switch"
    assert found["problems"][0]["what"].startswith("Switching the primary WAN off (asus_wan) that began")
    (told,) = settled(router, None)
    assert "The primary WAN is switched on again" in told
    assert (router.nvram["wan0_enable"], debts().read(DEBT.identity)) == ("1", None)


def test_one_whose_traffic_has_moved_is_off_as_it_was_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    router = Router(**SWITCHED_OFF)
    debts().note(SWITCHING)
    monkeypatch.setattr(
        _wan_info, "Session", lambda *given, **named: Session(*given, **named, transport=router.transport)
    )
    found = _wan_info.run({**CONNECTION, "wait_seconds": 0, "as_variables": False}, Here(clock=router.clock))
    assert "unfinished_switch" not in [problem["id"] for problem in found["problems"]]
    (told,) = settled(router, None)
    assert "The traffic had moved, so the line stays off" in told
    assert (router.writes, debts().read(DEBT.identity)) == (0, None)


@pytest.mark.parametrize(
    "since",
    [{"wan1_state_t": "0"}, {"wan0_enable": "1"}, {"wan0_primary": "1", "wan1_primary": "0"}],
    ids=["the other is lost", "on again in nvram only", "not moved"],
)
def test_one_that_is_off_otherwise_is_switched_on(since: dict[str, str]) -> None:
    router = Router(**SWITCHED_OFF | since)
    settled(router, SWITCHING)
    assert router.services == ["restart_wan_if 0"]
    assert router.nvram["wan0_enable"] == "1"


def test_a_line_that_is_none_any_more_is_forgotten() -> None:
    secondary = {"former": {"wan1_enable": "1"}, "lent": {"wan1_enable": "0"}, "line": 1, "traffic": ""}
    router = Router(wans_dualwan="wan none", wan1_enable="0")
    settled(router, replace(SWITCHING, **secondary))
    assert (router.writes, debts().read(DEBT.identity)) == (0, None)


def test_the_secondary_that_carried_the_traffic_is_given_back_and_nothing_waited_for() -> None:
    secondary = {"former": {"wan1_enable": "1"}, "lent": {"wan1_enable": "0"}, "line": 1, "traffic": ""}
    router = Router(wan1_enable="0", wan1_state_t="5", wan1_primary="1", wan0_primary="0")
    (told,) = settled(router, replace(SWITCHING, **secondary))
    assert told.startswith("Switching the secondary WAN off (asus_wan)")
    assert "The secondary WAN is switched on again" in told
    assert router.services == ["restart_wan_if 1"]


def test_former_values_come_back_and_what_somebody_set_since_stays() -> None:
    router = Router(wandog_target="9.9.9.9", dns_probe="0")
    (told,) = settled(router, RETARGETED)
    assert router.written == [{"dns_probe": "1"}]
    assert router.nvram["wandog_target"] == "9.9.9.9"
    assert "dns_probe is 1 again" in told
    assert "wandog_target was set to something else since" in told


def test_a_router_without_failback_is_lent_it_for_the_return() -> None:
    router = Router(**SWITCHED_OFF, wans_mode="fo")
    (told,) = settled(router, OFF)
    assert router.written == [{"wan0_enable": "1"}, {"wans_mode": "fb"}, {"wans_mode": "fo"}]
    assert (router.nvram["wans_mode"], router.nvram["wan0_primary"]) == ("fo", "1")
    assert "The traffic is on the primary again" in told


def test_a_failover_that_was_under_way_as_the_fault_ended_is_waited_for_and_undone() -> None:
    router = Router(**RETARGETED.lent, wans_mode="fo")

    def written(changes: dict[str, str]) -> None:
        if "wandog_target" in changes:
            router.clock.after(7, lambda: router.nvram.update(wan0_primary="0", wan1_primary="1", wan1_state_t="2"))
        router.clock.after(20, router._return)

    router.when_written = written
    (told,) = settled(router, RETARGETED)
    assert "The traffic is on the primary again" in told
    assert (router.nvram["wans_mode"], router.nvram["wan0_primary"]) == ("fo", "1")


def test_one_that_was_killed_while_failback_was_lent_has_its_own_setting_back() -> None:
    lent = replace(OFF, former={**OFF.former, "wans_mode": "fo"}, lent={**OFF.lent, "wans_mode": "fb"})
    router = Router(**SWITCHED_OFF, wans_mode="fb")
    settled(router, lent)
    assert (router.nvram["wans_mode"], router.nvram["wan0_primary"]) == ("fo", "1")


def test_a_return_that_does_not_come_is_waited_for_and_told() -> None:
    router = Router(**SWITCHED_OFF)
    router.when_done = lambda _service: router.nvram.update(wan0_state_t="1")
    router.when_written = lambda _changes: None
    (told,) = settled(router, OFF)
    assert "The traffic has not returned to the primary within" in told
    assert debts().read(DEBT.identity) is None


def test_check_mode_tells_and_writes_nothing() -> None:
    router = Router(**SWITCHED_OFF)
    (told,) = settled(router, OFF, check_mode=True)
    assert "the next run that may write gives the line back" in told
    assert router.writes == 0
    assert debts().read(DEBT.identity) == OFF


def test_a_value_that_the_router_keeps_is_not_forgotten() -> None:
    router = Router(wandog_target="192.0.2.254")
    router.drops.add("wandog_target")
    with pytest.raises(NotGivenBack, match="kept") as raised:
        settled(router, RETARGETED)
    assert "set the ping target" in raised.value.cure
    assert debts().read(DEBT.identity) == RETARGETED


def test_a_router_that_is_away_is_waited_for_and_the_line_given_back() -> None:
    router = Router(**SWITCHED_OFF)
    debts().note(OFF)
    with session_with(router) as session:
        router._go_down()
        told = give_back(session, OFF, Here(clock=router.clock))
    assert "The primary WAN is switched on again" in told
    assert debts().read(DEBT.identity) is None


def test_one_that_stays_away_leaves_the_note_and_says_what_to_do_by_hand() -> None:
    router = Router(**SWITCHED_OFF)
    router.away_seconds = 1e9
    debts().note(OFF)
    with session_with(router) as session:
        router._go_down()
        with pytest.raises(NotGivenBack) as raised:
            give_back(session, OFF, Here(clock=router.clock))
    assert "Enable WAN" in raised.value.cure
    assert debts().read(DEBT.identity) == OFF


def test_what_is_lent_is_noted_before_it_is_sent() -> None:
    router = Router()
    seen = []
    router.when_written = lambda _changes: seen.append(debts().read(DEBT.identity))
    with session_with(router) as session:
        noted = lend(session, DEBT, {"wandog_target": "192.0.2.254"}, router.nvram)
    assert seen == [noted]
    assert (noted.former, noted.lent) == ({"wandog_target": TARGET}, {"wandog_target": "192.0.2.254"})


def test_who_looks_is_told_and_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    router = Router(**SWITCHED_OFF)
    debts().note(OFF)
    monkeypatch.setattr(
        _wan_info, "Session", lambda *given, **named: Session(*given, **named, transport=router.transport)
    )
    found = _wan_info.run({**CONNECTION, "wait_seconds": 0, "as_variables": False}, Here(clock=router.clock))
    assert found["problems"][0]["id"] == "unfinished_drill"
    assert found["ready"] is False
    assert router.writes == 0
    assert debts().read(DEBT.identity) == OFF


def test_asus_dualwan_gives_back_first_and_counts_it_as_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    router = Router(**SWITCHED_OFF)
    debts().note(OFF)
    monkeypatch.setattr(
        _dualwan, "Session", lambda *given, **named: Session(*given, **named, transport=router.transport)
    )
    nothing = dict.fromkeys(
        ("primary", "secondary", "lan_port", "mode", "failback", "hot_standby", "load_balance_ratio", "routing_rules"),
    )
    more = dict.fromkeys(("detection", "auto_usb_backup", "usb_device", "usb_mtu", "usb_ttl_extend", "usb_ttl_spoof"))
    params = {**CONNECTION, **nothing, **more, "state": "enabled", "activation": "auto", "rollback_timeout": 0}
    files = {"backup": False, "backup_directory": None, "backup_keep": 1}
    result = _dualwan.run({**params, **files}, Here(clock=router.clock))
    assert result["changed"] is True
    assert result["warnings"][0].startswith("A drill (primary_off)")
    assert router.nvram["wan0_enable"] == "1"


def test_failback_that_was_lent_before_the_router_went_away_is_taken_back_all_the_same() -> None:
    router = Router(**SWITCHED_OFF, wans_mode="fo")
    debts().note(OFF)
    took = router.transport.handler
    lost = {"left": 3}

    def breaks_off(request: httpx.Request) -> httpx.Response:
        lent = router.nvram["wans_mode"] == "fb"
        if lent and request.url.path == "/appGet.cgi" and lost["left"]:
            lost["left"] -= 1
            message = "Server disconnected without sending a response."
            raise httpx.RemoteProtocolError(message, request=request)
        return took(request)

    router.transport = httpx.MockTransport(breaks_off)
    settled(router, None)
    assert lost["left"] == 0
    assert (router.nvram["wans_mode"], router.nvram["wan0_primary"]) == ("fo", "1")


def test_a_session_that_the_router_forgot_too_often_is_begun_anew_to_give_the_line_back() -> None:
    router = Router(**SWITCHED_OFF)
    debts().note(OFF)
    with session_with(router) as session:
        router._known.clear()
        session.read(["rc_service"])
        router._known.clear()
        told = give_back(session, OFF, Here(clock=router.clock))
    assert "The primary WAN is switched on again" in told
    assert router.asked.count("login") == 3
    assert debts().read(DEBT.identity) is None


def test_a_password_that_was_refused_meanwhile_is_not_tried_again_to_give_the_line_back() -> None:
    router = Router(**SWITCHED_OFF)
    debts().note(OFF)
    answer = router.transport.handler
    refused = []

    def refuses(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/login.cgi" and router.asked.count("login"):
            refused.append(request)
            return httpx.Response(200, text='{"error_status":"3"}')
        return answer(request)

    router.transport = httpx.MockTransport(refuses)
    with session_with(router) as session:
        router._known.clear()
        with pytest.raises(WrongPassword):
            session.read(["rc_service"])
        with pytest.raises(NotGivenBack) as raised:
            give_back(session, OFF, Here(clock=router.clock))
    assert len(refused) == 1
    assert "Enable WAN" in raised.value.cure
    assert debts().read(DEBT.identity) == OFF


def test_who_gives_back_holds_off_every_drill_until_the_note_is_gone() -> None:
    router = Router(**SWITCHED_OFF)
    held = []
    router.when_written = lambda _changes: held.append(debts().holder())
    settled(router, OFF)
    assert held == ["giving a line back"]
    assert debts().holder() is None


def test_a_file_system_without_locks_is_not_taken_for_a_drill_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def has_none(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    with debts().held(DRILL):
        pass
    monkeypatch.setattr(fcntl, "flock", has_none)
    assert debts().holder() is None
    with pytest.raises(NotRemembered, match="No locks available"), debts().held(DRILL):
        pass


def test_asus_dualwan_says_what_it_gave_back_also_where_it_changes_something_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    router = Router(**SWITCHED_OFF)
    debts().note(OFF)
    monkeypatch.setattr(
        _dualwan, "Session", lambda *given, **named: Session(*given, **named, transport=router.transport)
    )
    unset = ("primary", "secondary", "lan_port", "mode", "hot_standby", "load_balance_ratio", "routing_rules")
    more = ("detection", "auto_usb_backup", "usb_device", "usb_mtu", "usb_ttl_extend", "usb_ttl_spoof")
    params = dict.fromkeys((*unset, *more))
    given = {**CONNECTION, "state": "enabled", "activation": "auto", "rollback_timeout": 0, "failback": False}
    files = {"backup": False, "backup_directory": None, "backup_keep": 1}
    result = _dualwan.run({**params, **given, **files}, Here(clock=router.clock))
    assert result["changed"] is True
    assert router.nvram["wans_mode"] == "fo"
    assert result["warnings"][0].startswith("A drill (primary_off)")


def test_a_drill_that_runs_is_told_in_check_mode_and_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    router = Router()
    monkeypatch.setattr(
        _dualwan, "Session", lambda *given, **named: Session(*given, **named, transport=router.transport)
    )
    with debts().held(DRILL):
        result = _dualwan.run(task_options(state="enabled"), Here(check_mode=True, clock=router.clock))
    assert result["changed"] is False
    assert "is writing to this router" in result["warnings"][0]
