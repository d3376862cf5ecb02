# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stock RT-AX57 Go 3.0.0.6.102_22108, by ASUS's own sources of it (the 3006 columns of both fact sheets).

Guesses: that its processor has an unsigned char, its API level, that its settings file is plain, which names are hidden
(passwords), and the numbers of the VLAN rows. Its closed check of posted values is not simulated.
"""

from __future__ import annotations

from .identity import identity
from .profile import Login, Monitor, Profile, Replies, Setting, Swap
from .rows import EVERYWHERE

PROFILE = Profile(
    name="3006",
    settings={
        **EVERYWHERE,
        "wans_mode": Setting("fb", 4),
        "wans_usb_bk": Setting("1", 1),
        "wans_usb_bk_act": Setting("0", 1),
        "wans_extwan": Setting("0", 1),
        "autowan_enable": Setting("0", 1),
        "wandog_interval": Setting("3", 2),
        "wandog_maxfail": Setting("2", 2),
        "wandog_fb_restart": Setting("0", 1),
        "wandog_delay_rpt": Setting("0", 2),
        "dns_probe_content": Setting("*", 1024),
        "dns_probe_timeout": Setting("1", 1),
        "lb_skip_port": Setting("", 1024),
        "ttl_inc_enable": Setting("0", 1),
        "ttl_spoof_enable": Setting("0", 1),
        "nat_redirect_enable": Setting("1", 1),
        "bond_wan": Setting("0", 1),
        "apg1_enable": Setting("0", 1),
        "apg1_dut_list": Setting("", 2048),
        "vlan_trunk_rl": Setting("", 2048),
        "wan_ifname_x": Setting("", 16),
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
        signed_char=False,
        chunked_is_malformed=True,
        restart_needed_time=True,
        uptime_quoted=True,
        ethernet_wans={"wan": {"wan_name": "WAN"}},
        # Which order it is is not known, only that it is another one.
        status_items=("link_internet", "enable", "ipaddr", "active_wan_unit", "realip_state", "realip_ip"),
        hidden=frozenset({"http_passwd", "modem_pass", "wan_pppoe_passwd"}),
    ),
    swap=Swap(forgets_copies=True, skipped_types=frozenset({"dsl"}), skipped_rows=frozenset({"wan_ifname_x"})),
    monitor=Monitor(
        returns_by_path=True,
        returns_by_every_probe=True,
        delay_after_switch="wandog_delay_rpt",
        dns_waits_by_interval=True,
        empty_dns_is_default=True,
        any_address_but=frozenset({"10.0.0.1"}),
    ),
    settings_file="HDR1",
    refused_by_apply=frozenset({"http_username", "http_passwd"}),
)
