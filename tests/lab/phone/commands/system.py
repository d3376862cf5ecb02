# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small programs with one thing to say or to do."""

from __future__ import annotations

from ..standins import Answer, Call, not_simulated
from .handset import Handset


async def getenforce(handset: Handset, call: Call) -> Answer:
    return Answer("Enforcing\n")


async def reboot(handset: Handset, call: Call) -> Answer:
    if call.arguments:
        return not_simulated(" ".join(["reboot", *call.arguments]))
    handset.reboot("reboot program")
    return Answer()
