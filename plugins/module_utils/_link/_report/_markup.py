# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML and SVG, built from values so that nothing a device said can become markup.

Written by hand instead of a template: a module that runs on another machine is packed with Python files only, so a
template would not come along, and Jinja2 need not be there. All text is escaped unless it was built here.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

VOID = frozenset({"br", "circle", "line", "link", "meta", "path", "polygon", "rect", "use"})
"""Elements that hold nothing: those of HTML end without a slash, those of SVG are fine with one."""


class Markup(str):
    """Text that is markup already. Only this file and what shows fixed text make any."""

    __slots__ = ()


Several: TypeAlias = Iterable["Piece"]
Piece: TypeAlias = "str | int | float | Several | None"
"""What may stand within an element: text, a number, markup, nothing, or several of them."""


def tag(element: str, /, *inside: Piece, **attributes: str | float | bool | None) -> Markup:
    """An element. ``cls`` is ``class``, ``aria_label`` is ``aria-label``; None and False leave an attribute out."""
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if element in VOID:
        return Markup(f"<{element}{given}/>")
    return Markup(f"<{element}{given}>{join(inside)}</{element}>")


def join(pieces: Piece) -> Markup:
    """Several pieces as one, escaped where they are no markup."""
    if pieces is None:
        return Markup()
    if isinstance(pieces, Markup):
        return pieces
    if isinstance(pieces, (str, int, float)):
        return Markup(escape(str(pieces), quote=False))
    return Markup("".join(map(join, pieces)))


def _attribute(name: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    written = "class" if name == "cls" else name.rstrip("_").replace("_", "-")
    if value is True:
        return f" {written}"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f' {written}="{escape(text)}"'
