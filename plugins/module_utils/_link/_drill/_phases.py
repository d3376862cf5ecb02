# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill's course in time: phases, and the moments that matter. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BASELINE, FAILING, ON_BACKUP, MENDING, AFTER = "baseline", "failing", "on_backup", "mending", "after"

FAULT_INJECTED, FAULT_ENDED = "fault_injected", "fault_ended"
OUTAGE_BEGAN, FAILED_OVER, CARRIED, FAILED_BACK = "outage_began", "failed_over", "carried_by_backup", "failed_back"
RESERVE_LOST, RESERVE_BACK = "reserve_lost", "reserve_back"


@dataclass(frozen=True)
class Phase:
    """Times are of the clock, in seconds."""

    name: str
    begin: float
    end: float


@dataclass
class Course:
    """What has happened so far; filled in while it happens."""

    started: float
    phases: list[Phase] = field(default_factory=list)
    marks: dict[str, float] = field(default_factory=dict)
    phase: str = BASELINE
    _since: float = 0.0

    def __post_init__(self) -> None:
        self._since = self.started

    def enter(self, name: str, now: float) -> None:
        """The phase so far ends, another begins."""
        self.phases.append(Phase(self.phase, self._since, now))
        self.phase, self._since = name, now

    def finish(self, now: float) -> None:
        """The last phase ends."""
        self.phases.append(Phase(self.phase, self._since, now))

    def mark(self, name: str, at: float) -> None:
        """The first time counts."""
        self.marks.setdefault(name, at)

    def span(self, name: str) -> Phase | None:
        """A phase that is over."""
        return next((phase for phase in self.phases if phase.name == name), None)


def between(marks: Mapping[str, float], begin: str, end: str) -> float | None:
    """Seconds from one mark to another; None where one of them was not reached."""
    return marks[end] - marks[begin] if begin in marks and end in marks else None
