# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``asus_wan_info``: one read, or as many as it takes to become ready."""

from __future__ import annotations

from functools import partial

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt import _wan_info
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.builders import A_PHONE, CONNECTION, a_backup_router, a_router
from unit.fake_router import FakeRouter


@pytest.fixture
def run(monkeypatch):
    def run_on(router, wait_seconds=0.0, as_variables=False):
        monkeypatch.setattr(_wan_info, "Session", partial(Session, transport=router.transport))
        options = {**CONNECTION, "wait_seconds": wait_seconds, "as_variables": as_variables}
        return _wan_info.run(options, Here(clock=router.clock))

    return run_on


def test_a_backup_that_is_ready(run):
    router = FakeRouter(a_backup_router())
    result = run(router)
    assert router.asked == ["login", "read", "logout"]
    assert (result["ready"], result["problems"], result["cautions"]) == (True, [], [])
    assert (result["changed"], result["active"], result["internet"]) == (False, "primary", True)
    assert [wan["status"] for wan in result["wans"]] == ["connected", "cold_standby"]
    assert result["phone"] == {
        "seen": True,
        "port": "1",
        "interface": "usb0",
        "driver": "rndis",
        "usb_id": "04e8:6864",
    }


def test_its_mark_is_its_own_and_stays(run):
    one, same, other = (
        run(FakeRouter(a_backup_router(lan_hwaddr=address)))["mark"]
        for address in ("00:00:5E:00:53:07", "00:00:5E:00:53:07", "00:00:5E:00:53:08")
    )
    assert one == same != other


def test_a_router_as_shipped_is_not_ready_and_says_so(run):
    result = run(FakeRouter(a_router()))
    assert not result["ready"]
    assert [problem["id"] for problem in result["problems"]] == ["dual_wan_off"]
    assert result["phone"]["seen"] is False
    assert result["capabilities"]["ports"] == ["wan", "usb", "lan"]


def test_waiting_ends_when_the_phone_appears(run):
    router = FakeRouter(a_router(wans_dualwan="wan usb"))
    router.clock.after(5, lambda: router.nvram.update(A_PHONE))
    result = run(router, wait_seconds=60)
    assert result["ready"]
    assert 5 <= sum(router.clock.slept) < 10
    assert (router.asked.count("login"), router.writes) == (1, 0)


def test_waiting_ends_in_time_too(run):
    router = FakeRouter(a_router(wans_dualwan="wan usb"))
    result = run(router, wait_seconds=10)
    assert [problem["id"] for problem in result["problems"]] == ["secondary_phone_missing"]
    assert 10 <= sum(router.clock.slept) < 12


@pytest.mark.parametrize("wait", [-1.0, float("nan"), float("inf")])
def test_what_nobody_could_wait_is_refused_before_a_login(run, wait):
    router = FakeRouter(a_backup_router())
    with pytest.raises(BadWish, match="wait_seconds is"):
        run(router, wait_seconds=wait)
    assert router.asked == []


def test_the_screen_for_people_has_a_line_for_each(run):
    lines = run(FakeRouter(a_backup_router()))["dashboard"]
    assert len(lines) == 3
    assert lines[0].startswith("-> primary")
    assert "cold standby" in lines[1]
    assert lines[2].split() == ["internet", "on"]


def test_variables_only_where_they_are_asked_for(run):
    router = FakeRouter(a_backup_router())
    assert "role_variables" not in run(router)
    assert run(router, as_variables=True)["role_variables"]["router_secondary"] == "usb"
    assert router.writes == 0


def test_lines_that_the_automatic_holds_are_left_out_and_that_is_said(run):
    result = run(FakeRouter(a_backup_router(wans_usb_bk_act="1")), as_variables=True)
    assert result["role_variables"]["router_state"] is None
    assert [caution["id"] for caution in result["cautions"]] == ["automatic_lines"]
    assert run(FakeRouter(a_backup_router(wans_usb_bk_act="1")))["cautions"] == []
