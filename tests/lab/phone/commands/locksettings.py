# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``locksettings``, as far as it says whether there is a secret."""

from __future__ import annotations

from ..standins import Answer, Call, not_simulated
from .handset import Handset


async def run(handset: Handset, call: Call) -> Answer:
    if handset.screen.secure and handset.profile.locksettings_wants_secret:
        # What is given is compared before anything is done, and nothing was given.
        said = f"Error while executing command: {call.arguments[0] if call.arguments else None}\n"
        return Answer(
            errors=f"{said}java.lang.IllegalArgumentException: Credential can't be null or empty\n", status=255
        )
    match call.arguments:
        case ["get-disabled"]:
            disabled = handset.settings.get("secure", "lockscreen.disabled") == "1" and not handset.screen.secure
            return Answer(f"{'true' if disabled else 'false'}\n")
        case ["set-disabled", ("true" | "false") as value]:
            handset.settings.put("secure", "lockscreen.disabled", "1" if value == "true" else "0")
            return Answer(f"Lock screen disabled set to {value}\n")
        case _:
            return not_simulated(" ".join(["locksettings", *call.arguments]))
