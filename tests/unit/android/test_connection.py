# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phone, by which server."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import address_from
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish


def address(serial, **differs):
    ordinary = {"adb_server_host": "127.0.0.1", "adb_server_port": 5037, "timeout": 30.0}
    return address_from({"serial": serial, **ordinary, **differs})


@pytest.mark.parametrize(
    ("serial", "over_network"),
    [
        (None, False),
        ("R58N12ABCDE", False),
        ("emulator-5554", False),
        ("192.0.2.9:5555", True),
        ("phone.lan:5555", True),
        ("[fd00::9]:5555", True),
        ("adb-R58N12ABCDE-x1._adb-tls-connect._tcp", False),
        ("usb:1-1", False),
    ],
)
def test_what_the_server_can_connect_to(serial, over_network):
    assert address(serial).over_network is over_network


@pytest.mark.parametrize(
    ("serial", "host"),
    [("192.0.2.9:5555", "192.0.2.9"), ("[fd00::9]:5555", "fd00::9"), ("R58N12ABCDE", None), (None, None)],
)
def test_at_which_host_it_is(serial, host):
    assert address(serial).host == host


def test_an_empty_serial_is_none():
    assert address("").serial is None


@pytest.mark.parametrize("serial", ["a b", "a\n", "ü"])
def test_what_is_no_serial(serial):
    with pytest.raises(BadWish, match="serial has") as refused:
        address(serial)
    assert "adb devices" in refused.value.cure


@pytest.mark.parametrize("host", ["localhost", "adb.lan", "192.0.2.9", "::1", "fe80::1%eth0"])
def test_where_an_adb_server_may_be(host):
    assert address(None, adb_server_host=host).server_host == host


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("adb_server_host", host) for host in ("", "a b", "ü", "localhost:5037", "a" * 64, "a." * 127)),
        *(("adb_server_port", port) for port in (0, -1, 65536)),
        *(("timeout", seconds) for seconds in (0.0, -1.0, float("nan"), float("inf"))),
    ],
)
def test_what_nothing_could_be_done_with_is_refused_by_its_name(name, value):
    with pytest.raises(BadWish, match=name) as refused:
        address(None, **{name: value})
    assert "Give" in refused.value.cure
