# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor's rules as tables of its guide: ``python -m tools.rule_table`` writes them there anew."""

from __future__ import annotations

import importlib
import re
import sys
from typing import Any

from tools.checkout import ROOT, link_tree

GUIDE = ROOT / "docs" / "guides" / "check.md"
BEGIN, END = "<!-- The tables are made of the rules: python -m tools.rule_table -->", "<!-- The end of the tables -->"
HEADINGS = {
    "link": "Both lines, and the drills of the past",
    "router": "The router",
    "phone": "The phone",
    "control_node": "The machine that asks, and its way to the router",
}
"""By what a rule is about, in the guide's order."""


def tables() -> str:
    """A table for each heading, in the order of the rules."""
    package = "ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rulebook"
    rules = importlib.import_module(package).RULES
    return "\n".join(
        _table(heading, [rule for rule in rules if rule.about == about]) for about, heading in HEADINGS.items()
    )


def written() -> str:
    """What the guide has of it."""
    return GUIDE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip("\n") + "\n"


def _table(heading: str, rules: list[Any]) -> str:
    rows = [f"| `{rule.id}` | {rule.severity} | {rule.what} | {_cure(rule)} | {rule.source} |" for rule in rules]
    return "\n".join(
        [f"### {heading}", "", "| id | severity | means | cure | from |", "|---|---|---|---|---|", *rows, ""]
    )


def _cure(rule: Any) -> str:
    return rule.cure if isinstance(rule.cure, str) else "the finding says it"


if __name__ == "__main__":
    sys.path.insert(0, str(link_tree()))
    importlib.invalidate_caches()
    text = GUIDE.read_text(encoding="utf-8")
    fresh = f"{BEGIN}\n\n{tables()}\n{END}"
    GUIDE.write_text(
        re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _found: fresh, text, flags=re.DOTALL), "utf-8"
    )
