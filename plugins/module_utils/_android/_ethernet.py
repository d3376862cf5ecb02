# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone tells of an Ethernet adapter and of Ethernet tethering over it. Pure.

Source: Tethering and EthernetTracker of Android 11 to 15. Only interfaces named ``eth`` and a digit count. The tether
lives as long as the adapter does, whatever becomes of its link: a router that reboots does not end it. When the adapter
goes, or the phone reboots, the switch in the settings is off again, and nothing that adb reaches moves it: ``svc`` and
``cmd`` have no word for it, and the service's own call wants a listener that a shell cannot be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_interface
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import TETHER_ERRORS

FIRST = 30
"""Android 11."""
LINKS = {"links": "ip -o link show"}

_INTERFACE = re.compile(r"^\d+: (eth\d+)(?:@\S+)?: <([^>]*)>", re.MULTILINE)
_TETHER_LINE = re.compile(r"^\s*(eth\d+) - (\w+) - lastError = (\d+)", re.MULTILINE)
_UPSTREAM = re.compile(r"Current upstream interface(?:\(s\))?: *\[?([^\]\n]*)")
_ADDRESS = re.compile(r"^\d+: (eth\d+) +inet (\S+)", re.MULTILINE)

SWITCH_ON = (
    "switch Ethernet tethering on in the phone's settings (Network, Hotspot and tethering). Nothing but a hand can, or "
    "a flow of Automate; it is off again after each reboot of the phone and whenever the adapter was out"
)
SWITCH_DATA_ON = "switch mobile data on, and look at the SIM's plan"
PLUG = "put a USB-C Ethernet adapter that Android has a driver for into the phone, and a cable from it into the router"


@dataclass(frozen=True)
class Ethernet:
    """The phone's Ethernet adapter and its tether."""

    sdk: int
    interface: str | None
    """The adapter's, ``eth0``; None where there is none that Android knows."""
    link: bool
    tethered: bool
    error: int
    address: str | None
    upstream: str | None

    @property
    def serving(self) -> bool:
        """Whether a host on the other end gets an address and is forwarded."""
        return self._missing is None

    @property
    def _missing(self) -> tuple[str, str] | None:
        """The first thing that is missing, and what a hand can do about it."""
        told = f"Android refuses to tether: {TETHER_ERRORS.get(self.error, 'error')} ({self.error})"
        rows = (
            (self.sdk < FIRST, "Ethernet tethering came with Android 11", "use a phone with Android 11, or its USB"),
            (self.interface is None, "the phone has no Ethernet adapter", PLUG),
            (not self.link, "nothing is at the other end of the adapter's cable", PLUG),
            (bool(self.error), told, "look at the SIM's plan, and whether Data Saver is off"),
            (not self.tethered, "Ethernet tethering is off", SWITCH_ON),
            (self.address is None, "the tether has no address yet", SWITCH_ON),
            (self.upstream is None, "the tether has no way out", SWITCH_DATA_ON),
        )
        return next(((why, hand) for is_so, why, hand in rows if is_so), None)

    @property
    def why_not_serving(self) -> str | None:
        """None while it serves."""
        return self._missing[0] if self._missing else None

    @property
    def by_hand(self) -> tuple[str, ...]:
        """What nobody can do but a hand on the phone."""
        return (self._missing[1],) if self._missing else ()

    def as_result(self) -> dict[str, Any]:
        """As the module returns it."""
        return {
            "serving": self.serving,
            "not_serving_why": self.why_not_serving,
            "interface": self.interface,
            "link": self.link,
            "tethered": self.tethered,
            "address": self.address,
            "subnet": str(ip_interface(self.address).network) if self.address else None,
            "upstream": self.upstream,
            "last_error": self.error,
            "by_hand": list(self.by_hand),
        }


def ethernet_from(sections: Sections) -> Ethernet:
    """Read ``sdk``, the sections of :data:`_probe.USB` and :data:`LINKS`."""
    links = dict(_INTERFACE.findall(sections["links"]))
    states = {name: (state, int(error)) for name, state, error in _TETHER_LINE.findall(sections["tethering"])}
    # The one that is tethered, else the first.
    interface = next((name for name in (*states, *links) if name in links), None)
    state, error = states.get(interface or "", ("", 0))
    upstream = _UPSTREAM.search(sections["tethering"])
    tethered = state == "TetheredState"
    named = upstream.group(1).strip() if upstream else ""
    return Ethernet(
        sdk=int(sections["sdk"]) if sections["sdk"].isdigit() else 0,
        interface=interface,
        link="LOWER_UP" in links.get(interface or "", "").split(","),
        tethered=tethered,
        error=error,
        address=dict(_ADDRESS.findall(sections["addresses"])).get(interface or "") if tethered else None,
        upstream=named if tethered and named not in ("", "null") else None,
    )
