# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rig is to be like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .daemon import Settings
from .weather import Weather

SOCKET = "rig.socket"
"""In the rig's directory."""


@dataclass(frozen=True)
class RigPlan:
    """``seed`` is for the weather; what the machine itself does to the times stays its own."""

    primary: Weather = field(default_factory=Weather)
    secondary: Weather = field(default_factory=Weather)
    daemon: Settings = field(default_factory=Settings)
    seed: int = 1

    def as_result(self) -> dict[str, Any]:
        """For the process that makes the rig."""
        return asdict(self)

    @classmethod
    def from_result(cls, text: Mapping[str, Any]) -> RigPlan:
        """In that process."""
        lines = {line: Weather(**text[line]) for line in ("primary", "secondary")}
        return cls(daemon=Settings(**text["daemon"]), seed=text["seed"], **lines)
