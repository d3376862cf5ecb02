# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers that are a script: bring one to its state, and read back what is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import DIRECTORY
from ansible_collections.homelab.dualwan.plugins.module_utils._android._layers import Outcome
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections, ask
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import look_until

START_SECONDS = 5.0
READING = "reading the keepalive"


def bring_script(phone: Phone, wish: KeepaliveWish, found: Sections, *, check_mode: bool) -> Outcome:
    before = keepalive_from(found, wish.place)
    planned = plan(wish, before)
    if check_mode or not planned.changes:
        return _of_script(wish, before, _predicted(wish, before) if check_mode else before.as_result(), planned)
    doing = _doing(planned, wish.place)
    reply = phone.shell(commands(planned, wish), doing=doing)
    if reply.code:
        raise not_written(reply.errors.strip() or reply.output.strip(), doing, wish.place)
    after = _settle(phone, partial(plan, wish), wish.place)
    if plan(wish, after).changes:
        raise NotStored(
            "The keepalive did not come to the wanted state",
            doing=doing,
            cure=f"Look at {DIRECTORY}/log on the phone, then run again, which is safe",
            before=before.as_result(),
            after=after.as_result(),
        )
    return _of_script(wish, before, after.as_result(), planned)


def _settle(phone: Phone, left: Callable[[Keepalive], KeepalivePlan], place: Place) -> Keepalive:
    """A started loop writes its pid a moment later; a stopped one is gone a moment later."""
    probe = PROBE if place is LOOP else {**PROBE, **ROOT_PROBE}

    def look() -> Keepalive:
        sections = ask(phone, probe, doing=READING)
        if place is ROOT_SERVICE and root_from({**sections, "su": "su"}) != ROOT_GRANTED:
            raise _no_longer_root(READING)
        return keepalive_from(sections, place)

    return look_until(
        lambda found: not left(found).changes, look, phone.clock, seconds=START_SECONDS, pause=POLL_SECONDS
    )


def _no_longer_root(doing: str) -> PhoneError:
    return NotSupported(
        "The phone's su no longer gives root to the shell",
        doing=doing,
        cure="Grant it in the root manager on the phone, then run again, which is safe",
    )


def not_written(said: str, doing: str, place: Place) -> PhoneError:
    """What comes of the words of a shell that could not do it."""
    if place is ROOT_SERVICE and said == "Permission denied":
        return _no_longer_root(doing)  # a file that is denied has its name before these words
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
