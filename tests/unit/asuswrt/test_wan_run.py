# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole tasks of ``asus_wan`` against a router whose services move its lines, with the requests counted."""

from __future__ import annotations

from functools import partial

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt import _wan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import Debts
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    NotActivated,
    NotCapable,
    NotStored,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.builders import CONNECTION, a_backup_router, a_router
from unit.fake_router import FakeRouter

NO_PHONE = {"usb_path1": "", "usb_modem_act_dev": "", "link_wan1": "0"}
OFF = {"wan0_enable": "0", "wan0_state_t": "5"}
UNCHANGED = ["login", "read", "logout"]


class Router(FakeRouter):
    """One whose services do to the lines what rc of 382 does."""

    def __init__(self, nvram, *, moves=True, connects=True):
        super().__init__(nvram)
        self.moves, self.connects = moves, connects
        self.when_done = self._act

    def _act(self, service):
        if service == "start_multipath":
            self._move()
        elif service.startswith("restart_wan_if "):
            unit = service[-1]
            links = self.nvram["link_wan1" if unit == "1" else "link_wan"] == "1"
            off = self.nvram[f"wan{unit}_enable"] == "0"
            self.nvram[f"wan{unit}_state_t"] = "5" if off else "2" if links and self.connects else "0"

    def _move(self):
        active = self.nvram["wan1_primary"]
        other = "0" if active == "1" else "1"
        if self.moves and self.nvram[f"wan{active}_state_t"] != "2" and self.nvram[f"wan{other}_state_t"] == "2":
            self.nvram |= {f"wan{active}_primary": "0", f"wan{other}_primary": "1"}


@pytest.fixture
def run(monkeypatch):
    def run_on(router, wan, state, *, check_mode=False, **options):
        monkeypatch.setattr(_wan, "Session", partial(Session, transport=router.transport))
        defaults = {"wait_seconds": 60.0, "even_without_backup": False}
        params = {**CONNECTION, **defaults, "wan": wan, "state": state, **options}
        return _wan.run(params, Here(check_mode, router.clock))

    return run_on


def test_a_line_that_is_on_is_read_once_and_left_alone(run):
    router = Router(a_backup_router())
    result = run(router, "primary", "enabled")
    assert router.asked == UNCHANGED
    assert (result["changed"], result["activation"], result["seconds"]) == (False, "none", None)
    assert result["before"] == result["after"]
    assert result["diff"] == {"before": {}, "after": {}}
    assert (result["connected"], result["active"], result["warnings"]) == (True, "primary", [])


def test_a_line_is_switched_on_and_waited_for(run):
    router = Router(a_backup_router(**OFF, wan0_primary="0", wan1_primary="1", wan1_state_t="2"))
    result = run(router, "primary", "enabled")
    assert (router.written, router.services) == ([{"wan0_enable": "1"}], ["restart_wan_if 0"])
    assert (router.asked[0], router.asked[-1], router.asked.count("login")) == ("login", "logout", 1)
    assert (result["changed"], result["activation"]) == (True, "restart_wan_if 0")
    assert (result["before"]["status"], result["after"]["status"]) == ("disabled", "hot_standby")
    assert (result["connected"], result["active"]) == (True, "secondary")
    assert result["diff"]["after"]["state"] == "enabled"
    assert result["seconds"] >= 4


def test_the_second_run_writes_nothing(run):
    router = Router(a_backup_router())
    for state in ("disabled", "enabled"):
        assert run(router, "secondary", state)["changed"]
        router.asked.clear()
        assert not run(router, "secondary", state)["changed"]
        assert router.asked == UNCHANGED


def test_the_idle_line_is_switched_off_with_a_word_of_the_missing_reserve(run):
    router = Router(a_backup_router())
    result = run(router, "secondary", "disabled")
    assert router.services == ["restart_wan_if 1"]
    assert (result["after"]["status"], result["active"]) == ("disabled", "primary")
    assert "Nothing is in reserve" in result["warnings"][0]


def test_the_line_with_the_traffic_is_switched_off_once_the_other_is_connected(run):
    router = Router(a_backup_router())
    result = run(router, "primary", "disabled")
    assert router.services == ["restart_wan_if 1", "restart_wan_if 0", "start_multipath"]
    assert router.written == [{}, {"wan0_enable": "0"}, {}]
    assert (result["after"]["status"], result["active"]) == ("disabled", "secondary")
    assert result["activation"] == "restart_wan_if 1, then restart_wan_if 0, then start_multipath"


def test_a_line_that_was_off_already_with_the_traffic_still_on_it_has_that_moved(run):
    router = Router(a_backup_router(**OFF, wan1_state_t="2"))
    result = run(router, "primary", "disabled")
    assert (router.services, router.written) == (["start_multipath"], [{}])
    assert (result["changed"], result["active"], result["activation"]) == (True, "secondary", "start_multipath")
    assert result["diff"]["after"] == {"active": False}
    router.asked.clear()
    assert not run(router, "primary", "disabled")["changed"]
    assert router.asked == UNCHANGED


def test_so_has_one_whose_successor_is_to_be_dialled_first(run):
    router = Router(a_backup_router(**OFF))
    assert run(router, "primary", "disabled", check_mode=True)["activation"] == "restart_wan_if 1, then start_multipath"
    assert router.writes == 0
    assert run(router, "primary", "disabled")["active"] == "secondary"
    assert router.services == ["restart_wan_if 1", "start_multipath"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [({"connects": False}, "moving the traffic off the primary, which is off"), ({"moves": False}, "It was left off")],
)
def test_where_that_fails_the_line_stays_as_it_was(run, fault, said):
    router = Router(a_backup_router(**OFF), **fault)
    with pytest.raises(NotActivated, match=said):
        run(router, "primary", "disabled", wait_seconds=5)
    assert router.nvram["wan0_enable"] == "0"


def test_it_is_left_on_where_the_other_does_not_connect(run):
    router = Router(a_backup_router(), connects=False)
    with pytest.raises(NotActivated, match="dialled to take over and is not connected"):
        run(router, "primary", "disabled")
    assert router.nvram["wan0_enable"] == "1"
    assert router.services == ["restart_wan_if 1"]


def test_where_the_traffic_does_not_move_the_line_is_switched_on_again(run):
    router = Router(a_backup_router(), moves=False)
    with pytest.raises(NotActivated, match=r"did not move the traffic to the secondary.*switched on again") as failed:
        run(router, "primary", "disabled")
    result = failed.value.as_result()
    assert (result["status"], result["stored"]) == ("connected", "nothing")
    assert noted() is None
    assert (router.nvram["wan0_enable"], router.nvram["wan0_state_t"]) == ("1", "2")
    assert router.services == ["restart_wan_if 1", "restart_wan_if 0", "start_multipath", "restart_wan_if 0"]


IDENTITY = "00:00:5E:00:53:07"


def noted():
    return Debts(router_from(CONNECTION)).read(IDENTITY)


class Killed(BaseException):
    """The process has ended here."""


def at_each_write(router, what):
    """Calls ``what`` with the service of each write, once its values are stored."""
    start = router._start

    def starts(service):
        what(service)
        start(service)

    router._start = starts


def test_the_line_is_noted_once_the_other_is_dialled_and_until_the_traffic_has_moved(run):
    router, seen = Router(a_backup_router()), []
    at_each_write(router, lambda service: seen.append((service, noted())))
    run(router, "primary", "disabled")
    (dialled, before), (_switched, debt), (moved, still) = seen
    assert (dialled, before, moved) == ("restart_wan_if 1", None, "start_multipath")
    assert (debt.fault, debt.former, debt.lent) == ("asus_wan", {"wan0_enable": "1"}, {"wan0_enable": "0"})
    assert (debt.line, debt.traffic, debt.what) == (0, "primary", "Switching the primary WAN off (asus_wan)")
    assert still == debt
    assert noted() is None


@pytest.mark.parametrize(
    ("wan", "options", "nvram"),
    [
        pytest.param("secondary", {}, {}, id="idle"),
        pytest.param("primary", {"even_without_backup": True}, {}, id="wanted whatever comes"),
        pytest.param(
            "primary", {}, {"wan0_primary": "0", "wan1_primary": "1", "wan1_state_t": "2"}, id="on the backup"
        ),
    ],
)
def test_a_line_that_owes_nothing_is_not_noted(run, wan, options, nvram):
    router, seen = Router(a_backup_router(**nvram)), []
    at_each_write(router, lambda _service: seen.append(noted()))
    run(router, wan, "disabled", **options)
    assert seen
    assert set(seen) == {None}


@pytest.mark.parametrize("service", ["restart_wan_if 0", "start_multipath"])
def test_one_that_is_killed_with_the_line_off_has_it_given_back_by_the_next_run(run, service):
    router = Router(a_backup_router(wan1_state_t="2"))

    def kill(asked):
        if asked == service:
            raise Killed

    at_each_write(router, kill)
    with pytest.raises(Killed):
        run(router, "primary", "disabled")
    assert router.nvram["wan0_enable"] == "0"
    del router._start
    back = run(router, "primary", "enabled")
    assert "Switching the primary WAN off (asus_wan) that began" in back["warnings"][0]
    assert "The primary WAN is switched on again" in back["warnings"][0]
    assert (router.nvram["wan0_enable"], router.nvram["wan0_state_t"]) == ("1", "2")
    assert noted() is None


def test_one_that_is_killed_once_the_traffic_has_moved_leaves_the_line_off(run):
    router = Router(a_backup_router(wan1_state_t="2"))
    act = router._act

    def acts(service):
        act(service)
        if service == "start_multipath":
            raise Killed

    router.when_done = acts
    with pytest.raises(Killed):
        run(router, "primary", "disabled")
    assert noted() is not None
    router.when_done = act
    router.services.clear()
    again = run(router, "primary", "disabled")
    assert "The traffic had moved, so the line stays off" in again["warnings"][0]
    assert (router.services, router.nvram["wan0_enable"]) == ([], "0")
    assert noted() is None


class StuckInMultipath(Router):
    """One whose rc does not end ``start_multipath`` for so many seconds; whatever is asked for meanwhile gets lost."""

    def __init__(self, nvram, seconds):
        super().__init__(nvram)
        self.seconds = seconds

    def _start(self, service):
        if self.nvram["rc_service"]:
            self.clock.sleep(15)
        else:
            super()._start(service)

    def _end_service(self):
        if self.nvram["rc_service"] == "start_multipath" and self.seconds:
            self.clock.after(self.seconds, super()._end_service)
            self.seconds = 0
        else:
            super()._end_service()


def test_where_moving_the_traffic_does_not_end_the_line_is_switched_on_again(run):
    router = StuckInMultipath(a_backup_router(), seconds=120)
    with pytest.raises(
        NotActivated, match=r"has not finished start_multipath.*primary WAN was switched on again"
    ) as failed:
        run(router, "primary", "disabled")
    assert failed.value.as_result()["stored"] == "nothing"
    assert (router.nvram["wan0_enable"], router.nvram["wan0_state_t"]) == ("1", "2")
    assert noted() is None


def test_where_it_never_ends_the_switch_is_on_again_all_the_same(run):
    router = StuckInMultipath(a_backup_router(), seconds=100_000)
    with pytest.raises(NotActivated, match="not seen to be done"):
        run(router, "primary", "disabled")
    assert router.nvram["wan0_enable"] == "1"
    assert noted() is not None


def test_where_no_backup_is_wanted_a_move_that_does_not_end_leaves_the_line_off(run):
    router = StuckInMultipath(a_backup_router(), seconds=100_000)
    with pytest.raises(NotActivated, match="has not finished start_multipath"):
        run(router, "primary", "disabled", even_without_backup=True)
    assert router.nvram["wan0_enable"] == "0"


def test_it_stays_off_where_that_is_wanted_even_without_a_backup(run):
    router = Router(a_backup_router(), moves=False)
    with pytest.raises(NotActivated, match="left off"):
        run(router, "primary", "disabled", even_without_backup=True)
    assert router.nvram["wan0_enable"] == "0"


def test_without_a_backup_nothing_is_written_before_it_is_refused(run):
    router = Router(a_backup_router(**NO_PHONE))
    with pytest.raises(BadWish, match="no phone"):
        run(router, "primary", "disabled")
    assert router.asked == UNCHANGED
    result = run(router, "primary", "disabled", even_without_backup=True)
    assert router.services == ["restart_wan_if 0"]
    assert "not in order" in result["warnings"][0]


def test_a_line_comes_back_from_a_reconnect_with_what_it_got(run):
    router = Router(a_backup_router())
    router.when_written = lambda _fields: router.nvram.update(wan0_ipaddr="203.0.113.9")
    result = run(router, "primary", "reconnected")
    assert (router.written, router.services) == ([{}], ["restart_wan_if 0"])
    assert (result["changed"], result["connected"]) == (True, True)
    assert (result["before"]["address"], result["after"]["address"]) == ("203.0.113.7", "203.0.113.9")
    assert result["diff"]["after"]["address"] == "203.0.113.9"


@pytest.mark.parametrize(
    ("wan", "state", "foretold"),
    [("primary", "disabled", "disabled"), ("primary", "reconnected", None), ("secondary", "disabled", "disabled")],
)
def test_check_mode_foretells_and_never_writes(run, wan, state, foretold):
    router = Router(a_backup_router())
    promised = run(router, wan, state, check_mode=True)
    assert router.asked == UNCHANGED
    assert (promised["changed"], promised["after"], promised["seconds"]) == (True, None, None)
    assert promised["diff"]["after"].get("state") == foretold
    assert promised["activation"] == run(router, wan, state)["activation"]


def test_check_mode_refuses_as_well_and_waits_for_nobody(run):
    router = Router(a_backup_router(**NO_PHONE, rc_service="restart_wan"))
    with pytest.raises(BadWish):
        run(router, "primary", "disabled", check_mode=True)
    assert router.asked == UNCHANGED
    assert router.clock.slept == []


def test_the_secondary_is_switched_by_the_page_s_names_until_the_router_has_booted(run):
    router = Router(a_backup_router())
    router.drops = {"wan1_enable"}

    def by_the_unit(fields):
        if "wan_enable" in fields:
            router.nvram[f"wan{fields['wan_unit']}_enable"] = fields["wan_enable"]

    router.when_written = by_the_unit
    result = run(router, "secondary", "disabled")
    assert router.written == [{"wan1_enable": "0"}, {"wan_unit": "1", "wan_enable": "0"}]
    assert result["after"]["status"] == "disabled"


def test_a_switch_that_the_router_drops_by_both_names_is_not_stored(run):
    router = Router(a_backup_router())
    router.drops = {"wan1_enable"}
    with pytest.raises(NotStored) as failed:
        run(router, "secondary", "disabled")
    assert failed.value.as_result()["kept"] == {"wan1_enable": "1"}
    assert router.writes == 2


def test_one_that_carries_the_traffic_and_cannot_be_switched_off_owes_nothing(run):
    router = Router(a_backup_router())
    router.drops = {"wan0_enable"}
    with pytest.raises(NotStored):
        run(router, "primary", "disabled")
    assert noted() is None


def test_a_line_that_does_not_stop_and_has_no_traffic_any_more_owes_nothing(run):
    router = Router(a_backup_router())
    act = router._act

    def acts(service):
        act(service)
        if service == "restart_wan_if 0":
            router.nvram["wan0_state_t"] = "6"

    router.when_done = acts
    with pytest.raises(NotActivated, match="was to be disabled"):
        run(router, "primary", "disabled", wait_seconds=5)
    assert (router.nvram["wan0_primary"], noted()) == ("0", None)


def test_a_line_without_a_phone_is_switched_on_and_not_waited_for(run):
    router = Router(a_backup_router(**NO_PHONE, wan1_enable="0", wan1_state_t="5"))
    result = run(router, "secondary", "enabled")
    assert (result["changed"], result["connected"], result["after"]["status"]) == (True, False, "phone_missing")
    assert "cannot connect" in result["warnings"][0]
    assert result["seconds"] < 10


def test_a_phone_that_leaves_meanwhile_is_given_the_time_to_return(run):
    router = Router(a_backup_router(wan1_enable="0", wan1_state_t="5"))
    router.when_written = lambda _fields: router.nvram.update(NO_PHONE)
    result = run(router, "secondary", "enabled", wait_seconds=20)
    assert (result["connected"], result["after"]["status"]) == (False, "phone_missing")
    assert result["seconds"] >= 20


def test_a_line_without_a_cable_cannot_be_reconnected(run):
    on_the_phone = {"wan0_primary": "0", "wan1_primary": "1", "wan1_state_t": "2"}
    router = Router(a_backup_router(**on_the_phone, link_wan="0", wan0_state_t="3", wan0_auxstate_t="1"))
    with pytest.raises(NotActivated, match="unplugged") as failed:
        run(router, "primary", "reconnected")
    assert "Plug in" in failed.value.cure


def test_a_line_that_does_not_connect_in_time_is_told_with_its_state(run):
    router = Router(a_backup_router(**OFF), connects=False)
    with pytest.raises(NotActivated, match=r"is disconnected.*wan0_state_t 0.*switch is stored") as failed:
        run(router, "primary", "enabled", wait_seconds=5)
    assert failed.value.as_result()["status"] == "disconnected"
    assert router.nvram["wan0_enable"] == "1"


def test_a_line_on_its_way_is_looked_at_until_it_is_there(run):
    router = Router(a_backup_router(**OFF), connects=False)
    router.clock.after(12, lambda: router.nvram.update(wan0_state_t="2"))
    result = run(router, "primary", "enabled")
    assert result["connected"]
    assert 10 <= result["seconds"] <= 15
    assert router.writes == 1


def test_a_service_that_is_not_seen_to_end_is_told(run):
    router = Router(a_backup_router())
    router.services_end = False
    with pytest.raises(NotActivated, match="has not finished restart_wan_if 1"):
        run(router, "secondary", "disabled")


def test_a_busy_router_is_waited_for_and_looked_at_again(run):
    router = Router(a_backup_router(rc_service="restart_wan"))
    router.clock.after(3, lambda: router.nvram.update(NO_PHONE, rc_service=""))
    with pytest.raises(BadWish, match="could not take over"):
        run(router, "primary", "disabled")
    assert router.writes == 0


def test_an_access_point_has_no_lines(run):
    router = Router(a_router(sw_mode="3"))
    with pytest.raises(NotCapable):
        run(router, "primary", "reconnected")
    assert router.writes == 0
