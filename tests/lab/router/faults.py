# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trouble to order. What can go wrong is a row; when is now, a point of the conversation, or the next reboot."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Literal

from ..clock import Clock
from .failures import LOCK_SECONDS
from .kinds import BEHIND_THE_DOOR

ANY = "any"
"""Instead of a kind: every request that is answered counts, the refused ones too."""

_LET_IN = frozenset({"read", "write"})


class Moment(Enum):
    EVENT = auto()
    """Happens to the router: at once, or at a point."""
    AFTER_WRITE = auto()
    """An event that waits for a write to be answered."""
    ARRIVAL = auto()
    """Concerns a request before it is looked at."""
    REPLY = auto()
    """Concerns what is sent back."""
    REBOOT = auto()
    """Waits for the next reboot."""
    STANDING = auto()
    """Until ``no-fault``."""


@dataclass(frozen=True)
class Row:
    """A fault. ``amount`` is what its number means, in brackets if it can be left out, and then it is ``usual``."""

    moment: Moment
    amount: str = ""
    usual: float | None = None
    lasting: bool = False
    """The number is for how many lab seconds it goes on hitting; without, it hits once."""
    texts: tuple[str, ...] = ()
    event: str = ""
    """What happens then, if that has another name."""
    kinds: frozenset[str] = frozenset()
    """The requests that it waits for if no point is given."""

    @property
    def takes_point(self) -> bool:
        return self.moment not in (Moment.REBOOT, Moment.STANDING)


def _of_reply() -> Row:
    return Row(Moment.REPLY, "[SECONDS]", lasting=True, kinds=_LET_IN)


_AFTER_WRITE = frozenset({"write"})

ROWS = {
    "lock": Row(Moment.EVENT, "[SECONDS]", usual=LOCK_SECONDS),
    "captcha": Row(Moment.EVENT),
    "busy": Row(Moment.EVENT, "[SECONDS]", usual=30.0),
    "refuse": Row(Moment.EVENT, "SECONDS"),
    "crash": Row(Moment.EVENT),
    "reboot": Row(Moment.EVENT),
    "internet-gone": Row(Moment.EVENT, "[SECONDS]"),
    "session-gone": Row(Moment.ARRIVAL, "[SECONDS]", lasting=True, kinds=BEHIND_THE_DOOR),
    "reset-in-header": _of_reply(),
    "reset-in-body": _of_reply(),
    "truncated-reply": _of_reply(),
    "empty-reply": _of_reply(),
    "html-reply": _of_reply(),
    "leading-comma": _of_reply(),
    "slow-reply": Row(Moment.REPLY, "WALL_SECONDS", kinds=_LET_IN),
    "crash-after-write": Row(Moment.AFTER_WRITE, event="crash", kinds=_AFTER_WRITE),
    "reboot-after-write": Row(Moment.AFTER_WRITE, "[SECONDS]", lasting=True, event="reboot", kinds=_AFTER_WRITE),
    "internet-gone-after-write": Row(Moment.AFTER_WRITE, "[SECONDS]", event="internet-gone", kinds=_AFTER_WRITE),
    "slow-reboot": Row(Moment.REBOOT, "FACTOR"),
    "no-return": Row(Moment.REBOOT),
    "other-values-after-reboot": Row(Moment.REBOOT, texts=("NAME", "VALUE")),
    "silent-drop": Row(Moment.STANDING, texts=("NAME",)),
    "no-applyapp": Row(Moment.STANDING),
}


@dataclass(frozen=True)
class Point:
    """``number`` counts requests of that kind which were let in, from the arming on."""

    when: Literal["at", "after"]
    kind: str
    number: int = 1


@dataclass(frozen=True)
class Strike:
    """A fault that happens now."""

    name: str
    amount: float | None

    @property
    def row(self) -> Row:
        return ROWS[self.name]

    @property
    def event(self) -> str:
        return self.row.event or self.name


@dataclass
class _Armed:
    name: str
    amount: float | None
    kinds: frozenset[str] | None
    """None is any."""
    before: bool
    """It hits the request when it comes, and not when it is answered."""
    point: Point | None
    remaining: int = 1
    until: float | None = None

    def counts(self, kind: str) -> bool:
        return self.kinds is None or kind in self.kinds

    def __str__(self) -> str:
        words = [self.name]
        if self.amount is not None:
            words.append(f"{self.amount:g}")
        if self.point is not None:
            words += [self.point.when, self.point.kind, str(self.remaining)]
        return " ".join(words)


@dataclass
class Faults:
    """Those that are waiting to happen."""

    clock: Clock
    dropped_names: set[str] = field(default_factory=set)
    values_after_reboot: dict[str, str] = field(default_factory=dict)
    applyapp_missing: bool = False
    _armed: list[_Armed] = field(default_factory=list)

    def arm(self, name: str, amount: float | None = None, point: Point | None = None) -> None:
        """Wait with it for its point; without one for the next request that the row is about, or the next reboot."""
        row = ROWS[name]
        armed = _Armed(name, amount, row.kinds, row.moment is Moment.ARRIVAL, point)
        if point is not None:
            armed.kinds = None if point.kind == ANY else frozenset({point.kind})
            armed.before = armed.before or (row.moment is Moment.EVENT and point.when == "at")
            armed.remaining = point.number
        elif row.lasting and amount is not None:
            armed.until = self.clock.now() + amount
        self._armed.append(armed)

    def arriving(self, kind: str) -> list[Strike]:
        """What happens before a request is looked at."""
        due = [each for each in self._live() if each.before and each.counts(kind) and each.remaining == 1]
        return [self._strike(each) for each in due]

    def answered(self, kind: str) -> list[Strike]:
        """Count a request; what happens to its reply, and after it. ``kind`` is as in the journal."""
        counting = [each for each in self._live() if each.counts(kind)]
        due = [each for each in counting if each.remaining == 1 and not each.before]
        for each in counting:
            each.remaining = max(1, each.remaining - 1)
        return [self._strike(each) for each in due]

    def rebooting(self) -> dict[str, float | None]:
        """What happens to this reboot, by name."""
        due = [each for each in self._armed if ROWS[each.name].moment is Moment.REBOOT]
        return {strike.name: strike.amount for strike in map(self._strike, due)}

    def clear(self) -> None:
        self._armed.clear()
        self.dropped_names.clear()
        self.values_after_reboot.clear()
        self.applyapp_missing = False

    def as_data(self) -> list[str]:
        """In the words that arm them; a point's number is how many requests it is away."""
        return sorted(
            [
                *map(str, self._live()),
                *(f"silent-drop {name}" for name in self.dropped_names),
                *(f"other-values-after-reboot {name} {value}" for name, value in self.values_after_reboot.items()),
                *(["no-applyapp"] if self.applyapp_missing else []),
            ]
        )

    def _live(self) -> list[_Armed]:
        self._armed = [each for each in self._armed if each.until is None or self.clock.now() < each.until]
        return self._armed

    def _strike(self, armed: _Armed) -> Strike:
        """One that lasts stays from here on for as long as it was given; any other is used up."""
        if ROWS[armed.name].lasting and armed.amount is not None:
            if armed.until is None:
                armed.until = self.clock.now() + armed.amount
                armed.point = None
        else:
            self._armed.remove(armed)
        return Strike(armed.name, armed.amount)
