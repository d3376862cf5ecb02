# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stock RT-AX53U 3.0.0.4.386_69061, of which table, pages, web server and daemon were seen (facts 9, 11 and 12)."""

from __future__ import annotations

from .identity import identity
from .profile import Login, Monitor, Profile, Replies, Setting, Swap
from .rows import EVERYWHERE, THREE_RESOLVED_ADDRESSES

PROFILE = Profile(
    name="386",
    settings={
        **EVERYWHERE,
        "wans_mode": Setting("fb", 4),
        "wans_usb_bk": Setting("1", 1),
        "wans_usb_bk_act": Setting("0", 1),
        "wandog_interval": Setting("5", 2),
        "wandog_maxfail": Setting("12", 2),
        "wandog_fb_restart": Setting("0", 1),
        "dns_probe_content": THREE_RESOLVED_ADDRESSES,
        "lb_skip_port": Setting("", 1024),
        "ttl_inc_enable": Setting("0", 1),
        "ttl_spoof_enable": Setting("0", 1),
        "nat_redirect_enable": Setting("1", 1),
        "bond_wan": Setting("0", 1),
    },
    identity=identity(
        model="RT-AX53U",
        firmver="3.0.0.4",
        buildno="386",
        extendno="69061",
        words="usbX1 pwrctrl WIFI_LOGO nandflash usb_bk user_low_rssi",
    ),
    login=Login(
        nonce=False,
        https_cookie="asus_token",
        failures_in_nvram=False,
        captcha_counts_apps=True,  # a guess
        first_remaining_lock_time=-2457,
        app_words=frozenset({"DUTUtil", "ASSIA", "IFTTT", "Alexa", "WebView"}),
    ),
    replies=Replies(
        server="httpd/2.0",
        ai_home_level=21,
        error_members=("last_time_lock_warning",),
        logout_has_members=False,
        signed_char=True,
        chunked_is_malformed=False,
        restart_needed_time=False,
        uptime_quoted=False,
        ethernet_wans=None,
        status_items=("active_wan_unit", "link_internet", "enable", "realip_state", "ipaddr", "realip_ip"),
        hidden=frozenset(),
    ),
    swap=Swap(forgets_copies=False, skipped_types=frozenset(), skipped_rows=frozenset()),
    monitor=Monitor(
        returns_by_path=True,
        returns_by_every_probe=False,
        delay_after_switch="wandog_delay",
        dns_waits_by_interval=False,
        empty_dns_is_default=False,
        any_address_but=frozenset(),
    ),
    settings_file="HDR1",
    refused_by_apply=frozenset(),
)
