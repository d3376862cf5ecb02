# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stock RT-AX57 Go 3.0.0.6.102_22108, by ASUS's own sources of it (the 3006 columns of both fact sheets).

Guesses: that its processor has an unsigned char, its API level, that its settings file is plain, and the numbers of the
VLAN rows. Its closed check of posted values is not simulated.
"""

from __future__ import annotations

from .identity import identity
from .profile import Login, Monitor, Profile, Replies, Setting, Swap
from .rows import EVERYWHERE

_WAN = {
    "wan_proto": Setting("dhcp", 8),
    "wan_desc": Setting("", 0),
    "wan_phytype": Setting("", 0),
    "wan_heartbeat_x": Setting("", 64),
    "wan_auth_x": Setting("", 32),
    "wan_pppoe_username": Setting("", 64),
    "wan_pppoe_passwd": Setting("", 64),
    "wan_pppoe_auth": Setting("", 5),
    "wan_pppoe_idletime": Setting("0", 10),
    "wan_pppoe_service": Setting("", 32),
    "wan_pppoe_ac": Setting("", 32),
    "wan_pppoe_hostuniq": Setting("", 256),
    "wan_pppoe_options_x": Setting("", 255),
    "wan_pptp_options_x": Setting("", 16),
}
"""Lengths of its own (defaults.c)."""

_OF_OTHER_MODELS = {
    "wans_extwan": Setting("0", 1),
    "wan_ifname_x": Setting("eth0", 8),
}
"""In this table, but for models with a faster port or several for WAN only; here so that they can be posted."""

PROFILE = Profile(
    name="3006",
    settings={
        **EVERYWHERE,
        **_WAN,
        **_OF_OTHER_MODELS,
        "wans_mode": Setting("fb", 4),
        "wans_usb_bk": Setting("1", 1),
        "wans_usb_bk_act": Setting("0", 1),
        "autowan_enable": Setting("0", 1),
        "wandog_interval": Setting("3", 2),
        "wandog_maxfail": Setting("2", 2),
        "wandog_fb_restart": Setting("0", 1),
        "dns_probe_content": Setting("*", 1024),
        "dns_probe_timeout": Setting("1", 2),
        "lb_skip_port": Setting("", 1024),
        "ttl_inc_enable": Setting("0", 1),
        "ttl_spoof_enable": Setting("0", 1),
        "nat_redirect_enable": Setting("1", 1),
        "bond_wan": Setting("0", 1),
        "apg1_enable": Setting("0", 1),
        "apg1_dut_list": Setting("", 2048),
        "vlan_trunk_rl": Setting("", 2048),
        "modem_mode": Setting("0", 2),
        "http_username": Setting("admin", 32),
        "http_passwd": Setting("admin", 32),
    },
    identity=identity(
        model="RT-AX57_GO",
        firmver="3.0.0.6",
        buildno="102",
        extendno="22108",
        words="usbX1 usb_bk autowan NEW_PHYMAP mtlancfg",
    ),
    login=Login(
        nonce=False,
        https_cookie="asus_s_token",
        failures_in_nvram=True,
        captcha_counts_apps=True,
        first_remaining_lock_time=300,
        app_words=frozenset({"DUTUtil", "ASSIA", "IFTTT", "Alexa", "WebView", "MyASUS"}),
    ),
    replies=Replies(
        server="httpd/3.0",
        ai_home_level=22,
        error_members=("captcha_on", "last_time_lock_warning"),
        logout_has_members=True,
        signed_char=False,
        chunked_is_malformed=True,
        restart_needed_time=True,
        uptime_quoted=True,
        ethernet_wans={"wan": {"wan_name": "WAN"}},
        # Which order it is is not known, only that it is another one.
        status_items=("link_internet", "enable", "ipaddr", "active_wan_unit", "realip_state", "realip_ip"),
        hidden=frozenset({"http_passwd"}),  # of those here; marked CKN_ENC_SVR in defaults.c
    ),
    swap=Swap(forgets_copies=True, skipped_types=frozenset({"dsl"}), skipped_rows=frozenset({"wan_ifname_x"})),
    monitor=Monitor(
        returns_by_path=True,
        returns_by_every_probe=True,
        delay_after_switch="wandog_delay_rpt",  # read by the daemon, and not in the table
        dns_waits_by_interval=True,
        empty_dns_is_default=True,
        any_address_but=frozenset({"10.0.0.1"}),
    ),
    settings_file="HDR1",
    refused_by_apply=frozenset({"http_username", "http_passwd"}),
)
