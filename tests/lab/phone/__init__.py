# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Android phone: the device end of ADB, its USB side, and a place for its files and processes."""

from __future__ import annotations

from .phone import Phone
from .sandbox import NotSimulated

__all__ = ["NotSimulated", "Phone"]
