# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a router is reached, and what cannot be an address."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit.builders import CONNECTION

PIN = "0123456789abcdef" * 4


def reached(**given):
    return router_from({**CONNECTION, **given})


@pytest.mark.parametrize(
    ("given", "url"),
    [
        pytest.param({"tls": True}, "https://192.168.50.1:8443", id="as shipped"),
        pytest.param({"tls": False}, "http://192.168.50.1:80", id="plain"),
        pytest.param({"tls": True, "port": 443}, "https://192.168.50.1:443", id="another port"),
        pytest.param({"host": " router.asus.com "}, "http://router.asus.com:80", id="a name"),
        pytest.param({"host": "fd00::1"}, "http://[fd00::1]:80", id="IPv6"),
    ],
)
def test_where_it_is(given, url):
    assert reached(**given).url == url


@pytest.mark.parametrize(
    "host",
    [
        "a" * 64 + ".lan",
        ".".join(["a" * 60] * 5),
        " ",
        "https://192.168.50.1",
        "192.168.50.1/",
        "a b",
        "192.168.50.1:8443",
        "[fd00::1]",
        "admin@192.168.50.1",
        "router?x",
        "router#x",
    ],
)
def test_what_is_no_host(host):
    with pytest.raises(BadWish, match="host is") as refused:
        reached(host=host)
    assert "such as 192.168.50.1" in refused.value.cure


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_what_is_no_port(port):
    with pytest.raises(BadWish, match="1 to 65535"):
        reached(port=port)


@pytest.mark.parametrize("timeout", [0.0, -1.0, float("nan"), float("inf"), 1e20])
def test_what_is_no_time(timeout):
    with pytest.raises(BadWish, match="timeout"):
        reached(timeout=timeout)


@pytest.mark.parametrize("blank", ["username", "password"])
def test_who_asks_is_not_nobody(blank):
    with pytest.raises(BadWish, match=blank):
        reached(**{blank: ""})


@pytest.mark.parametrize(
    "given",
    [
        PIN,
        PIN.upper(),
        ":".join(PIN[at : at + 2] for at in range(0, 64, 2)).upper(),
        f"sha256:{PIN}",
        f"SHA256:{PIN.upper()}",
        " ".join(PIN[at : at + 2] for at in range(0, 64, 2)),
    ],
    ids=["plain", "upper case", "colons", "prefix", "upper case prefix", "blanks"],
)
def test_a_pin_as_browsers_and_tools_write_it(given):
    assert reached(certificate_fingerprint=given).fingerprint == PIN


@pytest.mark.parametrize("given", ["", "abc", "a" * 40, "g" * 64])
def test_what_is_no_pin(given):
    with pytest.raises(BadWish, match="64 hexadecimal digits"):
        reached(certificate_fingerprint=given)


def test_the_password_is_not_in_what_is_printed():
    assert CONNECTION["password"] not in repr(reached())
