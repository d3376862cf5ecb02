# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``asus_dualwan``: read, plan, and in earnest write, activate and read back."""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import (
    Capabilities,
    capabilities,
    refuse_the_impossible,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotStored
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import read_all
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import NONE, REBOOT, Plan, plan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import blind_spots
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import options
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import timing
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import wish_from
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Params, Result

REBOOT_PATIENCE = 3
"""How many times ``reboot_time`` to wait for a reboot; that nvram value is the page's own optimistic guess."""


def run(params: Params, check_mode: bool) -> Result:
    """Bring the router to the wish, or in check mode say what that would take.

    One login, one read and one logout where nothing is to change; one write and its read-back more where something is.
    """
    wish = wish_from(params)
    with Session(router_from(params)) as session:
        before = read_all(session)
        router = capabilities(before)
        refuse_the_impossible(wish, router, before)
        planned = plan(wish, before, router, params["activation"])
        if check_mode or not planned.changes:
            return _result(planned, before, before | planned.values, router)
        after, rebooted = _carry_out(session, planned, before, router)
        left = plan(wish, after, router, params["activation"])
        if left.changes and "wans_dualwan" in planned.values:
            # httpd brought another line's former settings along when it swapped them in.
            after, again = _carry_out(session, left, after, router)
            rebooted = rebooted or again
            left = plan(wish, after, router, params["activation"])
        if left.changes:
            raise _not_stored(left)
        return _result(planned, before, after, router, rebooted=rebooted)


def _carry_out(session: Session, planned: Plan, before: Nvram, router: Capabilities) -> tuple[dict[str, str], bool]:
    """Write, activate, wait, and read back."""
    service = planned.activation.service
    if before["rc_service"]:
        session.wait_until_idle()
    session.write(planned.values, "" if service == NONE else service)
    if service == REBOOT:
        session.await_reboot(router.reboot_seconds * REBOOT_PATIENCE)
    elif service != NONE:
        session.wait_until_idle()
    return read_all(session), service == REBOOT


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
    names = [name for name in becomes if was.get(name) != becomes[name]]
    return {
        "before": {name: was.get(name) for name in names},
        "after": {name: becomes[name] for name in names},
    }


def _warnings(becomes: dict[str, Any], after: Nvram) -> list[str]:
    if becomes["state"] != "enabled":
        return []
    board = dashboard(after)
    found = [spot.as_result()["told"] for spot in blind_spots(board, after) if spot.id == "no_probe"]
    if "usb" in (becomes["primary"], becomes["secondary"]) and not board.phone.plugged:
        found.append("The phone is not seen on the router's USB port yet. Plug it in, with USB tethering on")
    return found
