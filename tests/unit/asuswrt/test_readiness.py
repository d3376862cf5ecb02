# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the backup ready, and if not, what to do."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import blind_spots, problems
from unit.builders import A_PHONE, a_backup_router, a_router, able

NO_PHONE = dict.fromkeys(A_PHONE, "")
PROBLEMS = [
    ("in order", a_backup_router(), []),
    ("no Dual WAN", a_router(rc_support="modem"), ["no_dual_wan"]),
    ("off", a_router(), ["dual_wan_off"]),
    ("automatic only", a_backup_router(wans_usb_bk_act="1"), ["automatic_only"]),
    ("no phone", a_backup_router(**NO_PHONE), ["secondary_phone_missing"]),
    ("phone switched off", a_backup_router(wan1_enable="0"), ["secondary_disabled"]),
    ("data limit", a_backup_router(wan1_state_t="4", wan1_sbstate_t="11"), ["secondary_stopped"]),
    ("no cable", a_backup_router(wan0_auxstate_t="1", link_internet="1"), ["primary_unplugged", "no_internet"]),
    ("modems off", a_backup_router(modem_enable="0"), ["modem_off"]),
    ("no internet", a_backup_router(link_internet="1"), ["primary_disconnected", "no_internet"]),
    ("on the backup", a_backup_router(wan0_primary="0", wan1_primary="1", wan1_state_t="2"), ["on_backup"]),
    ("one port twice", a_backup_router(wans_dualwan="wan wan"), ["one_port_twice"]),
    ("all wrong", a_backup_router(**NO_PHONE, wan0_auxstate_t="1"), ["primary_unplugged", "secondary_phone_missing"]),
]


@pytest.mark.parametrize(("nvram", "expected"), [pytest.param(*row[1:], id=row[0]) for row in PROBLEMS])
def test_what_is_wrong(nvram, expected):
    found = problems(dashboard(nvram), nvram, able(nvram))
    assert [problem.id for problem in found] == expected
    assert all(problem.what and problem.cure for problem in found)


def test_an_access_point_is_not_told_to_switch_dual_wan_on():
    nvram = a_router(sw_mode="3")
    (problem,) = problems(dashboard(nvram), nvram, able(nvram))
    assert problem.id != "dual_wan_off"


DNS = {"wandog_enable": "0", "dns_probe": "1"}
BLIND = [
    ("ping", {}, []),
    ("dns", DNS, []),
    ("no probe", {"wandog_enable": "0"}, ["no_probe"]),
    ("ping at nothing", {"wandog_target": ""}, ["no_probe"]),
    ("no failback", {"wans_mode": "fo"}, ["no_failback"]),
    ("off", {"wans_dualwan": "wan none", "wandog_enable": "0"}, []),
    # Neither probe runs in load balance, so asking for one is no cure.
    ("load balance", {"wans_mode": "lb", "wandog_enable": "0"}, []),
    ("phone in the LAN", {"wan1_ipaddr": "192.168.50.9", "wan1_netmask": "255.255.255.0"}, ["same_subnet"]),
    ("phone beside it", {"wan1_ipaddr": "192.168.51.9", "wan1_netmask": "255.255.255.0"}, []),
    ("phone over it", {"wan1_ipaddr": "192.168.51.9", "wan1_netmask": "255.255.0.0"}, ["same_subnet"]),
    ("phone without a lease", {"wan1_ipaddr": "192.168.51.9"}, []),
    ("odd mask", {"wan1_ipaddr": "192.168.50.9", "wan1_netmask": "255.0.255.0"}, []),
    ("LAN of old tethers", {"lan_ipaddr": "192.168.42.1"}, ["tether_subnet"]),
]


@pytest.mark.parametrize(("differs", "expected"), [pytest.param(*row[1:], id=row[0]) for row in BLIND])
def test_what_will_disappoint(differs, expected):
    nvram = a_backup_router(**differs)
    assert [spot.id for spot in blind_spots(dashboard(nvram), nvram)] == expected
