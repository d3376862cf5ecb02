# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task tells though it did as asked."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import BLIND_SPOTS
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._warnings import PASSED_ON, WARNINGS, warnings
from unit.builders import A_PHONE, a_backup_router, a_router, a_wish, able, the_plan

ON = {"state": "enabled", "secondary": "usb"}
PROBED = {"wandog_enable": "1", "wandog_target": "1.1.1.1"}
QOS = {**PROBED, **A_PHONE, "qos_enable": "1"}
LB = {"wans_mode": "lb"}
PHONE_NET = {"wan1_ipaddr": "192.168.50.5", "wan1_netmask": "255.255.255.0"}

# Name, router before, wish, and whether it is told.
TABLE = [
    ("no_probe", {**A_PHONE}, ON, True),
    ("no_probe", {**A_PHONE}, {**ON, "detection": {"ping_target": "1.1.1.1"}}, False),
    ("no_probe", {}, {"hot_standby": False}, False),
    ("phone_missing", PROBED, ON, True),
    ("phone_missing", {**PROBED, **A_PHONE}, ON, False),
    ("phone_missing", PROBED, {**ON, "secondary": "lan"}, False),
    ("qos", QOS, ON, True),
    ("qos", {**QOS, "qos_type": "0"}, ON, True),
    ("qos", {**QOS, "qos_type": "3"}, ON, True),
    ("qos", {**QOS, "qos_type": "2"}, ON, False),
    ("qos", {**QOS, "qos_enable": "0"}, ON, False),
    ("qos", {**QOS, "wans_dualwan": "wan usb"}, {**ON, "failback": False}, False),
    ("load_balance", {**PROBED, **A_PHONE}, {**ON, "mode": "load_balance"}, True),
    ("load_balance", {**PROBED, **A_PHONE, **LB, "wans_dualwan": "wan usb"}, {"load_balance_ratio": "1:1"}, False),
    ("load_balance", {**PROBED, **A_PHONE}, ON, False),
    (
        "load_balance_probes",
        {**A_PHONE, **LB, "wans_dualwan": "wan usb"},
        {"detection": {"dns_query": {"hostname": "example.com"}}},
        True,
    ),
    ("load_balance_probes", {**A_PHONE, **LB, "wans_dualwan": "wan usb"}, {"detection": {"interval": 7}}, False),
    ("load_balance_probes", A_PHONE, {**ON, "detection": {"ping_target": "1.1.1.1"}}, False),
    ("hot_standby", {**PROBED, **A_PHONE}, {**ON, "hot_standby": True}, True),
    (
        "hot_standby",
        {**PROBED, **A_PHONE},
        {**ON, "hot_standby": True, "detection": {"interval": 2, "failover_count": 5}},
        False,
    ),
    ("hot_standby", {**PROBED, **A_PHONE, "wans_standby": "1"}, {**ON, "hot_standby": True}, False),
    ("tether_subnet", {**PROBED, "lan_ipaddr": "192.168.42.129"}, ON, True),
    ("tether_subnet", {**PROBED, "lan_ipaddr": "192.168.0.1", "lan_netmask": "255.255.0.0"}, ON, True),
    ("tether_subnet", {**PROBED, "lan_ipaddr": "192.168.42.1"}, {**ON, "secondary": "lan"}, False),
    ("same_subnet", {**PROBED, **A_PHONE, **PHONE_NET}, ON, True),
    ("same_subnet", {**PROBED, **A_PHONE, **PHONE_NET}, {**ON, "secondary": "lan"}, False),
    ("same_subnet", {**PROBED, **A_PHONE, "wan1_ipaddr": "192.168.51.5"}, ON, False),
]
TOLD = {spot.problem.id: spot.problem.as_result()["told"] for spot in BLIND_SPOTS}
TOLD |= {warning.id: warning.told for warning in WARNINGS}


@pytest.mark.parametrize(("name", "stored", "wanted", "told"), TABLE)
def test_what_is_told(name, stored, wanted, told):
    before = a_router(**stored)
    after = before | the_plan(before, **wanted).values
    assert (TOLD[name] in warnings(a_wish(**wanted), before, after, able(before))) is told


def test_every_warning_was_told_and_kept_back():
    assert {name for name, *_rest, told in TABLE if told} == {*PASSED_ON, *(warning.id for warning in WARNINGS)}
    assert {name for name, *_rest, told in TABLE if not told} == {name for name, *_rest, told in TABLE if told}


def test_a_router_in_order_is_told_nothing_of():
    nvram = a_backup_router()
    assert warnings(a_wish(**ON), nvram, nvram, able(nvram)) == []


def test_nor_one_whose_dual_wan_is_off():
    nvram = a_router(wandog_enable="0", lan_ipaddr="192.168.42.1", **LB)
    assert warnings(a_wish(state="disabled"), nvram, nvram, able(nvram)) == []
