# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routers and wishes as tests want them: what is not named is as stock RT-AX53U 386.69061 ships it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities, capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import understood
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import Plan, plan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish, wish_from

IDENTITY = {
    "productid": "RT-AX53U",
    "odmpid": "",
    "firmver": "3.0.0.4",
    "buildno": "386",
    "extendno": "69061-g1234567",
    "rc_support": "2.4G 5G usbX1 modem dualwan wifi_logo usb_bk",
    "wans_cap": "wan usb lan",
    "sw_mode": "1",
    "x_Setting": "1",
    "HwId": "A",
    "reboot_time": "70",
    "dns_probe_timeout": "",
}
# router_defaults of 386.69061, decoded from its firmware.
DEFAULTS = {
    "wans_dualwan": "wan none",
    "wans_mode": "fb",
    "wans_lanport": "1",
    "wans_standby": "0",
    "wans_lb_ratio": "3:1",
    "wans_routing_enable": "0",
    "wans_routing_rulelist": "",
    "wandog_interval": "5",
    "wandog_maxfail": "12",
    "wandog_fb_count": "4",
    "wandog_enable": "0",
    "wandog_target": "",
    "dns_probe": "0",
    "dns_probe_host": "dns.msftncsi.com",
    "dns_probe_content": "131.107.255.255 112.4.20.71 fd3e:4f5a:5b81::1",
    "wans_usb_bk": "1",
    "wans_usb_bk_act": "0",
    "modem_enable": "1",
    "modem_android": "0",
    "modem_mtu": "0",
    "wan0_enable": "1",
    "wan1_enable": "1",
    "wans_extwan": "0",
    "wan0_ifname_x": "eth4",
    "wan1_ifname_x": "",
    "ttl_inc_enable": "0",
    "ttl_spoof_enable": "0",
    "autowan_enable": "",
    "dns_delay_round": "2",
    "wandog_delay": "0",
    "wandog_delay_rpt": "",
    "web_redirect": "3",
    "wan0_pppoe_demand": "0",
}
MAXIMUM = {
    "wans_dualwan": 16,
    "wans_mode": 4,
    "wans_lb_ratio": 16,
    "wans_routing_rulelist": 1024,
    "wandog_interval": 2,
    "wandog_maxfail": 2,
    "wandog_fb_count": 2,
    "wandog_target": 100,
    "dns_probe_host": 255,
    "dns_probe_content": 1024,
    "modem_mtu": 5,
    "wan0_ifname_x": 16,
    "wan1_ifname_x": 16,
}
"""Longest values in that table; the others hold one character."""
STATE = {
    "lan_hwaddr": "00:00:5E:00:53:07",
    "rc_service": "",
    "link_internet": "2",
    "link_wan": "1",
    "link_wan1": "0",
    "usb_path1": "",
    "usb_path2": "",
    "usb_modem_act_type": "",
    "usb_modem_act_dev": "",
    "usb_modem_act_path": "",
    "usb_modem_act_vid": "",
    "usb_modem_act_pid": "",
    "wan0_state_t": "2",
    "wan0_sbstate_t": "0",
    "wan0_auxstate_t": "0",
    "wan0_primary": "1",
    "wan0_ipaddr": "203.0.113.7",
    "wan0_gateway": "203.0.113.1",
    "wan0_ifname": "eth4",
    "wan0_realip_state": "2",
    "wan0_realip_ip": "203.0.113.7",
    "wan1_state_t": "0",
    "wan1_sbstate_t": "0",
    "wan1_auxstate_t": "0",
    "wan1_primary": "0",
    "wan1_ipaddr": "0.0.0.0",
    "wan1_gateway": "0.0.0.0",
    "wan1_ifname": "",
    "wan1_realip_state": "0",
    "wan1_realip_ip": "",
}
# What other pages set and the guards look at.
ELSEWHERE = {
    "lan_ipaddr": "192.168.50.1",
    "lan_netmask": "255.255.255.0",
    "wan0_netmask": "255.255.255.0",
    "wan1_netmask": "0.0.0.0",
    "wan0_proto": "dhcp",
    "switch_stb_x": "0",
    "switch_wantag": "none",
    "lacp_enabled": "0",
    "bond_wan": "0",
    "wrs_protect_enable": "0",
    "qos_enable": "0",
    "qos_type": "1",
    "label_mac": "00:00:5E:00:53:01",
    "vlan_trunk_rl": "",
    **{f"apg{number}_{name}": "" for number in range(10) for name in ("enable", "dut_list")},
}
# A Samsung on the port, which the router made a WAN: vendor and product are decimal in nvram.
A_PHONE = {
    "usb_path1": "modem",
    "usb_modem_act_type": "rndis",
    "usb_modem_act_dev": "usb0",
    "usb_modem_act_path": "1-1",
    "usb_modem_act_vid": "1256",
    "usb_modem_act_pid": "26724",
    "link_wan1": "1",
    "wan1_ifname": "usb0",
}
# The same, plugged in before usb was a WAN: hotplug ignored it and left no marks.
AN_UNMARKED_PHONE = {"usb_path1": "modem"}
# The cable of the primary is out, and the phone carries the house: by the router's own failover, as it leaves it.
ON_THE_PHONE = {
    "link_wan": "0",
    "wan0_state_t": "4",
    "wan0_auxstate_t": "1",
    "wan0_primary": "0",
    "wan1_state_t": "2",
    "wan1_primary": "1",
}

CONNECTION = {
    "host": "192.168.50.1",
    "port": None,
    "tls": False,
    "validate_certs": True,
    "ca_path": None,
    "certificate_fingerprint": None,
    "username": "admin",
    "password": "correct horse",
    "timeout": 30.0,
    "login": "classic",
    "tls_legacy": False,
}
OPTIONS = (
    "state",
    "primary",
    "secondary",
    "lan_port",
    "mode",
    "failback",
    "hot_standby",
    "load_balance_ratio",
    "routing_rules",
    "detection",
    "auto_usb_backup",
    "usb_device",
    "usb_mtu",
    "usb_ttl_extend",
    "usb_ttl_spoof",
)


def a_router(**nvram: str) -> dict[str, str]:
    """All that a task reads, of a router as shipped, but for what is named."""
    return {**IDENTITY, **DEFAULTS, **STATE, **ELSEWHERE, **nvram}


def a_backup_router(**nvram: str) -> dict[str, str]:
    """One whose Dual WAN was switched on, with failback and a ping probe, and with the phone plugged in."""
    return a_router(
        **{
            **A_PHONE,
            "wans_dualwan": "wan usb",
            "wandog_enable": "1",
            "wandog_target": "1.1.1.1",
            **nvram,
        }
    )


def able(nvram: Mapping[str, str]) -> Capabilities:
    return capabilities(nvram)


def task_options(**given: Any) -> dict[str, Any]:
    """The options of a task of asus_dualwan, after validation; what is not named is left out."""
    safety = {"rollback_timeout": 0, "even_without_backup": False}
    safety |= {"backup": False, "backup_directory": None, "backup_keep": 10}
    return {**CONNECTION, **dict.fromkeys(OPTIONS), **safety, "activation": "auto", **given}


def a_wish(**given: Any) -> Wish:
    return wish_from(task_options(**given))


def the_plan(
    nvram: Mapping[str, str], *, activation: str = "auto", ethernet: Mapping[str, Any] | None = None, **given: Any
) -> Plan:
    """What a task with these options plans on this router; ``ethernet`` is what its hook answers."""
    wish, router = understood(a_wish(**given), nvram, lambda _hook: ethernet)
    return plan(wish, nvram, router, activation)
