# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock screen: whether there is a secret, and whether the keyguard is up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Screen:
    secure: bool = False
    keyguard: bool = False

    @property
    def locked(self) -> bool:
        """As USB understands it: keyguard showing and device secure, so None and Swipe never lock."""
        return self.secure and self.keyguard

    def booted(self) -> None:
        """A phone boots to its lock screen; to one without a secret it does not matter."""
        self.keyguard = True
