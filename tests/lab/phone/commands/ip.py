# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``ip addr`` and ``ip link``, reading only."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from ..ethernet import INTERFACE as ETHERNET
from ..standins import Answer, Call, not_simulated
from .handset import Handset


@dataclass(frozen=True)
class Interface:
    index: int
    name: str
    flags: str
    mtu: int
    state: str
    hardware: str
    address: ipaddress.IPv4Interface | None = None


_ETHERNET = "link/ether {} brd ff:ff:ff:ff:ff:ff"
_LOOPBACK = "link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00"
_BROADCAST_UP = "BROADCAST,MULTICAST,UP,LOWER_UP"


async def run(handset: Handset, call: Call) -> Answer:
    words = list(call.arguments)
    options = {word for word in words if word.startswith("-")}
    words = [word for word in words if not word.startswith("-")]
    if not options <= {"-4", "-o", "-br"} or "-br" in options or not words:
        return not_simulated(" ".join(["ip", *call.arguments]))
    thing, *rest = words
    rest = [word for word in rest if word not in ("show", "list", "dev")]
    if thing not in ("a", "addr", "address", "l", "link") or len(rest) > 1:
        return not_simulated(" ".join(["ip", *call.arguments]))
    found = interfaces(handset)
    if rest:
        found = [interface for interface in found if interface.name == rest[0]]
        if not found:
            return Answer(errors=f'Device "{rest[0]}" does not exist.\n', status=1)
    addresses = thing.startswith("a")
    if "-4" in options and addresses:
        found = [interface for interface in found if interface.address is not None]
    one_line = "-o" in options
    return Answer("".join(_shown(one, addresses, "-4" in options, one_line) for one in found))


def interfaces(handset: Handset) -> list[Interface]:
    """Those that tell something here; a real phone has twenty more."""
    tether = handset.tether
    loopback = ipaddress.IPv4Interface("127.0.0.1/8")
    found = [Interface(1, "lo", "LOOPBACK,UP,LOWER_UP", 65536, "UNKNOWN", _LOOPBACK, loopback)]
    if not handset.services:
        return found
    if tether.mobile_data:
        address = ipaddress.IPv4Interface("10.64.12.7/28")
        found.append(Interface(14, "rmnet_data0", "UP,LOWER_UP", 1500, "UNKNOWN", "link/[519]", address))
    wifi = ipaddress.IPv4Interface("192.168.50.77/24") if tether.wifi else None
    flags, state = (_BROADCAST_UP, "UP") if tether.wifi else ("BROADCAST,MULTICAST", "DOWN")
    found.append(Interface(21, "wlan0", flags, 1500, state, _ETHERNET.format("02:00:00:14:00:01"), wifi))
    if tether.interface is not None:
        up = tether.serving
        own = ipaddress.IPv4Interface((tether.subnet.phone, tether.subnet.network.prefixlen)) if up else None
        flags, state = (_BROADCAST_UP, "UNKNOWN") if up else ("BROADCAST,MULTICAST", "DOWN")
        hardware = _ETHERNET.format("02:00:00:14:00:02")
        found.append(Interface(22, tether.interface, flags, 1500, state, hardware, own))
    ethernet = handset.ethernet
    if ethernet.present:
        flags, state = (_BROADCAST_UP, "UP") if ethernet.linked else ("NO-CARRIER,BROADCAST,MULTICAST,UP", "DOWN")
        hardware = _ETHERNET.format("02:00:00:14:00:03")
        found.append(Interface(23, ETHERNET, flags, 1500, state, hardware, ethernet.address))
    return found


def _shown(interface: Interface, addresses: bool, only_4: bool, one_line: bool) -> str:
    own = interface.address
    if addresses and one_line:
        if own is None:
            return ""
        return f"{interface.index}: {interface.name}    {_inet(interface, own)}\\       {_LIFETIME}\n"
    head = (
        f"{interface.index}: {interface.name}: <{interface.flags}> mtu {interface.mtu} "
        f"qdisc {'noqueue' if interface.name == 'lo' else 'pfifo_fast'} state {interface.state} "
        f"{'' if addresses else 'mode DEFAULT '}group default qlen 1000"
    )
    lines = [head]
    if not (addresses and only_4):
        lines.append(f"    {interface.hardware}")
    if addresses and own is not None:
        lines += [f"    {_inet(interface, own)}", f"       {_LIFETIME}"]
    return ("\\".join(lines) if one_line else "\n".join(lines)) + "\n"


_LIFETIME = "valid_lft forever preferred_lft forever"


def _inet(interface: Interface, own: ipaddress.IPv4Interface) -> str:
    if interface.name == "lo":
        return f"inet {own} scope host lo"
    broadcast = f"brd {own.network.broadcast_address} " if interface.hardware.startswith("link/ether") else ""
    return f"inet {own} {broadcast}scope global {interface.name}"
