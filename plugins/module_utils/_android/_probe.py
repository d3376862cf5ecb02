# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a task wants to know of a phone, asked in one round trip.

Each section of the script is a command whose output the parsers of ``_usb`` and ``_keepalive`` read. A command that the
phone does not have leaves its section empty.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import (
    BOOT_COMPLETED,
    BOOTED,
    Phone,
    still_booting,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import BadAnswer

MARK = "@@homelab.dualwan@@"

MODEL = {
    "model": "getprop ro.product.model",
    "maker": "getprop ro.product.manufacturer",
    "android": "getprop ro.build.version.release",
    "sdk": "getprop ro.build.version.sdk",
}
USB = {
    "usb": "dumpsys usb",
    # A service of its own since 11, a part of another before.
    "tethering": (
        "case $(getprop ro.build.version.sdk) in 2?) dumpsys connectivity tethering ;; *) dumpsys tethering ;; esac"
    ),
    "addresses": "ip -4 -o addr show",
}
SETTINGS = {
    # A phone with two slots has a switch for each SIM, mobile_data<number>, of which that of the SIM for data counts;
    # the plain one keeps what the factory set (GlobalSettingsHelper.java). With one slot there is no numbered one.
    "mobile_data": (
        "{ on=$(settings get global mobile_data$(settings get global multi_sim_data_call)); "
        "case $on in [01]) echo $on ;; *) settings get global mobile_data ;; esac; }"
    ),
    "adb_key_life": "settings get global adb_allowed_connection_time",
    "battery": "dumpsys battery",
}
RADIO = {
    "sim": "getprop gsm.sim.state",
    "operator": "getprop gsm.operator.alpha",
    # One line for each SIM, chosen on the phone: others have numbers that called.
    "signal": "dumpsys telephony.registry | grep -m 4 '^ *mSignalStrength='",
}
SU = {"su": "command -v su"}
_BOOT = "boot_completed"

Sections = Mapping[str, str]


def ask(phone: Phone, commands: Mapping[str, str], *, doing: str) -> dict[str, str]:
    """Run the commands in one go and return what each wrote on stdout. A phone that still boots is waited for."""
    # First, as what comes before it may be said by services that are not there yet.
    commands = {_BOOT: BOOT_COMPLETED, **commands}
    found = _answers(phone, commands, doing)
    if found[_BOOT] != BOOTED:
        phone.drops += 1
        phone.await_return(doing=doing)
        found = _answers(phone, commands, doing)
        if found[_BOOT] != BOOTED:
            raise still_booting(doing)
    return found


def _answers(phone: Phone, commands: Mapping[str, str], doing: str) -> dict[str, str]:
    script = "\n".join(f"echo '{MARK}{name}'\n{command} 2>/dev/null" for name, command in commands.items())
    output = phone.read(script, doing=doing).output
    found = {}
    for piece in output.split(MARK)[1:]:
        name, body = piece.partition("\n")[::2]
        found[name] = body.strip()
    missing = commands.keys() - found.keys()
    if missing:
        raise BadAnswer(
            f"The phone did not answer about {', '.join(sorted(missing))}",
            doing=doing,
            cure="Run again; if it stays, its shell is not what Android ships",
        )
    return found


def read(phone: Phone) -> dict[str, str]:
    """Model, USB and tether: what both writing tasks decide by."""
    return ask(phone, {**MODEL, **USB}, doing="reading its state")
