# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ExpertWiFi EBG15: 3006 with Multi-WAN profiles instead of the two units' Dual WAN (dual-WAN facts 6).

Here to be recognised, not to be set up: it has the names of its own (3006 defaults.c) but for those of each profile,
and its monitor daemon is not simulated.
"""

from __future__ import annotations

from dataclasses import replace

from . import stock3006
from .identity import identity
from .profile import Setting

PROFILE = replace(
    stock3006.PROFILE,
    name="expertwifi",
    settings={
        **stock3006.PROFILE.settings,
        "wans_mt_ioport": Setting("W1", 32),
        "wans_mt_default_wan": Setting("", 2),
        "mtwan_unit": Setting("1", 1),
    },
    identity=identity(
        model="EBG15",
        firmver="3.0.0.6",
        buildno="102",
        extendno="22108",
        words="usbX1 usb_bk autowan NEW_PHYMAP mtlancfg mtwancfg",
    ),
)
