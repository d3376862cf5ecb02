# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's own decision table for the state of a line, with the phone told apart where its page does not."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import dashboard
from unit.builders import A_PHONE, AN_UNMARKED_PHONE, a_backup_router, a_router


def state(unit, state_t="0", sbstate="0", auxstate="0", **more):
    return {
        f"wan{unit}_state_t": state_t,
        f"wan{unit}_sbstate_t": sbstate,
        f"wan{unit}_auxstate_t": auxstate,
        **more,
    }


NO_INTERNET = {"link_internet": "1"}
LB = {"wans_mode": "lb"}
# Unit, what differs from a router with its backup in order, and what its page (386.69061) shows.
TABLE = [
    ("2 cable out", 0, state(0, "3", "0", "1", link_wan="0"), "unplugged"),
    ("2 before 3", 0, state(0, "2", "0", "1"), "unplugged"),
    ("3 standby connected", 1, state(1, "2"), "hot_standby"),
    ("3 standby connected, no internet", 1, state(1, "2", **NO_INTERNET), "hot_standby"),
    ("4 active with internet", 0, state(0, "2"), "connected"),
    ("4' active without internet", 0, state(0, "2", "0", "2", **NO_INTERNET), "disconnected"),
    ("4 both in load balance", 1, state(1, "2", **LB), "connected"),
    ("4' load balance without internet", 1, state(1, "2", **LB, **NO_INTERNET), "disconnected"),
    ("5 PPP silent", 0, state(0, "4", "1"), "stopped"),
    ("5 PPP account", 0, state(0, "4", "2"), "stopped"),
    ("5 DHCP", 0, state(0, "4", "3"), "stopped"),
    ("5 subnet of the LAN", 1, state(1, "4", "4"), "stopped"),
    ("6 off by hand", 0, state(0, "5"), "disabled"),
    ("7 standby, initial", 1, state(1, "0"), "cold_standby"),
    ("7 standby, stopped", 1, state(1, "4", "0"), "cold_standby"),
    ("7 standby, connecting", 1, state(1, "1"), "cold_standby"),
    ("8 active, connecting", 0, state(0, "1"), "disconnected"),
    ("8 load balance, connecting", 1, state(1, "1", **LB), "disconnected"),
    # The page shows a cold standby for all of these.
    ("no phone", 1, dict.fromkeys(A_PHONE, ""), "phone_missing"),
    ("phone missed", 1, {**dict.fromkeys(A_PHONE, ""), **AN_UNMARKED_PHONE}, "phone_missing"),
    ("phone not ready", 1, {"link_wan1": "0"}, "phone_missing"),
    ("modem scanning", 1, {"link_wan1": "4"}, "phone_missing"),
    ("unit off", 1, {"wan1_enable": "0"}, "disabled"),
    ("Dual WAN off", 1, {"wans_dualwan": "wan none"}, "off"),
]


@pytest.mark.parametrize(("unit", "differs", "status"), [pytest.param(*row[1:], id=row[0]) for row in TABLE])
def test_the_state_of_a_line(unit, differs, status):
    wan = dashboard(a_backup_router(**differs)).wans[unit]
    assert wan.status == status
    assert wan.why


AFTER_FAILOVER = {"wan0_primary": "0", "wan1_primary": "1", **state(0, "3", "0", "1"), **state(1, "2")}


def test_after_a_failover_the_backup_is_the_active_line():
    board = dashboard(a_backup_router(**AFTER_FAILOVER, link_wan="0"))
    assert board.active == "secondary"
    assert [wan.status for wan in board.wans] == ["unplugged", "connected"]
    assert board.internet


def test_before_it_the_primary():
    board = dashboard(a_backup_router())
    assert (board.active, board.internet, board.dual_wan) == ("primary", True, True)


def test_a_phone_that_was_missed_is_to_be_replugged():
    unmarked = {**dict.fromkeys(A_PHONE, ""), **AN_UNMARKED_PHONE}
    assert "replug" in dashboard(a_backup_router(**unmarked)).wans[1].why


def test_a_phone_that_waits_for_its_pin_is_not_to_be_replugged():
    assert "replug" not in dashboard(a_backup_router(link_wan1="3")).wans[1].why


def test_usb_as_primary_is_judged_by_the_first_link():
    nvram = a_backup_router(wans_dualwan="usb wan", link_wan="1", link_wan1="1")
    assert dashboard(nvram).wans[0].status == "connected"


def test_an_address_seen_from_outside_is_public():
    assert dashboard(a_router()).wans[0].public is True


def test_another_one_is_not():
    assert dashboard(a_router(wan0_ipaddr="100.64.0.9")).wans[0].public is False


@pytest.mark.parametrize("realip_state", ["0", "1"])
def test_not_known_is_not_no(realip_state):
    assert dashboard(a_router(wan0_realip_state=realip_state)).wans[0].public is None


@pytest.mark.parametrize(
    ("address", "realip_state", "real", "kind"),
    [
        ("203.0.113.7", "2", "203.0.113.7", "public"),
        ("203.0.113.7", "2", "198.51.100.9", "cgnat"),
        ("203.0.113.7", "0", "", "unknown"),
        # The range tells, whether or not anybody has looked from outside.
        ("100.64.0.9", "0", "", "cgnat"),
        ("100.127.255.254", "1", "", "cgnat"),
        ("100.128.0.1", "0", "", "unknown"),
        ("192.168.1.2", "0", "", "cgnat"),
        ("172.31.0.1", "2", "172.31.0.1", "cgnat"),
        ("172.32.0.1", "0", "", "unknown"),
        ("0.0.0.0", "2", "0.0.0.0", "unknown"),
        ("", "2", "", "unknown"),
        ("no address", "0", "", "unknown"),
    ],
)
def test_whether_an_address_is_the_providers_own(address, realip_state, real, kind):
    nvram = a_router(wan0_ipaddr=address, wan0_realip_state=realip_state, wan0_realip_ip=real)
    assert dashboard(nvram).wans[0].as_result()["address_kind"] == kind


def test_no_address_is_none():
    assert dashboard(a_router()).wans[1].as_result()["address"] is None


def test_an_address_is_left_as_it_is():
    assert dashboard(a_router(wan0_gateway="10.0.0.0")).wans[0].gateway == "10.0.0.0"


def test_the_automatic_backup_is_no_dual_wan():
    assert not dashboard(a_backup_router(wans_usb_bk_act="1")).dual_wan


def test_the_numbers_of_usb_are_those_of_lsusb():
    assert dashboard(a_backup_router()).phone.usb_id == "04e8:6864"


def test_a_phone_on_the_second_port():
    phone = dashboard(a_backup_router(usb_path1="storage", usb_path2="modem")).phone
    assert (phone.plugged, phone.port) == (True, "2")
