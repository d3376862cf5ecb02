# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a rig: what is broken when, what a drill is to say of it, and how bad the lines are otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from .addresses import HTTP_PORT, NAME_SERVER, ONE, ROUTER, TWO
from .daemon import Settings
from .plan import RigPlan
from .weather import Weather

TARGETS = (
    f"tcp://{ONE}:{HTTP_PORT}",
    f"tls://{TWO}",
    f"http://{ONE}/generate_204",
    f"dns://{ROUTER}/example.com",
    f"dns://{NAME_SERVER}/example.com",
    f"icmp://{TWO}",
)
ADDRESS_URL = f"http://{TWO}/address"

Score = Sequence[tuple[float, Sequence[str]]]
"""What the rig does by itself while the drill watches: after so many seconds, a word and its arguments."""

QUICK = Settings(interval=0.5, maxfail=2, fb_count=2, ping_wait=1.0)
"""A daemon in a hurry, for what takes several switches."""


@dataclass(frozen=True)
class Case:
    """A run. With ``fault`` the drill itself breaks the primary and mends it; with ``score`` it only watches."""

    name: str
    fault: str = ""
    score: Score = ()
    watched: float = 0.0
    """Seconds."""
    daemon: Settings = field(default_factory=Settings)
    partial: bool = False
    """A drill is to find an outage of some protocols, that others do not see."""
    flapping: bool = False


@dataclass(frozen=True)
class Run:
    """A case in a weather."""

    number: int
    case: Case
    rig: RigPlan

    def as_order(self, socket: str) -> dict[str, Any]:
        """For ``rig.drill``."""
        case = self.case
        return {
            "socket": socket,
            "fault": case.fault,
            "score": case.score,
            "watched": case.watched,
            "targets": TARGETS,
            "address_url": ADDRESS_URL,
        }


def _down(begin: float, end: float, fault: str) -> Score:
    return ((begin, ("break", fault)), (end, ("mend",)))


FAILOVERS = (Case("silent", "silent"), Case("answered", "answered"), Case("pulled", "pulled"))
TCP_ONLY = Case("tcp only", score=_down(3.0, 8.0, "tcp_only"), watched=11.0, partial=True)
UNJUSTIFIED = Case("target lost", score=_down(3.0, 7.0, "target_lost"), watched=14.0, daemon=QUICK)
FLAPPING = Case(
    "flapping",
    score=(*_down(2.0, 6.0, "answered"), *_down(9.0, 13.0, "answered")),
    watched=17.0,
    daemon=QUICK,
    flapping=True,
)
CASES = (*FAILOVERS, TCP_ONLY, UNJUSTIFIED, FLAPPING)


def runs(number: int, seed: int = 1) -> Iterator[Run]:
    """So many runs: the cases in turn, each time in another weather up to 150 ms, 30 ms of jitter and 5 % of loss."""
    dice = Random(seed)
    for each in range(number):
        case = CASES[each % len(CASES)]
        primary, secondary = _weather(dice), _weather(dice)
        yield Run(each + 1, case, RigPlan(primary, secondary, case.daemon, seed=seed * 1000 + each))


def _weather(dice: Random) -> Weather:
    delay = dice.uniform(0, 150)
    jitter = dice.uniform(0, min(30.0, delay))
    return Weather(round(delay), round(jitter), round(dice.uniform(0, 5), 1))
