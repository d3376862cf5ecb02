# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The colours of the report and of its plot, by what they mean, for light and for dark.

Pure. Each pair that meets on the page is in :data:`MEETINGS` with the contrast that WCAG 2.2 asks of it (4.5 for text,
3 for shapes), and a test holds the palettes to that. Colour never stands alone: a shape or a word says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Palette = Mapping[str, str]

LIGHT: Palette = {
    "page": "#f5f6f4",
    "card": "#ffffff",
    "well": "#f0f2f0",
    "ink": "#1b2329",
    "dim": "#566169",
    "rule": "#d9dedb",
    "edge": "#7b868c",
    "good": "#1b7048",
    "good-well": "#e4f2ea",
    "reserve": "#2c5f9e",
    "reserve-well": "#e6eef8",
    "warn": "#8f5400",
    "warn-well": "#fbf0dc",
    "bad": "#b3271e",
    "bad-well": "#fbe9e7",
    "focus": "#1a5fb4",
}
DARK: Palette = {
    "page": "#101416",
    "card": "#181d20",
    "well": "#20272b",
    "ink": "#e8edee",
    "dim": "#a3aeb4",
    "rule": "#2f383d",
    "edge": "#75828a",
    "good": "#63cb95",
    "good-well": "#15301f",
    "reserve": "#8bb8f2",
    "reserve-well": "#182a42",
    "warn": "#efb25c",
    "warn-well": "#352710",
    "bad": "#ff8f85",
    "bad-well": "#431c19",
    "focus": "#8bb8f2",
}
SYSTEM: Palette = {
    **dict.fromkeys(("page", "card", "well", "good-well", "reserve-well", "warn-well", "bad-well"), "Canvas"),
    **dict.fromkeys(("ink", "dim", "rule", "edge", "good", "reserve", "warn", "bad"), "CanvasText"),
    "focus": "Highlight",
}
"""For forced colours, where the person's own count."""


@dataclass(frozen=True)
class Meeting:
    """Two colours that touch, and the least contrast between them."""

    front: str
    back: str
    least: float


TEXT, SHAPE = 4.5, 3.0
MEETINGS = (
    *(Meeting(front, back, TEXT) for front in ("ink", "dim") for back in ("page", "card", "well")),
    *(
        Meeting(front, back, TEXT)
        for front in ("ink", "dim")
        for back in ("good-well", "reserve-well", "warn-well", "bad-well")
    ),
    *(
        Meeting(tone, back, TEXT)
        for tone in ("good", "reserve", "warn", "bad")
        for back in ("card", "well", "page", f"{tone}-well")
    ),
    *(Meeting("edge", back, SHAPE) for back in ("card", "well", "page")),
    *(Meeting("focus", back, SHAPE) for back in ("card", "page", "well", "bad-well", "warn-well")),
    # In the plot, answers and losses stand on the bands of the phases.
    *(Meeting(tone, f"{band}-well", SHAPE) for tone in ("bad", "good", "reserve") for band in ("warn", "reserve")),
)

THEMES: Mapping[str, Palette] = {"light": LIGHT, "dark": DARK}


def variables(palette: Palette) -> str:
    """As CSS custom properties."""
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())


def stand_ins() -> Palette:
    """A colour of its own for each, to draw with where the real one is known only to the page."""
    return {name: f"#0{number:02x}abc" for number, name in enumerate(LIGHT, 16)}


def themable(drawing: str) -> str:
    """The same drawing with each stand-in replaced by its custom property."""
    for name, colour in stand_ins().items():
        drawing = drawing.replace(colour, f"var(--{name})")
    return drawing
