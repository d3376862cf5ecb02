# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill as one document: what the task returns, what the history keeps, and what people read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import mark_of
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import SCHEMA
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._outages import Outage
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._public_address import coarse
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._samples import Series
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._verdict import (
    Case,
    Judgement,
    judge,
    verdict,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._junit import Case as JunitCase
from ansible_collections.homelab.dualwan.plugins.module_utils._link._junit import suite

Document = dict[str, Any]


@dataclass(frozen=True)
class About:
    """What the drill was of."""

    fault: str
    started: float
    """Seconds since 1970."""
    router: Mapping[str, str]
    """``name``, ``model`` and ``firmware``."""
    how: str
    """How it was seen who carried the traffic: ``public_address`` or ``router_word``."""
    cautions: tuple[str, ...] = ()
    """What is to be known of how it was done."""

    @property
    def id(self) -> str:
        """Sorts by time."""
        return f"{datetime.fromtimestamp(self.started, UTC):%Y%m%dT%H%M%SZ}-{self.fault}"


def document(about: About, case: Case) -> Document:
    """All of it; times in seconds since the drill began."""
    drill, seen, start = case.drill, case.seen, case.drill.course.started
    judgements = judge(case)
    outcome = verdict(case, judgements)

    def at(moment: float) -> float:
        return round(moment - start, 3)

    return {
        "schema": SCHEMA,
        "id": about.id,
        "router": dict(about.router),
        "fault": about.fault,
        "started": round(about.started, 3),
        "probe_period_ms": round(case.period * 1000),
        "phases": [{"name": each.name, "from": at(each.begin), "to": at(each.end)} for each in drill.course.phases],
        "marks": [{"name": name, "at": at(moment)} for name, moment in seen.marks.items()],
        "failover_seconds": _rounded(seen.failover),
        "failback_seconds": _rounded(seen.failback),
        "reserve_seconds": _rounded(seen.reserve),
        "outages": [_outage(each, start, seen.ended) for each in seen.whole],
        "partial_outages": [
            {**_outage(each.outage, start, seen.ended), "out": list(each.out), "through": list(each.through)}
            for each in seen.partial
        ],
        "predicted": {
            "failover": case.foretold.failover and case.foretold.failover.as_result(),
            "failback": case.foretold.failback and case.foretold.failback.as_result(),
            "why_never": list(case.foretold.why_never),
        },
        "probes": [_probe(each, seen.by_series[each.name], start, seen.ended) for each in drill.series],
        "carried": {
            "how": about.how,
            "before": drill.before,
            "during": drill.during,
            # What the router says of itself proves nothing.
            "proved": drill.during is not None and case.asked,
        },
        "switches": [{"at": at(each.at), "to": each.to, "justified": each.justified} for each in seen.switches],
        "flapping": seen.flapping,
        "verdict": outcome,
        "judgements": [each.as_result() for each in judgements],
        "given_back": drill.given_back,
        "told": told(about, case, judgements, outcome),
    }


def told(about: About, case: Case, judgements: tuple[Judgement, ...], outcome: str) -> list[str]:
    """For people: a line each."""
    seen = case.seen
    width = max((len(each.name) for each in case.drill.series), default=0)
    rows = []
    for each in case.drill.series:
        out = sum(outage.seconds(seen.ended) for outage in seen.by_series[each.name])
        silent = "; it was not answered before either, so it shows nothing" if each.name in seen.silent else ""
        rows.append(f"  {each.name:<{width}}  {each.lost} of {len(each.samples)} lost, out for {out:.1f} s{silent}")
    early = case.drill.error.message if case.drill.error else "It was interrupted" if case.drill.interrupted else ""
    return [
        f"Drill {about.fault}: {outcome}",
        *([f"  ended early: {early}"] if early else []),
        *(f"  {'ok' if each.ok else 'NO'}  {each.told}" for each in judgements),
        *rows,
        *(f"  note: {caution}" for caution in about.cautions),
    ]


def for_the_history(found: Document, identity: str) -> Document:
    """As it is kept on disk: without whole addresses, and with a mark of the router's MAC address."""
    carried = found["carried"]
    return {
        **found,
        "of": mark_of(identity),
        "carried": {**carried, "before": coarse(carried["before"]), "during": coarse(carried["during"])},
    }


def junit(found: Document) -> str:
    """A case for each judgement."""
    seconds = {"failover_in_time": found["failover_seconds"], "failback_in_time": found["failback_seconds"]}
    name = f"backup_link_drill.{found['fault']}"
    cases = [
        JunitCase(
            name=each["id"],
            classname=name,
            seconds=seconds.get(each["id"]) or 0.0,
            failure=None if each["ok"] else each["told"],
            output=each["told"] if each["ok"] else None,
        )
        for each in found["judgements"]
    ]
    if found["verdict"] == "aborted":
        cases.append(JunitCase(name="ended", classname=name, failure="\n".join(found["told"][:2])))
    return suite(name, cases)


def _probe(series: Series, outages: tuple[Outage, ...], start: float, ended: float) -> Document:
    return {
        "name": series.name,
        "protocol": series.protocol,
        "target": series.target,
        "sent": len(series.samples),
        "lost": series.lost,
        "outages": [_outage(each, start, ended) for each in outages],
        "outage_seconds": round(sum(each.seconds(ended) for each in outages), 3),
        "samples": [
            [round(each.sent - start, 3), None if each.took is None else round(each.took * 1000, 1)]
            for each in series.samples
        ],
    }


def _outage(outage: Outage, start: float, ended: float) -> Document:
    """One that lasts ends with the drill."""
    end = ended if outage.end is None else outage.end
    return {"from": round(outage.begin - start, 3), "to": round(end - start, 3)}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
