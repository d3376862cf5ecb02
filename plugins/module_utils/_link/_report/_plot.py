# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill drawn, for a page or as a file of its own."""

from __future__ import annotations

import re

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._colours import Palette, stand_ins, themable
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._drill import Drill
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._plot_canvas import as_png, as_svg, settings
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._plot_drawing import (
    NARROW,
    WIDE,
    Drawing,
    Format,
    title_of,
)

FORMATS = {"wide": WIDE, "narrow": NARROW}
_FINE = re.compile(r"(?<![\w.])-?\d+\.\d{3,}")


def inline(drill: Drill, name: str) -> str:
    """As an ``svg`` element for a page that has the colours as custom properties. Its ids begin with the name of the
    format. Raises MissingLibrary.
    """
    with settings():
        return themable(_only_the_drawing(_svg(drill, FORMATS[name], stand_ins(), titled=False), name))


def as_file(drill: Drill, form: str, palette: Palette) -> bytes:
    """As a file of its own, ``svg`` or ``png``, with a title. Raises MissingLibrary."""
    with settings():
        if form == "svg":
            return _svg(drill, WIDE, palette, titled=True).encode()
        return as_png(Drawing(drill, WIDE, palette).all(titled=True), title_of(drill))


def _svg(drill: Drill, form: Format, palette: Palette, *, titled: bool) -> str:
    return as_svg(Drawing(drill, form, palette).all(titled=titled), title_of(drill))


def _only_the_drawing(svg: str, prefix: str) -> str:
    """Without what belongs to a file, and without its style sheet, which would be the whole page's."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(
        r"<title>.*?</title>|<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL
    )
    # The page has a font of its own, and a hundredth of a point is fine enough.
    svg = re.sub(r'font-family: [^;"]*; | transform="rotate\(-0 [^"]*"', "", svg)
    svg = re.sub(r"<[^>]*>", lambda element: _FINE.sub(lambda number: f"{float(number[0]):.2f}", element[0]), svg)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}-", svg)
    return re.sub(r"\s*\n\s*", "\n", svg).strip()
