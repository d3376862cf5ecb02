# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry a plan out so that nobody is locked out: note it, store, activate, look, and take it back if it must be.

The order is what makes it safe to be interrupted anywhere: the former values are on the control node's disk before the
router hears of anything, and are forgotten only when the router was seen to be well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NoReturn

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._apply import by_unit
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import INTERNET
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._effect import EFFECT_SECONDS, Effect, effect
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    Busy,
    NotActivated,
    NotRebooted,
    NotRemembered,
    RolledBack,
    RouterError,
    Unreachable,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import Unfinished
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import PLAIN, TEXT
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import NONE, REBOOT, Plan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._standing import NOT_ALL, NOTHING
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import shows_within_seconds
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._unfinished import outlived
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here

REBOOT_PATIENCE = 4
"""How many times ``reboot_time`` to wait for a reboot: it may take three times as long as that, which is the page's own
optimistic guess."""
FREEZE_SECONDS = 20.0
"""httpd makes the failover daemon pause for 15 s before it runs anything (``freeze_duck``), and what the daemon says of
the internet is old until then. Not waited for longer, should the variable mean something else."""
LOOK_SECONDS = 1.0
LINES = "wans_dualwan"
SWAPPED = ("wan0_", "wan1_")
"""Settings of a line, which httpd keeps by its type and swaps when :data:`LINES` changes."""


@dataclass(frozen=True)
class Done:
    """A plan that was carried out."""

    after: Nvram
    rebooted: bool
    seconds: float
    """From the write until the router was there again."""
    effect: Effect


def carry_out(
    session: Session,
    before: Nvram,
    router: Capabilities,
    here: Here,
    *,
    planned: Plan,
    replan: Callable[[Nvram], Plan],
    rollback_seconds: int,
    earlier: Unfinished | None = None,
) -> Done:
    """Write, activate, wait and look. ``replan`` says what is left to do, ``rollback_seconds`` is 0 for no way back.

    ``earlier`` is a change whose service is still owed, and asked for with this: both are one, and go back as one.

    Raises RolledBack when management or the internet was not back in time and the former values are in place again, and
    any RouterError that left the change as it is; then the next run finds the note of it.
    """
    now = here.clock.epoch()
    watched = rollback_seconds
    if before["link_internet"] != INTERNET:
        watched = 0
        if earlier and not earlier.undoing and not outlived(earlier, now):
            # It was there before the earlier run, if that is not 0.
            watched = earlier.rollback_seconds
    former, wanted = _of_both(earlier, planned, before)
    change = Unfinished(
        identity=before["lan_hwaddr"],
        begun=now,
        former=former,
        wanted=wanted,
        service=planned.activation.service if planned.owed == NONE else planned.owed,
        rollback_seconds=watched,
    )
    if change.service != NONE or watched:
        session.memory.begin(change)
    if before["rc_service"] and planned.activation.service != NONE:
        session.wait_until_idle()  # a service requested now would be lost in silence
    # What was not asked for to make the change true is not asked for to take it back.
    undone = change if earlier or planned.owed == NONE else replace(change, service=NONE)
    try:
        done = _activate(session, planned, replan, router, here)
        why = not_back(session, done.after, watched, here) if watched else ""
    except (NotActivated, Unreachable) as error:
        if not watched:
            raise
        _once_back(session, undone, router, here, error)
    if why:
        # What it made of what it was sent is nobody else's doing. One that it kept as it was shows nothing.
        took = {name: done.after[name] for name in planned.values if done.after[name] != former.get(name)}
        take_back(session, replace(undone, wanted={**wanted, **took}), why, router, here)
    if planned.owed == NONE:
        session.memory.end(change.identity)
    else:
        session.memory.begin(replace(change, rollback_seconds=0))
    return done


def _of_both(earlier: Unfinished | None, planned: Plan, before: Nvram) -> tuple[dict[str, str], dict[str, str]]:
    """Former and wanted values of this change, and of the earlier one what nobody has set to something else since."""
    stands = {name: value for name, value in earlier.wanted.items() if before[name] == value} if earlier else {}
    former = {change.setting.nvram: change.before for change in planned.changes}
    if earlier:
        former |= {name: earlier.former[name] for name in stands if name in earlier.former}
    return former, {**stands, **planned.values}


def wait_for_internet(session: Session, nvram: dict[str, str], seconds: float, here: Here) -> dict[str, str]:
    """What the router has when the internet is there, or after so many seconds."""
    deadline = here.clock.now() + seconds
    while nvram["link_internet"] != INTERNET and here.clock.now() < deadline:
        here.clock.sleep(LOOK_SECONDS)
        nvram = session.read_back(PLAIN, TEXT)
    return nvram


def take_back(
    session: Session, change: Unfinished, why: str, router: Capabilities, here: Here, *, whole: bool = False
) -> NoReturn:
    """Write the former values again, make them true, and raise RolledBack.

    What somebody has set to something else since is left alone: another control node may have, with no note of this.
    ``whole``: nobody had the time to.
    """
    here.tell(f"{why}: the former values are written again")
    session.take_back()
    now = session.read_back(PLAIN, TEXT)
    ours = change.former if whole else _still_ours(change, now)
    values = {name: value for name, value in ours.items() if now[name] != value}
    if now["rc_service"] and change.service != NONE:
        session.wait_until_idle()
    if values:
        if change.service != NONE:
            # A disk that is full is no reason to leave the house offline: the note that there is leads the same way.
            with suppress(NotRemembered):
                session.memory.begin(replace(change, undoing=True, begun=here.clock.epoch()))
        _store(session, values, change.service, router, here)
    after = session.read_back(PLAIN, TEXT)
    # One that stays is found to be of values that are back, and forgotten then.
    with suppress(NotRemembered):
        session.memory.end(change.identity)
    kept = sorted(name for name, value in ours.items() if after[name] != value)
    others = sorted(name for name, value in change.former.items() if name not in ours and after[name] != value)
    left = f". Set to something else since, and left alone: {', '.join(others)}" if others else ""
    told = f"are not all in place: {', '.join(kept)}" if kept else "were written again"
    raise RolledBack(
        f"{why}. The former values {told}{left}",
        cure="Look at the line that the change was about before you ask for it again; a larger rollback_timeout waits "
        "longer",
        rolled_back=not kept,
        stored=NOT_ALL if kept else NOTHING,
        why=why,
        internet=after["link_internet"] == INTERNET,
    )


def _still_ours(change: Unfinished, now: Mapping[str, str]) -> dict[str, str]:
    """The former values of what the router has as it was, or as the change wanted it.

    Of a line that is swapped out again whatever it has: httpd swaps others in by itself.
    """
    swaps = (change.former.get(LINES), change.wanted.get(LINES))
    swapped = SWAPPED if LINES in change.former and now[LINES] in swaps else ()
    return {
        name: value
        for name, value in change.former.items()
        if now[name] in (value, change.wanted.get(name)) or name.startswith(swapped)
    }


def _once_back(session: Session, change: Unfinished, router: Capabilities, here: Here, error: RouterError) -> NoReturn:
    """Management was lost. Come back for the former values if it returns at all."""
    why = f"The change was not seen through in time ({error.happened})"
    try:
        session.return_within(float(change.rollback_seconds))
    except RouterError as still:
        raise NotActivated(
            f"{error.happened}, and it cannot be reached to take the change back",
            doing="making the settings true",
            cure="Look whether it has power and starts. The next run that reaches it takes the change back, unless the "
            "internet is there",
            rolled_back=False,
        ) from still
    take_back(session, change, why, router, here, whole=True)


def _activate(
    session: Session, planned: Plan, replan: Callable[[Nvram], Plan], router: Capabilities, here: Here
) -> Done:
    start = here.clock.now()
    rebooted = _store(session, planned.values, planned.activation.service, router, here)
    after = session.read_back(PLAIN, TEXT)
    left = replan(after)
    if left.changes and all(name.startswith(SWAPPED) for name in left.values):
        # httpd brought the line's former settings along when it swapped it in.
        rebooted |= _store(session, left.values, left.activation.service, router, here)
        after = session.read_back(PLAIN, TEXT)
        left = replan(after)
    if left.changes and all(name.startswith(SWAPPED) for name in left.values):
        for posted in by_unit(left.values):
            rebooted |= _store(session, posted, left.activation.service, router, here)
        after = session.read_back(PLAIN, TEXT)
    seconds = here.clock.now() - start
    found = effect(planned, after)
    while found.seen is False and here.clock.now() - start < seconds + EFFECT_SECONDS:
        here.clock.sleep(LOOK_SECONDS)
        after = session.read_back(PLAIN, TEXT)
        found = effect(planned, after)
    return Done(after, rebooted, round(seconds, 1), found)


def _store(session: Session, values: Mapping[str, str], service: str, router: Capabilities, here: Here) -> bool:
    """Whether it rebooted."""
    if _ask(session, values, service) != REBOOT:
        return False
    patience = router.reboot_seconds * REBOOT_PATIENCE
    try:
        session.await_reboot(patience)
    except NotRebooted:
        _ask(session, values, REBOOT)
        session.await_reboot(patience)
    return True


def _ask(session: Session, values: Mapping[str, str], service: str) -> str:
    """The service that the router runs then, by its own word."""
    try:
        return session.carry_out(values, "" if service == NONE else service).service
    except Busy as busy:
        raise NotActivated(
            f"The router has not finished {service}",
            doing="making the settings true",
            cure="Run again, or reboot it: that this is owed is remembered, and a reboot settles it",
        ) from busy


def not_back(session: Session, after: Nvram, seconds: float, here: Here) -> str:
    """Why the internet counts as lost; empty once it was seen for as long as its loss may take to show."""
    start = here.clock.now()
    shown_seconds = shows_within_seconds(after)
    here.tell(f"The change is made. For some {shown_seconds} s it is watched whether the internet stays")
    since: float | None = None
    while True:
        state = session.read_back(["link_internet", "freeze_duck"])
        now = here.clock.now()
        frozen = state["freeze_duck"] not in ("", "0") and now - start < FREEZE_SECONDS
        if state["link_internet"] != INTERNET or frozen:
            since = None
        else:
            since = now if since is None else since
            if now - since >= shown_seconds:
                return ""
        if now - start > max(seconds, FREEZE_SECONDS + shown_seconds):
            return f"The internet was not back {now - start:.0f} s after the change"
        here.clock.sleep(LOOK_SECONDS)
