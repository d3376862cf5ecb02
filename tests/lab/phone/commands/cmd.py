# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few verbs of ``cmd`` that are of use for tethering."""

from __future__ import annotations

from ..automate import PACKAGE
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
        case ["deviceidle", "whitelist"]:
            return Answer(_exempt(handset))
        case ["deviceidle", "whitelist", word] if word[:1] in ("+", "-"):
            return _set_exempt(handset, word[1:], exempt=word[0] == "+")
        case _:
            return not_simulated(" ".join(["cmd", *call.arguments]))
    return Answer()


def _exempt(handset: Handset) -> str:
    """DeviceIdleController: the system's own first, then what a user has added."""
    lines = "system-excidle,com.android.providers.downloads,10010\nsystem,com.android.shell,2000\n"
    return lines + (f"user,{PACKAGE},10234\n" if handset.automate.exempt else "")


def _set_exempt(handset: Handset, package: str, *, exempt: bool) -> Answer:
    verb = "Added" if exempt else "Removed"
    if package != PACKAGE or not handset.automate.installed:
        return Answer(f"Unknown package: {package}\n", status=255)
    handset.automate.exempt = exempt
    return Answer(f"{verb}: {package}\n")
