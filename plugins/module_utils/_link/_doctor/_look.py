# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look at both ends of a link and at the machine that asks: one login to the router, one round trip to the phone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import Address
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import PhoneError
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import ask
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import usb_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    AnotherRun,
    NotGivenBack,
    NotRemembered,
    RouterError,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._look_back import look_back
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import mark_of
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import read_all
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import Problem
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settle import drill_problems, settle
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import MissingLibrary
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._node import look_from_here
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rulebook import NAMES
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import (
    PHONE_PROBE,
    PhoneSeen,
    RouterSeen,
    Scene,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import load
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here

LOOK_SECONDS = 1.0
"""Between two looks while waiting for a person: the router's web server answers one request at a time."""
RUNNING = "drill_running"


class NoLibrary(PhoneError):
    """The phone cannot be asked from here."""

    reason = "missing_library"


@dataclass(frozen=True)
class Spent:
    """Seconds that the devices took, or that were waited on purpose."""

    router: float = 0.0
    phone: float = 0.0
    waited: float = 0.0


def look(
    router: Router, phone: Address | None, here: Here, *, plug: str, wait_seconds: float, dns_port: int | None
) -> tuple[Scene, Spent]:
    """All that there is to see. An end that does not answer is part of it, and raises nothing."""
    scene, spent = _at_router(router, here, wait_seconds)
    began = here.clock.now()
    date, now = scene.date, scene.now
    node = look_from_here(router, date, now, dns_port, reached=scene.router is not None)
    asked = here.clock.now()
    spent = replace(spent, router=spent.router + asked - began)
    scene = _at_phone(replace(scene, node=node, phone_asked=phone is not None, plug=plug), phone, here)
    return scene, replace(spent, phone=here.clock.now() - asked)


def _at_router(router: Router, here: Here, wait_seconds: float) -> tuple[Scene, Spent]:
    began, waited = here.clock.now(), 0.0
    deadline = began + wait_seconds
    try:
        with Session(router, here.clock, tell=here.tell) as session:
            seen = RouterSeen(read_all(session, NAMES))
            now = here.clock.epoch()
            given_back, drill = _drill(session, seen, now, here)
            if given_back:
                seen = RouterSeen(read_all(session, NAMES))
            told = None
            while seen.problems and here.clock.now() < deadline:
                first = next(iter(seen.problems.values())).what
                if first != told:
                    told = first
                    here.tell(f"Waiting up to {deadline - here.clock.now():.0f} s for the link: {told}")
                here.clock.sleep(LOOK_SECONDS)
                waited += LOOK_SECONDS
                seen = RouterSeen(read_all(session, NAMES))
                now = here.clock.epoch()
            scene = Scene(
                router=seen,
                date=session.date,
                drill=drill,
                given_back=tuple(given_back),
                drills=tuple(load(router, mark=mark_of(seen.nvram["lan_hwaddr"]))) if seen.dual else None,
                leftover=look_back(session, seen.nvram, here),
                now=now,
            )
    except RouterError as error:
        scene = Scene(router=None, router_error=error, now=here.clock.epoch())
    return scene, Spent(router=here.clock.now() - began - waited, waited=waited)


def _drill(session: Session, seen: RouterSeen, now: float, here: Here) -> tuple[list[str], Problem | None]:
    """Give the line back where a drill was killed, or say that it is to be, or that one is under way."""
    drill = next(iter(drill_problems(session.debts, seen.nvram, now)), None)
    if drill is None or drill.id == RUNNING or here.check_mode:
        return [], drill
    try:
        return settle(session, seen.nvram, here), None
    except (AnotherRun, NotGivenBack, NotRemembered) as error:
        return [], Problem(drill.id, error.happened, error.cure)


def _at_phone(scene: Scene, phone: Address | None, here: Here) -> Scene:
    if phone is None:
        return scene
    try:
        sections = ask(Phone(phone, here.clock), PHONE_PROBE, doing="reading its state")
        seen = PhoneSeen(sections, phone, usb_from(sections))
    except PhoneError as error:
        return replace(scene, phone_error=error)
    except MissingLibrary as error:
        return replace(
            scene, phone_error=NoLibrary(str(error), cure="pip install adbutils into the Python of the task")
        )
    return replace(scene, phone=seen)
