# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What really happened, and when: the rig's own log, by the clock that all namespaces share. Pure but for the clock."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .addresses import PRIMARY, SECONDARY
from .faults import FAULTS

PROTOCOLS = {
    "tcp": socket.IPPROTO_TCP,
    "tls": socket.IPPROTO_TCP,
    "http": socket.IPPROTO_TCP,
    "dns": socket.IPPROTO_UDP,
    "icmp": socket.IPPROTO_ICMP,
}
"""Of a drill's probes, and what they travel in."""

FAULT_BEGAN, FAULT_ENDED, CARRIES = "fault began", "fault ended", "carries"


@dataclass(frozen=True)
class Event:
    """``at`` is CLOCK_MONOTONIC in seconds; ``line`` is that of the fault, or the one that carries from then on."""

    at: float
    what: str
    line: str
    fault: str = ""


@dataclass
class Truth:
    """The log."""

    events: list[Event] = field(default_factory=list)

    def note(self, what: str, line: str, fault: str = "") -> Event:
        """It happened just now."""
        event = Event(time.monotonic(), what, line, fault)
        self.events.append(event)
        return event

    def as_result(self) -> list[dict[str, Any]]:
        """For the other side of a socket."""
        return [asdict(event) for event in self.events]

    @classmethod
    def from_result(cls, events: Iterable[Mapping[str, Any]]) -> Truth:
        """From the other side."""
        return cls([Event(**event) for event in events])

    def moments(self, what: str, line: str | None = None) -> list[float]:
        """When it happened, each time."""
        return [event.at for event in self.events if event.what == what and line in (None, event.line)]

    def moves(self, since: float = 0.0) -> list[Event]:
        """Each time another line began to carry; the first word of all is none."""
        return (
            [event for event in self.events if event.what == CARRIES][1:]
            if since == 0.0
            else [event for event in self.moves() if event.at >= since]
        )

    def outages(self, protocol: str) -> list[tuple[float, float | None]]:
        """Begin and end of each time in which nothing of a drill's protocol could get through, whoever carried."""
        carried, broken = "", {PRIMARY: "", SECONDARY: ""}
        found: list[tuple[float, float | None]] = []
        out = False
        for event in self.events:
            if event.what == CARRIES:
                carried = event.line
            else:
                broken[event.line] = event.fault if event.what == FAULT_BEGAN else ""
            fault = FAULTS.get(broken.get(carried, ""))
            before, out = out, fault is not None and PROTOCOLS[protocol] in fault.hits
            if out and not before:
                found.append((event.at, None))
            elif before and not out:
                found[-1] = (found[-1][0], event.at)
        return found

    def justified(self, move: Event) -> bool:
        """Whether the line that was left was out for everybody at that moment."""
        return any(
            begin <= move.at and (end is None or end >= move.at)
            for protocol in PROTOCOLS
            for begin, end in self.outages(protocol)
        )
