# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs that say by their shape what colour says as well. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import Markup, Piece, tag

_ROUND = "M8 .8a7.2 7.2 0 1 0 0 14.4A7.2 7.2 0 0 0 8 .8Z"
_OCTAGON = "M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5Z"
_TRIANGLE = "M8 1 15.6 14.6H.4Z"
_SQUARE = (
    "M2.6 1h10.8A1.6 1.6 0 0 1 15 2.6v10.8a1.6 1.6 0 0 1-1.6 1.6H2.6A1.6 1.6 0 0 1 1 13.4V2.6A1.6 1.6 0 0 1 2.6 1Z"
)

SHAPES = {
    "tick": (_ROUND, "M4.6 8.3 7 10.7 11.5 5.7"),
    "wait": (_ROUND, "M6.1 5v6M9.9 5v6"),
    "cross": (_OCTAGON, "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"),
    "alert": (_TRIANGLE, "M8 6v4.2M8 12.2v.6"),
    "note": (_ROUND, "M8 7.2v4M8 4.4v.6"),
    "dash": (_SQUARE, "M4.8 8h6.4"),
    "late": (_ROUND, "M8 4.4V8l2.6 1.8"),
}


@dataclass(frozen=True)
class Sign:
    """A shape, a colour of the palette, and the word that both stand for."""

    shape: str
    tone: str
    word: str


SEVERITY = {
    "error": Sign("cross", "bad", "error"),
    "warning": Sign("alert", "warn", "warning"),
    "notice": Sign("note", "reserve", "notice"),
}
VERDICT = {
    "passed": Sign("tick", "good", "passed"),
    "slow": Sign("late", "warn", "slow"),
    "failed": Sign("cross", "bad", "failed"),
    "aborted": Sign("dash", "dim", "aborted"),
}
STATUS = {
    "connected": Sign("tick", "good", "connected"),
    "hot_standby": Sign("wait", "reserve", "hot standby"),
    "cold_standby": Sign("wait", "reserve", "cold standby"),
    "disconnected": Sign("cross", "bad", "disconnected"),
    "unplugged": Sign("cross", "bad", "unplugged"),
    "phone_missing": Sign("cross", "bad", "phone missing"),
    "stopped": Sign("cross", "bad", "stopped"),
    "disabled": Sign("dash", "dim", "switched off"),
    "off": Sign("dash", "dim", "off"),
}


def known(table: dict[str, Sign], word: str) -> Sign:
    """That row; a word that the table does not have stands for itself."""
    return table.get(word) or Sign("note", "dim", word.replace("_", " ") or "unknown")


def icon(sign: Sign, size: int = 16, x: float | None = None, y: float | None = None) -> Markup:
    """Its shape. Not read aloud: the word stands beside it."""
    ground, stroke = SHAPES[sign.shape]
    return tag(
        "svg",
        tag("path", d=ground),
        tag("path", d=stroke, cls="in"),
        cls=f"icon {sign.tone}",
        viewBox="0 0 16 16",
        width=size,
        height=size,
        x=x,
        y=y,
        aria_hidden="true",
        focusable="false",
    )


def labelled(sign: Sign, said: Piece = None) -> Markup:
    """Shape and word."""
    return tag("span", icon(sign), tag("span", sign.word if said is None else said), cls=f"sign {sign.tone}")
