# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated ASUS router: its web server, nvram, rc, hotplug and failover daemon.

Written from what is known of the firmware, in words and tables of its own.
"""

from __future__ import annotations

from .device import Router

__all__ = ["Router"]
