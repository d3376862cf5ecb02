# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router written down as variables of the role: what it says, and what it leaves out."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._variables import role_variables
from unit.builders import a_backup_router, a_router, able

AUTOMATIC = {"wans_dualwan": "wan usb", "wans_usb_bk_act": "1"}
LB = {"wans_dualwan": "wan usb", "wans_mode": "lb"}
RULES = {"wans_routing_enable": "1", "wans_routing_rulelist": "<all>8.8.8.8>1"}


def written(**nvram):
    return role_variables(a_router(**nvram), able(a_router(**nvram)))


def test_a_router_in_use():
    nvram = a_backup_router()
    assert role_variables(nvram, able(nvram)) == {
        "router_state": "enabled",
        "router_primary": "wan",
        "router_secondary": "usb",
        "router_lan_port": None,
        "router_mode": "failover",
        "router_failback": True,
        "router_hot_standby": False,
        "router_load_balance_ratio": None,
        "router_routing_rules": None,
        "router_detection": {
            "interval": 5,
            "failover_count": 12,
            "failback_count": 4,
            "ping_target": "1.1.1.1",
            "dns_query": {"hostname": "", "addresses": ["131.107.255.255", "112.4.20.71", "fd3e:4f5a:5b81::1"]},
        },
        "router_auto_usb_backup": True,
        "router_usb_device": "modem",
        "router_usb_mtu": 0,
        "router_usb_ttl_extend": False,
        "router_usb_ttl_spoof": False,
    }


@pytest.mark.parametrize(
    ("stored", "name", "value"),
    [
        pytest.param({}, "router_state", "disabled", id="Dual WAN off"),
        pytest.param({}, "router_secondary", None, id="no secondary while off"),
        pytest.param({"wans_dualwan": "wan lan", "wans_lanport": "3"}, "router_lan_port", 3, id="LAN port"),
        pytest.param({"wans_dualwan": "wan lan", "wans_lanport": "x"}, "router_lan_port", None, id="no LAN port"),
        pytest.param({"wans_mode": "zz"}, "router_mode", None, id="unknown mode"),
        pytest.param({"wans_mode": "zz"}, "router_failback", None, id="failback of an unknown mode"),
        pytest.param({"wans_mode": "fo"}, "router_failback", False, id="no failback"),
        pytest.param(LB, "router_failback", None, id="failback under load balance"),
        pytest.param({**LB, "wans_lb_ratio": "7:2"}, "router_load_balance_ratio", "7:2", id="ratio"),
        pytest.param({**LB, "wans_lb_ratio": "99:99"}, "router_load_balance_ratio", None, id="odd ratio"),
        pytest.param(
            {**LB, **RULES},
            "router_routing_rules",
            [{"source": "all", "destination": "8.8.8.8", "wan": "secondary"}],
            id="rules",
        ),
        # An empty list would take the stored ones away.
        pytest.param({**LB, **RULES, "wans_routing_enable": "0"}, "router_routing_rules", None, id="rules off"),
        pytest.param({**LB, "wans_routing_rulelist": "<x"}, "router_routing_rules", None, id="garbled rules"),
        pytest.param(RULES, "router_routing_rules", None, id="left over from load balance"),
        pytest.param({"wans_standby": "2"}, "router_hot_standby", None, id="odd switch"),
        pytest.param({"wans_usb_bk": "", "rc_support": "dualwan"}, "router_auto_usb_backup", None, id="no backup"),
        pytest.param({"modem_mtu": "9000"}, "router_usb_mtu", None, id="odd MTU"),
        pytest.param({"ttl_inc_enable": ""}, "router_usb_ttl_extend", None, id="no TTL switch"),
        pytest.param({"modem_android": "1"}, "router_usb_device", "android", id="android of 386"),
        pytest.param({"modem_android": "0", "buildno": "388"}, "router_usb_device", "android", id="android of 388"),
        pytest.param({"modem_android": ""}, "router_usb_device", None, id="no device"),
        # What the automatic holds goes away by itself: to name it would make it stay, or go at once.
        pytest.param(AUTOMATIC, "router_state", None, id="automatic"),
        pytest.param(AUTOMATIC, "router_primary", None, id="automatic primary"),
        pytest.param({"wans_dualwan": ""}, "router_primary", None, id="no lines"),
    ],
)
def test_one_variable(stored, name, value):
    assert written(**stored)[name] == value


@pytest.mark.parametrize(
    ("stored", "name", "value"),
    [
        ({"wandog_interval": "5x"}, "interval", None),
        ({"wandog_interval": "0"}, "interval", 0),
        ({"wandog_maxfail": "0"}, "failover_count", None),
        ({"wandog_fb_count": ""}, "failback_count", None),
        ({"wandog_enable": "0", "wandog_target": "9.9.9.9"}, "ping_target", ""),
        ({"wandog_enable": "1", "wandog_target": "bad host;x"}, "ping_target", None),
        ({"wandog_enable": "2"}, "ping_target", None),
        ({"dns_probe_content": ""}, "dns_query", {"hostname": "", "addresses": None}),
        ({"dns_probe_content": "", "firmver": "3.0.0.6"}, "dns_query", {"hostname": "", "addresses": ["*"]}),
        (
            {"dns_probe": "1", "dns_probe_content": "x  y"},
            "dns_query",
            {"hostname": "dns.msftncsi.com", "addresses": None},
        ),
    ],
)
def test_one_part_of_detection(stored, name, value):
    assert written(**stored)["router_detection"][name] == value


def test_of_a_router_that_is_none_of_ours_nothing_is_said():
    said = written(rc_support="dualwan mtwancfg")
    detection = said.pop("router_detection")
    assert {*said.values()} == {None}
    assert {*detection.pop("dns_query").values(), *detection.values()} == {None}
