# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer that is a flow of LlamaLab Automate: start it, and read back what the phone tells of it."""

from __future__ import annotations

import re
from dataclasses import replace

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import POLL_SECONDS, Phone, Reply
from ansible_collections.homelab.dualwan.plugins.module_utils._android._automate import (
    AUTOMATE_PROBE,
    NOTE,
    NOTE_PROBE,
    PACKAGE,
    REFUSED,
    Automate,
    automate_from,
    by_hand,
    commands,
    plan,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import (
    NotStored,
    NotWritten,
    PhoneError,
    storage_cure,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._layers import AUTOMATE, Outcome
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections, ask
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import look_until

START_SECONDS = 10.0
"""For an app that Android may have to load first."""
_WHAT = re.compile(r"\bError|[Ee]xception:")
DOING = "starting the flow of Automate"


def bring_automate(phone: Phone, state: str, flow: str | None, found: Sections, *, check_mode: bool) -> Outcome:
    """Bring the flow to ``state``, as far as that can be done from outside. Raises PhoneError."""
    before = automate_from(found)
    planned = plan(state, flow, before)
    wanted = state == "started" or (state != "absent" and before.running(flow))
    if check_mode or not planned.changes:
        exempt = (before.exempt or planned.exempt) and not planned.restore
        becomes = replace(before, exempt=exempt)
        return _outcome(state, flow, before, becomes, ends_running=wanted, changed=planned.changes)
    doing = DOING if planned.start else "telling Android about Automate"
    reply = phone.shell(commands(planned, flow, before), doing=doing)
    if reply.code:
        raise _refused(reply, doing)
    after = _settle(phone, state, flow)
    if plan(state, flow, after).changes:
        raise NotStored(
            "Android took the order to start the flow, and Automate does not run"
            if planned.start
            else "The phone did not keep what it was told about Automate",
            doing=doing,
            cure=f"Open Automate on the phone once, look whether it has this flow, then run again. {NOTE} has what was "
            "started last",
            by_hand=list(by_hand(state, after)),
        )
    return _outcome(state, flow, before, after, ends_running=after.running(flow), changed=True)


def _refused(reply: Reply, doing: str) -> PhoneError:
    said = [line.strip() for line in reply.errors.splitlines() if line.strip()]
    if reply.code == REFUSED:
        # An exception comes with the lines of Android's code that it went through.
        what = next((line for line in said if _WHAT.search(line)), said[-1])
        return NotStored(
            f"Android refuses to start the flow ({what})",
            doing=doing,
            cure="Look whether automate_flow is what the block Flow beginning shows, which changes with each "
            "installation; or start the flow in Automate by hand",
        )
    last = said[-1] if said else "nothing"
    return NotWritten(f"The phone said: {last}", doing=doing, cure=storage_cure(last) or "Run again, which is safe")


def _settle(phone: Phone, state: str, flow: str | None) -> Automate:
    return look_until(
        lambda found: not plan(state, flow, found).changes,
        lambda: automate_from(ask(phone, {**NOTE_PROBE, **AUTOMATE_PROBE}, doing=DOING)),
        phone.clock,
        seconds=START_SECONDS,
        pause=POLL_SECONDS,
    )


def _outcome(
    state: str, flow: str | None, before: Automate, after: Automate, *, ends_running: bool, changed: bool
) -> Outcome:
    hands = by_hand(state, after)
    was, becomes = _word(before.running(flow or before.flow)), _word(ends_running)
    lines = {
        "before": _told(before.flow if before.running(before.flow) else None, exempt=before.exempt),
        "after": _told(flow if ends_running else None, exempt=after.exempt),
    }
    missing = state == "started" and after.installed and not after.privileged
    warning = (
        f"{AUTOMATE}: {PACKAGE}'s privileged service does not run, so its flow may not be able to switch tethering"
    )
    return Outcome(AUTOMATE, changed, was, becomes, lines, warnings=(warning,) if missing else (), by_hand=hands)


def _word(running: bool) -> str:
    return "running" if running else "absent"


def _told(flow: str | None, *, exempt: bool) -> str:
    return f"flow of Automate: {flow or 'none'}\nleft alone by battery optimisation: {'yes' if exempt else 'no'}\n"
