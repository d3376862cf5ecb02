# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SIM and how well the network is heard, which are just what they are set to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Radio:
    sim: str = "LOADED"
    """As ``gsm.sim.state`` has it."""
    second: str | None = None
    """The same of the second slot; None where the phone has none."""
    rsrp: int = -95
    """Of LTE, in dBm."""

    @property
    def states(self) -> str:
        """As the property has them."""
        return self.sim if self.second is None else f"{self.sim},{self.second}"

    @property
    def operators(self) -> str:
        """Of each slot; an empty one for a slot without a SIM."""
        slots = [self.sim] if self.second is None else [self.sim, self.second]
        return ",".join(f"Lab Mobile{' Two' if slot else ''}" * (state == "LOADED") for slot, state in enumerate(slots))

    @property
    def level(self) -> int:
        """Bars, 0 to 4: the thresholds of CellSignalStrengthLte.java."""
        return sum(self.rsrp >= least for least in (-128, -118, -108, -98))
