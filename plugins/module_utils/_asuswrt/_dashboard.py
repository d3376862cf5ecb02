# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each WAN is doing, as the router's dashboard decides it, and what that page leaves out.

Sources: the decision table of ``state.js`` (386), the state numbers of ``rtstate.h`` (382). The page shows a cold
standby for a phone that is not even there; here ``link_wan1`` and the hotplug marks tell.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import is_enabled, lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._usb_port import NAMES as USB_NAMES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._usb_port import PhoneOnUsb, phone_on

UNIT_NAMES = (
    "state_t",
    "sbstate_t",
    "auxstate_t",
    "primary",
    "enable",
    "ipaddr",
    "gateway",
    "ifname",
    "realip_state",
    "realip_ip",
)
NAMES = (
    "rc_service",
    "link_internet",
    "link_wan",
    "link_wan1",
    *USB_NAMES,
    *(f"wan{unit}_{name}" for unit in (0, 1) for name in UNIT_NAMES),
)

CONNECTED, STOPPED, DISABLED = "2", "4", "5"
NO_LINK, NO_ACTIVITY = "1", "2"
INTERNET = "2"

BEHIND_NAT = tuple(
    ipaddress.IPv4Network(network) for network in ("100.64.0.0/10", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
"""What a provider, or its modem, gives out in place of public addresses."""

USB_LINKS = {"3": "it wants the SIM's PIN or PUK", "4": "it is scanning for a network"}
"""``link_wan1`` of a USB line that is there and not ready."""
WHY_STOPPED = {
    "1": "the PPP server does not answer",
    "2": "the PPP account was refused",
    "3": "the provider's DHCP server does not answer",
    "4": "its subnet is the LAN's own",
    "5": "it was stopped by hand",
    "6": "the router had a system error",
    "7": "address and gateway conflict",
    "8": "the meter limit is reached",
    "9": "the SIM's PIN is wrong",
    "10": "PPP was idle",
    "11": "the data limit is reached",
    "12": "the modem is scanning",
}


@dataclass(frozen=True)
class Wan:
    """One line."""

    unit: int
    type: str
    """The token of ``wans_dualwan``, such as ``wan`` or ``usb``."""
    status: str
    """connected, hot_standby, cold_standby, disconnected, unplugged, phone_missing, stopped, disabled or off."""
    why: str
    active: bool
    link: bool
    address: str
    gateway: str
    interface: str
    public: bool | None
    """Whether its address is the one that the internet sees; None where the router does not know."""
    address_kind: str
    """public, cgnat or unknown."""

    @property
    def role(self) -> str:
        return "secondary" if self.unit else "primary"

    @property
    def in_order(self) -> bool:
        """Serving, or able to serve at a failover."""
        return self.status in ("connected", "hot_standby", "cold_standby")

    def as_result(self) -> dict[str, Any]:
        """As ``asus_wan_info`` returns it."""
        return {
            "unit": self.unit,
            "role": self.role,
            "type": self.type,
            "status": self.status,
            "why": self.why,
            "active": self.active,
            "link": self.link,
            "address": self.address or None,
            "gateway": self.gateway or None,
            "interface": self.interface or None,
            "public": self.public,
            "address_kind": self.address_kind,
        }


@dataclass(frozen=True)
class Dashboard:
    """Both lines and the phone."""

    wans: tuple[Wan, Wan]
    active: str | None
    internet: bool
    phone: PhoneOnUsb
    dual_wan: bool

    def text(self) -> list[str]:
        """For people: a line each."""
        mark = {True: "->", False: "  "}
        rows = [
            f"{mark[wan.active]} {wan.role:<9}  {wan.type:<4}  {wan.status.replace('_', ' '):<13}  {wan.why}"
            for wan in self.wans
        ]
        return [*rows, f"   internet   {'on' if self.internet else 'off'}"]


def dashboard(nvram: Nvram) -> Dashboard:
    """Read nvram :data:`NAMES` and the settings."""
    phone = phone_on(nvram)
    wans = (_wan(0, nvram, phone), _wan(1, nvram, phone))
    active = next((wan.role for wan in wans if wan.active), None)
    return Dashboard(
        wans=wans,
        active=active,
        internet=nvram["link_internet"] == INTERNET,
        phone=phone,
        dual_wan=is_enabled(nvram),
    )


def _wan(unit: int, nvram: Nvram, phone: PhoneOnUsb) -> Wan:
    token = lines(nvram)[unit]
    link = nvram["link_wan1" if unit else "link_wan"] == "1"
    status, why = _status(unit, token, link, nvram, phone)
    real = nvram[f"wan{unit}_realip_ip"]
    address = _address(nvram[f"wan{unit}_ipaddr"])
    public = real == address if nvram[f"wan{unit}_realip_state"] == "2" and address else None
    return Wan(
        unit=unit,
        type=token,
        status=status,
        why=why,
        active=token != "none" and nvram[f"wan{unit}_primary"] == "1",
        link=link,
        address=address,
        gateway=_address(nvram[f"wan{unit}_gateway"]),
        interface=nvram[f"wan{unit}_ifname"],
        public=public,
        address_kind=_kind(address, public),
    )


def _kind(address: str, public: bool | None) -> str:
    """A provider's own address tells by itself (RFC 6598 and 1918), even where nobody asked the internet for it."""
    try:
        number = ipaddress.IPv4Address(address)
    except ValueError:
        return "unknown"
    own = any(number in network for network in BEHIND_NAT)
    return "cgnat" if own or public is False else "public" if public else "unknown"


def _address(stored: str) -> str:
    return "" if stored == "0.0.0.0" else stored


def _status(unit: int, token: str, link: bool, nvram: Nvram, phone: PhoneOnUsb) -> tuple[str, str]:
    state, sub, auxiliary = (nvram[f"wan{unit}_{name}"] for name in ("state_t", "sbstate_t", "auxstate_t"))
    standby = "none" not in lines(nvram) and nvram["wans_mode"] in ("fo", "fb") and nvram[f"wan{unit}_primary"] != "1"
    if token == "none":
        return "off", "Dual WAN is off"
    if nvram[f"wan{unit}_enable"] == "0" or state == DISABLED:
        return "disabled", "switched off in the router"
    if token == "usb" and not (phone.interface and link):
        return "phone_missing", _why_missing(phone, nvram["link_wan1" if unit else "link_wan"], nvram)
    if auxiliary == NO_LINK:
        return "unplugged", "no cable, or nothing at its other end"
    if auxiliary == NO_ACTIVITY:
        # The page calls such a line Hot-Standby once the other one is active: its probes failed all the same.
        return "disconnected", "has a link, and no internet behind it"
    if state == CONNECTED and sub == "0":
        if standby:
            return "hot_standby", _why_waiting(unit, nvram)
        if nvram["link_internet"] == INTERNET:
            return "connected", "carries the traffic"
        return "disconnected", "has an address, and no internet behind it"
    if state == STOPPED and sub in WHY_STOPPED:
        return "stopped", WHY_STOPPED[sub]
    return _not_connected(standby, token, sub)


def _not_connected(standby: bool, token: str, sub: str) -> tuple[str, str]:
    if standby:
        ready = "the phone is ready, and is dialled at a failover" if token == "usb" else "dialled at a failover"
        return "cold_standby", ready
    return "disconnected", WHY_STOPPED.get(sub, "not connected")


def _why_waiting(unit: int, nvram: Nvram) -> str:
    if unit:
        return "connected, and takes over at once"
    if nvram["wans_mode"] == "fb":
        return "linked; traffic returns once its probes succeed"
    return "linked; traffic stays on the secondary, as failback is off"


def _why_missing(phone: PhoneOnUsb, link: str, nvram: Nvram) -> str:
    if not phone.plugged:
        return "no phone with USB tethering on is seen on the router's USB port"
    if nvram["modem_enable"] == "0":
        return "USB modems are switched off in the router"
    if link in USB_LINKS:
        return USB_LINKS[link]
    return "a phone is seen on USB, and the router has not made it a WAN: replug it"
