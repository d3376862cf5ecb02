# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill as the report takes it from the document that ``backup_link_drill`` writes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import MOVES_NOTHING
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._given import Given
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import seconds, spoken

SCHEMA = 1
FAULTS = {
    "primary_off": "the primary switched off in the router",
    "target_unreachable": "the probe's target made unreachable",
    "pull_cable": "the primary's cable pulled",
    "tether_off": "the phone's tether switched off",
    "phone_reboot": "the phone restarted",
    "watch": "nothing injected, only watched",
}
CARRIED = {
    "public_address": "by the public address",
    "router_word": "by the router's word",
    "provider": "by the provider's name",
}
MARKS = {
    "fault_injected": "fault",
    "outage_began": "outage begins",
    "failed_over": "failed over",
    "carried_by_backup": "backup carries",
    "fault_ended": "fault ended",
    "failed_back": "failed back",
    "reserve_lost": "reserve lost",
    "reserve_back": "reserve back",
}
PHASES = {
    "baseline": "before",
    "failing": "failing over",
    "on_backup": "on the backup",
    "mending": "returning",
    "after": "after",
}


@dataclass(frozen=True)
class Stretch:
    """From one moment to another, in seconds since the drill began; or the least and the most of a prediction."""

    start: float
    end: float
    name: str = ""

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class Mark:
    """A moment that matters."""

    name: str
    at: float

    @property
    def told(self) -> str:
        return MARKS.get(self.name, self.name.replace("_", " "))


@dataclass(frozen=True)
class Probe:
    """What one kind of probe met."""

    name: str
    sent: int
    lost: int
    outages: tuple[Stretch, ...]
    outage_seconds: float | None
    samples: tuple[tuple[float, float | None], ...]
    """When it was sent, and after how many milliseconds it was answered."""


@dataclass(frozen=True)
class Judgement:
    """One question of the verdict."""

    id: str
    ok: bool
    told: str


@dataclass(frozen=True)
class Drill:
    """One drill."""

    id: str
    router: str
    model: str
    firmware: str
    fault: str
    started: float
    period_ms: float | None
    phases: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    failover: float | None
    failback: float | None
    reserve: float | None
    """How long the backup was away, of the faults of the phone."""
    foretold_failover: Stretch | None
    foretold_failback: Stretch | None
    why_never: tuple[str, ...]
    probes: tuple[Probe, ...]
    carried: str
    """How it was seen that the backup carried; empty where nobody looked."""
    proved: bool | None
    during: str
    """The address that was seen then; empty where none was."""
    switches: tuple[Stretch, ...]
    verdict: str
    judgements: tuple[Judgement, ...]
    given_back: bool | None
    told: tuple[str, ...]

    @property
    def fault_told(self) -> str:
        return FAULTS.get(self.fault, self.fault.replace("_", " "))

    @property
    def failover_told(self) -> str:
        """How long it took; that there was none is as it should be with some faults."""
        return seconds(self.failover, self._none)

    @property
    def failback_told(self) -> str:
        """The same of the return, which may come before the fault has ended."""
        early = self.mark("failed_back") is not None
        return seconds(self.failback, "before the fault ended" if early else self._none)

    @property
    def _none(self) -> str:
        """What is said in place of a time. One that was broken off did not wait for anything."""
        if self.fault in MOVES_NOTHING:
            return "not meant"
        return "not measured" if self.verdict == "aborted" else "never"

    @property
    def seconds(self) -> float:
        """How long it took, as far as anything tells."""
        ends = (
            *(phase.end for phase in self.phases),
            *(mark.at for mark in self.marks),
            *(probe.samples[-1][0] for probe in self.probes if probe.samples),
        )
        return max(ends, default=0.0)

    @property
    def ended(self) -> float:
        """In seconds since 1970."""
        return self.started + self.seconds

    @property
    def longest_outage(self) -> float | None:
        return max((probe.outage_seconds for probe in self.probes if probe.outage_seconds is not None), default=None)

    def mark(self, name: str) -> float | None:
        """When that happened."""
        return next((mark.at for mark in self.marks if mark.name == name), None)


def drills_from(many: Sequence[Given]) -> tuple[Drill, ...]:
    """Oldest first. Only the newest has its samples, which nothing shows of the others. Raises BadWish."""
    found = sorted(((drill_from(each, samples=False), each) for each in many), key=lambda pair: pair[0].started)
    return tuple(drill if each is not found[-1][1] else drill_from(each) for drill, each in found)


def drill_from(given: Given, *, samples: bool = True) -> Drill:
    """Raises BadWish for what is no drill, or one of a later form."""
    if given.number("schema") != SCHEMA:
        raise BadWish(
            f"{given.name} says schema {given.what.get('schema')!r}, and this version of the collection knows {SCHEMA}",
            cure=given.cure,
        )
    started = given.number("started")
    if started is None or not 0 <= started < 253402300800:  # the year 10000
        raise BadWish(f"{given.name}.started is no time", cure=given.cure)
    router, predicted, carried = given.one("router"), given.one("predicted"), given.one("carried")
    return Drill(
        id=given.text("id"),
        router=router.text("name"),
        model=router.text("model"),
        firmware=router.text("firmware"),
        fault=given.text("fault", "unknown"),
        started=started,
        period_ms=given.number("probe_period_ms"),
        phases=tuple(_stretch(each, "from", "to", each.text("name")) for each in given.many("phases")),
        marks=tuple(Mark(each.text("name"), _at(each, "at")) for each in given.many("marks")),
        failover=given.number("failover_seconds"),
        failback=given.number("failback_seconds"),
        reserve=given.number("reserve_seconds"),
        foretold_failover=_range(predicted.one("failover")),
        foretold_failback=_range(predicted.one("failback")),
        why_never=tuple(predicted.texts("why_never")),
        probes=tuple(_probe(each, samples) for each in given.many("probes")),
        carried=CARRIED.get(carried.text("how"), spoken(carried.text("how"))),
        proved=carried.flag("proved"),
        during=carried.text("during"),
        switches=tuple(Stretch(_at(each, "at"), _at(each, "at"), each.text("to")) for each in given.many("switches")),
        verdict=given.text("verdict", "unknown"),
        judgements=tuple(
            Judgement(each.text("id"), bool(each.flag("ok")), each.text("told")) for each in given.many("judgements")
        ),
        given_back=given.flag("given_back"),
        told=tuple(given.texts("told")),
    )


def _probe(given: Given, samples: bool) -> Probe:
    return Probe(
        name=given.text("name") or f"{given.text('protocol')} {given.text('target')}".strip() or "probe",
        sent=given.whole("sent"),
        lost=given.whole("lost"),
        outages=tuple(_stretch(each, "from", "to") for each in given.many("outages")),
        outage_seconds=given.number("outage_seconds"),
        samples=tuple(sorted(given.pairs("samples"), key=lambda sample: sample[0])) if samples else (),
    )


def _stretch(given: Given, start: str, end: str, name: str = "") -> Stretch:
    first, last = _at(given, start), _at(given, end)
    return Stretch(min(first, last), max(first, last), name)


def _range(given: Given) -> Stretch | None:
    return _stretch(given, "min", "max") if given else None


def _at(given: Given, name: str) -> float:
    found = given.number(name)
    if found is None:
        raise BadWish(f"{given.name}.{name} is missing", cure=given.cure)
    return found
