# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conduct a drill: look, break, wait, look, mend, wait, look. Whatever happens, the line is given back.

It knows neither a router nor a socket: hands cause and end the fault, a prober sends the probes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ansible_collections.homelab.dualwan.plugins.module_utils._clock import Clock
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import DeviceError
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._hands import Hands, Prober
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._interrupts import Interrupts
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._phases import (
    AFTER,
    FAILED_BACK,
    FAILED_OVER,
    FAILING,
    FAULT_ENDED,
    FAULT_INJECTED,
    MENDING,
    ON_BACKUP,
    RESERVE_BACK,
    RESERVE_LOST,
    Course,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._samples import Series
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._switches import PRIMARY, SECONDARY, Move
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Tell, nobody

TELL_SECONDS = 5.0
FAILOVER, RESERVE, WATCH = "failover", "reserve", "watch"


class NothingAnswers(DeviceError):
    """No probe was answered before anything was broken, so none could show what the fault does."""

    reason = "nothing_answers"


class NotOnPrimary(DeviceError):
    """The traffic left the primary before anything was broken, so the fault would move nothing."""

    reason = "not_on_primary"


@dataclass(frozen=True)
class Plan:
    """How long each part may take, in seconds of the clock."""

    kind: str = FAILOVER
    """``failover``: the traffic is to move and to return. ``reserve``: it is to stay, while the backup goes and comes
    back. ``watch``: nothing is done."""
    baseline: float = 5.0
    """Of ``watch``: all of it."""
    failover: float = 120.0
    """At the most, until the traffic is on the backup; or until the reserve is back."""
    on_backup: float = 5.0
    """How long it stays there at the least, once it is known that the backup carries the traffic; 0 for no longer than
    that takes."""
    settling: float = 15.0
    """At the most, until an answer comes after a move, and until all do."""
    proof: float = 15.0
    """At the most, until the internet sees another address, once something is answered."""
    failback: float = 120.0
    """At the most, until the traffic is on the primary again."""
    after: float = 5.0
    look: float = 0.4
    """Between two looks at the router: a move is dated halfway between two, and so about as well as by the probes."""
    dated_by_outage: bool = False
    """Whether the fault began when the outage did: a person pulls the cable, and nobody knows the moment better."""


@dataclass
class Drill:
    """What was done and seen, for who judges it."""

    plan: Plan
    course: Course
    moves: list[Move] = field(default_factory=list)
    series: tuple[Series, ...] = ()
    before: str | None = None
    during: str | None = None
    """The address that the internet saw."""
    given_back: bool = False
    stays_away: bool = False
    """All is set as before, and the traffic is on the backup all the same."""
    error: DeviceError | None = None
    """What ended it early."""
    not_given_back: DeviceError | None = None
    interrupted: KeyboardInterrupt | None = None


def conduct(
    hands: Hands,
    prober: Prober,
    plan: Plan,
    clock: Clock,
    tell: Tell = nobody,
    interrupts: Interrupts | None = None,
) -> Drill:
    """Do the drill. Returns whatever came of it, with the error or the interruption that ended it early."""
    heeded = interrupts or Interrupts()
    drill = Drill(plan, Course(clock.now()))
    conductor = _Conductor(hands, prober, plan, clock, tell, heeded, drill)
    try:
        prober.start()
        conductor.run()
    except DeviceError as error:
        drill.error = error
    except KeyboardInterrupt as interrupted:
        drill.interrupted = interrupted
    finally:
        # Also where something else went wrong, which then goes on its way.
        heeded.shield()
        conductor.give_back()
        prober.stop()
        drill.series = prober.series()
        drill.course.finish(clock.now())
    return drill


@dataclass
class _Conductor:
    hands: Hands
    prober: Prober
    plan: Plan
    clock: Clock
    tell: Tell
    interrupts: Interrupts
    drill: Drill
    injected: bool = False
    _active: str | None = None
    _looked: float = 0.0
    _told: float = 0.0

    def run(self) -> None:
        self._baseline()
        if self.plan.kind == WATCH:
            return
        self._inject()
        if self.plan.kind == RESERVE:
            self._reserve()
        else:
            self._failover()
            self._failback()
        self._enter(AFTER, "Looking whether all is as before")
        self._dwell(self.plan.after)
        self._all_answer()

    def give_back(self) -> None:
        try:
            if self.injected:
                self.hands.give_back()
                self.drill.stays_away = self.plan.kind == FAILOVER and self.hands.active() == SECONDARY
            self.drill.given_back = not self.drill.stays_away
        except DeviceError as error:
            self.drill.not_given_back = error

    def _baseline(self) -> None:
        watching = self.plan.kind == WATCH
        self.tell(f"{'Watching' if watching else 'Looking how it is without a fault'} for {self.plan.baseline:.0f} s")
        self.drill.before = self.hands.address()
        self._dwell(self.plan.baseline)
        if not watching and not self._any_answers(self.drill.course.started):
            raise NothingAnswers(
                "No probe is answered, with nothing broken yet",
                doing="looking how it is without a fault",
                cure="Look whether this computer reaches the internet by this router, and give targets that answer",
            )
        if not watching and self._active == SECONDARY:
            raise NotOnPrimary(
                "The traffic moved to the backup by itself, with nothing broken yet",
                doing="looking how it is without a fault",
                cure="Look at the primary, and drill again once it carries the traffic. Nothing was broken",
            )

    def _inject(self) -> None:
        course = self.drill.course
        called = self.clock.now()
        course.enter(FAILING, called)
        self.injected = True
        began = self.hands.inject()
        course.mark(FAULT_INJECTED, called if began is None else began)
        self.tell("The fault is there")

    def _failover(self) -> None:
        if not self._wait(self._on_backup, self.plan.failover, "the failover"):
            self.tell("The traffic did not move to the backup in time")
            return
        course = self.drill.course
        seen = self.clock.now()
        course.mark(FAILED_OVER, self._move_to(SECONDARY))
        # Nobody is asked for our address before something is answered: that would only wait.
        self._wait(lambda: self._any_answers(seen), self.plan.settling, "an answer")
        self._enter(ON_BACKUP, "The traffic is on the backup; looking who carries it")
        self._wait(self._carried, self.plan.proof, "another address")
        if self.plan.on_backup:
            self._dwell(self.plan.on_backup)
            self._all_answer()

    def _failback(self) -> None:
        course = self.drill.course
        self._enter(MENDING, "Ending the fault")
        called = self.clock.now()
        ended = self.hands.mend()
        course.mark(FAULT_ENDED, called if ended is None else ended)
        moved = FAILED_OVER in course.marks or self._active == SECONDARY
        if moved and self._wait(lambda: self._look() == PRIMARY, self.plan.failback, "the return to the primary"):
            course.mark(FAILED_BACK, self._move_to(PRIMARY))

    def _reserve(self) -> None:
        course = self.drill.course
        if self._wait(lambda: self._look_at_the_reserve() is False, self.plan.settling, "the reserve to be gone"):
            course.mark(RESERVE_LOST, self.clock.now())
        if self._wait(lambda: self._look_at_the_reserve() is True, self.plan.failover, "the reserve to be back"):
            course.mark(RESERVE_BACK, self.clock.now())

    def _enter(self, phase: str, told: str) -> None:
        self.drill.course.enter(phase, self.clock.now())
        self.tell(told)

    def _look(self) -> str | None:
        """Which line is active, noting every move."""
        self.interrupts.check()
        before, looked = self._active, self._looked
        active = self.hands.active()
        now = self.clock.now()
        if active is not None:
            if before is not None and active != before:
                since = max(looked, self.drill.course.marks.get(FAULT_INJECTED, looked))
                self.drill.moves.append(Move((since + now) / 2, active, (now - since) / 2))
                self.tell(f"The {active} carries the traffic now")
            self._active, self._looked = active, now
        return active

    def _look_at_the_reserve(self) -> bool | None:
        self._look()
        return self.hands.reserve()

    def _move_to(self, line: str) -> float:
        """When it was seen; now, where the router says nothing and the address told."""
        return next((move.at for move in reversed(self.drill.moves) if move.to == line), self.clock.now())

    def _on_backup(self) -> bool:
        active = self._look()
        if active is None:
            return self.drill.before is not None and self._carried()
        return active == SECONDARY

    def _carried(self) -> bool:
        """Whether the internet sees another address than before."""
        if self.drill.before is None:
            return True  # nothing to compare with: nothing to wait for
        address = self.hands.address()
        if address is None or address == self.drill.before:
            return False
        self.drill.during = address
        return True

    def _any_answers(self, since: float) -> bool:
        """Whether any probe is answered that was sent since then."""
        return any(self.prober.answering(since).values())

    def _all_answer(self) -> bool:
        """Wait until each probe that was answered before the fault is answered again."""
        started, since = self.drill.course.started, self.clock.now() - self.prober.patience
        injected = self.drill.course.marks.get(FAULT_INJECTED, since)
        names = {each.name for each in self.prober.series() if each.answers(started, injected)}

        def recovered() -> bool:
            self._look()
            return names <= {name for name, answers in self.prober.answering(since).items() if answers}

        return self._wait(recovered, self.plan.settling, "every probe to be answered")

    def _dwell(self, seconds: float) -> None:
        start = self._told = self.clock.now()
        while True:
            self._look()
            now = self.clock.now()
            left = start + seconds - now
            if left <= 0:
                return
            self._tell_at_times(now, f"{now - start:.0f} s of {seconds:.0f} s")
            self.clock.sleep(min(self.plan.look, left))

    def _wait(self, seen: Callable[[], bool], seconds: float, what: str) -> bool:
        """Whether it was seen within so many seconds."""
        start = self._told = self.clock.now()
        while not seen():
            now = self.clock.now()
            if now - start > seconds:
                return False
            self._tell_at_times(now, f"Waiting for {what}: {now - start:.0f} s of {seconds:.0f} s")
            self.clock.sleep(self.plan.look)
        return True

    def _tell_at_times(self, now: float, waiting: str) -> None:
        if now - self._told >= TELL_SECONDS:
            self._told = now
            self.tell(f"{waiting}; {self._status(now)}")

    def _status(self, now: float) -> str:
        """The last second or so of the probes, and the router's word."""
        answering = self.prober.answering(now - 2 * self.prober.period - self.prober.patience).values()
        return f"{sum(answering)} of {len(answering)} probes get answers, the router says {self._active or 'nothing'}"
