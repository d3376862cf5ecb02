# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page: one file that needs nothing else, runs nothing and asks nobody. Pure but for the plot in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import MOVES_NOTHING
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._drill import Drill, Stretch
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._findings import (
    Diagnosis,
    findings_section,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._history import history_section
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._last_drill import drill_section
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._link import link_section
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import Markup, Piece, tag
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._parts import figure, time
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._phone import phone_section
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._seen import Link, Phone, Timing
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._signs import VERDICT, Sign, icon, known
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._style import style_sheet
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._timing import timing_section
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import (
    count,
    moment,
    seconds,
    sentence,
    span,
)

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
SECTIONS = {
    "link": "Lines",
    "findings": "Findings",
    "phone": "Phone",
    "drill": "Last drill",
    "history": "All drills",
    "timing": "Timing",
}
_SUMMARY = re.compile(r'<meta name="description" content="([^"]*)"/>')


@dataclass(frozen=True)
class Content:
    """All that a page is made of."""

    title: str
    seen_at: str
    """When the devices were asked, in the caller's words; may be empty."""
    link: Link | None
    phone: Phone | None
    timing: Timing | None
    diagnosis: Diagnosis
    drills: tuple[Drill, ...]
    """Oldest first."""
    why_no_lines: str = ""
    drills_looked_for: bool = True
    """Whether a history was given, or looked for."""
    drill_would_take: float | None = None
    """Seconds, by the doctor's word."""
    remarks: tuple[str, ...] = ()
    """On the history: what could not be read, and whose drills these are."""
    ready: bool | None = None
    """By the word of who looked; None where nobody could."""

    @property
    def last_drill(self) -> Drill | None:
        return self.drills[-1] if self.drills else None

    @property
    def last_move(self) -> Drill | None:
        """The last that was to move the traffic, and was not broken off before it did."""
        return next(
            (
                drill
                for drill in reversed(self.drills)
                if drill.fault not in MOVES_NOTHING and (drill.failover is not None or drill.verdict != "aborted")
            ),
            None,
        )


def page(content: Content) -> str:
    """As HTML. Raises MissingLibrary where there is a drill to draw and no matplotlib."""
    return "<!DOCTYPE html>\n" + tag("html", _head(content), "\n", _body(content), lang="en") + "\n"


def summary(content: Content) -> list[str]:
    """The page in some lines, for a diff and for who looks at the task's result."""
    state, why = _state(content)
    drill = content.last_drill
    found = content.diagnosis.told() if content.diagnosis.looked else "nobody looked"
    lines = [content.title, f"{state.word}: {why}", f"Findings: {found}"]
    if content.link:
        lines += [f"{line.role}: {line.type}, {line.status}" for line in content.link.lines]
    if content.phone:
        lines.append("phone: " + _phone_in_words(content.phone))
    last = (
        f"{count(len(content.drills), 'drill')}, the last on {moment(drill.started)}: {drill.verdict}" if drill else ""
    )
    if drill:
        last += f", failover {drill.failover_told}, return {drill.failback_told}"
    return [*lines, last or "No drill", *content.remarks]


def summary_in(written: str) -> list[str]:
    """Of a page that is there; empty where it is none of ours."""
    found = _SUMMARY.search(written)
    return unescape(found[1]).split("\n") if found else []


def _phone_in_words(phone: Phone) -> str:
    if not phone.present:
        return "not reached"
    battery = "" if phone.battery_percent is None else f", battery {phone.battery_percent:g} %"
    return ("serving" if phone.serving else "not serving") + battery


def _head(content: Content) -> Markup:
    return tag(
        "head",
        "\n",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("meta", name="referrer", content="no-referrer"),
        "\n",
        tag("meta", name="description", content="\n".join(summary(content))),
        "\n",
        tag("title", content.title),
        "\n",
        tag("style", Markup(style_sheet())),
        "\n",
    )


def _body(content: Content) -> Markup:
    sections = (
        link_section(content.link, content.phone, content.why_no_lines),
        findings_section(content.diagnosis),
        phone_section(content.phone),
        drill_section(content.last_drill, content.drills_looked_for),
        history_section(content.drills, content.remarks, _why_no_drills(content)),
        timing_section(content.timing, content.drills),
    )
    return tag(
        "body",
        tag("a", "Skip to the lines", href="#link", cls="skip"),
        "\n",
        tag("header", _title(content), _navigation()),
        "\n",
        tag("main", _figures(content), ((each, "\n") for each in sections)),
        tag("footer", _footer(content)),
    )


def _why_no_drills(content: Content) -> str:
    if not content.drills_looked_for:
        return "No drills were given, nor a router whose history to look into."
    takes = content.drill_would_take
    how_long = f" By target_unreachable it would take some {seconds(takes)}." if takes is not None else ""
    how = "ansible-playbook homelab.dualwan.drill runs one, and gives the line back."
    return f"No drill has been run yet. {how}{how_long}"


def _title(content: Content) -> list[Markup]:
    state, why = _state(content)
    said = tag("div", tag("strong", state.word), tag("span", sentence(why)))
    return [tag("h1", content.title), tag("div", icon(state, 48), said, cls="state")]


def _navigation() -> Markup:
    links = (tag("li", tag("a", name, href=f"#{section}")) for section, name in SECTIONS.items())
    return tag("nav", tag("ul", links), aria_label="Sections")


def _state(content: Content) -> tuple[Sign, str]:
    """What a person wants to know first."""
    link, worst = content.link, content.diagnosis.worst
    first = next((each.what for each in content.diagnosis.findings if each.severity == worst), "")
    if link and link.active and link.active.role == "secondary":
        return Sign("alert", "warn", "On the backup"), "the secondary carries the traffic, with nothing in reserve"
    if worst == "error" or content.ready is False or (link and link.ready is False):
        return Sign("cross", "bad", "Not ready"), first or "the backup would not take over now"
    if link is None and content.ready is None:
        return Sign("note", "dim", "Not looked at"), content.why_no_lines
    if worst == "warning":
        number = sum(each.severity == worst for each in content.diagnosis.findings)
        return Sign("alert", "warn", f"Ready, with {'a warning' if number == 1 else f'{number} warnings'}"), first
    why = "the primary carries the traffic, and the secondary would take over"
    return Sign("tick", "good", "Ready"), why if link else "the doctor found nothing that stops the backup"


def _figures(content: Content) -> Markup:
    return tag("dl", _failover(content), _return(content), _verdict(content), _found(content), cls="card figures")


def _failover(content: Content) -> Markup:
    drill, timing = content.last_move, content.timing
    if drill:
        return figure("Failover, measured", drill.failover_told, _against(drill.foretold_failover))
    silent = next((row.whole for row in timing.rows if row.name == "silent_loss"), None) if timing else None
    if silent:
        return figure("Failover, foretold", span(silent.start, silent.end), "for a silent loss; not measured")
    return figure("Failover", "unknown", "neither measured nor foretold")


def _return(content: Content) -> Markup:
    drill, timing = content.last_move, content.timing
    if drill:
        return figure("Return, measured", drill.failback_told, _against(drill.foretold_failback))
    back = next((row.whole for row in timing.rows if row.name == "failback"), None) if timing else None
    if back:
        return figure("Return, foretold", span(back.start, back.end), "not measured")
    return (
        figure("Return", "never", "by the router's settings") if timing else figure("Return", "unknown", "not foretold")
    )


def _against(foretold: Stretch | None) -> str:
    return f"foretold {span(foretold.start, foretold.end)}" if foretold else "not foretold"


def _verdict(content: Content) -> Markup:
    drill = content.last_drill
    if not drill:
        known_of = content.drills_looked_for
        return figure(
            "Last drill", "none yet" if known_of else "unknown", "nothing is proved" if known_of else "not given"
        )
    sign = known(VERDICT, drill.verdict)
    return figure("Last drill", sign.word, (time(drill.started),), sign.tone)


def _found(content: Content) -> Markup:
    diagnosis = content.diagnosis
    if not diagnosis.looked:
        return figure("Findings", "unknown", "nobody looked")
    tone = {"error": "bad", "warning": "warn"}.get(diagnosis.worst or "", "good")
    number = len(diagnosis.findings)
    return figure(
        "Findings", str(number) if number else "none", diagnosis.told() if number else "nothing to see to", tone
    )


def _footer(content: Content) -> Piece:
    seen = f"The devices were asked at {content.seen_at}. " if content.seen_at else ""
    drill = content.last_drill
    measured = ("The newest measurement here is of ", time(drill.started), ". ") if drill else None
    return tag("p", seen, measured, "All times are in UTC. This page holds all that it shows, and loads nothing. "
               "It names public addresses: think before you pass it on.")  # fmt: skip
