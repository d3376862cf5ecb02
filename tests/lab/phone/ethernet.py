# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ethernet tethering: an adapter at the phone's USB port, and the switch in its settings (Tethering.java, 11 to 15).

A hand alone moves that switch. As long as the adapter is there the tether is, whatever its link does; with the adapter,
and with a reboot, the switch goes back (EthernetCallback.onUnavailable).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from ..cable import Lease
from ..clock import Clock, Timer
from .journal import Journal
from .profiles import Profile
from .tether import START_SECONDS, Subnet, Tether, choose_subnet

INTERFACE = "eth0"
"""What Android's expression for Ethernet wants: eth and a digit."""
_FIRST = 30
"""Android 11."""


class Ethernet:
    """A :class:`lab.cable.Peer`. What it forwards to is what the USB tether would."""

    def __init__(
        self, clock: Clock, journal: Journal, profile: Profile, tether: Tether, link: Callable[[], bool]
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._tether = tether
        self._link = link
        self._starting: Timer | None = None
        self.possible = int(profile.properties["ro.build.version.sdk"]) >= _FIRST
        self.present = False
        self.switched_on = False
        self.serving = False
        self.subnet: Subnet = choose_subnet()

    @property
    def linked(self) -> bool:
        """Whether the cable is in both ends."""
        return self.present and self._link()

    def adapter(self, present: bool) -> None:
        self.present = present
        self._journal.note("Ethernet adapter", present=present)
        if not present:
            self.switch(False)

    def switch(self, on: bool) -> None:
        """The switch in the settings, which is grey without an adapter."""
        self.switched_on = on and self.present and self.possible
        if self._starting is not None:
            self._starting.cancel()
            self._starting = None
        if not self.switched_on:
            self.serving = False
        elif not (self._tether.data_saver or self._tether.error):
            self._starting = self._clock.later(START_SECONDS, self._start)

    def powered_off(self) -> None:
        """Nothing of it is stored."""
        self.switch(False)
        self.subnet = choose_subnet()

    def lease(self) -> Lease | None:
        """What the DHCP server answers."""
        if not self.serving:
            return None
        network, phone = self.subnet.network, self.subnet.phone
        host = next(address for address in network.hosts() if int(address) % 256 > 100 and address != phone)
        return Lease(str(host), str(network.netmask), str(phone), (str(phone),))

    def upstream_interface(self) -> str | None:
        return self._tether.way_out() if self.serving else None

    def upstream(self) -> bool:
        """Whether packets reach the internet; through the SIM only, as by USB."""
        return self.upstream_interface() == "rmnet_data0" and self._tether.mobile_reaches

    @property
    def address(self) -> ipaddress.IPv4Interface | None:
        return ipaddress.IPv4Interface((self.subnet.phone, self.subnet.network.prefixlen)) if self.serving else None

    def _start(self) -> None:
        self._starting = None
        self.serving = True
        self._journal.note("Ethernet tether serving", address=str(self.subnet.phone))
