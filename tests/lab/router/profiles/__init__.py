# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firmware generations: one module each, with its own table of nvram names and its own way of replying."""

from __future__ import annotations

from .catalogue import UnknownFirmware, by_name, names
from .profile import GLOBAL_DESPITE_PREFIX, PER_UNIT_PREFIX, Login, Monitor, Profile, Setting

__all__ = [
    "GLOBAL_DESPITE_PREFIX",
    "PER_UNIT_PREFIX",
    "Login",
    "Monitor",
    "Profile",
    "Setting",
    "UnknownFirmware",
    "by_name",
    "names",
]
