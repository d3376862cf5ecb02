# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a line could take the traffic over, and whether the one that has it would be given up without. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import Wan, dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram


@dataclass(frozen=True)
class Cut:
    """The end of the internet, as it is foreseen."""

    carrying: Wan
    """In use, and given up."""
    left: Wan | None
    """The other line, where that stays."""

    @property
    def what(self) -> str:
        """For people, one clause."""
        could_not = (
            f"the {self.left.role} could not take over ({self.left.why})"
            if self.left
            else "none of the lines that would be there was seen to work"
        )
        return (
            f"The {self.carrying.role} WAN ({self.carrying.type}) carries the traffic and would be given up, "
            f"and {could_not}: whoever manages this router through it would be cut off"
        )

    def cure(self, override: str) -> str:
        """For people, what to do first; ``override`` is the option that goes on all the same."""
        first = (
            f"Put the {self.left.role} in order first"
            if self.left
            else f"Keep {self.carrying.type} as one of the two lines until another works"
        )
        return f"{first}, or set {override}: true where you reach the router from its LAN"


def cut(nvram: Nvram, pair: tuple[str, str]) -> Cut | None:
    """What would come of having ``pair`` as primary and secondary. A router without internet has nothing to lose."""
    board = dashboard(nvram)
    if not board.internet:
        return None
    carrying = next((wan for wan in board.wans if wan.type not in pair and _carries(wan, nvram)), None)
    if carrying is None or any(wan.type in pair and takes_over(wan, nvram) for wan in board.wans):
        return None
    left = board.wans[1 - carrying.unit]
    return Cut(carrying, left if left.type in pair and left.type != "none" else None)


def takes_over(wan: Wan, nvram: Nvram) -> bool:
    """Whether the traffic could go to this line. With failback it is on the secondary only until the primary's probes
    succeed: that may be linked, and its provider silent."""
    waits_for_probes = wan.unit == 0 and not wan.active and nvram["wans_mode"] == "fb"
    return wan.in_order and not waits_for_probes


def _carries(wan: Wan, nvram: Nvram) -> bool:
    """Under load balance both may, and no more than one is marked."""
    return wan.active or (nvram["wans_mode"] == "lb" and wan.status == "connected")
