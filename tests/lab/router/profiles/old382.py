# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RT-AC68U 3.0.0.4.382_52xxx, by that generation's sources (the 382 columns of both fact sheets)."""

from __future__ import annotations

from .identity import identity
from .profile import Login, Monitor, Profile, Replies, Setting, Swap
from .rows import AI_PROTECTION, EVERYWHERE, THREE_RESOLVED_ADDRESSES

PROFILE = Profile(
    name="382",
    settings={
        **EVERYWHERE,
        **AI_PROTECTION,
        "wans_mode": Setting("fo", 4),
        "wandog_interval": Setting("5", 1),
        "wandog_maxfail": Setting("12", 2),
        "dns_probe_content": THREE_RESOLVED_ADDRESSES,
        "nat_redirect_enable": Setting("0", 1),
    },
    identity=identity(
        model="RT-AC68U",
        firmver="3.0.0.4",
        buildno="382",
        extendno="52401",
        words="usbX2 bwdpi",
    ),
    login=Login(
        nonce=False,
        https_cookie="asus_token",
        failures_in_nvram=False,
        captcha_counts_apps=False,
        first_remaining_lock_time=300,
        app_words=frozenset({"DUTUtil", "ASSIA", "IFTTT", "Alexa"}),
    ),
    replies=Replies(
        server="httpd/2.0",
        ai_home_level=21,
        error_members=(),
        logout_has_members=False,
        signed_char=False,
        chunked_is_malformed=False,
        restart_needed_time=False,
        uptime_quoted=False,
        ethernet_wans=None,
        status_items=("active_wan_unit", "link_internet", "enable", "realip_state", "ipaddr", "realip_ip"),
        hidden=frozenset(),
    ),
    swap=Swap(forgets_copies=False, skipped_types=frozenset(), skipped_rows=frozenset()),
    monitor=Monitor(
        returns_by_path=False,
        returns_by_every_probe=False,
        delay_after_switch="wandog_delay",
        dns_waits_by_interval=False,
        empty_dns_is_default=False,
        any_address_but=frozenset(),
    ),
    settings_file="HDR1",
    refused_by_apply=frozenset(),
)
