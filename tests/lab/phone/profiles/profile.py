# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One Android version, on one made-up phone."""

    release: str
    model: str
    device: str
    properties: Mapping[str, str]
    functions: frozenset[str]
    """What the gadget can bind besides adb."""
    dump_names: Mapping[str, str]
    """How dumpsys spells a function."""
    disconnect_locked_seconds: float
    disconnect_unlocked_seconds: float
    hal_reply_seconds: float
    """How long the framework waits for the gadget HAL."""
    enumeration_seconds: float
    """How much longer it waits for the host after that."""
    tether_function: str
    """What the Settings switch binds unless ``tether_force_usb_functions`` says otherwise."""
