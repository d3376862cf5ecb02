# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give back what a drill took away: by the drill itself at its end, or by the next run after one that was killed; and a
line that was switched off by a run that was killed before the traffic had moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import CONNECTED, dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import DRILL, SWITCH, Debt, Debts, running
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    AnotherRun,
    DrillRunning,
    NotAsuswrt,
    NotGivenBack,
    RouterError,
    SessionLost,
    Unreachable,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import PLAIN, TEXT
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import MULTIPATH
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import Problem
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import BREAK_SECONDS, Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._standing import NOTHING
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import (
    FREEZE_SECONDS,
    detection_of,
    probe_round_seconds,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing_rules import COLD_DIAL_SECONDS
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan_change import Work, request, store
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan_plan import (
    WanPlan,
    WanWish,
    pair,
    reached,
    wan_plan,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import look_until
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Result

LOOK_SECONDS = 1.0
TURN_SECONDS = 30.0
"""How long another run is waited for: enough for one that finds nothing to change, or writes without a reboot."""
TURN_PAUSE_SECONDS = 0.25
UNDER_WAY = "A drill or another run is writing to this router: what is read now is not how it will be"
GIVING_BACK = "giving a line back"
PRIMARY, SECONDARY = "primary", "secondary"
FAILOVER_ONLY, WITH_FAILBACK = "fo", "fb"
BY_HAND: Mapping[str, str] = {
    "wan0_enable": "switch the primary WAN on (WAN, Internet Connection, Enable WAN)",
    "wan1_enable": "switch the secondary WAN on (WAN, Internet Connection, Enable WAN)",
    "wandog_target": "set the ping target (WAN, Dual WAN, Network Monitoring)",
    "dns_probe": "tick or untick DNS Query (WAN, Dual WAN, Network Monitoring)",
    "dns_probe_content": "set the addresses that the DNS query is to give (WAN, Dual WAN, Network Monitoring)",
    "wans_mode": "set Allow failback (WAN, Dual WAN)",
}
"""What to do where this collection cannot reach the router any more, by nvram name."""


@contextmanager
def alone(session: Session, here: Here, who: str) -> Iterator[None]:
    """Hold off everybody else who would write, and what they would take for left behind; in check mode, nobody.

    Before the login, so that who waits here holds no session. Raises AnotherRun once the other was waited for, a drill
    at once, and NotRemembered.
    """
    if here.check_mode:
        yield
        return
    with ExitStack() as turn:
        deadline, told = here.clock.now() + TURN_SECONDS, False
        while True:
            try:
                turn.enter_context(session.debts.held(who))
                break
            except RouterError as error:
                is_short = isinstance(error, AnotherRun) and not isinstance(error, DrillRunning)
                if not is_short or here.clock.now() >= deadline:
                    # There is no session yet to say so.
                    error.facts["stored"] = NOTHING
                    raise
                if not told:
                    here.tell(f"{error.happened}; it is waited for, {TURN_SECONDS:.0f} s at most")
                told = True
            here.clock.sleep(TURN_PAUSE_SECONDS)
        yield


def settle(session: Session, nvram: Nvram, here: Here) -> list[str]:
    """Give the line back where a run was killed that had taken it, and say what was done; nothing where there is none.

    In check mode it says what it would do. Read the router again after it. Raises AnotherRun while one lives, and
    NotGivenBack.
    """
    who = session.debts.holder()
    if who is not None:
        if here.check_mode:
            return [UNDER_WAY]
        raise running(who)
    debt = session.debts.read(nvram["lan_hwaddr"])
    if debt is None:
        return []
    ago = f"{debt.what} that began {here.clock.epoch() - debt.begun:.0f} s ago has not ended"
    if here.check_mode:
        return [f"{ago}: the next run that may write gives the line back"]
    # A drill that began meanwhile would lose its note when this one is forgotten.
    with session.debts.held(GIVING_BACK):
        if session.debts.read(debt.identity) != debt:
            raise running(GIVING_BACK)
        here.tell(f"{ago}: the line is given back first")
        return [f"{ago}. {'. '.join(give_back(session, debt, here)) or 'The line was as it had been'}"]


def drill_problems(debts: Debts, nvram: Nvram, now: float) -> tuple[Problem, ...]:
    """For who only looks: that a drill is under way, or what was killed with a line in its hands. ``now`` is in seconds
    since 1970."""
    who = debts.holder()
    if who == DRILL:
        return (Problem("drill_running", "A drill is running on this router", "Wait until it has ended"),)
    debt = debts.read(nvram["lan_hwaddr"])
    if who is not None or debt is None or _came_to_its_end(debt, nvram):
        return ()
    return (
        Problem(
            "unfinished_switch" if debt.fault == SWITCH else "unfinished_drill",
            f"{debt.what} that began {now - debt.begun:.0f} s ago has not ended, and the line is not back",
            "Run check.yml, or any task that may write: it gives the line back first",
        ),
    )


def with_settled(settled: list[str], result: Result) -> Result:
    """A task's result, and what was given back before it, which is a change too."""
    if not settled:
        return result
    changed = result["changed"] or settled != [UNDER_WAY]
    return result | {"changed": changed, "warnings": [*settled, *result.get("warnings", ())]}


def give_back(session: Session, debt: Debt, here: Here) -> list[str]:
    """Until all is as it was, with the traffic where it was; what was done for that. The note is forgotten then.

    A router that does not answer, or forgot the session, is waited for and logged in to, once. Raises NotGivenBack, and
    keeps the note.
    """
    try:
        try:
            return _Giving(session, here, debt).give()
        except (Unreachable, NotAsuswrt, SessionLost):
            here.tell("The router does not answer; it is waited for, as the line is still to be given back")
            session.return_within(BREAK_SECONDS)
            # Failback may have been lent since, and is in the note alone.
            noted = session.debts.read(debt.identity)
            return _Giving(session, here, noted or debt).give()
    except NotGivenBack:
        raise
    except RouterError as error:
        raise _not_given_back(debt, error) from error


def _not_given_back(debt: Debt, error: RouterError) -> NotGivenBack:
    by_hand = [BY_HAND[name] for name in debt.former if name in BY_HAND]
    return NotGivenBack(
        f"The line is not given back: {error.happened}",
        doing="giving the line back",
        cure="The next run of site.yml, check.yml or drill.yml that reaches the router gives it back; by hand, "
        f"{', and '.join(by_hand) or 'look at both lines'}",
        former=dict(debt.former),
    )


@dataclass
class _Giving:
    session: Session
    here: Here
    debt: Debt

    def give(self) -> list[str]:
        nvram = self._look()
        if nvram["rc_service"]:
            self.session.wait_until_idle()
            nvram = self._look()
        if _came_to_its_end(self.debt, nvram):
            self.session.debts.forget(self.debt.identity)
            return ["The traffic had moved, so the line stays off"]
        done = [*self._values(nvram), *self._line()]
        done += self._return(late=bool(done))
        self._check()
        if self.debt.phone:
            done.append(
                "The phone's tether was switched off for it: the keepalive, a replug or the phone role switches it on"
            )
        self.session.debts.forget(self.debt.identity)
        return done

    def _values(self, nvram: Nvram) -> list[str]:
        """All but the switches of lines, which need more than their value."""
        debt = self.debt
        ours = {name: value for name, value in debt.former.items() if nvram[name] == debt.lent[name] != value}
        others = [name for name, value in debt.former.items() if nvram[name] not in (value, debt.lent[name])]
        back = {name: value for name, value in ours.items() if not name.endswith("_enable")}
        if back:
            self.session.carry_out(back, "")
        told = [f"{name} is {value or 'empty'} again" for name, value in back.items()]
        return told + [f"{name} was set to something else since, which was left alone" for name in others]

    def _line(self) -> list[str]:
        if self.debt.line is None:
            return []
        wish, nvram = WanWish(self.debt.line, "enabled"), self._look()
        if self._is_gone(nvram):
            return []
        planned = wan_plan(wish, nvram)
        if not planned.service:
            return []
        store(Work(self.session, self.here, wish, 0), planned)
        return [f"The {SECONDARY if self.debt.line else PRIMARY} WAN is switched on again"]

    def _is_gone(self, nvram: Nvram) -> bool:
        """Whether the line is none of the router's any more: Dual WAN was switched off since."""
        return self.debt.line is not None and lines(nvram)[self.debt.line] == "none"

    def _return(self, *, late: bool) -> list[str]:
        """Wait until the traffic is where it was. Without failback, failback is switched on for that long.

        ``late``: the fault has ended just now. A failover that is under way then still comes, and without failback is
        there for good: it is waited for.
        """
        nvram = self._look()
        if not self.debt.traffic:
            return []
        lent = nvram["wans_mode"] == FAILOVER_ONLY
        if late and lent:
            nvram = look_until(
                self._elsewhere, self._look, self.here.clock, seconds=_handover_seconds(nvram), pause=LOOK_SECONDS
            )
        if not self._elsewhere(nvram):
            return []
        if lent:
            self.debt = lend(self.session, self.debt, {"wans_mode": WITH_FAILBACK}, nvram)
        seconds = return_seconds(nvram)
        start = told = self.here.clock.now()
        while self._elsewhere(nvram) and self.here.clock.now() - start < seconds:
            if self.here.clock.now() - told >= 5:
                told = self.here.clock.now()
                self.here.tell(
                    f"Waiting for the traffic to return to the {self.debt.traffic}: "
                    f"{told - start:.0f} s of {seconds:.0f} s"
                )
            self.here.clock.sleep(LOOK_SECONDS)
            nvram = self._look()
        if lent:
            request(Work(self.session, self.here, WanWish(0, "enabled"), 0), {"wans_mode": FAILOVER_ONLY}, "")
        if self._elsewhere(nvram):
            return [f"The traffic has not returned to the {self.debt.traffic} within {seconds:.0f} s"]
        return [f"The traffic is on the {self.debt.traffic} again"]

    def _look(self) -> Nvram:
        return self.session.read_back(PLAIN, TEXT)

    def _elsewhere(self, nvram: Nvram) -> bool:
        return dashboard(nvram).active not in (self.debt.traffic, None)

    def _check(self) -> None:
        nvram = self._look()
        if self._is_gone(nvram):
            return
        kept = {
            name: nvram[name]
            for name, value in self.debt.former.items()
            if nvram[name] != value and nvram[name] == self.debt.lent[name]
        }
        if kept:
            raise NotGivenBack(
                f"The router kept {kept}",
                doing="giving the line back",
                cure=f"By hand, {', and '.join(BY_HAND.get(name, f'set {name}') for name in kept)}",
                former=dict(self.debt.former),
            )


def _came_to_its_end(debt: Debt, nvram: Nvram) -> bool:
    """Whether a line is off as it was wanted, and the other has taken over: nothing is to be given back."""
    if debt.fault != SWITCH or debt.line is None:
        return False
    wish = WanWish(debt.line, "disabled")
    _wan, other = pair(wish, nvram)
    return reached(wish, WanPlan({}, MULTIPATH), nvram) and nvram[f"wan{other.unit}_state_t"] == CONNECTED


def lend(session: Session, debt: Debt, values: Mapping[str, str], nvram: Nvram) -> Debt:
    """Write values that are to be given back: noted first, with what they were. Returns the note as it is then."""
    former = {name: nvram[name] for name in values if name not in debt.former}
    noted = replace(debt, former={**debt.former, **former}, lent={**debt.lent, **values})
    session.debts.note(noted)
    session.carry_out(values, "")
    return noted


def _handover_seconds(nvram: Nvram) -> float:
    """How long a failover may be under way that nothing calls for any more: the daemon finds out by its next probe, or
    dials the backup already."""
    return probe_round_seconds(nvram) + COLD_DIAL_SECONDS


def return_seconds(nvram: Nvram) -> float:
    """How long the return to a primary that works again may take: its lease, the daemon's pause after a service, and
    the daemon's own count. The lease is a guess (see ``_timing_rules``)."""
    return COLD_DIAL_SECONDS + FREEZE_SECONDS + detection_of(nvram).failback().most + LOOK_SECONDS
