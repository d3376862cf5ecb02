# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rc service ``multipath`` decides: which unit gets the traffic, which are started and which are put to rest.

From rc/services.c of 382 and of 3006.102, which agree; 386 lies between them. It goes by the mode and by which units
are connected, and by nothing else: not by wans_dualwan, wans_standby or wanN_enable (starting a unit that is switched
off ends in state 5), and not by whether rc was asked to start, to stop or to restart.
"""

from __future__ import annotations

from dataclasses import dataclass

from .lines import UNITS


@dataclass(frozen=True)
class Plan:
    """The unit that is active after it, those that are stopped and started, and those that are stopped only."""

    active: int
    restart: tuple[int, ...] = ()
    stop: tuple[int, ...] = ()


def plan(mode: str, active: int, connected: tuple[bool, bool]) -> Plan:
    """``connected`` is by unit; a mode that is none of the three changes nothing."""
    if mode == "lb":
        return Plan(active, restart=tuple(unit for unit in UNITS if not connected[unit]))
    if mode not in ("fo", "fb"):
        return Plan(active)
    wanted = 0 if mode == "fb" else active
    other = 1 - wanted
    if all(connected):
        return Plan(wanted, stop=(other,))
    if connected[wanted]:
        return Plan(wanted)
    if connected[other]:
        # Failback brings unit 0 up meanwhile, so that there is something to return to; plain failover leaves it.
        return Plan(other, restart=(wanted,) if mode == "fb" else ())
    return Plan(wanted, restart=(wanted,))
