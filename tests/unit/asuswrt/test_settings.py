# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each row of the table: what an option makes of its nvram variable, and what that says in the words of the options."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import PLAIN, TEXT
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._options import options
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._rules import Rule, decode_rules, encode_rules
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import SETTINGS
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit.builders import MAXIMUM, a_backup_router, a_router, a_wish, able, the_plan

RULES = [
    {"source": "192.168.50.20", "destination": "8.8.8.8", "wan": "secondary"},
    {"source": "192.168.50.0/24", "destination": "1.1.1.1", "wan": "primary"},
]
ENCODED = "<192.168.50.20>8.8.8.8>1<192.168.50.0/24>1.1.1.1>0"

LB = {"wans_mode": "lb", "wans_dualwan": "wan usb"}
AUTOMATIC = {"wans_dualwan": "wan usb", "wans_usb_bk_act": "1"}
ROWS = [
    ("on", {}, {"state": "enabled"}, {"wans_dualwan": "wan usb"}),
    ("off", {"wans_dualwan": "wan usb"}, {"state": "disabled"}, {"wans_dualwan": "wan none"}),
    ("off from usb wan", {"wans_dualwan": "usb wan"}, {"state": "disabled"}, {"wans_dualwan": "usb none"}),
    # A LAN port can be WAN with Dual WAN on only: the page rewrites it.
    ("off from lan wan", {"wans_dualwan": "lan wan"}, {"state": "disabled"}, {"wans_dualwan": "wan none"}),
    ("off from wan lan", {"wans_dualwan": "wan lan"}, {"state": "disabled"}, {"wans_dualwan": "wan none"}),
    ("off, off", {}, {"state": "disabled"}, {}),
    ("usb first", {}, {"state": "enabled", "primary": "usb", "secondary": "wan"}, {"wans_dualwan": "usb wan"}),
    (
        "lan",
        {},
        {"state": "enabled", "secondary": "lan", "lan_port": 3},
        {"wans_dualwan": "wan lan", "wans_lanport": "3"},
    ),
    ("keeps its secondary", {"wans_dualwan": "wan lan"}, {"state": "enabled"}, {}),
    ("other secondary", {"wans_dualwan": "wan lan"}, {"secondary": "usb"}, {"wans_dualwan": "wan usb"}),
    ("failback", {"wans_mode": "fo"}, {"failback": True}, {"wans_mode": "fb"}),
    ("no failback", {}, {"failback": False}, {"wans_mode": "fo"}),
    ("failover keeps failback", {}, {"mode": "failover"}, {}),
    ("lb to failover", LB, {"mode": "failover"}, {"wans_mode": "fo"}),
    ("lb to failback", LB, {"mode": "failover", "failback": True}, {"wans_mode": "fb"}),
    ("load balance", {}, {"mode": "load_balance"}, {"wans_mode": "lb"}),
    ("ratio", LB, {"load_balance_ratio": "7:2"}, {"wans_lb_ratio": "7:2"}),
    ("rules", LB, {"routing_rules": RULES}, {"wans_routing_enable": "1", "wans_routing_rulelist": ENCODED}),
    (
        "no rules",
        {**LB, "wans_routing_enable": "1", "wans_routing_rulelist": ENCODED},
        {"routing_rules": []},
        {"wans_routing_enable": "0", "wans_routing_rulelist": ""},
    ),
    ("hot standby", {}, {"hot_standby": True}, {"wans_standby": "1"}),
    ("interval", {}, {"detection": {"interval": 7}}, {"wandog_interval": "7"}),
    ("failover count", {}, {"detection": {"failover_count": 6}}, {"wandog_maxfail": "6"}),
    ("failback count", {}, {"detection": {"failback_count": 9}}, {"wandog_fb_count": "9"}),
    ("ping", {}, {"detection": {"ping_target": "1.1.1.1"}}, {"wandog_enable": "1", "wandog_target": "1.1.1.1"}),
    # The page does not post the target of a probe that is switched off, so the stored one survives.
    (
        "no ping",
        {"wandog_enable": "1", "wandog_target": "9.9.9.9"},
        {"detection": {"ping_target": ""}},
        {"wandog_enable": "0"},
    ),
    (
        "dns",
        {},
        {"detection": {"dns_query": {"hostname": "example.com", "addresses": ["192.0.2.1", "192.0.2.2"]}}},
        {"dns_probe": "1", "dns_probe_host": "example.com", "dns_probe_content": "192.0.2.1 192.0.2.2"},
    ),
    (
        "dns for any",
        {},
        {"detection": {"dns_query": {"addresses": ["*"]}}},
        {"dns_probe": "1", "dns_probe_content": "*"},
    ),
    ("no dns", {"dns_probe": "1"}, {"detection": {"dns_query": {"hostname": ""}}}, {"dns_probe": "0"}),
    ("no automatic backup", {}, {"auto_usb_backup": False}, {"wans_usb_bk": "0"}),
    # 'wan usb' that the router wrote by itself goes away with the phone: it is drift.
    ("automatic only", AUTOMATIC, {"state": "enabled"}, {"wans_usb_bk_act": "0"}),
    (
        "automatic off",
        AUTOMATIC,
        {"state": "disabled"},
        {"wans_dualwan": "wan none", "wans_usb_bk": "0", "wans_usb_bk_act": "0"},
    ),
    ("automatic untouched", AUTOMATIC, {"detection": {"interval": 7}}, {"wandog_interval": "7"}),
    ("android", {}, {"usb_device": "android"}, {"modem_android": "1"}),
    ("modem", {"modem_android": "1"}, {"usb_device": "modem"}, {"modem_android": "0"}),
    ("android on 388", {"buildno": "388", "modem_android": "1"}, {"usb_device": "android"}, {"modem_android": "0"}),
    (
        "android on 3006",
        {"firmver": "3.0.0.6", "modem_android": "1"},
        {"usb_device": "android"},
        {"modem_android": "0"},
    ),
    # From 388 on 0 is automatic and takes modems too: nothing to store for one.
    ("modem on 388", {"buildno": "388", "modem_android": "1"}, {"usb_device": "modem"}, {}),
    ("android on 382", {"buildno": "382"}, {"usb_device": "android"}, {"modem_android": "1"}),
    ("mtu", {}, {"usb_mtu": 1420}, {"modem_mtu": "1420"}),
    ("ttl extend", {}, {"usb_ttl_extend": True}, {"ttl_inc_enable": "1"}),
    ("ttl spoof", {"ttl_spoof_enable": "1"}, {"usb_ttl_spoof": False}, {"ttl_spoof_enable": "0"}),
    # A firmware without the name reads empty.
    ("no ttl", {"ttl_inc_enable": ""}, {"usb_ttl_extend": False}, {}),
    # What 3006 takes an empty text for is what it has.
    (
        "dns of 3006",
        {"firmver": "3.0.0.6", "dns_probe": "1", "dns_probe_host": "", "dns_probe_content": ""},
        {"detection": {"dns_query": {"hostname": "dns.msftncsi.com", "addresses": ["*"]}}},
        {},
    ),
    (
        "dns of 386",
        {"dns_probe": "1", "dns_probe_content": ""},
        {"detection": {"dns_query": {"addresses": ["*"]}}},
        {"dns_probe_content": "*"},
    ),
    # The page's fields hold no mask in dots.
    (
        "mask in dots",
        LB,
        {"routing_rules": [{"source": "10.0.0.0/255.0.0.0", "destination": "all", "wan": "primary"}]},
        {"wans_routing_enable": "1", "wans_routing_rulelist": "<10.0.0.0/8>all>0"},
    ),
    # A USB WAN is never ready with modem_enable 0; the page switches the unit on too.
    (
        "all on for usb",
        {"modem_enable": "0", "wan1_enable": "0"},
        {"state": "enabled"},
        {"wans_dualwan": "wan usb", "modem_enable": "1", "wan1_enable": "1"},
    ),
    (
        "all on for usb first",
        {"wan0_enable": "0", "wan1_enable": "0"},
        {"state": "enabled", "primary": "usb", "secondary": "wan"},
        {"wans_dualwan": "usb wan", "wan0_enable": "1"},
    ),
]


@pytest.mark.parametrize(("stored", "wanted", "values"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_what_an_option_stores(stored, wanted, values):
    assert the_plan(a_router(**stored), **wanted).values == values


@pytest.mark.parametrize("stored", ["wan usb", "wan", "", "usb none", "dsl usb lan", "wan wan"])
def test_a_task_that_names_no_line_leaves_the_lines_alone(stored):
    nvram = a_router(wans_dualwan=stored)
    assert the_plan(nvram, detection={"interval": 7}).values == {"wandog_interval": "7"}


def test_a_dsl_model_may_have_usb_and_lan_and_then_change_its_ping_target():
    nvram = a_router(wans_cap="dsl usb lan", wans_dualwan="usb lan", wandog_enable="1", wandog_target="9.9.9.9")
    assert the_plan(nvram, detection={"ping_target": "1.1.1.1"}).values == {"wandog_target": "1.1.1.1"}


@pytest.mark.parametrize(
    ("stored", "wanted", "what"),
    [
        pytest.param("wan usb", {"primary": "usb"}, "would both be usb", id="the stored secondary as primary"),
        pytest.param("wan none", {"secondary": "usb"}, "Dual WAN is off", id="a secondary while off"),
        pytest.param("wan usb", {"lan_port": 2}, "neither WAN is lan", id="a LAN port for none"),
        pytest.param("wan usb", {"load_balance_ratio": "2:1"}, "without load balance", id="a ratio for none"),
        pytest.param("wan usb", {"routing_rules": RULES}, "without load balance", id="rules without load balance"),
    ],
)
def test_what_contradicts_the_stored_state_is_refused(stored, wanted, what):
    with pytest.raises(BadWish, match=what) as refused:
        the_plan(a_router(wans_dualwan=stored), **wanted)
    assert refused.value.cure


def test_failback_beside_stored_load_balance_is_refused():
    with pytest.raises(BadWish, match="mode: failover"):
        the_plan(a_router(**LB), failback=True)


def test_the_primary_is_never_the_line_that_the_automatic_backup_holds():
    with pytest.raises(BadWish):
        the_plan(a_router(**AUTOMATIC), primary="usb")


def test_the_automatic_backup_cannot_be_switched_on_where_there_is_none():
    with pytest.raises(BadWish, match="no such switch"):
        the_plan(a_router(rc_support="dualwan modem"), auto_usb_backup=True)


def test_the_automatic_backup_is_off_where_there_is_none():
    assert the_plan(a_router(rc_support="dualwan modem", wans_usb_bk=""), auto_usb_backup=False).values == {}


def test_a_value_longer_than_the_router_keeps_is_refused():
    many = [f"192.0.2.{number % 250}" for number in range(100)]
    with pytest.raises(BadWish, match=r"dns_probe_content would be \d+ characters long, and the router keeps 1024"):
        the_plan(a_router(), detection={"dns_query": {"addresses": many}})


def test_lengths_are_those_of_the_firmware():
    assert {row.nvram: row.maximum(able(a_router())) for row in SETTINGS} == {
        row.nvram: MAXIMUM.get(row.nvram, 1) for row in SETTINGS
    }


@pytest.mark.parametrize(
    ("stored", "digits"),
    [
        ({"buildno": "380"}, 1),
        ({"buildno": "382"}, 1),
        ({"buildno": "384"}, 2),
        ({"buildno": "386"}, 2),
        ({"buildno": "386", "productid": "RT-AC88U"}, 1),
        ({"buildno": "388"}, 2),
        ({"firmver": "3.0.0.6", "buildno": "102"}, 2),
    ],
)
def test_the_interval_is_as_long_as_that_firmware_keeps_it(stored, digits):
    (row,) = (row for row in SETTINGS if row.nvram == "wandog_interval")
    assert row.maximum(able(a_router(**stored))) == digits


def test_a_ttl_switch_that_is_not_there_cannot_be_switched_on():
    with pytest.raises(BadWish, match=r"usb_ttl_spoof is given, and RT-AX53U with firmware .* has no such switch"):
        the_plan(a_router(ttl_spoof_enable=""), usb_ttl_spoof=True)


@pytest.mark.parametrize("wanted", [{"state": "enabled"}, {"state": "disabled"}])
def test_a_router_that_names_no_line_is_not_guessed_at(wanted):
    with pytest.raises(BadWish, match="Give primary"):
        the_plan(a_router(wans_dualwan=""), **wanted)


def test_a_value_that_no_page_offers_never_leaves():
    with pytest.raises(BadWish, match="wans_dualwan would become 'foo usb', which no page"):
        the_plan(a_router(wans_dualwan="foo bar", wans_cap="usb"), secondary="usb")


def test_one_read_asks_for_all_that_is_known():
    assert set(a_router()) == {*PLAIN, *TEXT}


def test_what_is_no_plain_word_is_read_without_loss():
    assert {"wans_routing_rulelist", "wandog_target", "dns_probe_host", "dns_probe_content", "vlan_trunk_rl"} < {*TEXT}
    assert not {*PLAIN} & {*TEXT}


def test_rules_survive_there_and_back():
    rules = (Rule("192.168.50.20", "8.8.8.8", 1), Rule("all", "1.1.1.0/24", 0))
    assert decode_rules(encode_rules(rules)) == rules


def test_rules_that_another_tool_garbled_are_left_out():
    assert decode_rules("<1.1.1.1>2.2.2.2>0<broken<1.1.1.1>2.2.2.2>7") == (Rule("1.1.1.1", "2.2.2.2", 0),)


def test_stored_values_in_the_words_of_the_options():
    told = options(a_backup_router(), able(a_router()))
    assert told == {
        "state": "enabled",
        "primary": "wan",
        "secondary": "usb",
        "mode": "failover",
        "failback": True,
        "hot_standby": False,
        "detection": {
            "interval": 5,
            "failover_count": 12,
            "failback_count": 4,
            "ping_target": "1.1.1.1",
            "dns_query": {
                "hostname": "",
                "addresses": ["131.107.255.255", "112.4.20.71", "fd3e:4f5a:5b81::1"],
            },
        },
        "usb_device": "modem",
        "usb_mtu": 0,
        "usb_ttl_extend": False,
        "usb_ttl_spoof": False,
        "auto_usb_backup": True,
    }


@pytest.mark.parametrize(
    "nvram",
    [
        pytest.param(a_router(), id="as shipped"),
        pytest.param(a_backup_router(), id="with a phone"),
        pytest.param(a_backup_router(wans_mode="fo", dns_probe="1", wans_standby="1"), id="dns"),
        pytest.param(a_router(wans_dualwan="wan lan", wans_lanport="4"), id="lan"),
        pytest.param(
            a_router(**LB, wans_routing_enable="1", wans_routing_rulelist=ENCODED, wans_lb_ratio="5:4"), id="lb"
        ),
        pytest.param(a_backup_router(buildno="388", modem_android="1"), id="388 in legacy mode"),
        pytest.param(a_backup_router(modem_android="1"), id="android"),
    ],
)
def test_what_is_told_can_be_given_back_and_changes_nothing(nvram):
    assert the_plan(nvram, **options(nvram, able(nvram))).values == {}


def test_the_automatic_backup_counts_as_off():
    nvram = a_router(**AUTOMATIC)
    told = options(nvram, able(nvram))
    assert (told["state"], told["secondary"]) == ("disabled", None)


def test_wishes_are_compared_by_what_they_say():
    assert a_wish(detection={"interval": 5}) == a_wish(detection={"interval": 5, "ping_target": None})
