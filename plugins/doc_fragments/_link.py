# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """What a task about both ends of a link has beside C(_asuswrt) and C(_adb.which)."""

    DOCUMENTATION = r"""
options:
  phone:
    description: Whether adb is asked for the phone at all.
    type: bool
    default: true
requirements:
  - adbutils >= 2.12, where the phone is asked
attributes:
  action_group:
    description: Use C(group/homelab.dualwan.asuswrt) and C(group/homelab.dualwan.adb) in C(module_defaults) to set
      defaults for this module.
    support: full
    membership:
      - homelab.dualwan.asuswrt
      - homelab.dualwan.adb
"""
