# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the lab's knowledge ends."""

from __future__ import annotations


class NotSimulated(NotImplementedError):
    """The genuine firmware does something here, and this lab does not know what."""

    def __str__(self) -> str:
        return f"not simulated: {super().__str__()}"
