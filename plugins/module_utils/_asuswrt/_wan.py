# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``asus_wan``: one line on, off or reconnected, and waited for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._apply import by_unit
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import CONNECTED, dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import Busy, NotActivated, NotStored
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import refuse_the_impossible
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import PLAIN, TEXT, read_all
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import CURES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan_plan import (
    WanPlan,
    WanWish,
    has_no_link,
    pair,
    reached,
    wan_plan,
    wan_wish_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

LOOK_SECONDS = 1.0
"""Between two looks at a line that is on its way; the router's web server answers one request at a time."""


@dataclass(frozen=True)
class _Work:
    """What one task does, and with whom."""

    session: Session
    here: Here
    wish: WanWish
    wait_seconds: float


def run(params: Params, here: Here) -> Result:
    """Bring the line to the wish and wait until it is there, or in check mode say what that would take.

    One login, one read and one logout where nothing is to change. Otherwise one write and the looks after it more; and
    one for each of these: the other line is dialled first, the traffic is moved over to it, the router takes the switch
    by its other name only.
    """
    wish = wan_wish_from(params)
    with Session(router_from(params), here.clock, tell=here.tell) as session:
        before = read_all(session)
        planned = _plan(wish, before)
        if planned.service and before["rc_service"] and not here.check_mode:
            session.wait_until_idle()  # a service requested now would be lost in silence
            before = read_all(session)
            planned = _plan(wish, before)
        if not planned.service:
            return _result(wish, planned, before, before)
        if here.check_mode:
            return _result(wish, planned, before, None)
        work = _Work(session, here, wish, params["wait_seconds"])
        start = here.clock.now()
        after = _carry_out(work, planned, before)
        return _result(wish, planned, before, after, seconds=round(here.clock.now() - start, 1))


def _plan(wish: WanWish, nvram: Nvram) -> WanPlan:
    refuse_the_impossible(Wish(), capabilities(nvram), nvram)
    return wan_plan(wish, nvram)


def _carry_out(work: _Work, planned: WanPlan, before: Nvram) -> Nvram:
    wan, _other = pair(work.wish, before)
    if planned.dial:
        _dial_the_other(work, planned)
    after = _store(work, planned)
    if planned.hand_over:
        after = _request(work, {}, planned.hand_over)
    deadline = work.here.clock.now() + work.wait_seconds
    work.here.tell(f"Waiting up to {work.wait_seconds:.0f} s for the {wan.role} WAN to be {work.wish.state}")
    while not reached(work.wish, planned, after):
        now_there, _other = pair(work.wish, after)
        hopeless = has_no_link(now_there) and not wan.link
        if hopeless or work.here.clock.now() >= deadline:
            if work.wish.state == "enabled" and has_no_link(now_there):
                break  # what has no cable or phone can never connect, and is switched on all the same
            if planned.hand_over and now_there.status == "disabled":
                raise _not_moved(work, planned, after)
            raise _not_there(work.wish, planned, after)
        after = _look_again(work)
    return after


def _dial_the_other(work: _Work, planned: WanPlan) -> None:
    """Connect the line that is to take over, before the one in use is touched."""
    nvram = _request(work, {}, planned.dial)
    deadline = work.here.clock.now() + work.wait_seconds
    while True:
        wan, other = pair(work.wish, nvram)
        if nvram[f"wan{other.unit}_state_t"] == CONNECTED or work.wish.even_without_backup:
            return
        if work.here.clock.now() >= deadline:
            raise NotActivated(
                f"The {other.role} WAN was dialled to take over and is not connected: {other.why}",
                doing=f"switching off the {wan.role}, which was left on",
                cure=f"{CURES.get(other.status, 'Look at what is behind it')}, or give more wait_seconds",
                status=wan.status,
            )
        nvram = _look_again(work)


def _store(work: _Work, planned: WanPlan) -> Nvram:
    """Write and read back; once more by the page's own names where that stored nothing."""
    after = _request(work, planned.values, planned.service)
    if all(after[name] == value for name, value in planned.values.items()):
        return after
    for posted in by_unit(planned.values):
        after = _request(work, posted, planned.service)
    kept = {name: after[name] for name, value in planned.values.items() if after[name] != value}
    if kept:
        raise NotStored(
            f"The router took the switch by both of its names and kept {kept}",
            doing="reading back what was stored",
            cure="Use the router's own page (WAN, Internet Connection, Enable WAN)",
            kept=kept,
        )
    return after


def _request(work: _Work, values: dict[str, str], service: str) -> Nvram:
    """Write, see the service run to its end, and read back."""
    try:
        work.session.carry_out(values, service)
    except Busy as busy:
        raise NotActivated(
            f"The router has not finished {service}",
            doing="making the setting true" if values else "restarting the line",
            cure="Look at the line with asus_wan_info; reboot the router if it stays like that",
        ) from busy
    return work.session.read_back(PLAIN, TEXT)


def _look_again(work: _Work) -> Nvram:
    work.here.clock.sleep(LOOK_SECONDS)
    return work.session.read_back(PLAIN, TEXT)


def _not_moved(work: _Work, planned: WanPlan, after: Nvram) -> NotActivated:
    """Off and still without a successor: the internet is gone, so the switch is put back."""
    wan, other = pair(work.wish, after)
    put_back = "It was left off"
    if planned.values and not work.wish.even_without_backup:
        wan, _other = pair(work.wish, _store(work, WanPlan({work.wish.setting: "1"}, planned.service)))
        put_back = "It was switched on again"
    return NotActivated(
        f"The {wan.role} WAN was off, and the router did not move the traffic to the {other.role} "
        f"({other.status}: {other.why})",
        doing="waiting for the line",
        cure=f"{put_back}. Unplug its cable to have the router's own failover move the traffic, then switch it off",
        status=wan.status,
    )


def _not_there(wish: WanWish, planned: WanPlan, after: Nvram) -> NotActivated:
    wan, _other = pair(wish, after)
    state = after[f"wan{wish.unit}_state_t"]
    doing = "waiting for the line; its switch is stored" if planned.values else "waiting for the line"
    return NotActivated(
        f"The {wan.role} WAN was to be {wish.state}, and is {wan.status}: {wan.why} (wan{wish.unit}_state_t {state})",
        doing=doing,
        cure=CURES.get(wan.status, "Give more wait_seconds, or look again with asus_wan_info"),
        status=wan.status,
    )


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
