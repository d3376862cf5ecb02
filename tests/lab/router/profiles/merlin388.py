# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asuswrt-Merlin 388.10_2 on an RT-AX88U, by single files of it (the 388 and 388m marks of both fact sheets).

Its table was not read. Rows that its page posts are here with 3006's defaults, the others with 386's: both guesses. So
is the monitor daemon, which is 386's. The form of error replies and the names of the counters are those of its httpd.c.
"""

from __future__ import annotations

from .identity import identity
from .profile import Login, Monitor, Profile, Replies, Setting, Swap
from .rows import AI_PROTECTION, EVERYWHERE

PROFILE = Profile(
    name="388",
    settings={
        **EVERYWHERE,
        **AI_PROTECTION,
        "wans_mode": Setting("fb", 4),
        "wans_usb_bk": Setting("1", 1),
        "wans_usb_bk_act": Setting("0", 1),
        "wans_extwan": Setting("0", 1),  # of models with a port of 2.5 or 10 Gbit/s, which this one is not
        "autowan_enable": Setting("0", 1),
        "wandog_interval": Setting("5", 2),
        "wandog_maxfail": Setting("12", 2),
        "wandog_fb_restart": Setting("0", 1),
        "dns_probe_content": Setting("*", 1024),  # what its page posts, always
        "dns_probe_timeout": Setting("1", 2),
        "lb_skip_port": Setting("", 1024),
        "ttl_inc_enable": Setting("0", 1),
        "ttl_spoof_enable": Setting("0", 1),
        "nat_redirect_enable": Setting("1", 1),
        "bond_wan": Setting("0", 1),
    },
    identity=identity(
        model="RT-AX88U",
        firmver="3.0.0.4",
        buildno="388.10",
        extendno="2",
        words="usbX2 bwdpi lacp wanbonding usb_bk autowan NEW_PHYMAP",
    ),
    login=Login(
        nonce=False,
        https_cookie="asus_s_token",
        failures_in_nvram=True,
        captcha_counts_apps=True,
        first_remaining_lock_time=300,
        app_words=frozenset({"DUTUtil", "ASSIA", "IFTTT", "Alexa", "WebView"}),
    ),
    replies=Replies(
        server="httpd/3.0",
        ai_home_level=22,
        error_members=("captcha_on", "last_time_lock_warning"),
        logout_has_members=True,
        signed_char=False,
        chunked_is_malformed=True,
        restart_needed_time=False,
        uptime_quoted=True,  # a guess: the facts call the bare text a habit of old builds
        ethernet_wans={"wan": {"wan_name": "WAN", "extra_settings": {"wans_extwan": "0"}}},
        # Which order it is is not known, only that it is another one.
        status_items=("link_internet", "enable", "ipaddr", "active_wan_unit", "realip_state", "realip_ip"),
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
    settings_file="HDR2",
    refused_by_apply=frozenset(),
)
