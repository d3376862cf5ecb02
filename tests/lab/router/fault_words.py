# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``router fault …`` taken apart: ``NAME [SECONDS|ARG...] [at|after KIND [N]]``."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .faults import ANY, ROWS, Moment, Point, Row
from .kinds import KINDS

CLEAR = "no-fault"


class WordsUnknown(ValueError):
    """Not in the vocabulary; the message says what is."""


@dataclass(frozen=True)
class Order:
    """A fault as it was asked for."""

    name: str
    amount: float | None
    texts: tuple[str, ...]
    point: Point | None

    @property
    def row(self) -> Row:
        return ROWS[self.name]


def parse(name: str, words: list[str]) -> Order:
    """Raises WordsUnknown for anything that is no fault, or not said as its row says."""
    row = ROWS.get(name)
    if row is None:
        raise WordsUnknown(f"{VOCABULARY}, not {name!r}")
    point = None
    if row.takes_point:
        mark = next((place for place, word in enumerate(words) if word in ("at", "after")), len(words))
        point = _point(name, row, words[mark:]) if mark < len(words) else None
        words = words[:mark]
    amount = row.usual
    if row.amount and words:
        amount = _number(name, words.pop(0))
    if len(words) != len(row.texts) or (amount is None and row.amount and not row.amount.startswith("[")):
        raise WordsUnknown(f"fault {usage(name)}")
    return Order(name, amount, tuple(words), point)


def usage(name: str) -> str:
    """The words of one fault."""
    row = ROWS[name]
    points = {Moment.EVENT: ["[at|after KIND [N]]"], Moment.AFTER_WRITE: ["[at write [N]]"]}
    where = points.get(row.moment, ["[at KIND [N]]"]) if row.takes_point else []
    return " ".join([name, *([row.amount] if row.amount else []), *row.texts, *where])


VOCABULARY = f"fault {' | '.join(map(usage, ROWS))} | {CLEAR}"


def _point(name: str, row: Row, words: list[str]) -> Point:
    when, *rest = words
    kind, number = (*rest, "1")[:2] if len(rest) in (1, 2) else ("", "")
    # Where a fault can do nothing to other requests, there is no such point.
    kinds = sorted(row.kinds) if row.moment in (Moment.ARRIVAL, Moment.AFTER_WRITE) else (*KINDS, ANY)
    if kind not in kinds or not number.isdecimal() or int(number) < 1:
        raise WordsUnknown(f"fault {usage(name)}, with KIND {'|'.join(kinds)} and N from 1")
    if row.moment in (Moment.REPLY, Moment.ARRIVAL) and when != "at":
        raise WordsUnknown(f"fault {usage(name)}: it is about one request, so there is no after")
    return Point("at" if when == "at" else "after", kind, int(number))


def _number(name: str, word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0) or (number == 0 and ROWS[name].amount == "FACTOR"):
        raise WordsUnknown(f"fault {usage(name)}, not {word!r}")
    return number
