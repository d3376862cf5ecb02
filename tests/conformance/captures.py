# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What genuine pages posted, and what then differed: captures that stand beside the checkout, or where it is said."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

CAPTURES = Path(
    os.environ.get("DUALWAN_CAPTURES") or Path(__file__).resolve().parents[2].parent / "shared" / "captures"
)
FIRMWARE = "ax53u"
"""What the lab's one router profile is; captures of others wait for theirs."""


def captures() -> list[Any]:
    """One parameter for each. Without any: a reason to skip, and in CI a failure."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CAPTURES.glob("*.json"))]
    if found:
        return [pytest.param(capture, id=capture["name"], marks=_marks(capture)) for capture in found]
    if os.environ.get("CI") == "true":
        return [pytest.param(None, id="missing")]
    return [pytest.param(None, id="missing", marks=pytest.mark.skip(reason=f"no captures in {CAPTURES}"))]


def _marks(capture: dict[str, Any]) -> list[pytest.MarkDecorator]:
    if capture["firmware"] == FIRMWARE:
        return []
    return [pytest.mark.skip(reason=f"the lab has no profile of {capture['firmware']} yet")]
