# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn of a drill: a lane for each probe, the phases as bands, the moments that matter as flags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._colours import Palette
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._drill import PHASES, Drill, Mark, Probe
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._plot_canvas import empty_figure
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._plot_columns import (
    Column,
    Flag,
    ceiling,
    columns,
    levels,
    losses,
    shortened,
    ticks,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import moment, seconds

BANDS = {"failing": "warn-well", "on_backup": "reserve-well", "mending": "warn-well"}
FLAGS = {"fault_injected": "bad", "outage_began": "bad", "fault_ended": "good", "failed_back": "good"}
TRACE = 0.52
"""Of a lane's height: the rest is its title and the air above."""


@dataclass(frozen=True)
class Format:
    """How much room there is."""

    inches: float
    lane_inches: float
    columns: int
    ticks: int
    text: float
    """Points."""
    brief: bool = False


WIDE = Format(inches=9.4, lane_inches=0.62, columns=640, ticks=12, text=8.5)
NARROW = Format(inches=3.5, lane_inches=0.66, columns=220, ticks=5, text=8.5, brief=True)


def title_of(drill: Drill) -> str:
    """In a line."""
    return f"Drill of {moment(drill.started)}: {drill.fault_told}"


class Drawing:
    """One figure under way. Heights count in lanes from the bottom; the rows of flags stand above the lanes."""

    def __init__(self, drill: Drill, form: Format, palette: Palette) -> None:
        self._drill, self._form, self._palette = drill, form, palette
        self._seconds = max(drill.seconds, 1.0)
        self._lanes = max(len(drill.probes), 1)
        self._inches_per_second = (form.inches - 0.3) / self._seconds
        self._flags = self._placed()
        self._rows = max((level for _mark, level in self._flags), default=-1) + 1
        self._row = form.text * 1.75 / 72 / form.lane_inches  # the height of a line of text, in lanes
        self._foretold = [
            (stretch, start)
            for stretch, start in (
                (drill.foretold_failover, drill.mark("fault_injected")),
                (drill.foretold_failback, drill.mark("fault_ended")),
            )
            if stretch is not None and start is not None and start + stretch.start < self._seconds
        ]
        self.figure = empty_figure(palette["card"])

    def all(self, *, titled: bool) -> Any:
        """Draw everything; the figure."""
        top = self._lanes + self._row * (self._rows + 1 + bool(self._foretold)) + 0.1
        inches = top * self._form.lane_inches
        above, below = (0.42 if titled else 0.04), self._form.text * 3.4 / 72
        self.figure.set_size_inches(self._form.inches, above + inches + below)
        whole = above + inches + below
        side = 0.15 / self._form.inches
        axes = self.figure.add_axes((side, below / whole, 1 - 2 * side, inches / whole))
        axes.set_xlim(0, self._seconds)
        axes.set_ylim(0, top)
        axes.set_facecolor(self._palette["card"])
        axes.set_yticks([])
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.spines["bottom"].set_color(self._palette["edge"])
        axes.set_xticks(ticks(self._seconds, self._form.ticks))
        axes.tick_params(axis="x", colors=self._palette["dim"], labelsize=self._form.text, length=3)
        axes.set_xlabel("seconds since the drill began", color=self._palette["dim"], fontsize=self._form.text)
        self._bands(axes)
        for number, probe in enumerate(self._drill.probes):
            self._lane(axes, probe, self._lanes - 1 - number)
        self._moments(axes)
        if self._foretold:
            self._prediction(axes)
        if titled:
            self._head(1 - 0.06 / whole, side)
        return self.figure

    def _text(self, axes: Any, x: float, y: float, said: str, colour: str, **more: Any) -> None:
        more = {"fontsize": self._form.text, "va": "center", "parse_math": False, **more}
        axes.text(x, y, _plain(said), color=self._palette[colour], **more)

    def _head(self, top: float, side: float) -> None:
        size = self._form.text
        verdict = f"{self._drill.verdict}; failover: {self._drill.failover_told}"
        place: Any = {"va": "top", "parse_math": False}
        self.figure.text(
            side,
            top,
            _plain(title_of(self._drill)),
            fontsize=size + 2,
            color=self._palette["ink"],
            weight="bold",
            **place,
        )
        self.figure.text(
            1 - side, top, _plain(verdict), fontsize=size + 1, color=self._palette["dim"], ha="right", **place
        )

    def _bands(self, axes: Any) -> None:
        """The phases, with their names where there is room."""
        height = self._lanes + self._row
        for phase in self._drill.phases:
            colour = BANDS.get(phase.name)
            if colour:
                axes.axvspan(
                    phase.start,
                    phase.end,
                    ymax=height / axes.get_ylim()[1],
                    color=self._palette[colour],
                    lw=0,
                    zorder=0,
                )
            name = PHASES.get(phase.name, phase.name.replace("_", " "))
            if phase.length * self._inches_per_second > self._width(name):
                middle = (phase.start + phase.end) / 2
                self._text(axes, middle, self._lanes + self._row / 2, name, "ink", ha="center")

    def _lane(self, axes: Any, probe: Probe, bottom: int) -> None:
        """One probe: its title, what was answered as a trace, what was lost as hatched blocks."""
        form, palette = self._form, self._palette
        found = columns(probe.samples, self._seconds, form.columns)
        top, floor = ceiling(probe), bottom + 0.1
        axes.plot([0, self._seconds], [floor, floor], color=palette["edge"], lw=0.5, zorder=1)
        for gone in losses(found, self._seconds, form.columns):
            axes.fill_between(
                [gone.start, gone.end],
                floor,
                floor + TRACE,
                facecolor=palette["bad-well"],
                edgecolor=palette["bad"],
                hatch="//////" if gone.length * self._inches_per_second > 0.05 else None,
                lw=0.8,
                zorder=2,
            )
        times, heights = _trace(found, top, floor)
        axes.plot(times, heights, color=palette["good"], lw=1.0, solid_joinstyle="round", zorder=3)
        title = bottom + TRACE + 0.1 + (1 - TRACE - 0.1) / 2
        number = f"{probe.lost}" if form.brief else f"{probe.lost} of {probe.sent}"
        lost = f"{number} lost" if probe.lost else "none lost"
        out = f", out for {seconds(probe.outage_seconds)}" if probe.outage_seconds else ""
        self._text(axes, self._seconds, title, f"{lost}{out}", "bad" if probe.outages else "dim", ha="right")
        letters = int((form.inches - 0.3) / self._width("") * 2) - len(lost + out)
        self._text(axes, 0, title, shortened(probe.name, letters), "ink")
        self._text(
            axes, self._seconds, floor + TRACE, f"{top:g} ms", "dim", ha="right", va="top", fontsize=form.text - 2
        )

    def _moments(self, axes: Any) -> None:
        for mark, level in self._flags:
            colour = self._palette[FLAGS.get(mark.name, "reserve")]
            y = self._lanes + self._row * (1.5 + level)
            # Through the traces only: the lanes' titles are to be read.
            for bottom in range(self._lanes):
                lane = [bottom + 0.1, bottom + 0.1 + TRACE]
                axes.plot([mark.at, mark.at], lane, color=colour, lw=0.9, ls=(0, (4, 2)), zorder=4)
            axes.plot(
                [mark.at, mark.at], [self._lanes + self._row, y - self._row * 0.42], color=colour, lw=0.9, zorder=4
            )
            axes.plot([mark.at], [y - self._row * 0.42], color=colour, marker="v", ms=4, zorder=5)
            end = mark.at * self._inches_per_second + self._width(mark.told) > self._form.inches - 0.3
            self._text(axes, mark.at, y + self._row * 0.08, mark.told, "ink", ha="right" if end else "left")

    def _prediction(self, axes: Any) -> None:
        """When failover and return were to be expected."""
        y = self._lanes + self._row * (self._rows + 1.5)
        cap = (y - self._row * 0.3, y + self._row * 0.3)
        for stretch, start in self._foretold:
            left, right = start + stretch.start, start + stretch.end
            for ends, at, width in (((left, right), (y, y), 2.5), ((left, left), cap, 1.0), ((right, right), cap, 1.0)):
                axes.plot(ends, at, color=self._palette["reserve"], lw=width, solid_capstyle="butt", zorder=4)
        stretch, start = self._foretold[0]
        air, width = 0.08 / self._inches_per_second, self._width("foretold") / self._inches_per_second
        if start + stretch.start > width:
            self._text(axes, start + stretch.start - air, y, "foretold", "dim", ha="right")
        elif start + stretch.end + width < self._seconds:
            self._text(axes, start + stretch.end + air, y, "foretold", "dim")

    def _placed(self) -> list[tuple[Mark, int]]:
        """Each mark and its row of flags; a label that would leave the picture at the right stands left of its flag."""
        marks = sorted(self._drill.marks, key=lambda mark: mark.at)
        room = self._form.inches - 0.3
        flags = []
        for mark in marks:
            at, width = mark.at * self._inches_per_second, self._width(mark.told)
            left = at - width if at + width > room else at
            flags.append(Flag(left, left + width, at))
        return list(zip(marks, levels(flags), strict=True))

    def _width(self, text: str) -> float:
        """Of a text in inches, generously: the reader's font may be another."""
        return (len(text) + 2) * self._form.text * 0.6 / 72


def _plain(text: str) -> str:
    """As it stands: a dollar sign would else begin a formula, and what no font has would warn."""
    return "".join(letter if letter.isprintable() or letter == "\N{NO-BREAK SPACE}" else " " for letter in text)


def _trace(found: list[Column], top: float, floor: float) -> tuple[list[float], list[float]]:
    """Broken where nothing was answered."""
    times, heights = [], []
    for column in found:
        times.append(column.at)
        lost = column.slowest is None
        heights.append(float("nan") if lost else floor + TRACE * min(column.slowest or 0.0, top) / top)
    return times, heights
