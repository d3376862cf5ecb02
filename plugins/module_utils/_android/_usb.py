# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``dumpsys usb``, ``dumpsys tethering`` and ``ip`` say, as values.

Source: UsbDeviceManager of Android 10 to 16 and the Tethering module of 12 to 15. A repeated field is printed as a list
in brackets, an empty one not at all; names are of the first gadget HAL, so what came later shows as a number: NCM as
``0x400``. ``svc``'s exit code and ``sys.usb.state`` say less than the truth and are not asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_interface
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import BadAnswer
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections

NAMES = {
    "0x4": "mtp",
    "0x8": "midi",
    "0x10": "ptp",
    "0x20": "rndis",
    "0x400": "ncm",
}
TETHERS = ("rndis", "ncm")
FIRST_WITH_DEFAULT = 28
"""Android 9: ``svc usb setScreenUnlockedFunctions`` (source of 10, and one release earlier by its documentation)."""

TETHER_ERRORS = {
    2: "the service is not available",
    3: "the phone cannot",
    5: "an internal error",
    11: "the provider does not allow it",
    12: "the DHCP server did not start",
    14: "no permission",
}
"""Of TetheringManager (12 to 15)."""

OUT_BY_WIFI = (
    "The tether's way out is the phone's Wi-Fi. Where that is the router's own, a failover leads back into the router. "
    "Switch Wi-Fi off on the phone, which android_backup_phone does"
)

_OLD_DUMP = "mCurrentFunctionsApplied:"
_OLD_LINE = re.compile(r"^\s*(m\w+): (\S+)$", re.MULTILINE)
_INTERFACE = re.compile(r"^(?:rndis|ncm|usb)\d+$")
_TETHER_LINE = re.compile(r"^\s*(\S+) - \w+ - lastError = (\d+)", re.MULTILINE)
# Android 8.0 has one, and prints no `(s)`.
_UPSTREAM = re.compile(r"Current upstream interface(?:\(s\))?: *\[?([^\]\n]*)")
_WIFI = re.compile(r"\bwlan\d")
_ADDRESS = re.compile(r"^\d+: (\S+) +inet (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Usb:
    """The phone's USB port and its tether."""

    function: str | None
    """The tether function in use, ``rndis`` or ``ncm``; None for any other, or none."""
    default: str | None
    """The tether function that the phone takes by itself at every plug-in; None for any other, or none."""
    applied: bool
    locked: bool
    """A secure lock screen is up: the phone gives up tethering at the next disconnect whatever its default."""
    connected: bool
    configured: bool
    interface: str | None
    address: str | None
    """The phone's own, with prefix length, such as ``192.168.42.129/24``."""
    error: int
    upstream: str | None

    @property
    def up(self) -> bool:
        """Whether a host on the other end gets an address."""
        return bool(self.function and self.applied and self.configured and self.address and not self.error)

    @property
    def serving(self) -> bool:
        """Whether it is also forwarded."""
        return self.up and self.upstream is not None

    @property
    def subnet(self) -> str | None:
        """The network between phone and host, ``192.168.42.0/24`` once; another one at each boot since Android 12."""
        return str(ip_interface(self.address).network) if self.address else None

    def answers_at(self, host: str | None) -> bool:
        """Whether that is the phone's own address in the tether: who comes by it goes with the tether."""
        return self.address is not None and str(ip_interface(self.address).ip) == host

    @property
    def why_not_serving(self) -> str | None:
        """The first thing that is missing, or None while it serves."""
        missing = {
            "nothing is plugged in that takes the phone": not self.connected,
            "the USB function is no tether": self.function is None,
            "Android is switching the USB function": not self.applied,
            "the host has not taken the USB function": not self.configured,
            f"Android refuses to tether: {TETHER_ERRORS.get(self.error, 'error')} ({self.error})": bool(self.error),
            "the tether has no address yet": self.address is None,
            "the tether has no way out: mobile data is off, or the SIM has no connection": self.upstream is None,
        }
        return next((why for why, is_so in missing.items() if is_so), None)

    def as_result(self) -> dict[str, Any]:
        """As the modules return it."""
        return {
            "function": self.function,
            "plug_in_default": self.default,
            "host_connected": self.connected,
            "serving": self.serving,
            "why": self.why_not_serving,
            "subnet": self.subnet,
            "interface": self.interface,
            "address": self.address,
            "upstream": self.upstream,
            "last_error": self.error,
            "screen_locked": self.locked,
        }


def by_wifi(upstream: str | None) -> bool:
    """Whether an upstream, of one interface or several, is the phone's Wi-Fi. Android takes that before the SIM."""
    return upstream is not None and _WIFI.search(upstream) is not None


def usb_from(sections: Sections) -> Usb:
    """Read the sections of :data:`_probe.USB`. Raises BadAnswer where ``dumpsys usb`` has not the known fields."""
    dump = sections["usb"]
    if _OLD_DUMP in dump:
        dump = _as_fields(dump)
    applied = _field(dump, "current_functions_applied")
    if applied is None:
        raise BadAnswer(
            "The phone's `dumpsys usb` has no current_functions_applied",
            doing="reading its USB state",
            cure="Every Android that this collection knows has it; look whether its shell is what Android ships",
        )
    interface, address = _tether_address(sections["addresses"])
    errors = [int(error) for name, error in _TETHER_LINE.findall(sections["tethering"]) if _INTERFACE.match(name)]
    upstream = _UPSTREAM.search(sections["tethering"])
    return Usb(
        function=_tether(dump, "current_functions"),
        default=_tether(dump, "screen_unlocked_functions"),
        applied=applied == "true",
        locked=_field(dump, "screen_locked") == "true",
        connected=_field(dump, "connected") == "true",
        configured=_field(dump, "configured") == "true",
        interface=interface,
        address=address,
        error=max(errors, default=0),
        upstream=(upstream.group(1).strip() or None) if upstream and upstream.group(1) != "null" else None,
    )


def _as_fields(dump: str) -> str:
    """The dump of Android 8, of lines such as ``mCurrentFunctions: rndis,adb``, with the names of today.

    It says nothing of a default, of which there is none, nor of the lock.
    """
    found = dict(_OLD_LINE.findall(dump))
    functions = found.get("mCurrentFunctions", "").replace(",", " ")
    fields = {
        "current_functions": f"[{functions}]",
        "current_functions_applied": found.get("mCurrentFunctionsApplied", "false"),
        "connected": found.get("mConnected", "false"),
        "configured": found.get("mConfigured", "false"),
    }
    return "".join(f"{name}={value}\n" for name, value in fields.items())


def _field(dump: str, name: str) -> str | None:
    found = re.search(rf"^\s*{name}=(\S+)", dump, re.MULTILINE)
    return found.group(1) if found else None


def _tether(dump: str, name: str) -> str | None:
    """The tether function among the values of a field that may be one value or a list."""
    found = re.search(rf"^\s*{name}=(?:\[([^\]]*)\]|(\S+))", dump, re.MULTILINE)
    words = (found.group(1) or found.group(2) or "").lower().split() if found else []
    functions = {NAMES.get(word, word) for word in words}
    return next((tether for tether in TETHERS if tether in functions), None)


def _tether_address(addresses: str) -> tuple[str | None, str | None]:
    for interface, address in _ADDRESS.findall(addresses):
        if _INTERFACE.match(interface):
            return interface, address
    return None, None
