# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few verbs of ``cmd`` that are of use for tethering."""

from __future__ import annotations

from ..standins import Answer, Call, not_simulated
from .handset import Handset


async def run(handset: Handset, call: Call) -> Answer:
    match call.arguments:
        case ["phone", "data", ("enable" | "disable") as verb]:
            handset.set_mobile_data(verb == "enable")
        case ["wifi", "set-wifi-enabled", ("enabled" | "disabled") as state]:
            handset.set_wifi(state == "enabled")
        case ["netpolicy", "get", "restrict-background"]:
            return Answer(f"Restrict background status: {'enabled' if handset.tether.data_saver else 'disabled'}\n")
        case ["netpolicy", "set", "restrict-background", ("true" | "false") as value]:
            handset.tether.set_data_saver(value == "true")
        case _:
            return not_simulated(" ".join(["cmd", *call.arguments]))
    return Answer()
