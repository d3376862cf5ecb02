# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How the phone is reached by a task that looks at both ends of a link; C(_asuswrt) has the router's part."""

    DOCUMENTATION = r"""
options:
  phone:
    description: Whether adb is asked for the phone at all.
    type: bool
    default: true
  serial:
    description:
      - Which phone. The serial number that C(adb devices) shows, or V(host:port) for one reached over the network.
      - May be left out while the adb server knows exactly one phone.
      - If not set, the host's variable C(android_serial) is used.
    type: str
  adb_server_host:
    description:
      - Where the adb server runs.
      - If not set, the host's variable C(android_adb_server_host) is used.
    type: str
    default: 127.0.0.1
  adb_server_port:
    description:
      - The adb server's port. Start one with C(adb start-server); the module does not.
      - If not set, the host's variable C(android_adb_server_port) is used.
    type: int
    default: 5037
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
