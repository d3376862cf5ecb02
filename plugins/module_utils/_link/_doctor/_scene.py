# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the doctor sees of a link, as values: the router, the phone, the machine that asks, and what is remembered.

Pure. An end that was not reached is None here, with the reason beside it, and rules about it do not fire.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import GADGET, gadget_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import Address
from ansible_collections.homelab.dualwan.plugins.module_utils._android._ethernet import LINKS, Ethernet, ethernet_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import PROBE as KEEPALIVE_PROBE
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import Keepalive, whichever_runs
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import (
    MODEL,
    RADIO,
    SETTINGS,
    SU,
    USB,
    Sections,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._readiness import (
    ENFORCE,
    ITEMS,
    findings,
    wifi_addresses,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._readiness import PROBE as CHECKLIST_PROBE
from ansible_collections.homelab.dualwan.plugins.module_utils._android._readiness import Finding as ChecklistFinding
from ansible_collections.homelab.dualwan.plugins.module_utils._android._sims import sims_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import Usb
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities, capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import Dashboard, Wan, dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import is_enabled, lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._never import Reason, reasons
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram, whole
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import Problem, blind_spots, problems
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import timing
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._unfinished import Leftover
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import DeviceError

USB_CABLE, ETHERNET = "usb", "ethernet"
PLUGS = (USB_CABLE, ETHERNET)

PHONE_PROBE: Mapping[str, str] = {
    **MODEL,
    **USB,
    **SETTINGS,
    **SU,
    **GADGET,
    **RADIO,
    **LINKS,
    **KEEPALIVE_PROBE,
    **CHECKLIST_PROBE,
}
"""One round trip for all of it."""
_BATTERY = re.compile(r"^\s*(level|temperature): (-?\d+)", re.MULTILINE)


@dataclass(frozen=True)
class RouterSeen:
    """What one read of the router gave, and what follows from it."""

    nvram: Nvram

    @cached_property
    def able(self) -> Capabilities:
        return capabilities(self.nvram)

    @cached_property
    def board(self) -> Dashboard:
        return dashboard(self.nvram)

    @cached_property
    def timing(self) -> Mapping[str, Any]:
        return timing(self.nvram)

    @cached_property
    def problems(self) -> Mapping[str, Problem]:
        """What ``asus_wan_info`` says of it: empty where the backup is ready."""
        return {problem.id: problem for problem in problems(self.board, self.nvram, self.able)}

    @cached_property
    def blind_spots(self) -> Mapping[str, Problem]:
        return {problem.id: problem for problem in blind_spots(self.board, self.nvram)}

    @cached_property
    def never(self) -> Mapping[str, Reason]:
        return {reason.id: reason for reason in reasons(self.nvram)}

    @property
    def dual(self) -> bool:
        """Whether Dual WAN was switched on by someone."""
        return is_enabled(self.nvram)

    @property
    def by_usb(self) -> bool:
        """Whether a line of Dual WAN is the USB port."""
        return self.dual and "usb" in lines(self.nvram)

    @property
    def usb_wan(self) -> Wan | None:
        """The line on USB."""
        return next((wan for wan in self.board.wans if wan.type == "usb"), None) if self.by_usb else None

    def number(self, name: str) -> int:
        """A value of nvram; 0 for what is no number."""
        return whole(self.nvram[name]) or 0

    def shows(self, *names: str) -> str:
        """Names and values, as evidence."""
        return ", ".join(f"{name} is {self.nvram[name] or 'empty'}" for name in names)


@dataclass(frozen=True)
class PhoneSeen:
    """What one round trip to the phone gave."""

    sections: Sections = field(repr=False)
    address: Address
    usb: Usb

    @cached_property
    def checklist(self) -> Mapping[str, ChecklistFinding]:
        """The items of ``android_backup_phone``."""
        modes = dict.fromkeys((item.name for item in ITEMS), ENFORCE)
        return {found.item.name: found for found in findings(self.sections, modes)}

    @cached_property
    def keepalive(self) -> Keepalive:
        return whichever_runs(self.sections)

    @cached_property
    def ethernet(self) -> Ethernet:
        return ethernet_from(self.sections)

    @property
    def keepalive_state(self) -> str | None:
        """In its own last word, or ``died``; None where nothing is known of one."""
        health = self.keepalive.as_result()["health"]
        return health["state"] if health else None

    @property
    def battery_words(self) -> str:
        """Its charge and temperature, for a line of text; empty where the phone does not tell."""
        found = dict(_BATTERY.findall(self.sections["battery"]))
        if not found.keys() >= {"level", "temperature"}:
            return ""
        return f", battery {found['level']} %, {int(found['temperature']) / 10:.0f} C"

    @property
    def sdk(self) -> int:
        return whole(self.sections["sdk"]) or 0

    @property
    def gadget(self) -> str:
        return gadget_from(self.sdk, self.sections["gadget"])

    @cached_property
    def sims(self) -> tuple[str, ...]:
        """The state of each slot, such as ``loaded``; empty where the phone does not tell."""
        return tuple(sim.state for sim in sims_from(self.sections) if sim.state)

    @property
    def rsrp_dbm(self) -> int | None:
        """Of two SIMs that of the better one, as the phone does not tell by which of them its data goes."""
        told = (sim.rsrp_dbm for sim in sims_from(self.sections))
        return max((dbm for dbm in told if dbm is not None), default=None)

    @property
    def subnet(self) -> ipaddress.IPv4Network | None:
        """The network between phone and host."""
        return ipaddress.IPv4Network(self.usb.subnet) if self.usb.subnet else None

    @property
    def wifi(self) -> tuple[ipaddress.IPv4Network, ...]:
        """The networks that it is in by Wi-Fi."""
        return tuple(ipaddress.IPv4Interface(own).network for own in wifi_addresses(self.sections["addresses"]))


@dataclass(frozen=True)
class NodeSeen:
    """What the machine that asks sees of the link."""

    beside: bool = False
    """Whether it is in the router's network, as far as addresses tell: not by a tunnel or a port on itself."""
    skew_seconds: float | None = None
    """By how much the router's clock is ahead of this machine's."""
    dns: str | None = None
    """``answered``, ``refused`` or ``silent``; None where the router's name server was not asked."""
    gateway: str | None = None
    """Of this machine's default route."""
    tls: bool = True
    verified: bool = True
    """Whether the router's certificate is checked, by an authority or a pin."""


@dataclass(frozen=True)
class Scene:
    """Everything."""

    router: RouterSeen | None
    router_error: DeviceError | None = None
    """Why the router was not reached."""
    phone: PhoneSeen | None = None
    phone_error: DeviceError | None = None
    """Why the phone was asked and not reached."""
    phone_asked: bool = True
    plug: str = USB_CABLE
    """How the phone is plugged in."""
    node: NodeSeen = field(default_factory=NodeSeen)
    leftover: Leftover = field(default_factory=Leftover)
    """Of an earlier run's change."""
    drill: Problem | None = None
    """That one is under way, or that one ended without giving the line back."""
    given_back: tuple[str, ...] = ()
    """What an unfinished drill owed and was given back just now, a line each."""
    drills: tuple[Mapping[str, Any], ...] | None = None
    """The history of drills, newest last; None where this machine keeps none."""
    now: float = 0.0
    """Seconds since 1970, when the router was last asked."""
    date: str = ""
    """What the router said of the time then."""

    @property
    def by_ethernet(self) -> bool:
        """Whether the phone is a line by an Ethernet adapter. Its USB then does not matter."""
        return self.plug == ETHERNET

    @property
    def no_line(self) -> bool:
        """Whether the phone is on USB, and no line of the router is."""
        return not self.by_ethernet and self.router is not None and self.router.dual and not self.router.by_usb
