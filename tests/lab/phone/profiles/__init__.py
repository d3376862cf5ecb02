# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between Android versions: one module each, named in :data:`_MODULES`."""

from __future__ import annotations

import importlib

from .profile import Profile

__all__ = ["Profile", "load", "versions"]

_MODULES = {
    "8.1": "android_8_1",
    "10": "android_10",
    "12": "android_12",
    "14": "android_14",
    "16": "android_16",
}


def versions() -> tuple[str, ...]:
    """The Android versions there are profiles of."""
    return tuple(_MODULES)


def load(version: str) -> Profile:
    """The profile of an Android version. Raises ValueError naming those that exist."""
    if version not in _MODULES:
        raise ValueError(f"no profile of Android {version!r}; there is {', '.join(_MODULES)}")
    profile: Profile = importlib.import_module(f".{_MODULES[version]}", __name__).PROFILE
    return profile
