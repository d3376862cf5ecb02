# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router knows of a phone on its USB port (hotplug of 382 and 3006, ``rc/lan.c``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram, whole

PORTS = ("1", "2")
NAMES = (
    *(f"usb_path{port}" for port in PORTS),
    "usb_modem_act_type",
    "usb_modem_act_dev",
    "usb_modem_act_path",
    "usb_modem_act_vid",
    "usb_modem_act_pid",
)


@dataclass(frozen=True)
class PhoneOnUsb:
    """A phone, as seen from the router."""

    plugged: bool
    """A modem or tethering phone enumerated on a port."""
    port: str
    interface: str
    """Such as ``usb0``; empty where the phone appeared before usb was a WAN."""
    driver: str
    """``rndis``, ``ncm`` or ``ecm`` for a tether."""
    usb_id: str

    def as_result(self) -> dict[str, Any]:
        """As ``asus_wan_info`` returns it."""
        return {
            "seen": self.plugged,
            "port": self.port or None,
            "interface": self.interface or None,
            "driver": self.driver or None,
            "usb_id": self.usb_id or None,
        }


def phone_on(nvram: Nvram) -> PhoneOnUsb:
    """Read nvram :data:`NAMES`."""
    port = next((port for port in PORTS if nvram[f"usb_path{port}"] == "modem"), "")
    return PhoneOnUsb(
        plugged=bool(port),
        port=port,
        interface=nvram["usb_modem_act_dev"],
        driver=nvram["usb_modem_act_type"],
        usb_id=_usb_id(nvram["usb_modem_act_vid"], nvram["usb_modem_act_pid"]),
    )


def _usb_id(vendor: str, product: str) -> str:
    """nvram has both in decimal; ``lsusb`` and everyone else writes them in hexadecimal."""
    numbers = whole(vendor), whole(product)
    return "" if None in numbers else "{:04x}:{:04x}".format(*numbers)
