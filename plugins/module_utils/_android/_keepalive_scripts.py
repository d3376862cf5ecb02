# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers that are a script: bring one to its state, and read back what is there."""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import ROOT_GRANTED, root_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import POLL_SECONDS, Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import (
    NotStored,
    NotSupported,
    NotWritten,
    PhoneError,
    storage_cure,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import (
    LOOP,
    NO_ROOT,
    PROBE,
    ROOT_PROBE,
    ROOT_SERVICE,
    Keepalive,
    KeepalivePlan,
    KeepaliveWish,
    Place,
    commands,
    keepalive_from,
    plan,
    whichever_runs,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import DIRECTORY
from ansible_collections.homelab.dualwan.plugins.module_utils._android._layers import Outcome
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections, ask
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import look_until

START_SECONDS = 5.0
READING = "reading the keepalive"
ENDING = ("stopped", "absent")


def bring_script(phone: Phone, wish: KeepaliveWish, found: Sections, *, check_mode: bool) -> Outcome:
    before = keepalive_from(found, wish.place)
    planned = plan(wish, before)
    if check_mode or not planned.changes:
        return _of_script(wish, before, _predicted(wish, before) if check_mode else before.as_result(), planned)
    doing = _doing(planned, wish.place)
    reply = phone.shell(commands(planned, wish), doing=doing)
    if reply.code == NO_ROOT and wish.place is ROOT_SERVICE:
        raise _no_longer_root(wish, doing)
    if reply.code:
        raise not_written(reply.errors.strip() or reply.output.strip(), doing)
    after = _settle(phone, wish)
    if plan(wish, after).changes:
        raise NotStored(
            "The keepalive did not come to the wanted state",
            doing=doing,
            cure=f"Look at {DIRECTORY}/log on the phone, then run again, which is safe",
            before=before.as_result(),
            after=after.as_result(),
        )
    return _of_script(wish, before, after.as_result(), planned)


def leave_root_service(found: Sections, state: str) -> Outcome:
    """What comes of the one that runs and that nobody but a hand can change: it stays as it is, but for a pause."""
    was = whichever_runs(found).as_result()
    becomes = was | {"paused": state == "paused"}
    told = (
        f"{ROOT_SERVICE.layer}: it runs and the phone gives the shell no root any more, so that it goes on with the "
        "settings that it was given, and no loop comes beside it"
    )
    hand = (
        "grant root to the shell once more in the root manager on the phone: without it nobody can change the root "
        "service or take it away from outside"
    )
    return Outcome(
        ROOT_SERVICE.layer,
        changed=False,
        before=_state(was),
        after=_state(becomes),
        diff={},
        keepalive=(was, becomes),
        warnings=(told,),
        by_hand=(hand,),
    )


def root_service_stays(or_else: str = "") -> PhoneError:
    """For who wants it ended."""
    return NotSupported(
        "The root service is on the phone, and su gives the shell no root to end it with: it refuses, does not answer "
        "or is gone",
        cure="Grant root to the shell once more in the root manager on the phone and run again, or delete "
        f"{ROOT_SERVICE.launcher} and {ROOT_SERVICE.directory} by hand on the phone and reboot it (By hand in "
        f"docs/guides/undo.md){or_else}",
    )


def _settle(phone: Phone, wish: KeepaliveWish) -> Keepalive:
    """A started loop writes its pid a moment later; a stopped one is gone a moment later."""
    place = wish.place
    probe = PROBE if place is LOOP else {**PROBE, **ROOT_PROBE}

    def look() -> Keepalive:
        sections = ask(phone, probe, doing=READING)
        if place is ROOT_SERVICE and root_from({**sections, "su": "su"}) != ROOT_GRANTED:
            raise _no_longer_root(wish, READING)
        return keepalive_from(sections, place)

    return look_until(
        lambda found: not plan(wish, found).changes, look, phone.clock, seconds=START_SECONDS, pause=POLL_SECONDS
    )


def _no_longer_root(wish: KeepaliveWish, doing: str) -> PhoneError:
    """Of a su that had given root a moment before."""
    if wish.state in ENDING:
        return root_service_stays()
    return NotSupported(
        "The phone's su no longer gives root to the shell",
        doing=doing,
        cure="Grant it in the root manager on the phone, then run again, which is safe",
    )


def not_written(said: str, doing: str) -> PhoneError:
    """What comes of the words of a shell that could not do it."""
    if (storage := storage_cure(said)) is not None:
        cure = storage
    elif "syntax error" in said or "unmatched" in said or "unexpected" in said:
        cure = "Correct command: the phone's shell cannot read it"
    else:
        cure = "Run again, which is safe"
    return NotWritten(f"The phone said: {said}", doing=doing, cure=cure)


def _doing(planned: KeepalivePlan, place: Place) -> str:
    if planned.install:
        return f"writing the keepalive to {place.directory}"
    if planned.start:
        return "starting the keepalive"
    if planned.pause or planned.resume:
        return "pausing the keepalive" if planned.pause else "resuming the keepalive"
    return "removing the keepalive" if planned.remove else "stopping the keepalive"


def _predicted(wish: KeepaliveWish, before: Keepalive) -> dict[str, Any]:
    return before.as_result() | {
        "installed": wish.state != "absent",
        "running": wish.state in ("started", "paused"),
        "outdated": False,
        "paused": wish.state == "paused" or (wish.state == "stopped" and before.paused),
        "checksum": None if wish.state == "absent" else wish.script.checksum,
    }


def _of_script(wish: KeepaliveWish, before: Keepalive, becomes: dict[str, Any], planned: KeepalivePlan) -> Outcome:
    was = before.as_result()
    script = "" if wish.state == "absent" else wish.script.text + wish.launcher
    old = "".join(f"{text}\n" for text in (before.script, before.launcher) if text)
    return Outcome(
        wish.place.layer,
        changed=planned.changes,
        before=_state(was),
        after=_state(becomes),
        diff={
            "before_header": f"{wish.place.script} ({_state(was)}{_checksum(was)})",
            "after_header": f"{wish.place.script} ({_state(becomes)}{_checksum(becomes)})",
            "before": old,
            "after": script,
        },
        keepalive=(was, becomes),
    )


def _state(found: dict[str, Any]) -> str:
    if not found["installed"]:
        return "absent"
    return "paused" if found["running"] and found["paused"] else "running" if found["running"] else "stopped"


def _checksum(found: dict[str, Any]) -> str:
    return f", sha256 {found['checksum']}" if found["checksum"] else ""
