# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section on the drill that was run last. Pure but for the drawing, which matplotlib makes."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import MOVES_NOTHING
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._drill import PHASES, Drill
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import Markup, Piece, tag
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._parts import (
    absent,
    facts,
    folded,
    section,
    table,
    time,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._plot import FORMATS, inline
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._signs import (
    VERDICT,
    Sign,
    icon,
    known,
    labelled,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import (
    NO_BREAK,
    count,
    seconds,
    sentence,
    span,
    spoken,
)

_TICK, _CROSS = Sign("tick", "good", "yes"), Sign("cross", "bad", "no")
_SAID = Sign("note", "reserve", "said, not proved")


def drill_section(drill: Drill | None, looked_for: bool) -> Markup:
    """Verdict, figures, the plot, and all of it as tables."""
    title = "The last drill"
    if drill is None:
        none = "No drill has been run yet, so nobody knows what the backup does."
        return section("drill", title, absent(none if looked_for else "No drill was given."))
    plot = _plot(drill) if drill.probes else absent("This drill kept no probes.")
    return section(
        "drill",
        title,
        tag("p", time(drill.started), ": ", sentence(drill.fault_told), cls="lead"),
        _figures(drill),
        plot,
        _judged(drill),
        folded("The same in tables", _probes(drill), _phases(drill), _marks(drill)),
    )


def in_words(drill: Drill) -> str:
    """What the plot shows, for who does not see it."""
    marks = "; ".join(f"{mark.told} at {mark.at:.1f} seconds" for mark in sorted(drill.marks, key=lambda mark: mark.at))
    probes = "; ".join(
        f"{probe.name} lost {probe.lost} of {probe.sent}"
        + (f", out for {seconds(probe.outage_seconds)}" if probe.outage_seconds else "")
        for probe in drill.probes
    )
    return f"{sentence(marks)} {sentence(probes)}".strip()


def _figures(drill: Drill) -> Markup:
    given_back: Piece = {True: labelled(_TICK), False: labelled(_CROSS), None: "not said"}[drill.given_back]
    foretold = [
        (span(each.start, each.end) if each else "") for each in (drill.foretold_failover, drill.foretold_failback)
    ]
    reserve = [("Backup away for", seconds(drill.reserve))] if drill.reserve is not None else []
    return facts(
        ("Verdict", labelled(known(VERDICT, drill.verdict))),
        ("Failover", (drill.failover_told, _small(foretold[0] and f"foretold {foretold[0]}"))),
        ("Return", (drill.failback_told, _small(foretold[1] and f"foretold {foretold[1]}"))),
        *reserve,
        ("Carried by the phone", _carried(drill)),
        ("Line given back", given_back),
    )


def _carried(drill: Drill) -> Piece:
    if drill.proved:
        return (labelled(_TICK, "seen"), _small(drill.carried))
    if drill.fault in MOVES_NOTHING:
        return "not meant"
    if drill.proved is None:
        return "not looked at"
    return (labelled(_SAID) if drill.during else labelled(_CROSS, "not seen"), _small(drill.carried))


def _small(said: str) -> Piece:
    return tag("small", said) if said else None


def _plot(drill: Drill) -> Markup:
    drawn = (_named(inline(drill, name), name, drill) for name in FORMATS)
    legend = tag(
        "ul",
        tag("li", tag("span", cls="key answered"), "answered, the higher the later"),
        tag("li", tag("span", cls="key lost"), "lost"),
        tag("li", tag("span", cls="key foretold"), "when it was foretold"),
        cls="legend",
    )
    what = f"Probes from this network over {seconds(drill.seconds)}, {_how_often(drill)}."
    return tag("figure", drawn, tag("figcaption", what, legend), cls="plot")


def _how_often(drill: Drill) -> str:
    return f"one of each every {drill.period_ms:g}{NO_BREAK}ms" if drill.period_ms else "one lane for each"


def _named(svg: str, name: str, drill: Drill) -> Markup:
    """The drawing that matplotlib made, with a name and a description. Its text was escaped by matplotlib."""
    head, _close, drawing = svg.partition(">")
    box = head[head.index("viewBox=") :].split('"')[1]
    return tag(
        "svg",
        tag("title", "Probes over time", id=f"plot-{name}-title"),
        tag("desc", in_words(drill), id=f"plot-{name}-words"),
        Markup(drawing.removesuffix("</svg>")),
        cls=name,
        viewBox=box,
        role="img",
        aria_labelledby=f"plot-{name}-title",
        aria_describedby=f"plot-{name}-words",
    )


def _judged(drill: Drill) -> Piece:
    rows = [
        tag(
            "li",
            icon(_TICK if each.ok else _CROSS),
            tag("span", None if each.ok else "Not so: ", sentence(each.told)),
        )
        for each in drill.judgements
    ]
    never = [tag("li", icon(_CROSS), tag("span", sentence(why))) for why in drill.why_never]
    return tag("ul", rows, never, cls="judged") if rows or never else None


def _probes(drill: Drill) -> Piece:
    rows = (
        (
            probe.name,
            probe.sent,
            probe.lost,
            ", ".join(f"{gone.start:.1f} to {gone.end:.1f}{NO_BREAK}s" for gone in probe.outages) or "none",
            seconds(probe.outage_seconds, "\N{EN DASH}"),
        )
        for probe in drill.probes
    )
    return table("Probes", ("Probe", "Sent", "Lost", "Outages", "Out for"), rows) if drill.probes else None


def _phases(drill: Drill) -> Piece:
    rows = (
        (
            PHASES.get(each.name, spoken(each.name)).capitalize(),
            f"{each.start:.1f}{NO_BREAK}s",
            f"{each.end:.1f}{NO_BREAK}s",
            seconds(each.length),
        )
        for each in drill.phases
    )
    return table("Phases", ("Phase", "From", "To", "Lasted"), rows) if drill.phases else None


def _marks(drill: Drill) -> Piece:
    rows = [(each.told.capitalize(), f"{each.at:.1f}{NO_BREAK}s") for each in sorted(drill.marks, key=lambda m: m.at)]
    switches = [(f"Router turned to the {each.name}", f"{each.start:.1f}{NO_BREAK}s") for each in drill.switches]
    caption = f"Moments, {count(len(switches), 'switch', 'switches')}"
    return table(caption, ("Moment", "At"), [*rows, *switches]) if rows or switches else None
