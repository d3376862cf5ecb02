# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""3006 as the newest builds are, with the nonce login alone (web API facts 2.2). From which build on is not known."""

from __future__ import annotations

from dataclasses import replace

from . import stock3006
from .identity import identity

PROFILE = replace(
    stock3006.PROFILE,
    name="3006-nonce",
    identity=identity(
        model="RT-AX57_GO",
        firmver="3.0.0.6",
        buildno="102",
        extendno="99999",  # some later build; no such number is known
        words="usbX1 usb_bk autowan NEW_PHYMAP mtlancfg",
    ),
    login=replace(stock3006.PROFILE.login, nonce=True),
)
