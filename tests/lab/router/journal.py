# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of the router, for a test to look at afterwards."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Entry:
    """One request. ``kind`` is one of ``kinds.KINDS``, refused (by the door), or cut (before it was looked at)."""

    at: float
    method: str
    path: str
    user_agent: str
    kind: str = "cut"
    names: list[str] = field(default_factory=list)
    """Names posted in a write, without the fields that steer httpd."""
    changed: list[str] = field(default_factory=list)
    """Names whose stored value a write changed."""
    swapped: int = 0
    """How many per-type copies (``usb_wan_*``) httpd stored along with that."""
    service: str = ""
    answer: str = "ok"
    faults: list[str] = field(default_factory=list)
    """Those that were armed and hit it."""


class Journal:
    """Requests in the order they came in."""

    def __init__(self) -> None:
        self.requests: list[Entry] = []

    def forget(self) -> None:
        self.requests.clear()

    def as_data(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self.requests]
