# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``asus_wan_info``: both lines, the phone on USB, what the router can do, and whether the backup is ready."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities, capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from, wait_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._look_back import look_back
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import mark_of
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import read_all
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._options import options
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import Problem, blind_spots, problems
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settle import drill_problems
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import timing
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._variables import OF_THE_MOMENT, role_variables
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import look_until
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

LOOK_SECONDS = 1.0
"""Between two looks while waiting for a person: the router's web server answers one request at a time."""


def run(params: Params, here: Here) -> Result:
    """Read the router; with ``wait_seconds``, again and again until the link is ready. Never writes to it."""
    wait = wait_from(params)
    with Session(router_from(params), here.clock, tell=here.tell) as session:
        return look_until(
            lambda found: bool(found["ready"]),
            lambda: _look(session, params["as_variables"], here),
            here.clock,
            seconds=wait,
            pause=LOOK_SECONDS,
        )


def _look(session: Session, as_variables: bool, here: Here) -> Result:
    nvram = read_all(session)
    look_back(session, nvram, here)
    return _result(nvram, as_variables, drill_problems(session.debts, nvram, here.clock.epoch()))


def _result(nvram: Nvram, as_variables: bool, of_drills: tuple[Problem, ...]) -> Result:
    router = capabilities(nvram)
    board = dashboard(nvram)
    wrong, spots = of_drills + problems(board, nvram, router), blind_spots(board, nvram)
    if as_variables and nvram["wans_usb_bk_act"] == "1":
        spots += (OF_THE_MOMENT,)
    return {
        "changed": False,
        "ready": not wrong,
        "problems": [problem.as_result() for problem in wrong],
        "cautions": [caution.as_result() for caution in spots],
        "dashboard": board.text(),
        "told": [*board.text(), *(found.as_result()["told"] for found in (*wrong, *spots))],
        "wans": [wan.as_result() for wan in board.wans],
        "active": board.active,
        "internet": board.internet,
        "phone": board.phone.as_result(),
        "dual_wan": options(nvram, router),
        "timing": timing(nvram),
        "capabilities": _capabilities(router),
        **({"role_variables": role_variables(nvram, router)} if as_variables else {}),
        "model": router.model,
        "firmware": router.firmware,
        "mark": mark_of(nvram["lan_hwaddr"]),
    }


def _capabilities(router: Capabilities) -> dict[str, object]:
    return {
        "dual_wan": router.dual_wan,
        "usb_modem": router.usb_modem,
        "auto_usb_backup": router.usb_backup,
        "ports": list(router.ports),
        "generation": router.generation.name,
        "router_mode": router.router_mode,
    }
