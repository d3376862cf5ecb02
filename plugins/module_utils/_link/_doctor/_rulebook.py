# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All rules, in the order in which equally bad findings are told: the likelier causes first."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor import (
    _rules_cap,
    _rules_detection,
    _rules_guards,
    _rules_lines,
    _rules_node,
    _rules_past,
    _rules_phone,
    _rules_services,
    _rules_upkeep,
    _rules_usb,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import Rule

RULES: tuple[Rule, ...] = (
    *_rules_node.RULES,
    *_rules_guards.UNABLE,
    *_rules_lines.BASIS,
    *_rules_guards.RULES,
    *_rules_phone.RULES,
    *_rules_upkeep.RULES,
    *_rules_usb.RULES,
    *_rules_cap.RULES,
    *_rules_services.RULES,
    *_rules_detection.RULES,
    *_rules_lines.RULES,
    *_rules_past.RULES,
)
NAMES = (*_rules_services.NAMES, *_rules_cap.NAMES)
"""What is read of the router beside what every task reads."""
BY_ID = {rule.id: rule for rule in RULES}
