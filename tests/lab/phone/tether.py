# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""USB tethering: the phone's interface, its DHCP server and where packets go from there (Tethering.java, 12 to 15)."""

from __future__ import annotations

import ipaddress
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..cable import Lease
from ..clock import Clock, Timer
from .journal import Journal
from .profiles import Profile

START_SECONDS = 0.7
"""From the sticky broadcast to an answering DHCP server. A guess."""

INTERFACES = {"rndis": "rndis0", "ncm": "ncm0"}
"""NCM's name holds for phones with the overlay for it, as Pixels have."""

NO_ERROR = 0

AVAILABLE, TETHERED = 1, 2
"""IpServer's states, as the log has them."""
LOG_LINES = 50
LOG_BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
"""Of the log's times, which nobody reads; seconds of the lab's clock come on top."""


@dataclass(frozen=True)
class Subnet:
    network: ipaddress.IPv4Network
    phone: ipaddress.IPv4Address


OLD_SUBNET = Subnet(ipaddress.IPv4Network("192.168.42.0/24"), ipaddress.IPv4Address("192.168.42.129"))
"""Of every phone up to Android 10."""


class Tether:
    """Serves while USB is configured with a network function."""

    def __init__(
        self, clock: Clock, journal: Journal, profile: Profile, changed: Callable[[], None] = lambda: None
    ) -> None:
        self._clock = clock
        self._profile = profile
        self._changed = changed
        """Called when the interface or its address may be another."""
        self.requested = False
        """Up to Android 8 somebody has to ask for tethering; since then the function is the request."""
        self._journal = journal
        self._starting: Timer | None = None
        self.mobile_data = True
        self.wifi = False
        self.mobile_reaches = True
        self.data_saver = False
        self.error = NO_ERROR
        self.interface: str | None = None
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        """What Android writes down of the interface (notifyInterfaceStateChange), oldest first."""
        self.serving = False
        self.subnet = self._subnet()

    def booted(self) -> None:
        """A new random network per boot (PrivateAddressCoordinator), or the old fixed one."""
        self.subnet = self._subnet()
        self.requested = False
        self.gadget_changed(None)
        self.log.clear()

    def use(self, network: ipaddress.IPv4Network) -> None:
        """Take this network from now on; an address collision is made with it."""
        self.subnet = choose_subnet(network)

    def gadget_changed(self, function: str | None) -> None:
        """The gadget's network interface comes and goes with its binding, not with the cable."""
        self.interface = INTERFACES.get(function or "")
        if self.interface is None:
            self._stop("interface removed")
        else:
            self._observe(AVAILABLE)
        self._changed()

    def usb_state(self, connected: bool, configured: bool) -> None:
        """handleUsbAction: a configured network function is tethering, without another switch."""
        if not connected:
            self._stop("USB disconnected")
        elif self._profile.tether_on_request and not self.requested:
            return
        elif configured and self.interface is not None and not self.serving and self._starting is None:
            if self.data_saver or self.error:
                return
            self.requested = False
            self._starting = self._clock.later(START_SECONDS, self._start)

    def set_data_saver(self, on: bool) -> None:
        """Data Saver ends all tethering when it is turned on."""
        self.data_saver = on
        if on:
            self._stop("data saver")

    def fail(self, error: int) -> None:
        """Have tethering refused with this TETHER_ERROR (11: the provider does not allow it), or with 0 no longer."""
        self.error = error
        if error:
            self._stop(f"error {error}")

    def upstream_interface(self) -> str | None:
        """Where Android routes the tether to; that it has one does not mean that it reaches anything."""
        return self.way_out() if self.serving else None

    def way_out(self) -> str | None:
        """The network that any tether is routed to."""
        if self.wifi:
            return "wlan0"
        return "rmnet_data0" if self.mobile_data else None

    def reaches_internet(self) -> bool:
        """Through the SIM only: the lab's Wi-Fi is the router's own, so that way leads back where it came from."""
        return self.upstream_interface() == "rmnet_data0" and self.mobile_reaches

    def lease(self) -> Lease | None:
        """What the DHCP server answers."""
        if not self.serving:
            return None
        network, phone = self.subnet.network, self.subnet.phone
        host = next(address for address in network.hosts() if int(address) % 256 > 100 and address != phone)
        return Lease(str(host), str(network.netmask), str(phone), (str(phone),))

    def _subnet(self) -> Subnet:
        return OLD_SUBNET if self._profile.fixed_subnet else choose_subnet()

    def _start(self) -> None:
        self._starting = None
        self.serving = True
        self._observe(TETHERED)
        self._changed()
        self._journal.note("tether serving", interface=self.interface, address=str(self.subnet.phone))

    def _stop(self, why: str) -> None:
        if self._starting is not None:
            self._starting.cancel()
            self._starting = None
        if self.serving:
            self.serving = False
            if self.interface is not None:
                self._observe(AVAILABLE)
            self._changed()
            self._journal.note("tether down", why=why)

    def _observe(self, state: int) -> None:
        at = (LOG_BEGAN + timedelta(seconds=self._clock.now())).strftime("%Y-%m-%dT%H:%M:%S.%f")
        self.log.append(f"{at} - OBSERVED iface={self.interface} state={state} error={self.error}")


def choose_subnet(network: ipaddress.IPv4Network | None = None) -> Subnet:
    """A random /24 of 192.168/16, not one that usual routers have; or the given one."""
    if network is None:
        network = ipaddress.IPv4Network(f"192.168.{random.randint(60, 250)}.0/24")
    return Subnet(network, network.network_address + random.randint(2, 100))
