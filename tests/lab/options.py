# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lab is asked to be. Apart from the lab itself, which whoever starts one need not load."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What ``up`` was asked for; a port of 0 is any free one."""

    username: str
    password: str
    http_port: int = 0
    https_port: int = 0
    adb_port: int = 0
    firmware: str = "386"
    android: str = "14"
    speed: float = 1.0
    adb_server: bool = False
    real_adbd: str | None = None
    """Where :mod:`lab.real_adbd` put one."""
