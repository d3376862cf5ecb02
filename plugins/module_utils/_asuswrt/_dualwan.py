# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``asus_dualwan``: read, plan, and in earnest write, activate and read back."""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._change import (
    Done,
    carry_out,
    not_back,
    take_back,
    wait_for_internet,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import INTERNET
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._effect import Effect
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadBackup, NotStored
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import refuse_the_impossible, understood
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import Unfinished
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import read_all
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._options import options
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import NONE, Plan, plan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settle import alone, settle, with_settled
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._take_backup import (
    directory_of,
    number_of,
    router_name,
    take,
    today,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import timing
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._unfinished import judge
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._warnings import warnings
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish, wish_from
from ansible_collections.homelab.dualwan.plugins.module_utils._checks import MOST_SECONDS
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result


def run(params: Params, here: Here) -> Result:
    """Bring the router to the wish, or in check mode say what that would take.

    One login, one read and one logout where nothing is to change; one write and its read-back more where something is.
    """
    wish = wish_from(params)
    rollback_seconds = _rollback_seconds(params)
    number_of(params["backup_keep"])
    session = Session(router_from(params), here.clock, tell=here.tell)
    with alone(session, here, "asus_dualwan"), session:
        before = read_all(session)
        settled = settle(session, before, here)
        if settled and not here.check_mode:
            before = read_all(session)
        wish, router = understood(wish, before, session.hook)
        # That of a run which is still at it is nothing left behind; only in check mode is there one beside this.
        change = None if session.debts.holder() else session.memory.unfinished(before["lan_hwaddr"])
        since_boot = _since_boot(session, change, before)
        left = judge(change, before, here.clock.epoch(), since_boot)
        if change is not None and not here.check_mode:
            if left.restore and left.watch:
                before = wait_for_internet(session, before, left.watch, here)
                refuse_the_impossible(wish, router, before)  # it may have come back by the line to be given up
                left = judge(change, before, here.clock.epoch(), since_boot)
            why = left.told if left.restore else ""
            if left.watch and left.owed == NONE and not left.restore:
                here.tell(f"{left.told}, and the internet was not seen to stay yet")
                if not_back(session, before, left.watch, here):
                    why = "An earlier run ended in the middle of its change, and the internet is not back"
            if why:
                take_back(session, change, why, router, here)

        def plan_for(nvram: Nvram, owed: str = NONE) -> Plan:
            return plan(wish, nvram, router, params["activation"], owed)

        planned = plan_for(before, left.owed)
        if here.check_mode:
            return with_settled(
                settled, _result(wish, planned, before, before | planned.values, router, told=left.lines)
            )
        if planned.empty:
            if left.owed == NONE:
                session.memory.end(before["lan_hwaddr"])
            return with_settled(settled, _result(wish, planned, before, before, router, told=left.lines))
        kept = _back_up(session, before, params, here) if planned.changes else None
        done = carry_out(
            session,
            before,
            router,
            here,
            planned=planned,
            replan=plan_for,
            rollback_seconds=rollback_seconds,
            earlier=change if left.owed != NONE else None,
        )
        unstored = plan_for(done.after)
        if unstored.changes:
            raise _not_stored(unstored)
        result = _result(wish, planned, before, done.after, router, told=left.lines, done=done, backup=kept)
        return with_settled(settled, result)


def _back_up(session: Session, before: Nvram, params: Params, here: Here) -> str | None:
    """Before the first write, where the task asks for it. If that goes wrong, nothing is written."""
    if not params["backup"]:
        return None
    name = router_name(before, params["host"])
    directory, number = directory_of(params["backup_directory"]), number_of(params["backup_keep"])
    try:
        return str(take(session, name, directory, number, today(here.clock)).file.path)
    except BadBackup as bad:
        raise BadBackup(
            bad.happened,
            doing="keeping the router's settings before the first write",
            cure="Nothing was written. backup: false (router_backup in the role) goes on without a way back to all "
            "settings; tell us model and firmware, so that its files can be read",
        ) from bad


def _rollback_seconds(params: Params) -> int:
    seconds = int(params["rollback_timeout"] or 0)
    if not 0 <= seconds <= MOST_SECONDS:
        raise BadWish(
            f"rollback_timeout is {seconds}", cure="Give some seconds, such as 180, up to a day, or 0 for no rollback"
        )
    return seconds


def _since_boot(session: Session, change: Unfinished | None, nvram: Nvram) -> int | None:
    """Asked only where it decides whether a reboot is still owed, or the internet had time enough to come back."""
    if change is None:
        return None
    lost = bool(change.rollback_seconds) and nvram["link_internet"] != INTERNET
    return session.seconds_since_boot() if lost or change.service != NONE else None


def _not_stored(left: Plan) -> NotStored:
    kept = ", ".join(f"{change.setting.nvram} is {change.before!r}, not {change.after!r}" for change in left.changes)
    return NotStored(
        f"The router took the settings and kept others: {kept}",
        doing="reading back what was stored",
        cure="Its firmware drops what it dislikes in silence; try a value that its own page offers",
        kept={change.setting.nvram: change.before for change in left.changes},
    )


def _result(
    wish: Wish,
    planned: Plan,
    before: Nvram,
    after: Nvram,
    router: Capabilities,
    *,
    told: list[str],
    done: Done | None = None,
    backup: str | None = None,
) -> Result:
    was, becomes = options(before, router), options(after, router)
    found = done.effect if done else Effect(None, "nothing was done")
    unseen = [f"The change does not show yet: {found.evidence}"] if found.seen is False else []
    return {
        "changed": not planned.empty,
        "before": was,
        "after": becomes,
        "diff": _diff(was, becomes, planned, router),
        "activation": planned.activation.service,
        "activation_reason": planned.activation.reason,
        "pending": planned.owed,
        "downtime_seconds": planned.downtime_seconds(router),
        "seconds": done.seconds if done else 0.0,
        "rebooted": done.rebooted if done else False,
        "effect": found.as_result(),
        "backup_file": backup,
        "timing": timing(after),
        "warnings": [*told, *unseen, *warnings(wish, before, after, router)],
    }


def _diff(was: dict[str, Any], becomes: dict[str, Any], planned: Plan, router: Capabilities) -> dict[str, Any]:
    """Only what differs, and what making it true takes."""
    names = [name for name in dict.fromkeys((*was, *becomes)) if was.get(name) != becomes.get(name)]
    return {
        "before": {name: was.get(name) for name in names},
        "after": {name: becomes.get(name) for name in names},
        **({} if planned.empty else {"prepared": _cost(planned, router)}),
    }


def _cost(planned: Plan, router: Capabilities) -> str:
    seconds = planned.downtime_seconds(router)
    down = f"the line is down for about {seconds} s" if seconds else "no line goes down"
    return f"activation: {planned.activation.service}, {down} ({planned.activation.reason})\n"
