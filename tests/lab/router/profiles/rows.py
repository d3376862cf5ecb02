# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of ``router_defaults`` that are the same in every generation here. What differs stands in each profile.

Dual WAN and modem: dual-WAN facts 1.2, 3.1 and 11. The other rows are those a WAN has on any Asuswrt (382 defaults.c);
the genuine table has some 55 of them per unit (captures, ``swap_keys``), and which ones exactly is not known.
"""

from __future__ import annotations

from .profile import Setting

_DUAL_WAN = {
    "wans_dualwan": Setting("wan none", 16),
    "wans_standby": Setting("0", 1),
    "wans_lanport": Setting("1", 1),
    "wans_lb_ratio": Setting("3:1", 16),
    "wans_routing_enable": Setting("0", 1),
    "wans_routing_rulelist": Setting("", 1024),
    "wandog_enable": Setting("0", 1),
    "wandog_target": Setting("", 100),
    "wandog_delay": Setting("0", 2),
    "wandog_fb_count": Setting("4", 2),
    "dns_probe": Setting("0", 1),
    "dns_probe_host": Setting("dns.msftncsi.com", 255),
    "dns_delay_round": Setting("2", 6),
    "wan_unit": Setting("0", 1),
}

_MODEM = {
    "modem_enable": Setting("1", 1),
    "modem_android": Setting("0", 1),
    "modem_autoapn": Setting("1", 1),
    "modem_country": Setting("", 128),
    "modem_isp": Setting("", 128),
    "modem_apn": Setting("internet", 128),
    "modem_dialnum": Setting("*99#", 128),
    "modem_user": Setting("", 128),
    "modem_pass": Setting("", 128),
    "modem_authmode": Setting("0", 1),
    "modem_pincode": Setting("", 8),
    "modem_mtu": Setting("0", 5),
    "modem_roaming": Setting("0", 1),
    "modem_mode": Setting("0", 4),
    "Dev3G": Setting("AUTO", 128),
}

_PER_UNIT = {
    "wan_enable": Setting("1", 1),
    "wan_desc": Setting("", 32),
    "wan_proto": Setting("dhcp", 16),
    "wan_nat_x": Setting("1", 1),
    "wan_nat_type": Setting("0", 1),
    "wan_upnp_enable": Setting("1", 1),
    "wan_phytype": Setting("", 16),
    "wan_mtu": Setting("", 5),
    "wan_dot1q": Setting("0", 1),
    "wan_vid": Setting("", 4),
    "wan_hwaddr_x": Setting("", 17),
    "wan_ipaddr_x": Setting("0.0.0.0", 15),
    "wan_netmask_x": Setting("0.0.0.0", 15),
    "wan_gateway_x": Setting("0.0.0.0", 15),
    "wan_dhcpenable_x": Setting("1", 1),
    "wan_dhcp_qry": Setting("1", 1),
    "wan_hostname": Setting("", 32),
    "wan_vendorid": Setting("", 128),
    "wan_clientid": Setting("", 128),
    "wan_clientid_type": Setting("0", 1),
    "wan_dnsenable_x": Setting("1", 1),
    "wan_dns1_x": Setting("", 15),
    "wan_dns2_x": Setting("", 15),
    "wan_auth_x": Setting("", 16),
    "wan_heartbeat_x": Setting("", 256),
    "wan_ppp_echo": Setting("1", 1),
    "wan_ppp_echo_interval": Setting("6", 6),
    "wan_ppp_echo_failure": Setting("10", 6),
    "wan_pppoe_username": Setting("", 128),
    "wan_pppoe_passwd": Setting("", 128),
    "wan_pppoe_auth": Setting("", 16),
    "wan_pppoe_idletime": Setting("0", 6),
    "wan_pppoe_demand": Setting("0", 1),
    "wan_pppoe_mtu": Setting("1492", 5),
    "wan_pppoe_mru": Setting("1492", 5),
    "wan_pppoe_service": Setting("", 64),
    "wan_pppoe_ac": Setting("", 64),
    "wan_pppoe_hostuniq": Setting("", 64),
    "wan_pppoe_options_x": Setting("", 64),
    "wan_pptp_options_x": Setting("", 64),
}

_HOUSE = {
    "x_Setting": Setting("0", 1),
    "sw_mode": Setting("1", 1),
    "preferred_lang": Setting("EN", 2),
    "http_enable": Setting("0", 1),
    "http_username": Setting("admin", 20),
    "http_passwd": Setting("admin", 16),
    "http_lanport": Setting("80", 5),
    "https_lanport": Setting("8443", 5),
    "http_autologout": Setting("30", 3),
    "web_redirect": Setting("3", 1),
    "lan_ipaddr": Setting("192.168.50.1", 15),
    "lan_netmask": Setting("255.255.255.0", 15),
    "reboot_schedule_enable": Setting("0", 1),
    "reboot_schedule": Setting("00000000000", 11),
    "ddns_enable_x": Setting("0", 1),
    "ddns_hostname_x": Setting("", 64),
    "captcha_enable": Setting("0", 1),
}

_CONFLICTS = {
    "switch_stb_x": Setting("0", 1),
    "switch_wantag": Setting("none", 30),
    "lacp_enabled": Setting("0", 1),
    "qos_enable": Setting("0", 1),
    "qos_type": Setting("0", 1),
}
"""What the Dual WAN page looks at before it allows a combination (dual-WAN facts 1.4)."""

_NEVER_BY_WEB = {
    "link_internet": Setting("", 0),
    "reboot_time": Setting("70", 0),
    "wan_primary": Setting("0", 0),
}
"""Rows of length 0, so that no post can change them (web API facts 4.2)."""

EVERYWHERE = {**_HOUSE, **_DUAL_WAN, **_MODEM, **_PER_UNIT, **_CONFLICTS, **_NEVER_BY_WEB}

THREE_RESOLVED_ADDRESSES = Setting("131.107.255.255 112.4.20.71 fd3e:4f5a:5b81::1", 1024)
"""``dns_probe_content`` of 382 and 386."""

AI_PROTECTION = {"wrs_protect_enable": Setting("0", 1)}
"""Where ``rc_support`` has ``bwdpi`` (3006 defaults.c). Which models that is, is common knowledge and no more."""
