# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stock RT-AC88U 3.0.0.4.386 of 2021, whose web server and pages were seen (web API facts 9, dual-WAN facts 11).

Of its table only what was seen is known to differ: ``-1`` is dropped as an interval, its page takes 1 to 9 for one, and
``wans_mode`` begins as fo. That there is no Auto USB Backup in it: it is older than 386.69021. The rest is 386's.
"""

from __future__ import annotations

from dataclasses import replace

from . import stock386
from .identity import identity
from .profile import Setting
from .rows import AI_PROTECTION

_NOT_IN_IT = ("wans_usb_bk", "wans_usb_bk_act", "ttl_inc_enable", "ttl_spoof_enable")
"""That the TTL rows came later is a guess."""

PROFILE = replace(
    stock386.PROFILE,
    name="386-ac88u",
    settings={
        **{name: row for name, row in stock386.PROFILE.settings.items() if name not in _NOT_IN_IT},
        **AI_PROTECTION,
        "wans_mode": Setting("fo", 4),
        "wandog_interval": Setting("5", 1),
    },
    identity=identity(
        model="RT-AC88U",
        firmver="3.0.0.4",
        buildno="386",
        extendno="43129",  # some build of 2021; which one was seen is not known
        words="usbX2 bwdpi lacp wanbonding",
    ),
    login=replace(stock386.PROFILE.login, first_remaining_lock_time=-2623),
    replies=replace(stock386.PROFILE.replies, ai_home_level=20, error_members=(), signed_char=False),
)
