# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The house and its two lines, drawn. Pure.

How a line is doing shows as its stroke (thick and solid, thin, dashed, dotted), as a sign on its box and in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import Markup, tag
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._seen import Line, Link, Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._signs import STATUS, icon, known

STROKES = {"hot_standby": "ready", "cold_standby": "asleep", "connected": "ready", "disabled": "none", "off": "none"}


@dataclass(frozen=True)
class Layout:
    """Where boxes stand (left, top, width, height) and how the lines between them run."""

    name: str
    width: int
    height: int
    letters: int
    """That fit beside a sign."""
    boxes: Mapping[str, tuple[int, int, int, int]]
    paths: Mapping[str, str]
    labels: Mapping[str, tuple[int, int, str]]
    """Where ``primary`` and ``secondary`` are written, and how they are anchored."""


WIDE = Layout(
    name="wide",
    width=920,
    height=236,
    letters=20,
    boxes={
        "house": (2, 84, 130, 68),
        "router": (206, 72, 176, 92),
        "primary": (478, 8, 222, 76),
        "secondary": (478, 152, 222, 76),
        "internet": (788, 84, 130, 68),
    },
    paths={
        "house": "M132 118H206",
        "primary": "M382 100H410Q430 100 430 80V66Q430 46 450 46H478",
        "primary out": "M700 46H832Q852 46 852 66V84",
        "secondary": "M382 136H410Q430 136 430 156V170Q430 190 450 190H478",
        "secondary out": "M700 190H832Q852 190 852 170V152",
    },
    labels={"primary": (422, 38, "end"), "secondary": (422, 208, "end")},
)
NARROW = Layout(
    name="narrow",
    width=340,
    height=396,
    letters=13,
    boxes={
        "internet": (95, 2, 150, 54),
        "primary": (2, 104, 162, 84),
        "secondary": (176, 104, 162, 84),
        "router": (75, 236, 190, 74),
        "house": (95, 344, 150, 50),
    },
    paths={
        "house": "M170 310V344",
        "primary": "M140 236V226Q140 212 126 212H97Q83 212 83 198V188",
        "primary out": "M83 104V94Q83 80 97 80H126Q140 80 140 66V56",
        "secondary": "M200 236V226Q200 212 214 212H243Q257 212 257 198V188",
        "secondary out": "M257 104V94Q257 80 243 80H214Q200 80 200 66V56",
    },
    labels={"primary": (70, 214, "end"), "secondary": (270, 214, "start")},
)


def topology(link: Link, phone: Phone | None) -> Markup:
    """Drawn twice, for wide and for narrow windows, of which the style sheet shows one."""
    return tag("div", (_drawing(link, phone, layout) for layout in (WIDE, NARROW)), cls="topology")


def in_words(link: Link) -> str:
    """The same for who does not see it."""
    lines = (
        f"The {line.role} line, {line.type}, is {known(STATUS, line.status).word}: {line.why}."
        for line in link.lines
        if line.type != "none"
    )
    active = link.active
    carries = f"The house reaches the internet by the {active.role} line." if active else "No line carries the traffic."
    return " ".join([*lines, carries])


def _drawing(link: Link, phone: Phone | None, layout: Layout) -> Markup:
    name = f"topology-{layout.name}"
    served = "flow good" if link.active and link.active.status == "connected" else "ready dim"
    drawn = [tag("path", d=layout.paths["house"], cls=served), _box(layout, "house", "The house", "")]
    for line in link.lines[:2]:
        drawn += _line(line, phone, layout)
    drawn += [
        _box(layout, "router", _short(link.model or "Router"), _short(link.firmware, 24)),
        _box(layout, "internet", "Internet", {True: "seen", False: "not seen", None: ""}[link.internet]),
    ]
    return tag(
        "svg",
        tag("title", "The house, the router and its two lines", id=f"{name}-title"),
        tag("desc", in_words(link), id=f"{name}-words"),
        drawn,
        cls=layout.name,
        viewBox=f"0 0 {layout.width} {layout.height}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-words",
    )


def _line(line: Line, phone: Phone | None, layout: Layout) -> list[Markup]:
    """Its stroke on both sides of its box, the box, and what it is called."""
    sign = known(STATUS, line.status)
    stroke = "flow" if line.active and line.status == "connected" else STROKES.get(line.status, "broken")
    tone = sign.tone if stroke != "flow" or line.role == "primary" else "warn"
    x, y, anchor = layout.labels[line.role]
    left, top, _width, _height = layout.boxes[line.role]
    return [
        *(tag("path", d=layout.paths[part], cls=f"{stroke} {tone}") for part in (line.role, f"{line.role} out")),
        tag("text", line.role, x=x, y=y, text_anchor=anchor, cls="small"),
        _box(layout, line.role, _short(_box_title(line, phone), layout.letters), sign.word, tone, room_for_sign=True),
        icon(sign, 18, left + 14, top + 14),
    ]


def _box_title(line: Line, phone: Phone | None) -> str:
    if line.type == "none":
        return "No second line"
    if not line.is_phone:
        return "Provider" if line.type == "wan" else f"Provider ({line.type})"
    return phone.model if phone and phone.present and phone.model else "Phone"


def _box(layout: Layout, name: str, title: str, below: str, tone: str = "", *, room_for_sign: bool = False) -> Markup:
    left, top, width, height = layout.boxes[name]
    x = left + 40 if room_for_sign else left + width / 2
    anchor = "start" if room_for_sign else "middle"
    middle = top + height / 2
    said = [tag("text", title, x=x, y=middle + (-4 if below else 5), text_anchor=anchor, cls="name")]
    if below:
        said.append(tag("text", below, x=x, y=middle + 16, text_anchor=anchor, cls="small"))
    shape = tag("rect", x=left, y=top, width=width, height=height, rx=12, cls=f"box {tone}".strip())
    return tag("g", shape, said)


def _short(text: str, most: int = 18) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}\N{HORIZONTAL ELLIPSIS}"
