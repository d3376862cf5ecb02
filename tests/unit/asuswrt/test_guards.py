# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each guard: what it stops, what it lets pass, and that it never stops a task that has nothing to do with it."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotCapable
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import ROUTERS, WISHES, Case
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lan_ports import joined_ports, lan_ports
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._page_ports import settled
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, DeviceError
from unit.builders import A_PHONE, ON_THE_PHONE, a_router, a_wish, able, the_plan

OLD = {"buildno": "386"}
NEW = {"buildno": "388"}
NEWEST = {"firmver": "3.0.0.6", "buildno": "102"}
EVERY_PORT = {"wans_cap": "wan usb lan dsl wan2"}

ON = {"state": "enabled", "primary": "wan", "secondary": "usb"}
LAN = {"state": "enabled", "primary": "wan", "secondary": "lan"}
LAN_2, LAN_3 = {**LAN, "lan_port": 2}, {**LAN, "lan_port": 3}
USB_LAN = {"state": "enabled", "primary": "usb", "secondary": "lan"}
AUTO = {"state": "disabled", "primary": "auto"}
BALANCE = {"mode": "load_balance"}
NET = "mtlancfg dualwan modem"
RULES = [{"source": f"192.168.50.{last}", "destination": "all", "wan": "primary"} for last in range(64)]


BY_THE_PHONE = {**A_PHONE, "wans_dualwan": "wan usb", **ON_THE_PHONE}
LINKED_AGAIN = {**BY_THE_PHONE, "link_wan": "1", "wan0_state_t": "2", "wan0_auxstate_t": "0"}
OFF = {"state": "disabled"}


def interval(seconds):
    return {"detection": {"interval": seconds}}


def sdn(number, enabled="1", mac="00:00:5E:00:53:01", ports="L3,L4"):
    return {"rc_support": NET, f"apg{number}_enable": enabled, f"apg{number}_dut_list": f"<{mac}>wifi>{ports}>"}


# Guard, router, wish; of those for which it fires.
FIRES = [
    ("dsl_firmware", {"firmver": "1.1.2.3", "productid": "DSL-N66U"}, {}),
    ("profiles", {"rc_support": "dualwan modem mtwancfg"}, {}),
    ("no_dual_wan", {"rc_support": "modem"}, {}),
    ("no_router", {"sw_mode": "3"}, {}),
    ("not_set_up", {"x_Setting": "0"}, {}),
    ("auto", NEW, AUTO),
    ("auto_dual", {**NEW, "rc_support": "dualwan autowan", "wans_dualwan": "wan lan"}, {"primary": "auto"}),
    ("auto_conflict", {**NEW, "rc_support": "dualwan autowan", "switch_stb_x": "4"}, AUTO),
    ("auto_conflict", {**NEW, "rc_support": "dualwan autowan lacp", "lacp_enabled": "1"}, AUTO),
    ("auto_conflict", {**NEW, "rc_support": "dualwan autowan", "bond_wan": "1"}, AUTO),
    ("auto_conflict", {**NEW, "rc_support": "dualwan autowan", "wan0_proto": "static"}, AUTO),
    ("no_usb", {"rc_support": "dualwan"}, ON),
    ("no_usb", {"wans_cap": "wan lan"}, {"state": "enabled"}),
    ("fast_port", OLD, {**ON, "primary": "lan2"}),
    ("fast_port", NEW, {**ON, "primary": "lan2"}),
    ("port", {}, {**ON, "secondary": "wan2"}),
    ("usb_and_lan", OLD, USB_LAN),
    ("usb_and_lan", {**OLD, "wans_cap": "wan usb lan wan2"}, USB_LAN),
    ("usb_and_lan", NEW, {**USB_LAN, "primary": "lan", "secondary": "usb"}),
    # A model that 386 excepts by name: from 388 on its list of ports counts.
    ("usb_and_lan", {**NEW, "productid": "RT-AX86U"}, USB_LAN),
    ("dsl_second", EVERY_PORT, {**ON, "secondary": "dsl"}),
    ("lan_alone", {}, {"primary": "lan"}),
    ("lan_alone", {}, {"state": "disabled", "primary": "lan"}),
    ("lan_port", {}, {**LAN, "lan_port": 4}),
    ("lan_port", {"productid": "RT-AC87U"}, {**LAN, "primary": "lan", "secondary": "wan", "lan_port": 1}),
    ("lan_port", {"productid": "BRT-AC828", "wans_lanport": "5"}, LAN_2),
    # What it ships with is none of its ports.
    ("lan_port", {"productid": "BRT-AC828"}, LAN),
    ("iptv_port", {**OLD, "switch_stb_x": "3"}, LAN_3),
    ("iptv_port", {**OLD, "switch_stb_x": "5"}, LAN_2),
    ("iptv_port", {**OLD, "switch_stb_x": "6"}, LAN_3),
    ("iptv_port", {**OLD, "switch_stb_x": "6", "wans_lanport": "3"}, LAN),
    ("iptv", {**NEW, "switch_stb_x": "4"}, ON),
    ("iptv", {**NEWEST, "switch_wantag": "unifi_home"}, ON),
    ("iptv", {**NEW, "switch_stb_x": "4"}, {"state": "disabled", "primary": "usb"}),
    ("link_aggregation", {"rc_support": "dualwan lacp", "lacp_enabled": "1"}, LAN_2),
    ("link_aggregation", {"rc_support": "dualwan lacp", "lacp_enabled": "1", "productid": "RT-AC86U"}, LAN_3),
    ("link_aggregation", {"rc_support": "dualwan lacp", "lacp_enabled": "1", "productid": "XT8PRO"}, LAN_3),
    ("wan_aggregation", {"bond_wan": "1"}, ON),
    ("profile_port", {**NEW, **sdn(1)}, LAN_3),
    ("profile_port", {**NEWEST, **sdn(9, mac="00:00:5e:00:53:01", ports="L2")}, LAN_2),
    ("profile_port", {**NEW, "rc_support": NET, "vlan_trunk_rl": "<2>all<3>10,20"}, LAN_3),
    ("protection", {"wans_dualwan": "wan usb", "wrs_protect_enable": "1"}, BALANCE),
    ("interval", {}, interval(0)),
    ("interval", {}, interval(100)),
    ("interval", {"buildno": "382"}, interval(10)),
    ("interval", {"productid": "RT-AC88U"}, interval(10)),
    ("interval", {"dns_probe_timeout": "3"}, interval(3)),
    ("interval", {**NEW, "wandog_interval": "9"}, interval(2)),
    ("interval", {**NEWEST, "dns_probe_timeout": "5"}, interval(6)),
    ("rules", {"wans_dualwan": "wan usb"}, {**BALANCE, "routing_rules": RULES[:33]}),
    ("carries", BY_THE_PHONE, OFF),
    ("carries", BY_THE_PHONE, LAN),
    ("carries", {**BY_THE_PHONE, "wans_usb_bk_act": "1"}, OFF),
    # Linked, and its provider silent: with failback the traffic would have returned.
    ("carries", LINKED_AGAIN, OFF),
    # Both wait or work, and neither is to stay.
    ("carries", {**LINKED_AGAIN, "wans_mode": "fo", **EVERY_PORT}, {**ON, "primary": "dsl", "secondary": "lan"}),
    # Under load balance the mark may be on the line that is lost.
    ("carries", {**BY_THE_PHONE, "wans_mode": "lb", "wan0_primary": "1", "wan1_primary": "0"}, OFF),
    ("carries", {**EVERY_PORT, "wans_dualwan": "dsl none"}, ON),
    ("carries", {"wans_dualwan": "wan none"}, {"primary": "usb"}),
]
PASSES = [
    ("not_set_up", {"x_Setting": ""}, {}),
    ("auto", {**NEW, "rc_support": "dualwan autowan"}, AUTO),
    ("auto_conflict", {**NEW, "rc_support": "dualwan autowan", "wan0_proto": "pppoe"}, AUTO),
    # It is so already.
    (
        "auto_conflict",
        {**NEW, "rc_support": "dualwan autowan", "autowan_enable": "1", "switch_stb_x": "4"},
        AUTO,
    ),
    ("fast_port", {"productid": "GT-AX11000"}, {**ON, "primary": "lan2"}),
    ("usb_and_lan", {**OLD, "productid": "GT-AXE11000"}, USB_LAN),
    ("usb_and_lan", {"wans_cap": "wan usb lan wan2", "productid": "BRT-AC828", "wans_lanport": "5"}, USB_LAN),
    ("usb_and_lan", {"wans_cap": "dsl usb lan"}, USB_LAN),
    ("usb_and_lan", {"wans_dualwan": "usb lan"}, USB_LAN),
    ("dsl_second", {**EVERY_PORT, **NEW}, {**ON, "secondary": "dsl"}),
    ("dsl_second", EVERY_PORT, {"state": "enabled", "primary": "dsl", "secondary": "wan"}),
    ("lan_alone", {"wans_cap": "dsl usb lan", "wans_dualwan": "dsl none"}, {"primary": "lan"}),
    ("lan_alone", {"wans_cap": "wan wan2 lan"}, {"primary": "lan"}),
    # It is rewritten, as the page does.
    ("lan_alone", {"wans_dualwan": "lan wan"}, {"state": "disabled"}),
    ("lan_port", {"productid": "TUF-AX6000"}, {**LAN, "lan_port": 5}),
    ("lan_port", {**NEW, "rc_support": "dualwan NEW_PHYMAP", "productid": "RT-BE88U"}, {**LAN, "lan_port": 8}),
    ("lan_port", {"wans_lanport": "4", "wans_dualwan": "wan lan"}, {"lan_port": 4}),
    ("iptv_port", {**OLD, "switch_stb_x": "6"}, LAN_2),
    ("iptv_port", {**OLD, "switch_stb_x": "3"}, ON),
    ("iptv", {**OLD, "switch_wantag": "unifi_home"}, ON),
    ("iptv", {**NEW, "switch_stb_x": "4", "wans_dualwan": "wan usb"}, {"state": "disabled"}),
    ("link_aggregation", {"lacp_enabled": "1"}, LAN_2),
    ("link_aggregation", {"rc_support": "dualwan lacp", "lacp_enabled": "1"}, LAN_3),
    ("link_aggregation", {"rc_support": "dualwan lacp", "lacp_enabled": "1", "productid": "RT-AC86U"}, LAN_2),
    ("wan_aggregation", {"bond_wan": "1", "wans_dualwan": "wan usb"}, {"state": "disabled"}),
    ("profile_port", {**OLD, **sdn(1), "rc_support": "dualwan modem"}, LAN_3),
    ("profile_port", {**NEW, **sdn(1)}, LAN_2),
    ("profile_port", {**NEW, **sdn(1, enabled="0")}, LAN_3),
    ("profile_port", {**NEW, **sdn(1, mac="00:00:5E:00:53:99")}, LAN_3),
    ("protection", {"wrs_protect_enable": "1", "wans_mode": "lb", "wans_dualwan": "wan usb"}, BALANCE),
    ("protection", {"wrs_protect_enable": "1", "wans_mode": "lb", "wans_dualwan": "wan usb"}, {"mode": "failover"}),
    ("interval", {"buildno": "384"}, interval(10)),
    ("interval", {"wandog_interval": "100"}, interval(100)),
    ("rules", {**NEW, "wans_dualwan": "wan usb"}, {**BALANCE, "routing_rules": RULES}),
    ("carries", {**BY_THE_PHONE, "link_internet": "1"}, OFF),
    ("carries", BY_THE_PHONE, {**OFF, "even_without_backup": True}),
    ("carries", BY_THE_PHONE, {"state": "enabled", "primary": "usb", "secondary": "wan"}),
    ("carries", BY_THE_PHONE, ON),
    ("carries", {**LINKED_AGAIN, "wans_mode": "fo"}, OFF),
    ("carries", {**A_PHONE, "wans_dualwan": "wan usb", "wan1_state_t": "2"}, OFF),
    ("carries", {**A_PHONE, "wans_dualwan": "wan usb", "wans_mode": "lb", "wan1_state_t": "2"}, OFF),
    ("carries", {}, LAN),
]


def the_guard(name):
    return next(guard for guard in (*ROUTERS, *WISHES) if guard.id == name)


def fires(name, nvram, wanted):
    router = able(nvram)
    return bool(the_guard(name).when(Case(settled(a_wish(**wanted), nvram, router), nvram, router)))


@pytest.mark.parametrize(("name", "stored", "wanted"), FIRES)
def test_a_guard_stops_what_it_is_for(name, stored, wanted):
    nvram = a_router(**stored)
    guard = the_guard(name)
    assert fires(name, nvram, wanted)
    with pytest.raises(DeviceError) as refused:
        the_plan(nvram, ethernet={}, **wanted)
    case = Case(settled(a_wish(**wanted), nvram, able(nvram)), nvram, able(nvram))
    assert refused.value.__class__ is guard.error
    assert refused.value.happened == guard.what(case)
    assert len(refused.value.cure) > 10


@pytest.mark.parametrize(("name", "stored", "wanted"), PASSES)
def test_a_guard_lets_the_rest_pass(name, stored, wanted):
    assert not fires(name, a_router(**stored), wanted)


def test_every_guard_was_seen_to_fire():
    assert {name for name, *_rest in FIRES} == {guard.id for guard in (*ROUTERS, *WISHES)}


@pytest.mark.parametrize(
    ("name", "stored"),
    [(name, stored) for name, stored, _wanted in FIRES if name not in {guard.id for guard in ROUTERS}],
)
def test_what_is_in_the_router_already_stops_no_other_change(name, stored):
    nvram = a_router(**stored)
    planned = the_plan(nvram, ethernet={}, detection={"ping_target": "9.9.9.9"}, usb_mtu=1420)
    assert planned.values == {"wandog_enable": "1", "wandog_target": "9.9.9.9", "modem_mtu": "1420"}


def test_a_router_that_has_no_dual_wan_is_told_that_first():
    with pytest.raises(NotCapable, match="no Dual WAN"):
        the_plan(a_router(rc_support="modem", wans_dualwan=""), state="enabled", secondary="usb", lan_port=2)


def test_two_ethernet_wans_may_leave_out_the_ordinary_one():
    two = {"wan": {"wan_name": "WAN"}, "2p5g": {"wan_name": "2.5G", "wans_lanport": "5"}}
    nvram = a_router(**NEW, wans_dualwan="usb wan")
    assert the_plan(nvram, ethernet=two, **USB_LAN).values["wans_dualwan"] == "usb lan"
    with pytest.raises(BadWish, match="leave out the WAN port"):
        the_plan(nvram, ethernet={"wan": {"wan_name": "WAN"}}, **USB_LAN)


def refusal(stored, wanted):
    with pytest.raises(BadWish) as refused:
        the_plan(a_router(**stored), **wanted)
    return f"{refused.value.happened}. {refused.value.cure}"


def test_who_would_be_cut_off_is_told_by_which_line_and_what_to_do():
    assert refusal(BY_THE_PHONE, OFF) == (
        "The secondary WAN (usb) carries the traffic and would be given up, and the primary could not take over (no "
        "cable, or nothing at its other end): whoever manages this router through it would be cut off. Put the primary "
        "in order first, or set even_without_backup: true where you reach the router from its LAN"
    )


def test_where_neither_line_stays_it_is_told_which_one_to_keep():
    assert refusal({**EVERY_PORT, "wans_dualwan": "dsl none"}, ON) == (
        "The primary WAN (dsl) carries the traffic and would be given up, and none of the lines that would be there "
        "was seen to work: whoever manages this router through it would be cut off. Keep dsl as one of the two lines "
        "until another works, or set even_without_backup: true where you reach the router from its LAN"
    )


@pytest.mark.parametrize(
    ("stored", "values"),
    [
        ({"productid": "RT-AX88U"}, "1234"),
        ({"productid": "BRT-AC828"}, "5678"),
        ({"productid": "GT-AC5300"}, "1234"),
        ({"productid": "XT12"}, "123"),
        ({"productid": "GT-AX6000"}, "12345"),
        ({"productid": "TUF-AX4200", "HwId": "B"}, "12345"),
        ({"productid": "TUF-AX4200", "HwId": "A"}, "1234"),
        ({"productid": "TUF-AX3000_V2"}, "234"),
        ({"productid": "RT-N19"}, "12"),
        # Port 3 of it is what the genuine page was seen to post.
        ({"productid": "RT-AX53U"}, "123"),
        ({"productid": "RT-AX53U", "odmpid": "RT-AX1800U"}, "123"),
        ({"productid": "RT-BE88U", "rc_support": "NEW_PHYMAP", "buildno": "388"}, None),
        ({"productid": "RT-AX88U", "rc_support": "NEW_PHYMAP", "buildno": "386"}, "1234"),
    ],
)
def test_lan_ports_by_model(stored, values):
    assert lan_ports(able(a_router(**stored))) == values


@pytest.mark.parametrize(
    ("model", "values"),
    [("RT-AX88U", "12"), ("GT-AC5300", "34"), ("GT-AC2900", "34"), ("XT8PRO", "23"), ("BQ16_PRO", "34")],
)
def test_joined_ports_by_model(model, values):
    assert joined_ports(able(a_router(productid=model))) == values
