# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule of the doctor, what it finds, and in which order findings are told. Pure.

A rule is a row. Where one thing makes another show, such as a tether that is off and a phone that the router does not
see, the row of the first names the second in ``explains``: the cause then counts as much as what it causes, and is told
before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import Scene

ERROR, WARNING, NOTICE = "error", "warning", "notice"
"""The backup would not take over now; it stands, and will disappoint the night the line goes down; worth knowing."""
SEVERITIES = (NOTICE, WARNING, ERROR)
EXIT_CODES: Mapping[str | None, int] = {None: 0, NOTICE: 0, WARNING: 1, ERROR: 2}

ROUTER, PHONE, NODE, LINK = "router", "phone", "control_node", "link"


@dataclass(frozen=True)
class Rule:
    """One thing that may be wrong."""

    id: str
    severity: str
    about: str
    what: str
    """One clause."""
    when: Callable[[Scene], str | None]
    """The evidence, in words that name what was seen; None where all is well, or nothing can be said."""
    cure: str | Callable[[Scene], str]
    """A task of this collection, or where to tap and click."""
    source: str
    """Where it is known from: a row and thread of users' complaints, or a file of the firmware."""
    explains: tuple[str, ...] = ()
    """Ids of what it makes show."""


@dataclass(frozen=True)
class Finding:
    """A rule that fired."""

    rule: Rule
    severity: str
    """The rule's own, or that of what it explains, whichever is worse."""
    evidence: str
    cure: str
    explained_by: tuple[str, ...]

    @property
    def told(self) -> str:
        """One line."""
        return f"{self.severity}: {self.rule.what} ({self.evidence}). {self.cure}"

    def as_result(self) -> dict[str, Any]:
        """As the module returns it."""
        return {
            "id": self.rule.id,
            "severity": self.severity,
            "about": self.rule.about,
            "what": self.rule.what,
            "evidence": self.evidence,
            "cure": self.cure,
            "source": self.rule.source,
            "explained_by": list(self.explained_by),
            "told": self.told,
        }


def findings(scene: Scene, rules: Iterable[Rule], ignore: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What fires, the worst first, and of those as bad as each other the causes before what they cause."""
    ignored = frozenset(ignore)
    fired = {
        rule.id: (rule, seen) for rule in rules if rule.id not in ignored and (seen := rule.when(scene)) is not None
    }
    severities = {name: _severity(name, fired) for name in fired}
    told = []
    for name in _ordered(fired, severities):
        rule, seen = fired[name]
        told.append(
            Finding(
                rule=rule,
                severity=severities[name],
                evidence=seen,
                cure=rule.cure if isinstance(rule.cure, str) else rule.cure(scene),
                explained_by=tuple(other for other, (cause, _seen) in fired.items() if name in cause.explains),
            )
        )
    return tuple(told)


Fired = Mapping[str, tuple[Rule, str]]


def worst(found: Iterable[Finding]) -> str | None:
    """Its severity; None where there is nothing."""
    return max((each.severity for each in found), key=SEVERITIES.index, default=None)


def _severity(name: str, fired: Fired, seen: frozenset[str] = frozenset()) -> str:
    rule = fired[name][0]
    caused = [
        _severity(effect, fired, seen | {name}) for effect in rule.explains if effect in fired and effect not in seen
    ]
    return max((rule.severity, *caused), key=SEVERITIES.index)


def _ordered(fired: Fired, severities: Mapping[str, str]) -> list[str]:
    """The worst, and in what is as bad the order of the table, but nothing before its cause."""
    left = dict.fromkeys(fired)
    told: list[str] = []
    while left:
        free = [name for name in left if not any(name in fired[other][0].explains for other in left if other != name)]
        # A circle has no beginning: then the table's order decides.
        following = max(free or left, key=lambda name: SEVERITIES.index(severities[name]))
        told.append(following)
        del left[following]
    return told
