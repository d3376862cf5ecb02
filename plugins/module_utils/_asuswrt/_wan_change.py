# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out what ``_wan_plan`` decided: dial the other line, switch, hand over, and look until the line is there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import NoReturn

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._apply import by_unit
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import CONNECTED
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import SWITCH, Debt
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    BadReply,
    Busy,
    NotActivated,
    NotStored,
    RouterError,
    Unreachable,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import PLAIN, TEXT
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import MULTIPATH
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import CURES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan_plan import (
    WanPlan,
    WanWish,
    has_no_link,
    pair,
    reached,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here

LOOK_SECONDS = 1.0
"""Between two looks at a line that is on its way; the router's web server answers one request at a time."""


@dataclass(frozen=True)
class Work:
    """What one task does, and with whom."""

    session: Session
    here: Here
    wish: WanWish
    wait_seconds: float


def carry_out(work: Work, planned: WanPlan, before: Nvram) -> Nvram:
    """What the router has when the line is where it is wanted. Raises NotActivated or NotStored.

    A line that is off with the traffic still on it is noted for as long, so that the next run gives it back where this
    one is killed.
    """
    wan, _other = pair(work.wish, before)
    if planned.dial:
        dial_the_other(work, planned)
    if _comes_back(work, planned):
        work.session.debts.note(_debt(work, before))
    after = _switch(work, planned, before)
    deadline = work.here.clock.now() + work.wait_seconds
    work.here.tell(f"Waiting up to {work.wait_seconds:.0f} s for the {wan.role} WAN to be {work.wish.state}")
    while not reached(work.wish, planned, after):
        now_there, other = pair(work.wish, after)
        hopeless = has_no_link(now_there) and not wan.link
        if hopeless or work.here.clock.now() >= deadline:
            if work.wish.state == "enabled" and has_no_link(now_there):
                break  # what has no cable or phone can never connect, and is switched on all the same
            if planned.moves and not other.active and now_there.status == "disabled":
                raise _not_moved(work, planned, after)
            _forget(work, planned, after)
            raise _not_there(work.wish, planned, after)
        after = _look_again(work)
    _forget(work, planned, after)
    return after


def _switch(work: Work, planned: WanPlan, before: Nvram) -> Nvram:
    try:
        after = store(work, planned)
        return request(work, {}, planned.hand_over) if planned.hand_over else after
    except NotStored:
        _forget(work, planned, before)  # it is as it was
        raise
    except (NotActivated, Unreachable, BadReply) as error:
        if not _comes_back(work, planned):
            raise
        _not_seen_to_move(work, planned, error)


def _comes_back(work: Work, planned: WanPlan) -> bool:
    """Whether the line is to be on again where its traffic does not move."""
    return bool(planned.hand_over and planned.values) and not work.wish.even_without_backup


def _debt(work: Work, before: Nvram) -> Debt:
    return Debt(
        identity=before["lan_hwaddr"],
        fault=SWITCH,
        begun=work.here.clock.epoch(),
        pid=os.getpid(),
        former={work.wish.setting: "1"},
        lent={work.wish.setting: "0"},
        line=work.wish.unit,
        traffic="" if work.wish.unit else "primary",
    )


def _forget(work: Work, planned: WanPlan, nvram: Nvram) -> None:
    """The note of the line, where it is on or the other has the traffic."""
    _wan, other = pair(work.wish, nvram)
    if _comes_back(work, planned) and (nvram[work.wish.setting] == "1" or other.active):
        work.session.debts.forget(nvram["lan_hwaddr"])


def dial_the_other(work: Work, planned: WanPlan) -> None:
    """Connect the line that is to take over, before the one in use is touched."""
    nvram = request(work, {}, planned.dial)
    deadline = work.here.clock.now() + work.wait_seconds
    while True:
        wan, other = pair(work.wish, nvram)
        if nvram[f"wan{other.unit}_state_t"] == CONNECTED or work.wish.even_without_backup:
            return
        if work.here.clock.now() >= deadline:
            raise NotActivated(
                f"The {other.role} WAN was dialled to take over and is not connected: {other.why}",
                doing=f"moving the traffic off the {wan.role}, which is off"
                if planned.service == MULTIPATH
                else f"switching off the {wan.role}, which was left on",
                cure=f"{CURES.get(other.status, 'Look at what is behind it')}, or give more wait_seconds",
                status=wan.status,
            )
        nvram = _look_again(work)


def store(work: Work, planned: WanPlan) -> Nvram:
    """Write and read back; once more by the page's own names where that stored nothing."""
    after = request(work, planned.values, planned.service)
    if all(after[name] == value for name, value in planned.values.items()):
        return after
    for posted in by_unit(planned.values):
        after = request(work, posted, planned.service)
    kept = {name: after[name] for name, value in planned.values.items() if after[name] != value}
    if kept:
        raise NotStored(
            f"The router took the switch by both of its names and kept {kept}",
            doing="reading back what was stored",
            cure="Use the router's own page (WAN, Internet Connection, Enable WAN)",
            kept=kept,
        )
    return after


def request(work: Work, values: dict[str, str], service: str) -> Nvram:
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


def _look_again(work: Work) -> Nvram:
    work.here.clock.sleep(LOOK_SECONDS)
    return work.session.read_back(PLAIN, TEXT)


def _not_seen_to_move(work: Work, planned: WanPlan, error: RouterError) -> NoReturn:
    """Off, and nobody knows whether the traffic has a line: the switch is put back as far as the router lets us."""
    work.here.tell(f"{error.happened}: the line is switched on again")
    role = "secondary" if work.wish.unit else "primary"
    work.session.take_back()
    try:
        _switch_on_again(work, planned)
        stands = f"The {role} WAN was switched on again"
    except RouterError:
        stands = (
            f"The {role} WAN was to be switched on again, which was not seen to be done: the next run of check.yml, or "
            "of any task that may write, does it, or switch it on in the router (WAN, Internet Connection, Enable WAN)"
        )
    raise NotActivated(
        error.happened, doing=f"moving the traffic off the {role}", cure=f"{stands}. {error.cure}"
    ) from error


def _switch_on_again(work: Work, planned: WanPlan) -> Nvram:
    after = store(work, WanPlan({work.wish.setting: "1"}, planned.service))
    work.session.debts.forget(after["lan_hwaddr"])
    return after


def _not_moved(work: Work, planned: WanPlan, after: Nvram) -> NotActivated:
    """Off and still without a successor: the internet is gone, so the switch is put back."""
    wan, other = pair(work.wish, after)
    put_back = "It was left off: state: enabled switches it on again"
    if _comes_back(work, planned):
        work.session.take_back()
        wan, _other = pair(work.wish, _switch_on_again(work, planned))
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
