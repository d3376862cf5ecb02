# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section on what should be seen to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import Markup, Piece, tag
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._parts import absent, section
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._seen import SEVERITIES, Finding
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._signs import SEVERITY, Sign, icon, known
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import count, sentence


@dataclass(frozen=True)
class Diagnosis:
    """What was found, and who looked."""

    findings: tuple[Finding, ...]
    by_doctor: bool
    looked: bool

    @property
    def worst(self) -> str | None:
        """The worst severity; None where there is nothing."""
        return next((word for word in SEVERITIES if any(each.severity == word for each in self.findings)), None)

    def told(self) -> str:
        """``1 error, 2 warnings``."""
        numbers = {word: sum(each.severity == word for each in self.findings) for word in SEVERITIES}
        return ", ".join(count(number, word) for word, number in numbers.items() if number) or "no findings"


def findings_section(diagnosis: Diagnosis) -> Markup:
    """All of them, the worst first; those that stop the link are open."""
    title = "Findings"
    if not diagnosis.looked:
        return section("findings", title, absent("Nobody looked. Give the result of backup_link_doctor as doctor."))
    who = "" if diagnosis.by_doctor else "The doctor was not asked; this is what the router itself shows."
    if not diagnosis.findings:
        nothing = "The doctor found nothing to see to." if diagnosis.by_doctor else "Nothing to see to."
        return section("findings", title, tag("p", icon(_WELL), f" {nothing} ", cls="well-done"), _note(who))
    return section("findings", title, _note(who), _listed(diagnosis.findings))


_WELL = Sign("tick", "good", "")


def _note(said: str) -> Piece:
    return tag("p", said, cls="note") if said else None


def _listed(findings: Sequence[Finding]) -> Markup:
    return tag("ul", (tag("li", _finding(each)) for each in findings), cls="findings")


def _finding(finding: Finding) -> Markup:
    sign = known(SEVERITY, finding.severity)
    summary = (
        icon(sign),
        tag("span", sign.word, cls=f"severity {sign.tone}"),
        " ",
        tag("span", sentence(finding.what)),
    )
    rows = (
        ("Seen", finding.evidence),
        ("Because of", ", ".join(finding.because_of)),
        ("Cure", finding.cure),
        ("Known from", finding.source),
        ("Id", finding.id),
    )
    said = (tag("div", tag("dt", name), tag("dd", value)) for name, value in rows if value)
    return tag("details", tag("summary", summary), tag("dl", said), open=finding.severity == "error", cls=sign.tone)
