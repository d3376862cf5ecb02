# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done with one line, and what is refused."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan_plan import (
    WanPlan,
    WanWish,
    reached,
    wan_plan,
    wan_wish_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit.builders import a_backup_router, a_router

NO_PHONE = {"usb_path1": "", "usb_modem_act_dev": "", "link_wan1": "0"}
OFF = {"wan0_enable": "0", "wan0_state_t": "5"}
ON_THE_PHONE = {"wan0_primary": "0", "wan1_primary": "1", "wan1_state_t": "2"}


@pytest.mark.parametrize(
    ("unit", "state", "nvram", "planned"),
    [
        pytest.param(0, "enabled", {}, WanPlan({}), id="on already"),
        pytest.param(0, "disabled", {**OFF, **ON_THE_PHONE}, WanPlan({}), id="off already"),
        pytest.param(
            1, "disabled", {"wan1_enable": "0", "wan1_state_t": "5"}, WanPlan({}), id="the idle one off already"
        ),
        pytest.param(
            0,
            "disabled",
            OFF,
            WanPlan({}, "start_multipath", "restart_wan_if 1"),
            id="off already and still the one in use, the other cold",
        ),
        pytest.param(
            0,
            "disabled",
            {**OFF, "wan1_state_t": "2"},
            WanPlan({}, "start_multipath"),
            id="off already and still the one in use, the other hot",
        ),
        pytest.param(
            0,
            "disabled",
            {**OFF, "wan1_state_t": "2", "wans_mode": "lb"},
            WanPlan({}),
            id="off already under load balance",
        ),
        pytest.param(0, "enabled", OFF, WanPlan({"wan0_enable": "1"}, "restart_wan_if 0"), id="on"),
        pytest.param(
            0,
            "enabled",
            {"wan0_state_t": "5"},
            WanPlan({}, "restart_wan_if 0"),
            id="on in store only",
        ),
        pytest.param(
            1,
            "disabled",
            {"wan1_enable": "0"},
            WanPlan({}, "restart_wan_if 1"),
            id="off in store only",
        ),
        pytest.param(1, "disabled", {}, WanPlan({"wan1_enable": "0"}, "restart_wan_if 1"), id="the idle one off"),
        pytest.param(
            0,
            "disabled",
            {},
            WanPlan({"wan0_enable": "0"}, "restart_wan_if 0", "restart_wan_if 1", "start_multipath"),
            id="the active one off, the other cold",
        ),
        pytest.param(
            0,
            "disabled",
            {"wan1_state_t": "2"},
            WanPlan({"wan0_enable": "0"}, "restart_wan_if 0", "", "start_multipath"),
            id="the active one off, the other hot",
        ),
        pytest.param(
            0, "disabled", ON_THE_PHONE, WanPlan({"wan0_enable": "0"}, "restart_wan_if 0"), id="off while on the backup"
        ),
        pytest.param(
            0,
            "disabled",
            {"wans_mode": "lb", "wan1_state_t": "2"},
            WanPlan({"wan0_enable": "0"}, "restart_wan_if 0"),
            id="off under load balance",
        ),
        pytest.param(0, "reconnected", {}, WanPlan({}, "restart_wan_if 0"), id="reconnected"),
    ],
)
def test_the_way_to_a_wish(unit, state, nvram, planned):
    assert wan_plan(WanWish(unit, state), a_backup_router(**nvram)) == planned


@pytest.mark.parametrize(
    ("unit", "state", "nvram"),
    [
        pytest.param(0, "disabled", NO_PHONE, id="no phone"),
        pytest.param(0, "reconnected", NO_PHONE, id="no phone, reconnected"),
        pytest.param(0, "disabled", {"wan1_enable": "0"}, id="the other is off"),
        pytest.param(0, "reconnected", {"wans_dualwan": "wan none"}, id="there is no other"),
        pytest.param(1, "disabled", {**ON_THE_PHONE, "wan0_auxstate_t": "1"}, id="on the backup, the cable pulled"),
        pytest.param(1, "disabled", {**ON_THE_PHONE, "wans_mode": "fb"}, id="on the backup, the primary silent"),
        pytest.param(1, "reconnected", {**ON_THE_PHONE, "wans_mode": "fb"}, id="the same, reconnected"),
        pytest.param(0, "disabled", {**NO_PHONE, "wans_mode": "lb"}, id="under load balance"),
    ],
)
def test_the_line_with_the_traffic_is_left_alone_where_the_other_could_not_take_over(unit, state, nvram):
    router = a_backup_router(**nvram)
    with pytest.raises(BadWish, match="could not take over") as refused:
        wan_plan(WanWish(unit, state), router)
    assert "even_without_backup" in refused.value.cure
    forced = wan_plan(WanWish(unit, state, even_without_backup=True), router)
    assert forced.activation == f"restart_wan_if {unit}"


def test_a_line_that_is_off_and_has_no_successor_is_told_of_and_left_so_where_that_is_wanted():
    router = a_backup_router(**OFF, **NO_PHONE)
    with pytest.raises(BadWish, match="is off and still the one in use, and the secondary could not") as refused:
        wan_plan(WanWish(0, "disabled"), router)
    assert "state: enabled" in refused.value.cure
    assert wan_plan(WanWish(0, "disabled", even_without_backup=True), router) == WanPlan({})


@pytest.mark.parametrize(
    ("wish", "nvram", "words"),
    [
        pytest.param(WanWish(1, "enabled"), a_router(), "Dual WAN is off", id="no secondary"),
        pytest.param(WanWish(0, "reconnected"), a_backup_router(**OFF), "is switched off", id="off, and reconnected"),
    ],
)
def test_what_cannot_be(wish, nvram, words):
    with pytest.raises(BadWish, match=words):
        wan_plan(wish, nvram)


def test_the_line_of_the_automatic_backup_is_a_line():
    planned = wan_plan(WanWish(1, "disabled"), a_backup_router(wans_usb_bk_act="1"))
    assert planned.values == {"wan1_enable": "0"}


@pytest.mark.parametrize(
    ("unit", "state", "nvram", "there"),
    [
        pytest.param(0, "enabled", {}, True, id="connected"),
        pytest.param(1, "enabled", {}, True, id="a cold standby"),
        pytest.param(1, "enabled", {"wan1_state_t": "2"}, True, id="a hot standby"),
        pytest.param(1, "reconnected", {"wan1_state_t": "1"}, False, id="connecting, which looks like a cold standby"),
        pytest.param(1, "reconnected", {"wan1_state_t": "6"}, False, id="stopping"),
        pytest.param(0, "enabled", {"link_internet": "1"}, False, id="no internet behind it"),
        pytest.param(0, "enabled", OFF, False, id="off"),
        pytest.param(0, "disabled", {"wan0_enable": "0"}, False, id="still running"),
        pytest.param(0, "disabled", {**OFF, **ON_THE_PHONE}, True, id="off, and the traffic moved"),
        pytest.param(0, "disabled", OFF, True, id="off, and nowhere to move to"),
    ],
)
def test_whether_a_line_is_where_it_is_wanted(unit, state, nvram, there):
    wish = WanWish(unit, state)
    assert reached(wish, WanPlan({}, "restart_wan_if 0"), a_backup_router(**nvram)) is there


@pytest.mark.parametrize(
    "planned",
    [
        WanPlan({"wan0_enable": "0"}, "restart_wan_if 0", "", "start_multipath"),
        WanPlan({}, "start_multipath"),
    ],
    ids=["switched off", "off already"],
)
def test_a_line_that_is_off_and_keeps_the_traffic_is_not_there(planned):
    assert reached(WanWish(0, "disabled"), planned, a_backup_router(**OFF)) is False


def test_nobody_waits_less_than_no_time():
    with pytest.raises(BadWish, match="wait_seconds is -1"):
        wan_wish_from({"wan": "primary", "state": "enabled", "wait_seconds": -1, "even_without_backup": False})
