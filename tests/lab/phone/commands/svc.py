# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``svc``: usb, data, wifi and power (cmds/svc; what each release has is in its profile)."""

from __future__ import annotations

from ..profiles.profile import NO_TETHER
from ..standins import Answer, Call, not_simulated
from ..usb import NONE
from .handset import Handset

_KILLED = -9
"""An exception that nobody catches ends with the process killing itself (RuntimeInit)."""

_STAY_ON = {"true": "7", "false": "0", "ac": "1", "usb": "2", "wireless": "4", "dock": "8"}


async def run(handset: Handset, call: Call) -> Answer:
    if handset.svc_mute:
        return Answer()
    match call.arguments:
        case ["usb", verb, *rest]:
            return _usb(handset, verb, rest, call)
        case ["data", ("enable" | "disable") as verb]:
            handset.set_mobile_data(verb == "enable")
        case ["wifi", ("enable" | "disable") as verb]:
            handset.set_wifi(verb == "enable")
        case ["power", "stayon", mode] if mode in _STAY_ON:
            handset.settings.put("global", "stay_on_while_plugged_in", _STAY_ON[mode])
        case ["power", "reboot", *_]:
            handset.reboot("svc power reboot")
        case _:
            return not_simulated(" ".join(["svc", *call.arguments]))
    return Answer()


def _usb(handset: Handset, verb: str, rest: list[str], call: Call) -> Answer:
    usb, profile = handset.usb, handset.profile
    if verb != profile.functions_verb and verb not in profile.verbs:
        return Answer(_HELP)
    wanted = rest[0] if rest else ""
    by = f"svc usb {verb} by {call.user}"
    match verb:
        case "setFunction":
            usb.set_current(wanted if wanted in profile.functions else NONE, by)
        case "getFunction":
            # The property, which adb is part of; to standard error, as all its successors.
            return Answer(errors=handset.properties.get("sys.usb.config") + "\n")
        case "setFunctions" | "setScreenUnlockedFunctions" if set(wanted.split(",")) == {"rndis", "ncm"}:
            # areSettableFunctions of 14 lets this one pair pass.
            return not_simulated("two USB functions at once")
        case "setFunctions" | "setScreenUnlockedFunctions":
            refused = _refusal(wanted, profile.svc_names)
            # The number counts within this process, so a fresh one always says 1.
            said = "setCurrentFunctions opId:1\n" if profile.svc_tells_operation and verb == "setFunctions" else ""
            if refused is not None:
                return Answer(said, refused, _KILLED)
            act = usb.set_current if verb == "setFunctions" else usb.set_default
            act(wanted or NONE, by)
            return Answer(said)
        case "getFunctions":
            # To standard error, without adb: UsbCommand.java of 10 to 16.
            return Answer(errors=("" if usb.current == NONE else usb.current) + "\n")
        case "resetUsbGadget":
            usb.reset_gadget()
        case "getGadgetHalVersion":
            return Answer(errors="V1_2\n" if usb.gadget == "hal" else "unknown\n")
        case _:
            return not_simulated(f"svc usb {verb}")
    return Answer()


_HELP = "Control Usb state\n\nusage: svc usb …\n"
"""An unknown verb gets the help, and no error (UsbCommand.java). Its text is longer."""


def _refusal(wanted: str, known: frozenset[str]) -> str | None:
    """What usbFunctionsFromString and areSettableFunctions think of it: none or exactly one settable function."""
    if wanted in ("", NONE):
        return None
    names = {name for name in wanted.split(",") if name}
    if not names <= known:
        return f"java.lang.IllegalArgumentException: Invalid usb function {wanted}\n"
    if len(names) != 1 or names & NO_TETHER:
        return "java.lang.IllegalArgumentException\n"
    return None
