# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the drills that were run before, which are the only proof that a backup works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._looks import Look, shown_if
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import LINK, NOTICE, WARNING, Rule
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import Scene
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import MOVES_TRAFFIC, WENT_WELL

OLD_DAYS = 92
"""A quarter. An opinion."""
DAY = 86400.0


def _last(scene: Scene) -> Mapping[str, Any] | None:
    return scene.drills[-1] if scene.drills else None


def _proof(scene: Scene) -> Mapping[str, Any] | None:
    """The last drill in which the backup took over and gave back: no other fault proves that it carries the traffic."""
    return next(
        (
            drill
            for drill in reversed(scene.drills or ())
            if drill.get("fault") in MOVES_TRAFFIC and drill.get("verdict") in WENT_WELL
        ),
        None,
    )


def _never(scene: Scene) -> str | None:
    if scene.drills is None or _proof(scene) is not None:
        return None
    if not scene.drills:
        return "no drill of this router is kept on this machine"
    return f"of {len(scene.drills)} kept on this machine, none moved the traffic over and back"


def _old(scene: Scene) -> str | None:
    last = _proof(scene)
    started = last.get("started") if last else None
    days = (scene.now - started) / DAY if isinstance(started, int | float) else 0.0
    return shown_if(days > OLD_DAYS, f"the last drill that moved the traffic was {days:.0f} days ago")


def _missed(scene: Scene, name: str = "") -> list[str]:
    """What the last drill says of each judgement that was not met, or of the one of that name."""
    judged = (_last(scene) or {}).get("judgements", ())
    return [str(each.get("told")) for each in judged if each.get("ok") is False and name in ("", each.get("id"))]


def _verdict(word: str) -> Look:
    def look(scene: Scene) -> str | None:
        last = _last(scene)
        if last is None or last.get("verdict") != word:
            return None
        return f"{last.get('fault')}: {(*_missed(scene), word)[0]}"

    return look


def _switches(scene: Scene) -> list[Mapping[str, Any]]:
    last = _last(scene)
    return list(last.get("switches", ())) if last else []


def _flapping(scene: Scene) -> str | None:
    return next(iter(_missed(scene, "no_flapping")), None)


def _unjustified(scene: Scene) -> str | None:
    wrong = [each for each in _switches(scene) if each.get("justified") is False]
    return shown_if(wrong, f"{len(wrong)} of {len(_switches(scene))} in the last drill")


def _not_given_back(scene: Scene) -> str | None:
    last = _last(scene)
    return shown_if(last and last.get("given_back") is False, f"its fault was {last.get('fault')}" if last else "")


RULES = (
    Rule(
        "drill_not_given_back",
        WARNING,
        LINK,
        "The last drill could not give the line back by itself",
        _not_given_back,
        "Look at both lines in the router, then drill again",
        "complaints 20",
        ("unfinished_drill",),
    ),
    Rule(
        "flapping",
        WARNING,
        LINK,
        "The traffic went to and fro between the lines",
        _flapping,
        "Run asus_dualwan with higher detection.failover_count and failback_count, or detection.preset: balanced",
        "complaints 6, R#56, R#29, OPN#5786",
    ),
    Rule(
        "unjustified_switch",
        WARNING,
        LINK,
        "The router left a line that worked",
        _unjustified,
        "Ping another target, or give a DNS query beside it: then both must fail",
        "complaints 7, R#12, R#26, OPN#9789",
    ),
    Rule(
        "last_drill_failed",
        WARNING,
        LINK,
        "The last drill failed",
        _verdict("failed"),
        "Cure what it found, then drill again",
        "complaints 20",
    ),
    Rule(
        "last_drill_slow",
        NOTICE,
        LINK,
        "The last drill took longer than the settings promise",
        _verdict("slow"),
        "See the drill's judgements; asus_dualwan with detection.preset: fast shortens detection",
        "complaints 1 and 20",
    ),
    Rule(
        "last_drill_aborted",
        NOTICE,
        LINK,
        "The last drill was broken off",
        _verdict("aborted"),
        "Drill again",
        "complaints 20",
    ),
    Rule(
        "drill_old",
        NOTICE,
        LINK,
        "The backup was proved long ago",
        _old,
        "Drill again: ansible-playbook homelab.dualwan.drill",
        "complaints 20",
    ),
    Rule(
        "never_drilled",
        NOTICE,
        LINK,
        "That the backup takes over was never proved",
        _never,
        "Drill: ansible-playbook homelab.dualwan.drill",
        "complaints 20, M#1082",
    ),
)
