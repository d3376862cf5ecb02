# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which settings in a file would keep a task from coming in again."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._ways_in import WAY_IN_NAMES, shut

PRESENT = {
    "http_enable": "2",
    "http_lanport": "80",
    "https_lanport": "8443",
    "lan_ipaddr": "192.168.50.1",
    "lan_netmask": "255.255.255.0",
    "sw_mode": "1",
    "enable_acc_restriction": "0",
    "restrict_rulelist": "",
}
LIST = "<1>192.168.50.20>1"


def closed_by(wanted, *, tls, passwords=None):
    # By a name and a port that are not the router's own, as through a forwarded port.
    router = Router("router.lan", 9999, tls, "admin", "correct horse")
    return shut(wanted, router, PRESENT, passwords=passwords)


def test_all_that_is_compared_is_read():
    assert set(WAY_IN_NAMES) == set(PRESENT)


@pytest.mark.parametrize("tls", [True, False])
def test_what_stays_as_it_is_closes_nothing(tls):
    assert closed_by({**PRESENT, "http_username": "admin"}, tls=tls) == ()
    assert closed_by({}, tls=tls, passwords=("correct horse",)) == ()


@pytest.mark.parametrize(
    ("name", "value", "closes_tls", "closes_plain"),
    [
        ("http_username", "root", True, True),
        ("http_enable", "0", True, False),
        ("http_enable", "1", False, True),
        ("http_enable", "", True, True),
        ("http_lanport", "8080", False, True),
        ("https_lanport", "443", True, False),
        ("lan_ipaddr", "10.0.0.1", True, True),
        ("lan_netmask", "255.0.0.0", True, True),
        ("sw_mode", "3", True, True),
    ],
)
def test_a_way_in_is_closed_for_whom_it_serves(name, value, closes_tls, closes_plain):
    assert closed_by({name: value}, tls=True) == ((name,) if closes_tls else ())
    assert closed_by({name: value}, tls=False) == ((name,) if closes_plain else ())


@pytest.mark.parametrize(
    ("present", "wanted", "closed"),
    [
        pytest.param("0", {"enable_acc_restriction": "1"}, ("enable_acc_restriction",), id="switched on"),
        pytest.param("1", {"restrict_rulelist": LIST}, ("restrict_rulelist",), id="another list"),
        pytest.param("1", {"enable_acc_restriction": "0", "restrict_rulelist": LIST}, (), id="switched off"),
        pytest.param("0", {"restrict_rulelist": LIST}, (), id="a list that is not used"),
        pytest.param("1", {"enable_acc_restriction": "1", "restrict_rulelist": ""}, (), id="as it is"),
    ],
)
def test_who_may_come_in_does_not_change_unawares(present, wanted, closed):
    router = Router("router.lan", 8443, True, "admin", "correct horse")
    nvram = {**PRESENT, "enable_acc_restriction": present}
    assert shut(wanted, router, nvram, passwords=None) == closed


@pytest.mark.parametrize(
    ("passwords", "closed"),
    [(None, ()), (("correct horse",), ("http_passwd",)), (("correct horse", "the old one"), ())],
    ids=["not known yet", "another", "the router's own form of it"],
)
def test_a_password_is_compared_once_it_is_known_how_the_router_writes_it(passwords, closed):
    assert closed_by({"http_passwd": "the old one"}, tls=True, passwords=passwords) == closed
