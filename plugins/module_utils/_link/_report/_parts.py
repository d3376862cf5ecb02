# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sections of the page are put together from. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import Markup, Piece, tag
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import machine, moment


def section(name: str, title: str, *inside: Piece) -> Markup:
    """A landmark of the page, called by its heading."""
    heading = tag("h2", title, id=f"{name}-title")
    return tag("section", heading, inside, id=name, cls="card", aria_labelledby=f"{name}-title", tabindex="-1")


def absent(*said: Piece) -> Markup:
    """In place of what was not given."""
    return tag("p", said, cls="absent")


def table(caption: str, heads: Sequence[Piece], rows: Iterable[Sequence[Piece]], cls: str = "") -> Markup:
    """The first cell of each row is its head. Where it is too wide it scrolls within itself, by keyboard too.

    In a narrow window the style sheet makes a small card of each row, with the column's name before each value.
    Browsers then forget that it is a table, so the roles say it.
    """
    top = tag("tr", (tag("th", head, scope="col", role="columnheader") for head in heads), role="row")
    body = (tag("tr", _cells(heads, row), role="row") for row in rows)
    drawn = tag(
        "table",
        tag("caption", caption),
        tag("thead", top, role="rowgroup"),
        tag("tbody", body, role="rowgroup"),
        cls=cls or None,
        role="table",
    )
    return tag("div", drawn, cls="scroll", role="region", aria_label=caption, tabindex="0")


def _cells(heads: Sequence[Piece], row: Sequence[Piece]) -> Iterable[Markup]:
    yield tag("th", row[0], scope="row", role="rowheader")
    for head, cell in zip(heads[1:], row[1:], strict=True):
        yield tag(
            "td", cell, role="cell", data_label=head if isinstance(head, str) and not isinstance(head, Markup) else None
        )


def facts(*pairs: tuple[Piece, Piece]) -> Markup:
    """Names and values; what is not known is left out by the caller."""
    return tag("dl", (tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs), cls="facts")


def figure(name: str, value: Piece, below: Piece, tone: str = "") -> Markup:
    """A number that is seen from afar."""
    return tag(
        "div", tag("dt", name), tag("dd", tag("strong", value), tag("span", below)), cls=f"figure {tone}".strip()
    )


def time(epoch: float) -> Markup:
    """A moment, for people and for machines."""
    return tag("time", moment(epoch), datetime=machine(epoch))


def folded(summary: Piece, *inside: Piece) -> Markup:
    """Opened by a click, a key, or a printer."""
    return tag("details", tag("summary", summary), inside)
