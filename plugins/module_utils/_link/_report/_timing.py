# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section on how long an outage lasts, foretold and measured. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._drill import Drill, Stretch
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import Markup, Piece, tag
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._parts import absent, section, table
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._seen import Foretold, Timing
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import NO_BREAK, count, seconds, span

NAMES = {
    "silent_loss": ("Silence", "the modem stays linked, nothing comes back"),
    "answered_loss": ("An answered loss", "the provider says that there is no way"),
    "link_loss": ("A pulled cable", "the primary has no link"),
    "phone_unplugged": ("The phone gone", "while it carries the traffic"),
    "failback": ("The return", "once the primary works again"),
}
MEASURED_BY = {"target_unreachable": "silent_loss", "pull_cable": "link_loss"}
"""Which kind of loss a fault stands for. A line that is switched off is never counted as lost, so it measures none."""
SOURCES = {"seen": "timed", "source": "read in source", "inferred": "inferred"}


def timing_section(timing: Timing | None, drills: Sequence[Drill]) -> Markup:
    """A row for each kind of loss: foretold and measured on one scale."""
    title = "How long an outage lasts"
    if timing is None:
        return section("timing", title, absent("Not foretold, as the router was not asked for its settings."))
    measured = {row.name: measures(row.name, drills) for row in timing.rows}
    most = max(
        (*(row.whole.end for row in timing.rows if row.whole), *(max(each, default=0) for each in measured.values())),
        default=0,
    )
    rows = [_row(row, measured[row.name], most or 1) for row in timing.rows]
    heads = ("Loss", "Noticed after", "Traffic flows again after", "Measured", "Foretold from", _scale(most))
    never = tag("ul", (tag("li", why) for why in timing.never), cls="never") if timing.never else None
    data = timing.megabytes_per_month
    watching = f"Watching for it takes up to {data:g}{NO_BREAK}MB a month." if data is not None else ""
    return section(
        "timing", title, never, table("Foretold and measured", heads, rows, "timing"), tag("p", watching, cls="note")
    )


def measures(loss: str, drills: Sequence[Drill]) -> list[float]:
    """What drills measured of that kind of loss, in their order."""
    if loss == "failback":
        found = (drill.failback for drill in drills if drill.fault in MEASURED_BY)
    else:
        found = (drill.failover for drill in drills if MEASURED_BY.get(drill.fault) == loss)
    return [value for value in found if value is not None]


def _scale(most: float) -> Markup:
    return tag("span", f"0 to {most:g}{NO_BREAK}s", cls="nowrap")


def _row(row: Foretold, measured: list[float], most: float) -> list[Piece]:
    name, what = NAMES.get(row.name, (row.name, ""))
    return [
        (name, tag("small", what)),
        span(row.detection.start, row.detection.end) if row.detection else "\N{EN DASH}",
        span(row.whole.start, row.whole.end) if row.whole else "never",
        _measured(measured),
        SOURCES.get(row.source, row.source or "\N{EN DASH}"),
        _bar(row.whole, measured, most),
    ]


def _measured(values: list[float]) -> Piece:
    if not values:
        return "not yet"
    if len(values) == 1:
        return seconds(values[0])
    spread = f"{min(values):.1f} to {max(values):.1f}{NO_BREAK}s in {count(len(values), 'drill')}"
    return (f"{seconds(values[-1])} ", tag("small", spread))


def _bar(whole: Stretch | None, measured: list[float], most: float) -> Markup:
    """Foretold as a bar, measured as upright marks. The cells beside it say the same."""
    width = 160.0
    parts: list[Piece] = [tag("line", x1=0, x2=width, y1=12, y2=12, cls="scale")]
    if whole:
        left = whole.start / most * width
        long = max(whole.length / most * width, 2.0)
        parts.append(tag("rect", x=round(left, 1), y=7, width=round(long, 1), height=10, rx=3, cls="foretold"))
    for value in measured:
        x = round(value / most * width, 1)
        parts.append(tag("line", x1=x, x2=x, y1=3, y2=21, cls="measured"))
    return tag(
        "svg",
        parts,
        cls="bar",
        viewBox=f"-1 0 {width + 2:g} 24",
        preserveAspectRatio="xMinYMid",
        aria_hidden="true",
        focusable="false",
    )
