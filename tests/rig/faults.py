# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with a line. A fault is a row: which packets it stops, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .addresses import PING_TARGET
from .packets import ICMP, TCP, UDP, Packet


@dataclass(frozen=True)
class Fault:
    """One way for a line to fail."""

    name: str
    stops: Callable[[Packet], bool]
    hits: tuple[int, ...]
    """Protocols of which nobody behind the router gets anything through, the truth that a drill is to find."""
    answered: bool = False
    """The provider's gateway sends an error for each packet."""
    pulled: bool = False
    """The router's interface has no carrier."""


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("silent", lambda _packet: True, (ICMP, TCP, UDP)),
        Fault("answered", lambda _packet: True, (ICMP, TCP, UDP), answered=True),
        Fault("pulled", lambda _packet: True, (ICMP, TCP, UDP), pulled=True),
        Fault("tcp_only", lambda packet: packet.protocol == TCP, (TCP,)),
        Fault("target_lost", lambda packet: PING_TARGET in (packet.source, packet.destination), ()),
    )
}
