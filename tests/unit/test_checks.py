# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One idea of a name, an address and a number of seconds, for the router, the adb server and the targets of a drill."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import address_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from, wait_from
from ansible_collections.homelab.dualwan.plugins.module_utils._checks import MOST_SECONDS, is_ipv4, is_ipv6
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._targets import targets_from
from unit.builders import CONNECTION

LABEL = "a" * 63
LONGEST = ".".join([LABEL, LABEL, LABEL, "a" * 61])
PHONE = {"serial": None, "adb_server_host": "127.0.0.1", "adb_server_port": 5037, "timeout": 30.0}
TAKES: dict[str, Callable[[str], object]] = {
    "host": lambda text: router_from({**CONNECTION, "host": text}),
    "adb_server_host": lambda text: address_from({**PHONE, "adb_server_host": text}),
    "targets": lambda text: targets_from([f"tcp://{text}:443"], "192.168.50.1"),
}


@pytest.mark.parametrize("option", TAKES)
@pytest.mark.parametrize(
    "name", ["localhost", "router.asus.com", "router.lan.", "a_b-c.lan", "192.0.2.9", "7", LABEL, LONGEST]
)
def test_a_name_is_one_wherever_it_is_asked_for(option: str, name: str) -> None:
    TAKES[option](name)


@pytest.mark.parametrize("option", TAKES)
@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "-oProxyCommand=x",
        "-a.lan",
        "a..lan",
        ".lan",
        "a b",
        "a;b",
        "$(id)",
        "h\u00e4usle",
        f"{LABEL}a.lan",
        f"{LONGEST}a",
        "[fd00::1]",
    ],
)
def test_and_what_is_none_is_none_everywhere(option: str, text: str) -> None:
    with pytest.raises(BadWish, match=option):
        TAKES[option](text)


@pytest.mark.parametrize("option", ["host", "adb_server_host"])
@pytest.mark.parametrize(("address", "good"), [("::1", True), ("fe80::1%eth0", True), ("::1::", False), (":", False)])
def test_an_ipv6_address_is_one_as_well_where_that_can_be(option: str, address: str, good: bool) -> None:
    if good:
        TAKES[option](address)
        return
    with pytest.raises(BadWish, match=option):
        TAKES[option](address)


@pytest.mark.parametrize(
    ("text", "four", "six"),
    [("192.0.2.9", True, False), ("192.0.2.256", False, False), ("127.1", False, False), ("::1", False, True)],
)
def test_addresses_are_told_apart(text: str, four: bool, six: bool) -> None:
    assert (is_ipv4(text), is_ipv6(text)) == (four, six)


SECONDS: dict[str, Callable[[float], float]] = {
    "timeout of the router": lambda given: router_from({**CONNECTION, "timeout": given}).timeout,
    "timeout of the phone": lambda given: address_from({**PHONE, "timeout": given}).timeout,
    "wait_seconds": lambda given: wait_from({"wait_seconds": given}),
}


@pytest.mark.parametrize("what", SECONDS)
def test_seconds_are_some_and_no_more_than_a_day(what: str) -> None:
    for good in (0.5, 30, MOST_SECONDS):
        assert SECONDS[what](good) == good
    for bad in (-1.0, MOST_SECONDS + 1, float("nan"), float("inf")):
        with pytest.raises(BadWish, match=f"{what.split(maxsplit=1)[0]} is {bad}"):
            SECONDS[what](bad)


def test_none_at_all_is_a_wait_and_no_timeout() -> None:
    assert SECONDS["wait_seconds"](0) == 0
    with pytest.raises(BadWish, match="timeout is 0"):
        SECONDS["timeout of the phone"](0)
