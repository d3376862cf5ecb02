# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide to the doctor has every rule as it is."""

from __future__ import annotations

import re

from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rulebook import RULES
from tools.rule_table import HEADINGS, tables, written


def test_the_guide_s_tables_are_those_of_the_rules():
    assert written() == tables(), "run: PYTHONPATH=tests python -m tools.rule_table"


def test_no_rule_is_left_out():
    assert re.findall(r"^\| `(\w+)` \|", written(), re.MULTILINE) == [
        rule.id for about in HEADINGS for rule in RULES if rule.about == about
    ]
    assert {rule.about for rule in RULES} == set(HEADINGS)
