# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least that makes a change true: nothing, ``start_multipath`` or a reboot, and why."""

from __future__ import annotations

from itertools import product

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit.builders import A_PHONE, AN_UNMARKED_PHONE, a_backup_router, a_router, the_plan

ON = {"wans_dualwan": "wan usb"}
LB = {**ON, "wans_mode": "lb"}
RULE = [{"source": "all", "destination": "8.8.8.8", "wan": "primary"}]

ACTIVATION = [
    # Seen on the genuine daemon, which took these up while running.
    ("interval", ON, {"detection": {"interval": 7}}, "none", "daemon"),
    ("counts", ON, {"detection": {"failover_count": 3, "failback_count": 9}}, "none", "daemon"),
    ("ping", ON, {"detection": {"ping_target": "1.1.1.1"}}, "none", "daemon"),
    ("failback", ON, {"failback": False}, "none", "daemon"),
    ("dns", ON, {"detection": {"dns_query": {"hostname": "example.com"}}}, "none", "daemon"),
    ("hot standby", ON, {"hot_standby": True}, "none", "daemon"),
    # The automatic backup's mark: Dual WAN is on already, and only becomes ours.
    ("automatic", {**ON, **A_PHONE, "wans_usb_bk_act": "1"}, {"state": "enabled"}, "none", "daemon"),
    # httpd's own choice: a light service for usb that comes or goes as secondary, and a reboot for the rest.
    ("usb added", {}, {"state": "enabled"}, "start_multipath", "added"),
    ("usb removed", ON, {"state": "disabled"}, "start_multipath", "removed"),
    ("usb added with its phone missed", AN_UNMARKED_PHONE, {"state": "enabled"}, "reboot", "missed"),
    ("usb removed beside it", {**ON, **AN_UNMARKED_PHONE}, {"state": "disabled"}, "start_multipath", "removed"),
    ("swapped", ON, {"primary": "usb", "secondary": "wan"}, "reboot", "wan usb to usb wan"),
    ("lan added", {}, {"state": "enabled", "secondary": "lan"}, "reboot", "wan none to wan lan"),
    ("usb for lan", {"wans_dualwan": "wan lan"}, {"secondary": "usb"}, "reboot", "wan lan to wan usb"),
    ("off from usb wan", {"wans_dualwan": "usb wan"}, {"state": "disabled"}, "reboot", "usb wan to usb none"),
    ("off from lan wan", {"wans_dualwan": "lan wan"}, {"state": "disabled"}, "reboot", "lan wan to wan none"),
    ("LAN port", {"wans_dualwan": "wan lan"}, {"lan_port": 3}, "reboot", "wans_lanport"),
    ("load balance", ON, {"mode": "load_balance"}, "reboot", "load balance"),
    ("no load balance", LB, {"mode": "failover"}, "reboot", "load balance"),
    ("ratio", LB, {"load_balance_ratio": "5:4"}, "reboot", "wans_lb_ratio"),
    ("rules", LB, {"routing_rules": RULE}, "reboot", "wans_routing"),
    # Read by hotplug when the tether appears.
    ("android", ON, {"usb_device": "android"}, "none", "appears"),
    ("android, phone in use", {**ON, **A_PHONE}, {"usb_device": "android"}, "none", "appears"),
    ("android, phone missed", {**ON, **AN_UNMARKED_PHONE}, {"usb_device": "android"}, "reboot", "modem_android"),
    ("mtu, usb no WAN", AN_UNMARKED_PHONE, {"usb_mtu": 1420}, "none", "appears"),
    ("unit on", {**ON, "wan1_enable": "0"}, {"state": "enabled"}, "start_multipath", "wan1_enable"),
    # The dearest decides.
    ("usb and interval", {}, {"state": "enabled", "detection": {"interval": 7}}, "start_multipath", "added"),
    ("lb and interval", ON, {"mode": "load_balance", "detection": {"interval": 7}}, "reboot", "load balance"),
    ("nothing", ON, {"state": "enabled", "failback": True}, "none", "nothing changed"),
]


@pytest.mark.parametrize(
    ("stored", "wanted", "service", "reason"), [pytest.param(*row[1:], id=row[0]) for row in ACTIVATION]
)
def test_what_makes_it_true(stored, wanted, service, reason):
    activation = the_plan(a_router(**stored), **wanted).activation
    assert activation.service == service
    assert reason in activation.reason


def test_a_reboot_for_everything_if_the_user_says_so():
    planned = the_plan(a_router(**ON), activation="reboot", detection={"interval": 7})
    assert (planned.activation.service, planned.activation.reason) == ("reboot", "activation: reboot")


def test_even_then_none_for_nothing():
    assert the_plan(a_router(**ON), activation="reboot", state="enabled").activation.service == "none"


def test_nothing_if_the_user_says_so_with_what_is_pending():
    activation = the_plan(a_router(), activation="none", state="enabled", secondary="lan").activation
    assert activation.service == "none"
    assert "pending: reboot" in activation.reason


def test_nothing_is_pending_where_the_daemon_takes_it_up():
    activation = the_plan(a_router(**ON), activation="none", detection={"interval": 7}).activation
    assert "pending" not in activation.reason


def test_the_changes_say_what_was():
    (change,) = the_plan(a_router(), detection={"interval": 7}).changes
    assert (change.setting.nvram, change.before, change.after) == ("wandog_interval", "5", "7")


STORED = [
    {},
    {"wans_mode": "fo", "wans_dualwan": "wan usb", **A_PHONE},
    {"wans_dualwan": "wan usb", "wans_usb_bk_act": "1", "modem_enable": "0"},
    {"wans_dualwan": "usb wan", "wan0_enable": "0", "dns_probe": "1"},
    {"wans_dualwan": "wan lan", "wans_mode": "lb"},
    {"wans_dualwan": "lan wan", "wandog_enable": "1", "wandog_target": "9.9.9.9"},
    {"wans_dualwan": "wan usb", "wans_mode": "lb", "wan1_enable": "0"},
    {"buildno": "388", "modem_android": "1", "rc_support": "dualwan modem"},
]
STATES = [
    {},
    {"state": "enabled"},
    {"state": "disabled"},
    {"state": "enabled", "primary": "wan", "secondary": "usb"},
    {"state": "enabled", "primary": "usb", "secondary": "wan"},
    {"state": "enabled", "primary": "wan", "secondary": "lan", "lan_port": 4},
]
MODES = [
    {},
    {"mode": "failover"},
    {"mode": "failover", "failback": True},
    {"mode": "failover", "failback": False, "hot_standby": True},
    {"mode": "load_balance", "load_balance_ratio": "5:4", "routing_rules": RULE},
    {"mode": "load_balance", "routing_rules": []},
]
PROBES = [
    {},
    {"detection": {"interval": 7, "ping_target": "1.1.1.1", "failover_count": 3}},
    {"detection": {"ping_target": "", "dns_query": {"hostname": "example.com", "addresses": ["*"]}}},
    {"detection": {"dns_query": {"hostname": ""}, "failback_count": 1}},
]
OTHERS = [{}, {"usb_device": "android", "usb_mtu": 1420}, {"usb_device": "modem", "auto_usb_backup": False}]


@pytest.mark.parametrize("stored", [pytest.param(row, id=f"router {number}") for number, row in enumerate(STORED)])
def test_what_a_plan_leads_to_needs_no_plan(stored):
    planned = 0
    for wanted in product(STATES, MODES, PROBES, OTHERS):
        given = {name: value for part in wanted for name, value in part.items()}
        nvram = a_router(**stored)
        try:
            first = the_plan(nvram, **given)
        except BadWish:
            continue
        planned += 1
        assert the_plan(nvram | first.values, **given).values == {}, given
    assert planned > 200


def test_the_stored_phone_mark_decides_and_not_that_dual_wan_is_on():
    unmarked = a_backup_router(**{**dict.fromkeys(A_PHONE, ""), **AN_UNMARKED_PHONE})
    assert the_plan(unmarked, state="enabled").values == {}
