# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drills of a router that the control node keeps: a file each, for its owner only."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import file_name
from ansible_collections.homelab.dualwan.plugins.module_utils._state_directory import keep_private, state_directory
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Tell, nobody

SCHEMA = 1
"""Of a drill as a document."""
MOVES_TRAFFIC = ("primary_off", "target_unreachable", "pull_cable")
MOVES_NOTHING = ("tether_off", "phone_reboot", "watch")
"""Faults, by what becomes of the traffic. Told here, too: who only reads drills loads nothing of what makes them."""
WENT_WELL = ("passed", "slow")
"""Verdicts on a link that did what it is for."""


def directory_of(router: Router) -> Path:
    """Where the drills of a router are. Not made by this."""
    return state_directory() / "drills" / file_name(router)


def record(router: Router, found: dict[str, Any], keep: int) -> Path:
    """Keep a drill, as it may be kept, and remove those of that router which are older than the newest ``keep``.
    Raises OSError."""
    of_this_router = f".{found['of']}.json"
    path = directory_of(router) / f"{found['id']}{of_this_router}"
    keep_private(path, json.dumps(found))
    # The clock may have been set back since, which makes this one look old.
    others = sorted(old for old in path.parent.glob(f"*{of_this_router}") if old != path)
    for old in others[: max(len(others) + 1 - keep, 0)]:
        with suppress(OSError):
            old.unlink()
    return path


def load(router: Router, tell: Tell = nobody, mark: str | None = None) -> list[dict[str, Any]]:
    """All at this address, the newest last; with a mark (``mark_of``) those of that router. What cannot be read is
    skipped, and told."""
    found = []
    for path in sorted(directory_of(router).glob("*.json")):
        try:
            drill = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            tell(f"{path} is skipped: {error}")
            continue
        if not isinstance(drill, dict) or drill.get("schema") != SCHEMA:
            tell(f"{path} is skipped: it is no drill that this version can read")
        elif mark is None or drill.get("of") == mark:
            found.append(drill)
    return found
