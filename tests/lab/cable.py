# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The USB cable: what the phone presents on one end is what the host finds on the other. And the network cable.

A host (the router, or a computer) gives power and enumerates; the phone presents a :class:`UsbDevice` whenever its
gadget has functions bound. The cable carries both ways and knows nothing of tethering or of Dual WAN.

The other way to plug in is an Ethernet adapter in the phone, and a :class:`NetworkCable` from that to the router.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from .clock import Clock, Timer

ENUMERATION_SECONDS = 0.3
"""From pull-up to a configured device: reset, descriptors, set configuration. A guess, of the order seen on Linux."""


@dataclass(frozen=True)
class UsbDevice:
    """What a host reads from the descriptors."""

    vendor_id: int
    product_id: int
    manufacturer: str
    product: str
    functions: frozenset[str]
    """Of ``adb``, ``mtp``, ``ptp``, ``midi``, ``rndis``, ``ncm``."""


@dataclass(frozen=True)
class Lease:
    """What the phone's DHCP server hands to the host over a tether."""

    address: str
    netmask: str
    gateway: str
    dns: tuple[str, ...]


class Host(Protocol):
    """The end that gives power."""

    @property
    def powered(self) -> bool: ...

    def device_arrived(self, device: UsbDevice) -> None: ...

    def device_left(self) -> None: ...


class Gadget(Protocol):
    """The phone's end."""

    def vbus(self, present: bool) -> None:
        """Power came or went (the cable, or the host's port)."""

    def configured(self) -> None:
        """The host has enumerated what was presented last."""

    def lease(self) -> Lease | None:
        """An address for the host, if the tether is serving."""

    def upstream(self) -> bool:
        """Whether packets from the host reach the internet through the phone."""


class Cable:
    """Connects one gadget with at most one of several hosts, named by where the plug is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._gadget: Gadget | None = None
        self._hosts: dict[str, Host] = {}
        self._enumerating: Timer | None = None
        self._arrived = False
        self.plugged: str | None = None

    def attach_gadget(self, gadget: Gadget) -> None:
        self._gadget = gadget

    def attach_host(self, name: str, host: Host) -> None:
        self._hosts[name] = host

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(self._hosts)

    @property
    def power(self) -> bool:
        """Whether the phone sees 5 V."""
        return self.plugged is not None and self._hosts[self.plugged].powered

    def plug(self, host: str) -> None:
        """Put the cable into ``host``, pulling it from wherever it was."""
        if host not in self._hosts:
            raise ValueError(f"no {host!r} to plug into; there is {', '.join(self._hosts)}")
        if self.plugged == host:
            return
        self.pull()
        self.plugged = host
        self.power_changed()

    def pull(self) -> None:
        """Take the cable out."""
        if self.plugged is None:
            return
        self._leave()
        had_power = self.power
        self.plugged = None
        if had_power and self._gadget is not None:
            self._gadget.vbus(False)

    async def wiggle(self, seconds: float = 0.5) -> None:
        """Lose contact for so many lab seconds."""
        host = self.plugged
        if host is None:
            return
        self.pull()
        back = asyncio.Event()

        def replug() -> None:
            self.plug(host)
            back.set()

        self._clock.later(seconds, replug)
        await back.wait()

    def power_changed(self) -> None:
        """The host in use switched its port's power (a router that reboots does)."""
        if not self.power:
            self._leave()
        if self._gadget is not None:
            self._gadget.vbus(self.power)

    def present(self, device: UsbDevice | None) -> None:
        """The gadget binds these functions (or none): the host sees the old device leave and the new one arrive."""
        self._leave()
        if device is not None and self.power:
            self._enumerating = self._clock.later(ENUMERATION_SECONDS, self._enumerated, device)

    def lease(self) -> Lease | None:
        """Ask the phone's DHCP server, as the host's client does."""
        return self._gadget.lease() if self._arrived and self._gadget is not None else None

    def upstream(self) -> bool:
        """Whether the host's packets reach the internet through the phone."""
        return self._arrived and self._gadget is not None and self._gadget.upstream()

    def _enumerated(self, device: UsbDevice) -> None:
        self._enumerating = None
        if not self.power or self.plugged is None or self._gadget is None:
            return
        self._arrived = True
        self._hosts[self.plugged].device_arrived(device)
        self._gadget.configured()

    def _leave(self) -> None:
        if self._enumerating is not None:
            self._enumerating.cancel()
            self._enumerating = None
        if self._arrived and self.plugged is not None:
            self._arrived = False
            self._hosts[self.plugged].device_left()


class Peer(Protocol):
    """The phone's end of a network cable."""

    def adapter(self, present: bool) -> None:
        """The Ethernet adapter was put into the phone's USB port, or taken out."""

    def lease(self) -> Lease | None:
        """An address for the host, if the tether is serving."""

    def upstream(self) -> bool:
        """Whether packets from the host reach the internet through the phone."""


class NetworkCable:
    """Between the phone's Ethernet adapter and one of the router's LAN ports. No power goes over it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._peer: Peer | None = None
        self.plugged = False
        """The adapter is in the phone."""
        self.link = False
        """And the cable in both ends. A router that reboots takes the link away, and nothing else."""

    def attach_peer(self, peer: Peer) -> None:
        self._peer = peer

    def plug(self) -> None:
        """Adapter into the phone, cable into the port."""
        if self.plugged or self._peer is None:
            return
        self.plugged = self.link = True
        self._peer.adapter(True)

    def pull(self) -> None:
        """Take the adapter out of the phone."""
        if not self.plugged or self._peer is None:
            return
        self.plugged = self.link = False
        self._peer.adapter(False)

    async def wiggle(self, seconds: float = 0.5) -> None:
        """Lose the link for so many lab seconds, at the router's end."""
        if self.plugged:
            self.link = False
            await self._clock.sleep(seconds)
            self.link = self.plugged

    def lease(self) -> Lease | None:
        """Ask the phone's DHCP server, as the router's client does."""
        return self._peer.lease() if self.link and self._peer is not None else None

    def upstream(self) -> bool:
        """Whether the router's packets reach the internet through the phone."""
        return self.link and self._peer is not None and self._peer.upstream()
