# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two providers, a router and a host behind it, as network namespaces through which real packets go.

The rig knows the truth: it writes down when it breaks what. It is written from what is known of the firmware, and
imports nothing of the collection; only ``rig.drill``, which runs the drill that is on trial, does.
"""
