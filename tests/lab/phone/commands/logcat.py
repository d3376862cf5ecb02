# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``logcat -d``: the little that the simulation would have logged."""

from __future__ import annotations

from ..standins import Answer, Call, not_simulated
from .handset import Handset

_REFUSED = "E/UsbDeviceManager( 1500): Could not set unsupported function for the GadgetHal\n"


async def run(handset: Handset, call: Call) -> Answer:
    if "-d" not in call.arguments:
        return not_simulated(" ".join(["logcat", *call.arguments]))
    refused = [one for one in handset.journal.entries() if one["what"] == "unsupported USB function ignored"]
    return Answer("--------- beginning of main\n" + _REFUSED * len(refused))
