# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plot of a drill shows where there are more samples than room, and where its labels go. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._drill import Probe, Stretch


@dataclass(frozen=True)
class Column:
    """All samples that fall on one upright of the plot. A loss is never averaged away."""

    at: float
    slowest: float | None
    """Milliseconds; None where nothing was answered."""
    lost: int


def columns(samples: Sequence[tuple[float, float | None]], seconds: float, number: int) -> list[Column]:
    """At most ``number`` of them, over ``seconds``. Those without a sample are left out."""
    width = max(seconds, 1e-9) / number
    found: dict[int, list[tuple[float, float | None]]] = {}
    for sample in samples:
        found.setdefault(min(int(sample[0] / width), number - 1), []).append(sample)
    return [
        Column(
            at=round(sum(at for at, _answer in group) / len(group), 3),
            slowest=max((answer for _at, answer in group if answer is not None), default=None),
            lost=sum(answer is None for _at, answer in group),
        )
        for _index, group in sorted(found.items())
    ]


def ceiling(probe: Probe) -> float:
    """Milliseconds at the top of a lane: a round number above all but the slowest hundredth."""
    answers = sorted(answer for _at, answer in probe.samples if answer is not None)
    if not answers:
        return 10.0
    usual = max(answers[min(len(answers) - 1, math.ceil(0.99 * len(answers)) - 1)], 1.0)
    power = 10.0 ** math.floor(math.log10(usual))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= usual)


def losses(found: Iterable[Column], seconds: float, number: int) -> list[Stretch]:
    """Where samples were lost, joined where nothing was answered between them; each as wide as a column or wider."""
    width = seconds / number
    joined: list[Stretch] = []
    goes_on = False
    for column in found:
        if column.lost:
            here = Stretch(column.at - width / 2, column.at + width / 2)
            if goes_on:
                here = Stretch(joined.pop().start, here.end)
            joined.append(here)
        goes_on = bool(column.lost)
    return joined


@dataclass(frozen=True)
class Flag:
    """A label at a stem, which comes up from below."""

    left: float
    right: float
    stem: float

    def covers(self, other: Flag) -> bool:
        """Whether the other's stem would go through this label."""
        return self.left < other.stem < self.right

    def meets(self, other: Flag) -> bool:
        return self.left < other.right and other.left < self.right


def levels(flags: Sequence[Flag]) -> list[int]:
    """On which of several rows each label goes, so that none covers another and no stem goes through one."""
    placed: dict[int, int] = {}
    # From the right: the stem of one further left then has no label in its way.
    for number in sorted(range(len(flags)), key=lambda each: flags[each].stem, reverse=True):
        flag = flags[number]
        # A row more than there are labels is always free of labels, if not of stems: those may not be avoidable.
        free = [level for level in range(len(flags) + 1) if not _taken(flag, level, flags, placed)]
        tidy = (level for level in free if not _pierced(flag, level, flags, placed))
        placed[number] = next(tidy, free[0])
    return [placed[number] for number in range(len(flags))]


def _taken(flag: Flag, level: int, flags: Sequence[Flag], placed: Mapping[int, int]) -> bool:
    return any(at == level and flag.meets(flags[other]) for other, at in placed.items())


def _pierced(flag: Flag, level: int, flags: Sequence[Flag], placed: Mapping[int, int]) -> bool:
    return any(
        flags[other].covers(flag) if level > at else flag.covers(flags[other])
        for other, at in placed.items()
        if level != at
    )


def shortened(name: str, letters: int) -> str:
    """A name where there is room for so many letters: its middle is what is missed least."""
    if len(name) <= letters:
        return name
    kept = max(letters - 1, 8)
    return f"{name[: kept - kept // 3]}\N{HORIZONTAL ELLIPSIS}{name[-(kept // 3) :]}"


def ticks(seconds: float, most: int) -> list[float]:
    """Round moments over that time, at most ``most`` and one."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
    step = next((step for step in steps if seconds / step <= most), seconds / most)
    return [number * step for number in range(int(seconds / step + 1e-9) + 1)]
