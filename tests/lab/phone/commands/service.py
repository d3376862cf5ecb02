# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``service call connectivity``: setUsbTethering by its number, which each release up to 10 has another of."""

from __future__ import annotations

from ..standins import Answer, Call, not_simulated
from ..usb import NONE
from .handset import Handset

_DONE = "Result: Parcel(00000000 00000000   '........')\n"
_FORBIDDEN = "Result: Parcel(ffffffff 00000040   '....@...')\n"
"""What a SecurityException looks like from here, shortened; the program ends with 0 all the same."""


async def run(handset: Handset, call: Call) -> Answer:
    match call.arguments:
        case ["call", "connectivity", number, "i32", ("0" | "1") as on, *_] if number == str(
            handset.profile.tether_call
        ):
            if not call.is_root:
                return Answer(_FORBIDDEN)
            usb = handset.usb
            handset.tether.requested = on == "1"
            usb.set_current("rndis" if on == "1" else NONE, f"setUsbTethering by {call.user}")
            handset.tether.usb_state(usb.connected, usb.configured)
            return Answer(_DONE)
        case _:
            return not_simulated(" ".join(["service", *call.arguments]))
