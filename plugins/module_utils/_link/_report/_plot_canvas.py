# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only file that knows matplotlib: an empty figure, and a figure as SVG or PNG.

It draws without pyplot, so that nothing is kept from one drawing to the next, and writes neither a date nor random
names: the same drawing gives the same bytes.
"""

from __future__ import annotations

import io
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import MissingLibrary

try:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
except ImportError as error:
    MATPLOTLIB_MISSING: ImportError | None = error
else:
    MATPLOTLIB_MISSING = None

MINIMUM = "3.9"
PNG_DOTS_PER_INCH = 150
SETTINGS: Any = {
    "svg.hashsalt": "homelab.dualwan",  # else ids differ from run to run
    "svg.fonttype": "none",  # text stays text: to be read aloud, found, and set in the reader's font
    "font.family": ["DejaVu Sans", "sans-serif"],  # matplotlib brings the first: a PNG is the same everywhere
    "hatch.linewidth": 0.6,
    "path.simplify": False,
}


def settings() -> Any:
    """A block within which figures are drawn and written. Raises MissingLibrary."""
    if MATPLOTLIB_MISSING is not None:
        raise MissingLibrary("matplotlib", MINIMUM, MATPLOTLIB_MISSING)
    return mpl.rc_context(SETTINGS)


def empty_figure(colour: str) -> Any:
    """To be drawn on, within :func:`settings`."""
    return Figure(facecolor=colour, dpi=PNG_DOTS_PER_INCH)


def as_svg(figure: Any, title: str) -> str:
    """As a file's text."""
    canvas: Any = FigureCanvasSVG(figure)
    written = io.StringIO()
    canvas.print_svg(written, metadata={"Date": None, "Creator": None, "Title": title})
    return written.getvalue()


def as_png(figure: Any, title: str) -> bytes:
    """As a file's bytes."""
    canvas: Any = FigureCanvasAgg(figure)
    written = io.BytesIO()
    canvas.print_png(written, metadata={"Software": None, "Title": title})
    return written.getvalue()
