# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The matrix as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from integration.fault_matrix.cells import CELLS
from integration.fault_matrix.stories import IN_ORDER
from integration.house import Outcome
from tools.checkout import ROOT

PROPERTY = "router cell"
FILE = ROOT / "build" / "fault-matrix.txt"

_PLACES = {(cell.story.name, cell.fault.name, cell.point.name): place for place, cell in enumerate(CELLS)}

Told = tuple[str, str, str, str, float]
"""Story, fault, point, verdict, and the seconds on the wall that the run with the fault took."""


def told(outcome: Outcome) -> str:
    return f"told: {outcome['reason']}" if outcome.failed else "right"


def tables(cells: Iterable[Told]) -> str:
    """One for each story: faults are rows, points columns."""
    by_story: dict[str, dict[str, dict[str, str]]] = {}
    for story, fault, point, verdict, seconds in sorted(cells, key=_place):
        by_story.setdefault(story, {}).setdefault(fault, {})[point] = f"{verdict} {seconds:.1f}"
    return "\n".join(_table(story, rows) for story, rows in by_story.items())


def _place(cell: Told) -> int:
    return _PLACES[tuple(cell[:3])]


def write(text: str, path: Path = FILE) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _table(story: str, rows: dict[str, dict[str, str]]) -> str:
    points = [point.name for point in IN_ORDER if any(point.name in cells for cells in rows.values())]
    lines = [[story, *points], *([fault, *(cells.get(point, "") for point in points)] for fault, cells in rows.items())]
    widths = [max(len(line[column]) for line in lines) for column in range(len(points) + 1)]
    return "".join(_line(line, widths) for line in [lines[0], ["-" * width for width in widths], *lines[1:]])


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(texts, widths, strict=True)).rstrip() + "\n"
