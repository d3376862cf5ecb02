# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``asus_dualwan``: read, plan, and in earnest write, activate and read back."""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities, capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import Busy, NotActivated, NotStored
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import refuse_the_impossible
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import read_all
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import NONE, REBOOT, Plan, plan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import blind_spots
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import options
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import timing
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import wish_from
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

SWAPPED = ("wan0_", "wan1_")
REBOOT_PATIENCE = 3
"""How many times ``reboot_time`` to wait for a reboot; that nvram value is the page's own optimistic guess."""


def run(params: Params, here: Here) -> Result:
    """Bring the router to the wish, or in check mode say what that would take.

    One login, one read and one logout where nothing is to change; one write and its read-back more where something is.
    """
    wish = wish_from(params)
    with Session(router_from(params), here.clock) as session:
        before = read_all(session)
        router = capabilities(before)
        refuse_the_impossible(wish, router, before)
        planned = plan(wish, before, router, params["activation"])
        if here.check_mode or not planned.changes:
            return _result(planned, before, before | planned.values, router)
        after, rebooted = _carry_out(session, planned, before, router)
        left = plan(wish, after, router, params["activation"])
        if left.changes and all(name.startswith(SWAPPED) for name in left.values):
            # httpd brought the line's former settings along when it swapped it in.
            after, again = _carry_out(session, left, after, router)
            rebooted = rebooted or again
            left = plan(wish, after, router, params["activation"])
        if left.changes:
            raise _not_stored(left)
        return _result(planned, before, after, router, rebooted=rebooted)


def _carry_out(session: Session, planned: Plan, before: Nvram, router: Capabilities) -> tuple[dict[str, str], bool]:
    """Write, activate, wait, and read back."""
    service = planned.activation.service
    if service == NONE:
        session.write(planned.values)
        return read_all(session), False
    if before["rc_service"]:
        session.wait_until_idle()  # a service requested now would be lost in silence
    session.write(planned.values, service)
    if service == REBOOT:
        session.await_reboot(router.reboot_seconds * REBOOT_PATIENCE)
        return read_all(session), True
    try:
        session.wait_until_idle()
    except Busy as busy:
        raise NotActivated(
            f"The settings are stored, and the router has not finished {service}",
            doing="making them true",
            cure="Reboot it: another run finds nothing left to store, and will not ask for it again",
        ) from busy
    return read_all(session), False


def _not_stored(left: Plan) -> NotStored:
    kept = ", ".join(f"{change.setting.nvram} is {change.before!r}, not {change.after!r}" for change in left.changes)
    return NotStored(
        f"The router took the settings and kept others: {kept}",
        doing="reading back what was stored",
        cure="Its firmware drops what it dislikes in silence; try a value that its own page offers",
        kept={change.setting.nvram: change.before for change in left.changes},
    )


def _result(planned: Plan, before: Nvram, after: Nvram, router: Capabilities, *, rebooted: bool = False) -> Result:
    was, becomes = options(before, router), options(after, router)
    return {
        "changed": bool(planned.changes),
        "before": was,
        "after": becomes,
        "diff": _diff(was, becomes),
        "activation": planned.activation.service,
        "activation_reason": planned.activation.reason,
        "rebooted": rebooted,
        "timing": timing(after),
        "warnings": _warnings(becomes, after),
    }


def _diff(was: dict[str, Any], becomes: dict[str, Any]) -> dict[str, Any]:
    """Only what differs."""
    names = [name for name in dict.fromkeys((*was, *becomes)) if was.get(name) != becomes.get(name)]
    return {
        "before": {name: was.get(name) for name in names},
        "after": {name: becomes.get(name) for name in names},
    }


def _warnings(becomes: dict[str, Any], after: Nvram) -> list[str]:
    if becomes["state"] != "enabled":
        return []
    board = dashboard(after)
    found = [spot.as_result()["told"] for spot in blind_spots(board, after) if spot.id == "no_probe"]
    if "usb" in (becomes["primary"], becomes["secondary"]) and not board.phone.plugged:
        found.append("The phone is not seen on the router's USB port yet. Plug it in, with USB tethering on")
    return found
