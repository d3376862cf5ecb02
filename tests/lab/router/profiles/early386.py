# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stock RT-AX53U 3.0.0.4.386_67508: before Auto USB Backup, which came with 69021 (dual-WAN facts 11)."""

from __future__ import annotations

from dataclasses import replace

from . import stock386
from .identity import identity
from .profile import Setting

_CAME_WITH_69021 = ("wans_usb_bk", "wans_usb_bk_act")

PROFILE = replace(
    stock386.PROFILE,
    name="386-early",
    settings={
        **{name: row for name, row in stock386.PROFILE.settings.items() if name not in _CAME_WITH_69021},
        "wans_mode": Setting("fo", 4),
    },
    identity=identity(
        model="RT-AX53U",
        firmver="3.0.0.4",
        buildno="386",
        extendno="67508",
        words="usbX1 pwrctrl WIFI_LOGO nandflash user_low_rssi",
    ),
)
