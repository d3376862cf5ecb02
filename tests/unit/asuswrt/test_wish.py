# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input is refused before the router is asked anything, and the message says what would do."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._rules import Rule
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish, is_host
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit.builders import a_wish


def a_rule(source="192.168.50.20", destination="8.8.8.8", wan="secondary"):
    return {"source": source, "destination": destination, "wan": wan}


BAD = [
    pytest.param({"primary": "usb", "secondary": "usb"}, "usb", "wan", id="one line twice"),
    pytest.param({"state": "disabled", "secondary": "usb"}, "secondary", "state: enabled", id="off with a secondary"),
    pytest.param({"mode": "load_balance", "failback": True}, "failback", "Leave failback out", id="failback in lb"),
    pytest.param({"usb_mtu": 575}, "575", "576 to 1500", id="mtu too small"),
    pytest.param({"usb_mtu": 1501}, "1501", "576 to 1500", id="mtu too large"),
    pytest.param({"usb_mtu": -1}, "-1", "576 to 1500", id="mtu negative"),
    pytest.param({"load_balance_ratio": "0:1"}, "'0:1'", "1 to 9", id="ratio with zero"),
    pytest.param({"load_balance_ratio": "99:99"}, "'99:99'", "1 to 9", id="ratio with two digits"),
    pytest.param({"load_balance_ratio": "3:1\n"}, "3:1", "1 to 9", id="ratio with a newline"),
    pytest.param({"detection": {"failover_count": 0}}, "failover_count is 0", "1 to 99", id="failover count zero"),
    pytest.param({"detection": {"failover_count": 100}}, "100", "1 to 99", id="failover count of three digits"),
    pytest.param({"detection": {"failback_count": 0}}, "failback_count is 0", "1 to 99", id="failback count zero"),
    pytest.param({"detection": {"ping_target": "False"}}, "ping_target is False", "Give ''", id="target off"),
    pytest.param({"detection": {"ping_target": "none"}}, "ping_target is none", "Give ''", id="target none"),
    pytest.param({"detection": {"dns_query": {"hostname": "off"}}}, "hostname is off", "Give ''", id="query off"),
    pytest.param({"detection": {"ping_target": "bad host;x"}}, "'bad host;x'", "1.1.1.1", id="target of capture 15"),
    pytest.param({"detection": {"ping_target": "$(id)"}}, "$(id)", "1.1.1.1", id="target with a command"),
    pytest.param({"detection": {"ping_target": "a;reboot"}}, "a;reboot", "1.1.1.1", id="target with two commands"),
    pytest.param({"detection": {"ping_target": "<script>"}}, "<script>", "1.1.1.1", id="target with a script"),
    pytest.param({"detection": {"ping_target": "1.1.1"}}, "'1.1.1'", "1.1.1.1", id="target of three numbers"),
    pytest.param({"detection": {"ping_target": "300.1.1.1"}}, "300.1.1.1", "1.1.1.1", id="target out of range"),
    pytest.param({"detection": {"ping_target": "2606:4700::1"}}, "2606:4700::1", "1.1.1.1", id="target in IPv6"),
    pytest.param({"detection": {"ping_target": "-f"}}, "'-f'", "1.1.1.1", id="target that is an option of ping"),
    pytest.param({"detection": {"ping_target": "a." * 50 + "b"}}, "ping_target", "100", id="target of 101 characters"),
    pytest.param({"detection": {"dns_query": {"hostname": "no host"}}}, "'no host'", "dns.msftncsi.com", id="dns host"),
    pytest.param({"detection": {"dns_query": {"addresses": ["1.1.1"]}}}, "'1.1.1'", "*", id="dns address"),
    pytest.param(
        {"detection": {"dns_query": {"addresses": ["fe80::1%$(id)"]}}}, "$(id)", "*", id="dns address with a zone"
    ),
    pytest.param({"routing_rules": [a_rule("192.168.50.256")]}, "192.168.50.256", "192.168.50.0/24", id="rule source"),
    pytest.param({"routing_rules": [a_rule(destination="example.com")]}, "example.com", "all", id="rule to a name"),
    pytest.param({"routing_rules": [a_rule("1.1.1.1/33")]}, "1.1.1.1/33", "192.168.50.0/24", id="rule mask"),
    pytest.param({"routing_rules": [a_rule("all", "all")]}, "all to itself", "all to all", id="rule all to all"),
    pytest.param(
        {"routing_rules": [a_rule(wan="primary"), a_rule(wan="secondary")]}, "two rules", "Keep one", id="rule twice"
    ),
]


@pytest.mark.parametrize(("given", "what", "cure"), BAD)
def test_bad_input_is_named_with_what_would_do(given, what, cure):
    with pytest.raises(BadWish) as refused:
        a_wish(**given)
    assert what in refused.value.happened
    assert cure in refused.value.cure
    assert refused.value.as_result() == {"msg": refused.value.message, "reason": "bad_wish"}


def test_options_left_out_ask_for_nothing():
    assert a_wish() == Wish()


def test_an_empty_dns_query_asks_for_nothing():
    assert a_wish(detection={"dns_query": {"hostname": None, "addresses": None}}) == Wish()


def test_no_addresses_to_expect_is_no_way_to_ask_for_dns():
    with pytest.raises(BadWish, match="addresses"):
        a_wish(detection={"dns_query": {"hostname": None, "addresses": []}})


def test_rules_take_the_units_of_the_page():
    wish = a_wish(routing_rules=[a_rule(), a_rule("ALL", "1.1.1.0/24", "primary")])
    assert wish.routing_rules == (Rule("192.168.50.20", "8.8.8.8", 1), Rule("all", "1.1.1.0/24", 0))


def test_two_spellings_of_one_network_are_one_rule_twice():
    with pytest.raises(BadWish, match="two rules"):
        a_wish(routing_rules=[a_rule("192.168.50.7/24"), a_rule("192.168.50.0/24")])


@pytest.mark.parametrize(
    "host", ["1.1.1.1", "dns.google", "localhost", "a-b.example.", "host_1.lan", "x" * 63 + ".de", "EXAMPLE.org"]
)
def test_what_may_be_pinged(host):
    assert is_host(host, 100)


@pytest.mark.parametrize(
    "host", [".", "a..b", "a b", "a\n", "ä.de", "x" * 64 + ".de", "a/b", "`id`", "a&b", "1.1.1.1."]
)
def test_what_may_not(host):
    assert not is_host(host, 100)


@pytest.mark.parametrize("mtu", [0, 576, 1480, 1500])
def test_an_mtu_as_the_page_takes_it(mtu):
    assert a_wish(usb_mtu=mtu).usb_mtu == mtu
