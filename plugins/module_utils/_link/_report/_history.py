# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section on all drills that are kept. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._drill import Drill
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import Markup, Piece, tag
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._parts import (
    absent,
    folded,
    section,
    table,
    time,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._signs import VERDICT, icon, known, labelled
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import count, day, seconds, span

OPEN = 6
"""How many the table shows; the others are folded."""
_HEADS = ("When", "Fault", "Verdict", "Failover (foretold)", "Return", "Longest out")
_SIZES = {"wide": (30, 960), "narrow": (12, 330)}
"""How many drills the trend shows, and how wide it is. """
_BASE = 128


def history_section(drills: Sequence[Drill], remarks: Sequence[str], why_none: str) -> Markup:
    """``drills`` oldest first, or ``why_none``; ``remarks`` on what could not be read, and whose drills these are."""
    title = "All drills"
    remarked = tag("ul", (tag("li", each) for each in remarks), cls="never") if remarks else None
    if not drills:
        return section("history", title, remarked, absent(why_none))
    newest, older = drills[::-1][:OPEN], drills[::-1][OPEN:]
    return section(
        "history",
        title,
        remarked,
        _trend(drills) if len(drills) > 1 else None,
        table("Drills, newest first", _HEADS, map(_row, newest), "dense"),
        folded(f"{count(len(older), 'older drill')}", table("Older drills", _HEADS, map(_row, older), "dense"))
        if older
        else None,
    )


def _row(drill: Drill) -> list[Piece]:
    foretold = drill.foretold_failover
    return [
        time(drill.started),
        drill.fault_told,
        labelled(known(VERDICT, drill.verdict)),
        (drill.failover_told, tag("small", f" ({span(foretold.start, foretold.end)})") if foretold else None),
        drill.failback_told,
        seconds(drill.longest_outage, "\N{EN DASH}"),
    ]


def _trend(drills: Sequence[Drill]) -> Markup:
    """A column for each drill: how long the failover took, before what was foretold; the verdict's sign on top."""
    most = max(
        (
            *(drill.failover for drill in drills if drill.failover is not None),
            *(drill.foretold_failover.end for drill in drills if drill.foretold_failover),
        ),
        default=1.0,
    )
    return tag(
        "figure",
        (_chart(name, drills[-number:], width, most or 1.0) for name, (number, width) in _SIZES.items()),
        tag(
            "figcaption",
            "How long each failover took, the oldest first. Columns are measured, frames were foretold; the "
            f"highest is {seconds(most)}.",
        ),
        cls="trend",
    )


def _chart(name: str, drills: Sequence[Drill], width: int, most: float) -> Markup:
    step = min(width / len(drills), 80.0)
    wide = min(step * 0.5, 22.0)
    return tag(
        "svg",
        tag("title", "Seconds of each failover", id=f"trend-{name}-title"),
        tag("desc", _in_words(drills), id=f"trend-{name}-words"),
        tag("line", x1=0, x2=width, y1=_BASE, y2=_BASE, cls="scale"),
        (_column(drill, (number + 0.5) * step, wide, most) for number, drill in enumerate(drills)),
        cls=name,
        viewBox=f"0 0 {width} {_BASE + 2}",
        role="img",
        aria_labelledby=f"trend-{name}-title",
        aria_describedby=f"trend-{name}-words",
    )


def _column(drill: Drill, middle: float, wide: float, most: float) -> Markup:
    def y(value: float) -> float:
        return round(_BASE - value / most * (_BASE - 24), 1)

    parts: list[Piece] = [tag("title", f"{day(drill.started)}: {drill.verdict}, {drill.failover_told}")]
    top = _BASE - 2.0
    if drill.failover is not None:
        top = y(drill.failover)
        shape = {"x": round(middle - wide / 2, 1), "y": top, "width": round(wide, 1), "height": round(_BASE - top, 1)}
        parts.append(tag("rect", **shape, rx=2, cls=f"column {known(VERDICT, drill.verdict).tone}"))
    foretold = drill.foretold_failover
    if foretold:
        high, low = y(foretold.end), y(foretold.start)
        shape = {"x": round(middle - wide * 0.8, 1), "y": high, "width": round(wide * 1.6, 1), "height": low - high}
        parts.append(tag("rect", **shape, rx=3, cls="frame"))
        top = min(top, high)
    parts.append(icon(known(VERDICT, drill.verdict), 14, round(middle - 7, 1), round(top - 18, 1)))
    return tag("g", parts)


def _in_words(drills: Sequence[Drill]) -> str:
    return "; ".join(f"{day(each.started)} {each.verdict} {each.failover_told}" for each in drills)
