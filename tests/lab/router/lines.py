# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WAN units: which interface each one is, bringing it up and down, and the nvram that says so.

State numbers: dual-WAN facts 4.4 (382 shared/rtstate.h). What starting does on USB: 3.3.
"""

from __future__ import annotations

import asyncio
from enum import IntEnum
from ipaddress import IPv4Interface, IPv4Network

from ..cable import Cable, Lease
from ..clock import Clock
from .nvram import Nvram
from .outside import ETHERNET, PHONE, SECOND_ETHERNET, Outside, Path

UNITS = (0, 1)
USB_INTERFACE = "usb0"

SECOND_PORTS = frozenset({"lan", "wan2", "sfp+"})
"""Interface types whose port the second Ethernet line goes into, whichever of them is chosen."""

_INTERFACES = {"wan": "eth1", "usb": USB_INTERFACE, "lan": "vlan3", "wan2": "eth2", "sfp+": "eth3"}
"""By type. Those of the second ports are guesses; each model has its own."""
_LINES = {"wan": ETHERNET, "usb": PHONE, **dict.fromkeys(SECOND_PORTS, SECOND_ETHERNET)}

DHCP_SECONDS = 2.0
"""From start to a lease. A guess; the facts say "several seconds" for a phone."""
DHCP_RETRY_SECONDS = 3.0
DHCP_TRIES_BEFORE_COMPLAINT = 3

PROVIDER_LEASE = Lease("203.0.113.20", "255.255.255.0", "203.0.113.1", ("203.0.113.53",))
SECOND_PROVIDER_LEASE = Lease("192.0.2.20", "255.255.255.0", "192.0.2.1", ("192.0.2.53",))
PHONE_PUBLIC_ADDRESS = "198.51.100.77"


class State(IntEnum):
    INITIALIZING = 0
    CONNECTING = 1
    CONNECTED = 2
    DISCONNECTED = 3
    STOPPED = 4
    DISABLED = 5


class SubState(IntEnum):
    NONE = 0
    DHCP_DECONFIG = 3
    INVALID_ADDRESS = 4
    MANUAL = 5


class AuxState(IntEnum):
    NONE = 0
    NO_PHY = 1
    NO_INTERNET = 2


class Lines:
    """WAN unit 0 and 1 as nvram names them."""

    def __init__(self, clock: Clock, nvram: Nvram, cable: Cable, outside: Outside) -> None:
        self._clock = clock
        self._nvram = nvram
        self._cable = cable
        self._outside = outside
        self._clients: dict[int, asyncio.Task[None]] = {}
        self.not_simulated: set[str] = set()

    def types(self) -> tuple[str, str]:
        """The interface types of both units, ``none`` where there is none."""
        words = [*self._nvram.get("wans_dualwan").split(" "), "none", "none"]
        return words[0] or "none", words[1] or "none"

    def unit_of(self, kind: str) -> int | None:
        types = self.types()
        return types.index(kind) if kind in types else None

    @property
    def dual(self) -> bool:
        """On if the model can, and no unit is ``none`` (dual-WAN facts 1.1)."""
        return "dualwan" in self._nvram.get("rc_support").split() and "none" not in self.types()

    @property
    def active(self) -> int:
        return 1 if self._nvram.number("wan_primary") == 1 else 0

    def make_active(self, unit: int) -> None:
        for each in UNITS:
            self._nvram.set(f"wan{each}_primary", int(each == unit))
        self._nvram.set("wan_primary", unit)

    def usb_ready(self) -> bool:
        """is_usb_modem_ready (dual-WAN facts 3.3)."""
        return (
            self._nvram.get("usb_path1") == "modem"
            and self._nvram.get("usb_path1_act") != ""
            and self._nvram.number("modem_enable") != 0
        )

    def link(self, unit: int) -> bool:
        """Whether there is something at the other end."""
        kind = self.types()[unit]
        if kind == "usb":
            return self.usb_ready()
        if kind == "wan":
            return self._outside.wan_cable
        if kind in SECOND_PORTS:
            if not self._outside.second_link:
                self.not_simulated.add(f"wans_dualwan with {kind!r}: nothing is plugged in there (wan link 1 up)")
            return self._outside.second_link
        if kind != "none":
            self.not_simulated.add(f"wans_dualwan with {kind!r}: the lab has no such port")
        return False

    def line(self, unit: int) -> int | None:
        """Which of the outside's lines a unit is on."""
        return _LINES.get(self.types()[unit])

    def path(self, unit: int) -> Path:
        line = self.line(unit)
        return "silent" if line is None else self._outside.path(line)

    def enabled(self, unit: int) -> bool:
        return self._nvram.get(f"wan{unit}_enable") != "0"

    def state(self, unit: int) -> int:
        return self._nvram.number(f"wan{unit}_state_t")

    def connected(self, unit: int) -> bool:
        return self.state(unit) == State.CONNECTED and self._nvram.number(f"wan{unit}_sbstate_t") == SubState.NONE

    def counts(self, unit: int) -> bool:
        """is_wan_connect (382 shared/rtstate.c): the link goes by what the daemon recorded, if it did already."""
        recorded = self._nvram.get("link_wan1" if unit else "link_wan")
        link = self.link(unit) if recorded == "" else recorded != "0"
        return link and self.connected(unit) and self._nvram.number(f"wan{unit}_auxstate_t") != AuxState.NO_PHY

    def record(
        self, unit: int, state: State | None = None, sub: SubState | None = None, aux: AuxState | None = None
    ) -> None:
        for name, value in (("state_t", state), ("sbstate_t", sub), ("auxstate_t", aux)):
            if value is not None:
                self._nvram.set(f"wan{unit}_{name}", int(value))

    def forget(self) -> None:
        """State names as a boot leaves them before anything is started."""
        for unit in UNITS:
            self._end_client(unit)
            self.record(unit, State.INITIALIZING, SubState.NONE, AuxState.NONE)
            self._clear_address(unit)
            kind = self.types()[unit]
            interface = "" if kind == "usb" else _INTERFACES.get(kind, "")
            self._nvram.set(f"wan{unit}_ifname", interface)
            self._nvram.set(f"wan{unit}_gw_ifname", interface)
        self.make_active(0)
        # One word per unit in use, made at boot only (from 382 memory of set_basic_ifname_vars: a guess).
        names = {**_INTERFACES, "usb": "usb"}
        self._nvram.set("wan_ifnames", " ".join(names.get(kind, kind) for kind in self.types() if kind != "none"))

    def start(self, unit: int) -> None:
        """start_wan_if: the DHCP client then works on its own."""
        self._end_client(unit)
        if self.types()[unit] == "none":
            return
        if not self.enabled(unit):
            self.record(unit, State.DISABLED, SubState.MANUAL)
            return
        if self.types()[unit] == "usb":
            for name, value in (("proto", "dhcp"), ("dhcpenable_x", "1"), ("dnsenable_x", "1")):
                self._nvram.set(f"wan{unit}_{name}", value)
        if not self.link(unit):
            self.record(unit, State.DISCONNECTED, SubState.NONE, AuxState.NO_PHY)
            return
        if (proto := self._nvram.get(f"wan{unit}_proto")) != "dhcp":
            self.not_simulated.add(f"wan{unit}_proto {proto!r}: the line stays down")
            self.record(unit, State.INITIALIZING, SubState.NONE, AuxState.NONE)
            return
        self.record(unit, State.CONNECTING, SubState.NONE, AuxState.NONE)
        self._clients[unit] = asyncio.create_task(self._dhcp_client(unit))

    def stop(self, unit: int) -> None:
        """stop_wan_if (382 rc/wan.c): USB ends up in state 0, other types in 4, also when they are switched off."""
        self._end_client(unit)
        self._clear_address(unit)
        state = State.INITIALIZING if self.types()[unit] == "usb" else State.STOPPED
        self.record(unit, state, SubState.NONE, AuxState.NONE)

    def lost_link(self, unit: int) -> None:
        """The cable went. The address stays in nvram until the line is restarted."""
        self._end_client(unit)
        self.record(unit, State.DISCONNECTED, SubState.NONE, AuxState.NO_PHY)

    def connect_now(self, unit: int) -> None:
        """Without the wait, for a lab that begins with a router in use."""
        self._take(unit, PROVIDER_LEASE)

    async def _dhcp_client(self, unit: int) -> None:
        await self._clock.sleep(DHCP_SECONDS)
        tries = 0
        while (lease := self._offer(unit)) is None:
            tries += 1
            if tries >= DHCP_TRIES_BEFORE_COMPLAINT:
                self.record(unit, State.STOPPED, SubState.DHCP_DECONFIG)
            await self._clock.sleep(DHCP_RETRY_SECONDS)
        self._take(unit, lease)

    def _offer(self, unit: int) -> Lease | None:
        line = _LINES[self.types()[unit]]
        if line == PHONE:
            return self._cable.lease()
        if line == SECOND_ETHERNET and self._outside.phone_on_second and self._outside.network_cable is not None:
            return self._outside.network_cable.lease()
        return PROVIDER_LEASE if line == ETHERNET else SECOND_PROVIDER_LEASE

    def _take(self, unit: int, lease: Lease) -> None:
        kind = self.types()[unit]
        if self._same_subnet_as_lan(lease):
            self.record(unit, State.STOPPED, SubState.INVALID_ADDRESS)
            return
        interface = _INTERFACES[kind]
        for name, value in (
            ("ifname", interface),
            ("gw_ifname", interface),
            ("ipaddr", lease.address),
            ("netmask", lease.netmask),
            ("gateway", lease.gateway),
            ("dns", " ".join(lease.dns)),
            ("lease", "3600"),
            ("expires", str(int(self._clock.now()) + 3600)),
            ("realip_state", "2"),
            ("realip_ip", PHONE_PUBLIC_ADDRESS if self._by_phone(kind) else lease.address),
        ):
            self._nvram.set(f"wan{unit}_{name}", value)
        self.record(unit, State.CONNECTED, SubState.NONE, AuxState.NONE)

    def _by_phone(self, kind: str) -> bool:
        return kind == "usb" or (kind in SECOND_PORTS and self._outside.phone_on_second)

    def _same_subnet_as_lan(self, lease: Lease) -> bool:
        lan = IPv4Interface(f"{self._nvram.get('lan_ipaddr')}/{self._nvram.get('lan_netmask')}").network
        return IPv4Network(f"{lease.address}/{lease.netmask}", strict=False).overlaps(lan)

    def _clear_address(self, unit: int) -> None:
        for name, value in (
            ("ipaddr", "0.0.0.0"),
            ("netmask", "0.0.0.0"),
            ("gateway", "0.0.0.0"),
            ("dns", ""),
            ("lease", ""),
            ("expires", ""),
            ("realip_state", "0"),
            ("realip_ip", ""),
        ):
            self._nvram.set(f"wan{unit}_{name}", value)

    def _end_client(self, unit: int) -> None:
        client = self._clients.pop(unit, None)
        if client is not None:
            client.cancel()
