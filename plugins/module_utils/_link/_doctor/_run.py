# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``backup_link_doctor``: look at everything once, and say what is wrong, why, and what to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from, wait_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import mark_of
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._link._connection import phone_address_from
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._look import Spent, look
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._outlook import (
    drill_seconds,
    outlook,
    phone_line,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    ERROR,
    EXIT_CODES,
    PHONE,
    SEVERITIES,
    Finding,
    findings,
    worst,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rulebook import BY_ID, RULES
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import Scene
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._table import table
from ansible_collections.homelab.dualwan.plugins.module_utils._link._files import Places, places_from
from ansible_collections.homelab.dualwan.plugins.module_utils._link._junit import Case, suite
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

NEVER = "never"
FAIL_ON = (*reversed(SEVERITIES), NEVER)
SCHEMA = 1
SUITE = "backup_link_doctor"


def run(params: Params, here: Here) -> Result:
    """Look and judge. Raises BadWish for options that cannot be; an end that does not answer is a finding."""
    began = here.clock.now()
    ignore = _known([name.strip() for name in params["ignore"] if name.strip()])
    if params["dns_port"] is not None and not 0 <= params["dns_port"] < 65536:
        raise BadWish(f"dns_port is {params['dns_port']}", cure="Give a port from 1 to 65535, or 0 to ask nobody")
    files = places_from(params)
    router, phone = router_from(params), phone_address_from(params)
    scene, spent = look(
        router, phone, here, plug=params["plug"], wait_seconds=wait_from(params), dns_port=params["dns_port"]
    )
    everything = findings(scene, RULES)
    found = findings(scene, RULES, ignore) if ignore else everything
    result = _result(scene, found, ready=worst(everything) != ERROR)
    result |= {"json": files.path("json_file"), "junit": files.path("junit_file")}
    result["seconds"] = _seconds(here.clock.now() - began, spent)
    if not here.check_mode:
        _keep(files, result, scene, found, params["fail_on"])
    return result | _failure(scene, found, params["fail_on"])


def _known(ignore: Sequence[str]) -> frozenset[str]:
    unknown = [name for name in ignore if name not in BY_ID]
    if unknown:
        raise BadWish(
            f"ignore has {', '.join(unknown)}, which is no rule",
            cure="Give ids as the doctor's own table has them (docs/guides/check.md)",
        )
    return frozenset(ignore)


def _result(scene: Scene, found: Sequence[Finding], *, ready: bool) -> dict[str, Any]:
    router = scene.router
    board = router.board.text() if router else ["   the router was not reached"]
    severity = worst(found)
    return {
        "changed": bool(scene.given_back),
        "ready": ready,
        "findings": [finding.as_result() for finding in found],
        "worst": severity,
        "exit_code": EXIT_CODES[severity],
        "dashboard": board,
        "told": [*board, *phone_line(scene), *scene.given_back, *table(found), *outlook(router)],
        "drill_would_take": drill_seconds(router),
        "active": router.board.active if router else None,
        "internet": router.board.internet if router else None,
        "wans": [wan.as_result() for wan in router.board.wans] if router else [],
        "timing": dict(router.timing) if router else None,
        "model": router.able.model if router else None,
        "firmware": router.able.firmware if router else None,
        "mark": mark_of(router.nvram["lan_hwaddr"]) if router else None,
        "given_back": list(scene.given_back),
    }


def _seconds(total: float, spent: Spent) -> dict[str, float]:
    own = total - spent.router - spent.phone - spent.waited
    return {
        name: round(value, 3)
        for name, value in (("router", spent.router), ("phone", spent.phone), ("waited", spent.waited), ("own", own))
    }


def _failure(scene: Scene, found: Sequence[Finding], fail_on: str) -> dict[str, Any]:
    severity = worst(found)
    if not _fails(severity, fail_on):
        return {}
    first, further = found[0], len(found) - 1
    more = f". {further} more finding{'s' if further > 1 else ''} in `findings`" if further else ""
    error = scene.router_error
    known = error.as_result() if error else {"reason": "findings"}
    return {**known, "failed": True, "msg": f"{first.rule.id}: {first.told.partition(': ')[2]}{more}"}


def _fails(severity: str | None, fail_on: str) -> bool:
    if severity is None or fail_on == NEVER:
        return False
    return SEVERITIES.index(severity) >= SEVERITIES.index(fail_on)


def _keep(files: Places, result: Result, scene: Scene, found: Sequence[Finding], fail_on: str) -> None:
    told = {name: value for name, value in result.items() if name not in ("changed", "json", "junit")}
    files.write("json_file", json.dumps({"schema": SCHEMA, "at": scene.now, **told}, indent=2) + "\n")
    files.write("junit_file", suite(SUITE, _cases(scene, found, fail_on)))


def _cases(scene: Scene, found: Sequence[Finding], fail_on: str) -> list[Case]:
    """One for every rule: those that could not be asked are skipped."""
    fired = {finding.rule.id: finding for finding in found}
    cases = []
    for rule in RULES:
        finding = fired.get(rule.id)
        text = f"{finding.told}\n{rule.source}" if finding else None
        fails = finding is not None and _fails(finding.severity, fail_on)
        unseen = finding is None and (scene.phone is None if rule.about == PHONE else scene.router is None)
        cases.append(
            Case(
                rule.id,
                f"{SUITE}.{rule.about}",
                failure=text if fails else None,
                skipped="that end was not reached" if unseen else None,
                output=None if fails else text,
            )
        )
    return cases
