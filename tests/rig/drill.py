# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drill that is on trial: the collection's own, on the host behind the router.

``python -m rig.drill`` with an order (see `Run.as_order`) on its input, in the host's namespace. Prints what the drill
found, as one line of JSON; times are CLOCK_MONOTONIC, as in the rig's truth. All that is the rig's is the hands.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._clock import WallClock
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._conduct import (
    FAILOVER,
    WATCH,
    Drill,
    Plan,
    conduct,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._measure import Measured, measure
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._outages import Outage
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._prober import Probing, resolved
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._targets import targets_from
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._verdict import (
    Case,
    Prediction,
    judge,
    verdict,
)

from .addresses import ROUTER
from .client import Line
from .lateness import Lateness

PERIOD_SECONDS = 0.2
ADDRESS_SECONDS = 2.0
AT_MOST = 60.0


class RigHands:
    """A drill's hands and eyes, in the rig."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._line = Line(order["socket"])
        self._fault = order["fault"]
        self._url = order["address_url"]

    def inject(self) -> None:
        """The rig knows better when that was, and keeps it to itself."""
        self._line.ask("break", self._fault)

    def mend(self) -> None:
        self._line.ask("mend")

    def give_back(self) -> None:
        self._line.ask("mend")

    def active(self) -> str:
        return str(self._line.ask("active"))

    def address(self) -> str | None:
        try:
            with urllib.request.urlopen(self._url, timeout=ADDRESS_SECONDS) as answer:
                return str(answer.read().decode())
        except OSError:
            return None

    def reserve(self) -> bool:
        return True

    def play(self, score: Any) -> None:
        self._line.ask("play", score)


def main() -> None:
    """Drill, and tell."""
    order = json.loads(sys.stdin.read())
    hands = RigHands(order)
    able, unable = resolved(targets_from(order["targets"], ROUTER))
    if unable:
        raise SystemExit(f"not probed: {unable}")
    clock = WallClock()
    prober = Probing(able, clock, period=PERIOD_SECONDS)
    plan = Plan(
        kind=FAILOVER if order["fault"] else WATCH,
        baseline=order["watched"] or 3.0,
        failover=AT_MOST,
        on_backup=2.0,
        failback=AT_MOST,
        after=2.0,
    )
    hands.play(order["score"])
    with Lateness() as lateness:
        drill = conduct(hands, prober, plan, clock, lambda line: print(line, file=sys.stderr))
    seen = measure(drill, prober.period)
    print(json.dumps({**_told(drill, seen), "stalled": lateness.longest}))


def _told(drill: Drill, seen: Measured) -> dict[str, Any]:
    case = Case(drill, seen, Prediction(), PERIOD_SECONDS)
    judgements = judge(case)
    return {
        "period": PERIOD_SECONDS,
        "started": drill.course.started,
        "ended": seen.ended,
        "marks": dict(seen.marks),
        "whole": [_pair(outage) for outage in seen.whole],
        "by_protocol": {name: [_pair(outage) for outage in some] for name, some in seen.by_protocol.items()},
        "partial": [{"out": each.out, "through": each.through, "at": _pair(each.outage)} for each in seen.partial],
        "switches": [{"at": each.at, "to": each.to, "justified": each.justified} for each in seen.switches],
        "flapping": seen.flapping,
        "carried": [drill.before, drill.during],
        "given_back": drill.given_back,
        "error": str(drill.error or drill.not_given_back or ""),
        "verdict": verdict(case, judgements),
        "not_held": [each.id for each in judgements if not each.ok],
        "sent": sum(len(each.samples) for each in drill.series),
        "lost": sum(each.lost for each in drill.series),
        "series": {each.name: [(sample.sent, sample.took) for sample in each.samples] for each in drill.series},
    }


def _pair(outage: Outage) -> tuple[float, float | None]:
    return outage.begin, outage.end


if __name__ == "__main__":
    main()
