# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings for a person at a terminal of eighty columns, of which Ansible's own output takes some. Pure."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import NOTICE, SEVERITIES, Finding

WIDTH = 72
"""Ansible's output as YAML breaks lines at eighty columns, and has seven before each of ours."""
LABEL = 9


def table(found: Sequence[Finding]) -> list[str]:
    """What each is, what was seen, and what to do or what makes it show; of a notice, what it is."""
    rows = [summary(found)]
    for finding in found:
        rows += _row(finding.severity.upper(), f"{finding.rule.id}: {finding.rule.what}")
        if finding.severity == NOTICE:
            continue
        rows += _row("  seen", finding.evidence)
        if finding.explained_by:
            rows += _row("  because", ", ".join(finding.explained_by))
        else:
            rows += _row("  cure", finding.cure)
    return rows


def summary(found: Sequence[Finding]) -> str:
    """How many of each, in a line."""
    counts = Counter(finding.severity for finding in found)
    told = [f"{counts[name]} {name}{'s' if counts[name] > 1 else ''}" for name in reversed(SEVERITIES) if counts[name]]
    return f"found {', '.join(told)}" if told else "found nothing wrong"


def _row(label: str, text: str) -> list[str]:
    head = f"{label:<{LABEL}} "
    return textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False)
