# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a task that met a fault said the truth, in words that help. Nothing here asks the collection."""

from __future__ import annotations

import re

from integration.house import Outcome
from integration.phone_fault_matrix.faults import Fault
from tools.checkout import ROOT

DOCUMENTED = frozenset(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/guides/errors.md").read_text(), re.MULTILINE))
SECRETS = ("LAB14000001", "LAB81000001", "LAB10000001", "89490200000000000014", "+15555550100")
"""Of the lab's phones: serial numbers, the SIM's number, and a number that called."""


def check_what_was_told(outcome: Outcome, fault: Fault) -> None:
    """A reason that people can look up and that fits, and a next step."""
    message = outcome.message
    assert outcome["reason"] in DOCUMENTED, f"{outcome['reason']} is not in docs/guides/errors.md"
    assert outcome["reason"] in fault.reasons, f"{outcome['reason']}: {message}"
    assert any(words in message for words in fault.said), message
    assert "Traceback" not in message
    assert not re.search(r"\b(?:Adb\w+|\w+Error)\(", message), message


def check_nothing_private(outcome: Outcome) -> None:
    told = repr(outcome.result)
    assert not [secret for secret in SECRETS if secret in told]
