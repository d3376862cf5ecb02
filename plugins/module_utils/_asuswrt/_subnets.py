# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a line's network is the LAN's own: the router then calls the line invalid and does not use it."""

from __future__ import annotations

import ipaddress

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram

NAMES = ("lan_ipaddr", "lan_netmask", "wan0_netmask", "wan1_netmask")

OLD_ANDROID = ipaddress.IPv4Network("192.168.42.0/24")
"""Every phone up to Android 10 tethers this one; later ones choose at random."""


def lan(nvram: Nvram) -> ipaddress.IPv4Network | None:
    """The router's own network."""
    return _network(nvram["lan_ipaddr"], nvram["lan_netmask"])


def line(nvram: Nvram, unit: int) -> ipaddress.IPv4Network | None:
    """The network that a line got; None while it has no address."""
    return _network(nvram[f"wan{unit}_ipaddr"], nvram[f"wan{unit}_netmask"])


def same(one: ipaddress.IPv4Network | None, other: ipaddress.IPv4Network | None) -> bool:
    """Whether both are there and have addresses in common."""
    return one is not None and other is not None and one.overlaps(other)


def _network(address: str, mask: str) -> ipaddress.IPv4Network | None:
    if "0.0.0.0" in (address, mask) or not (address and mask):
        return None  # no lease
    try:
        return ipaddress.IPv4Network(f"{address}/{mask}", strict=False)
    except ValueError:
        return None
