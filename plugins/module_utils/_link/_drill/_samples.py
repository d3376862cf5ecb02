# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a probe found, as values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One probe that was sent. There may be millions, hence the slots."""

    sent: float
    """When, in seconds of the clock."""
    took: float | None
    """Seconds until its answer; None where none came in time, or the wrong one."""

    @property
    def lost(self) -> bool:
        return self.took is None

    @property
    def answered(self) -> float | None:
        """When the answer was there."""
        return None if self.took is None else self.sent + self.took


@dataclass(frozen=True)
class Series:
    """All samples of one probe, in the order in which they were sent."""

    name: str
    """As people know it, such as ``tcp 1.1.1.1:443``."""
    protocol: str
    target: str
    samples: tuple[Sample, ...] = ()

    @property
    def lost(self) -> int:
        return sum(1 for sample in self.samples if sample.lost)

    def between(self, begin: float, end: float) -> Series:
        """Those sent in between."""
        return Series(
            self.name, self.protocol, self.target, tuple(each for each in self.samples if begin <= each.sent < end)
        )

    def answers(self, begin: float, end: float) -> bool:
        """Whether any probe that was sent in between was answered."""
        return any(not sample.lost for sample in self.between(begin, end).samples)


@dataclass(frozen=True)
class Run:
    """Probes of one series that were lost one after the other."""

    last_answer: float | None
    """When the answer before them came; None where there was none."""
    first: float
    """When the first of them was sent."""
    last: float
    lost: int
    answered: float | None
    """When the first probe after them was sent; None where the samples end in the middle."""


def runs(samples: Iterable[Sample]) -> tuple[Run, ...]:
    """Every loss, however short."""
    found: list[Run] = []
    lost: list[Sample] = []
    answer: float | None = None
    for sample in samples:
        if sample.lost:
            lost.append(sample)
            continue
        if lost:
            found.append(Run(answer, lost[0].sent, lost[-1].sent, len(lost), sample.sent))
            lost = []
        answer = sample.answered
    if lost:
        found.append(Run(answer, lost[0].sent, lost[-1].sent, len(lost), None))
    return tuple(found)


def of_protocol(series: Sequence[Series]) -> dict[str, tuple[Series, ...]]:
    """The series by protocol."""
    return {
        protocol: tuple(each for each in series if each.protocol == protocol)
        for protocol in dict.fromkeys(each.protocol for each in series)
    }
