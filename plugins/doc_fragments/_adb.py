# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How a phone is reached; C(which) stands by itself for tasks that have a C(timeout) of their own."""

    WHICH = r"""
options:
  serial:
    description:
      - Which phone. The serial number that C(adb devices) shows, or V(host:port) for one reached over the network.
      - May be left out while the adb server knows exactly one phone.
      - If not set, the host's variable C(android_serial) is used.
      - It is in no message and no log.
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
"""

    DOCUMENTATION = r"""
options:
  timeout:
    description:
      - Seconds to wait for one command on the phone, and for the phone to come back after its USB connection changed
        or while it boots.
      - If not set, the host's variable C(android_timeout) is used.
    type: float
    default: 30.0
requirements:
  - adbutils >= 2.12
attributes:
  action_group:
    description: Use C(group/homelab.dualwan.adb) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - homelab.dualwan.adb
"""

    AWAY = r"""
options:
  may_be_away:
    description:
      - Whether an absent phone is an answer (RV(present=false)) instead of an error, such as one that is plugged into
        the router by now.
      - A phone that is there and refuses is an error all the same. That the adb server may not open a phone on its
        USB is none, as it then says so of every phone that is not there; the warning tells it.
    type: bool
    default: false
"""
