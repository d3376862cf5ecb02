# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``backup_link_drill``: settle what an earlier one left, refuse, ask, conduct, judge, keep, tell."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router, router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import DRILL
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import read_all
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import problems
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settle import UNDER_WAY, settle
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, DeviceError
from ansible_collections.homelab.dualwan.plugins.module_utils._link._connection import phone_address_from
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._conduct import WATCH, Drill, conduct
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._faults import PHONE
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import record
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._interrupts import interrupts
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._measure import measure
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._phone_hands import PhoneReboot, TetherOff
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._prober import Probing, resolved
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._probes import bytes_per_minute
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._result import (
    About,
    Document,
    document,
    for_the_history,
    junit,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._router_hands import (
    Ground,
    PrimaryOff,
    PullCable,
    RouterHands,
    TargetUnreachable,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._targets import Target
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._verdict import Case, Prediction
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._wish import DrillWish, drill_wish_from
from ansible_collections.homelab.dualwan.plugins.module_utils._link._files import NotWritten
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

HANDS: Mapping[str, Callable[[Ground], RouterHands]] = {
    "primary_off": PrimaryOff,
    "target_unreachable": TargetUnreachable,
    "pull_cable": PullCable,
    "tether_off": TetherOff,
    "phone_reboot": PhoneReboot,
    "watch": RouterHands,
}


class NotReady(DeviceError):
    """The backup would not take over, so nothing is broken to see that."""

    reason = "not_ready"


class NotConfirmed(DeviceError):
    """Nobody has said that the drill may begin."""

    reason = "not_confirmed"


class DrillFailed(DeviceError):
    """It was done to its end, and its verdict is bad."""

    reason = "drill_failed"


@dataclass(frozen=True)
class _Ready:
    """All that is known before anything is broken."""

    wish: DrillWish
    router: Router
    nvram: Nvram
    foretold: Prediction
    targets: tuple[Target, ...]
    cautions: tuple[str, ...]


def run(params: Params, here: Here) -> Result:
    """Drill, or in check mode say what that would do. Writes nothing before all that can be refused was refused."""
    router = router_from(params)
    wish = drill_wish_from(params, router.host)
    address = phone_address_from(params)
    targets, unable = resolved(wish.targets)
    if not targets:
        raise BadWish(
            f"None of the targets can be probed from here ({'; '.join(unable.values())})",
            cure="Give targets by their IPv4 addresses",
        )
    phone = Phone(address, here.clock) if address is not None and PHONE in wish.fault.needs else None
    with Session(router, here.clock, tell=here.tell) as session:
        nvram = read_all(session)
        # Who only watches is held off by nobody.
        beside = wish.fault.kind == WATCH and session.debts.holder()
        settled = [UNDER_WAY] if beside else settle(session, nvram, here)
        if settled and not here.check_mode:
            nvram = read_all(session)
        cautions = (*settled, *(f"{name} is left out: {why}" for name, why in unable.items()))
        ready = _Ready(wish, router, nvram, wish.fault.foretold(nvram), targets, cautions)
        _refuse(ready)

        def hands_with(ask: Callable[[], str | None] | None) -> RouterHands:
            """Refuses what only the phone tells."""
            return HANDS[wish.fault.name](
                Ground(wish.fault, session, here, nvram, ask, params["person_seconds"], phone)
            )

        if here.check_mode:
            hands_with(None)
            return _foretold(ready)
        _ask(ready)
        ask = None if wish.address is None else wish.address.ask
        if ask is not None and ask() is None:
            here.tell("Nobody out there tells our address: the router's word is taken for who carries the traffic")
            ask = None
        # Who only watches holds nobody up.
        alone = nullcontext() if wish.fault.kind == WATCH else session.debts.held(DRILL)
        with alone, interrupts() as heeded:
            hands = hands_with(ask)
            prober = Probing(targets, here.clock, period=params["probe_period"], patience=params["probe_timeout"])
            started = here.clock.epoch()
            drill = conduct(hands, prober, wish.plan(ready.foretold), here.clock, here.tell, heeded)
            found = _judged(ready, drill, started, "router_word" if ask is None else "public_address")
            kept = _kept(ready, found, here)
    return _outcome(ready, drill, found, kept)


def _refuse(ready: _Ready) -> None:
    fault, nvram = ready.wish.fault, ready.nvram
    if fault.kind == WATCH:
        return
    wrong = problems(dashboard(nvram), nvram, capabilities(nvram))
    if wrong:
        raise NotReady(
            f"The backup is not ready ({'; '.join(problem.what for problem in wrong)})",
            doing="looking whether a drill can begin",
            cure=wrong[0].cure,
            problems=[problem.as_result() for problem in wrong],
        )
    if ready.foretold.why_never:
        raise NotReady(
            f"The router would never fail over: {ready.foretold.why_never[0]}",
            doing="looking whether a drill can begin",
            cure="Cure that first; nothing was broken",
            why_never=list(ready.foretold.why_never),
        )


def _ask(ready: _Ready) -> None:
    if ready.wish.confirmed or ready.wish.fault.kind == WATCH:
        return
    raise NotConfirmed(
        f"This drill {_costs(ready)}",
        cure="Set confirmed: true (drill_confirmed in the role) where that may happen now. Nothing was broken",
    )


def _costs(ready: _Ready) -> str:
    """What the drill does and for how long, as a clause."""
    fault, foretold = ready.wish.fault, ready.foretold
    sentence = fault.does
    if cut := fault.cuts(foretold, ready.nvram):
        sentence += f". There may be no internet for up to {cut:.0f} s"
    if foretold.failback is not None:
        seconds = ready.wish.params["on_backup_seconds"] * (not fault.short_stay) + foretold.failback.most
        sentence += f". The traffic is on the backup for up to {seconds:.0f} s, and what runs then is paid there"
    kilobytes = bytes_per_minute(ready.targets, ready.wish.params["probe_period"]) / 1000
    return f"{sentence}. The probes take {kilobytes:.0f} kB a minute"


def _foretold(ready: _Ready) -> Result:
    foretold = ready.foretold
    told = [f"Drill {ready.wish.fault.name}: it {_costs(ready)}", *(f"  note: {each}" for each in ready.cautions)]
    return {
        "changed": ready.wish.fault.kind != WATCH,
        "drill": None,
        "predicted": {
            "failover": foretold.failover and foretold.failover.as_result(),
            "failback": foretold.failback and foretold.failback.as_result(),
            "why_never": list(foretold.why_never),
        },
        "verdict": None,
        "told": told,
        "history_file": None,
        "warnings": [],
    }


def _judged(ready: _Ready, drill: Drill, started: float, how: str) -> Document:
    router = capabilities(ready.nvram)
    about = About(
        fault=ready.wish.fault.name,
        started=started,
        router={"name": ready.router.host, "model": router.model, "firmware": router.firmware},
        how=how,
        cautions=ready.cautions,
    )
    period = float(ready.wish.params["probe_period"])
    return document(about, Case(drill, measure(drill, period), ready.foretold, period, asked=how != "router_word"))


def _kept(ready: _Ready, found: Document, here: Here) -> str | None:
    """The file of the history; that it cannot be written is told, and spoils no drill."""
    reports = {"json_file": json.dumps(found), "junit_file": junit(found)}
    for option, text in reports.items():
        try:
            ready.wish.files.write(option, text)
        except NotWritten as error:
            here.tell(error.message)
    try:
        return str(record(ready.router, for_the_history(found, ready.nvram["lan_hwaddr"]), ready.wish.params["keep"]))
    except OSError as error:
        here.tell(f"The history cannot be written: {error}")
    return None


def _outcome(ready: _Ready, drill: Drill, found: Document, kept: str | None) -> Result:
    if drill.interrupted is not None:
        raise drill.interrupted
    result: Result = {
        "changed": ready.wish.fault.kind != WATCH,
        "drill": found,
        "predicted": found["predicted"],
        "verdict": found["verdict"],
        "told": found["told"],
        "history_file": kept,
        "warnings": [],
    }
    if drill.not_given_back is not None:
        raise _with(drill.not_given_back, result)
    if drill.error is not None:
        raise _with(drill.error, result)
    if ready.wish.fails(found["verdict"]):
        bad = [each["told"] for each in found["judgements"] if not each["ok"]]
        back = "All is set as it was before" if drill.stays_away else "The line is given back"
        raise _with(
            DrillFailed(
                f"The drill's verdict is {found['verdict']}: {'; '.join(bad)}",
                cure=f"{back}. told has all that was seen; the doctor says what may be behind it",
            ),
            result,
        )
    return result


def _with(error: DeviceError, result: Result) -> DeviceError:
    """The error, with all that the drill has found."""
    error.facts |= {name: value for name, value in result.items() if name not in ("changed", "warnings")}
    error.facts["changed"] = result["changed"]
    return error
