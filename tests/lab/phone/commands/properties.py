# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``getprop`` and ``setprop``."""

from __future__ import annotations

from ..standins import Answer, Call, not_simulated
from .handset import Handset

_SHELL_MAY_SET = ("debug.", "log.", "persist.log.tag")


async def getprop(handset: Handset, call: Call) -> Answer:
    match call.arguments:
        case []:
            return Answer("".join(f"[{name}]: [{value}]\n" for name, value in handset.properties.all().items()))
        case ["gsm.sim.state"]:
            return Answer(handset.radio.states + "\n")
        case ["gsm.operator.alpha"]:
            return Answer(handset.radio.operators + "\n")
        case [name]:
            return Answer(handset.properties.get(name) + "\n")
        case [name, default]:
            return Answer((handset.properties.get(name) or default) + "\n")
        case _:
            return not_simulated(" ".join(["getprop", *call.arguments]))


async def setprop(handset: Handset, call: Call) -> Answer:
    match call.arguments:
        case [name, value] if name.startswith(_SHELL_MAY_SET):
            handset.properties.set(name, value)
            return Answer()
        case [name, value] if not call.is_root:
            said = f"Failed to set property '{name}' to '{value}'.\nSee dmesg for error reason.\n"
            return Answer(errors=said, status=1)
        case _:
            return not_simulated(" ".join(["setprop", *call.arguments]))
