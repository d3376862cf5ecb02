# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router cannot know of itself: its WAN cables, and the internet behind each of its lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, cast

from ..cable import Cable, NetworkCable

Path = Literal["up", "silent", "refused"]
PATHS = ("up", "silent", "refused")

PLUG = "router"
"""What the cable calls this end."""

ETHERNET = 0
PHONE = 1
SECOND_ETHERNET = 2
"""A second provider's line, which goes into a LAN port or a second WAN port."""

_KNOWN_HOSTS = {"dns.msftncsi.com": ("131.107.255.255",)}
_ANY_OTHER_HOST = ("198.51.100.53",)


@dataclass
class Outside:
    """``upstream`` is by line (0 the Ethernet WAN port, 1 the phone, 2 the second Ethernet line), not by WAN unit."""

    cable: Cable
    wan_cable: bool = True
    second_cable: bool = False
    network_cable: NetworkCable | None = None
    """From a phone's Ethernet adapter into the second line's port, in place of a provider's."""
    upstream: dict[int, Path] = field(default_factory=lambda: {ETHERNET: "up", PHONE: "up", SECOND_ETHERNET: "up"})

    @property
    def phone_on_second(self) -> bool:
        """Whether the second Ethernet line is the phone."""
        return self.network_cable is not None and self.network_cable.link

    @property
    def second_link(self) -> bool:
        """Whether anything is plugged in there."""
        return self.second_cable or self.phone_on_second

    def set_upstream(self, line: int, path: str) -> None:
        if line not in self.upstream or path not in PATHS:
            raise ValueError(f"wan upstream 0|1|2 {'|'.join(PATHS)}, not {line} {path}")
        self.upstream[line] = cast(Path, path)

    def path(self, line: int) -> Path:
        """What becomes of a packet that leaves by a line."""
        if line == ETHERNET:
            return self.upstream[ETHERNET] if self.wan_cable else "silent"
        if line == SECOND_ETHERNET:
            if self.phone_on_second and self.network_cable is not None and not self.network_cable.upstream():
                return "silent"
            return self.upstream[SECOND_ETHERNET] if self.second_link else "silent"
        if self.cable.plugged != PLUG or (self.upstream[PHONE] == "up" and not self.cable.upstream()):
            return "silent"
        return self.upstream[PHONE]

    def resolve(self, host: str) -> tuple[str, ...]:
        """The addresses that the resolvers out there give for a name."""
        return _KNOWN_HOSTS.get(host, _ANY_OTHER_HOST)
