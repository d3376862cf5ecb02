# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The battery, which is just what it is set to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Battery:
    level: int = 80
    temperature: int = 312
    """Tenths of a degree Celsius."""
