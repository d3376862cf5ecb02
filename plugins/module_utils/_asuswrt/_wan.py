# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``asus_wan``: one line on, off or reconnected, and waited for."""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import refuse_the_impossible
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import read_all
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import CURES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settle import alone, settle, with_settled
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan_change import Work, carry_out
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan_plan import (
    WanPlan,
    WanWish,
    has_no_link,
    pair,
    wan_plan,
    wan_wish_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result


def run(params: Params, here: Here) -> Result:
    """Bring the line to the wish and wait until it is there, or in check mode say what that would take.

    One login, one read and one logout where nothing is to change. Otherwise one write and the looks after it more; and
    one for each of these: the other line is dialled first, the traffic is moved over to it, the router takes the switch
    by its other name only.
    """
    wish = wan_wish_from(params)
    session = Session(router_from(params), here.clock, tell=here.tell)
    with alone(session, here, "asus_wan"), session:
        before = read_all(session)
        settled = settle(session, before, here)
        if settled and not here.check_mode:
            before = read_all(session)
        planned = _plan(wish, before)
        if planned.service and before["rc_service"] and not here.check_mode:
            session.wait_until_idle()  # a service requested now would be lost in silence
            before = read_all(session)
            planned = _plan(wish, before)
        if not planned.service:
            return with_settled(settled, _result(wish, planned, before, before))
        if here.check_mode:
            return with_settled(settled, _result(wish, planned, before, None))
        work = Work(session, here, wish, params["wait_seconds"])
        start = here.clock.now()
        after = carry_out(work, planned, before)
        result = _result(wish, planned, before, after, seconds=round(here.clock.now() - start, 1))
        return with_settled(settled, result)


def _plan(wish: WanWish, nvram: Nvram) -> WanPlan:
    refuse_the_impossible(Wish(), capabilities(nvram), nvram)
    return wan_plan(wish, nvram)


def _result(
    wish: WanWish, planned: WanPlan, before: Nvram, after: Nvram | None, *, seconds: float | None = None
) -> Result:
    """``after`` is None where that is still to come: nobody can foretell where a line will be."""
    seen = before if after is None else after
    foretold = {**before, **planned.values} if after is None else after
    was, now = pair(wish, before)[0], pair(wish, seen)[0]
    return {
        "changed": bool(planned.service),
        "before": was.as_result(),
        "after": None if after is None else now.as_result(),
        "diff": _diff(_known(wish, before), _known(wish, foretold)),
        "activation": planned.activation,
        "seconds": seconds,
        "connected": now.status in ("connected", "hot_standby"),
        "active": dashboard(seen).active,
        "warnings": _warnings(wish, seen),
    }


def _known(wish: WanWish, nvram: Nvram) -> dict[str, Any]:
    wan, _other = pair(wish, nvram)
    return {"state": "enabled" if nvram[wish.setting] == "1" else "disabled", **wan.as_result()}


def _diff(was: dict[str, Any], becomes: dict[str, Any]) -> dict[str, Any]:
    """Only what differs."""
    names = [name for name in was if was[name] != becomes[name]]
    return {"before": {name: was[name] for name in names}, "after": {name: becomes[name] for name in names}}


def _warnings(wish: WanWish, nvram: Nvram) -> list[str]:
    wan, other = pair(wish, nvram)
    if wish.state == "enabled" and has_no_link(wan):
        return [f"The {wan.role} WAN is switched on and cannot connect: {wan.why}. {CURES[wan.status]}"]
    if wish.state != "disabled":
        return []
    if other.in_order:
        return [f"Nothing is in reserve while the {wan.role} WAN is off: only the {other.role} is left"]
    return [f"The {wan.role} WAN is off, and the {other.role} is not in order: {other.why}"]
