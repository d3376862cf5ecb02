#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: android_ethernet_tether_info
short_description: Ethernet tethering of an Android phone, and what a hand has to do for it
version_added: 1.0.0
description:
  - Tells whether a phone shares its connection by a USB-C Ethernet adapter, and if not, what is missing.
  - It changes nothing, as nothing that adb reaches switches Ethernet tethering. That is for a hand, in the phone's
    settings, or for a flow of LlamaLab Automate, see M(homelab.dualwan.android_tether_keepalive). Android 11 and later.
  - Once it is on, it stays on as long as the adapter is in the phone, also while the router reboots. It is off again
    after a reboot of the phone and whenever the adapter was out.
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._attributes.info
  - homelab.dualwan._adb
  - homelab.dualwan._adb.which
  - homelab.dualwan._adb.away
options:
  wait_seconds:
    description: For how long to wait until it serves, V(0) to V(3600). Says meanwhile what a hand has to do.
    type: int
    default: 0
notes:
  - With an adapter at its USB port the phone is reached by adb over the network only.
seealso:
  - module: homelab.dualwan.android_usb_tether
"""

EXAMPLES = r"""
- name: See whether the phone tethers by its Ethernet adapter
  homelab.dualwan.android_ethernet_tether_info:
    serial: 192.168.50.23:5555
  register: ethernet

- name: Say what only a hand can do
  ansible.builtin.debug:
    var: ethernet.by_hand
"""

RETURN = r"""
present:
  description: Whether the adb server reached the phone. All else is returned only then.
  returned: success
  type: bool
why:
  description: Why it was not reached.
  returned: when not present
  type: str
serving:
  description: Whether the router gets an address and is forwarded.
  returned: when present
  type: bool
not_serving_why:
  description: The first thing that is missing for that, or null.
  returned: when present
  type: str
  sample: Ethernet tethering is off
interface:
  description: The adapter's interface, or null where there is none.
  returned: when present
  type: str
  sample: eth0
link:
  description: Whether something is at the other end of the adapter's cable.
  returned: when present
  type: bool
tethered:
  description: Whether the switch in the phone's settings is on.
  returned: when present
  type: bool
address:
  description: The phone's address there, with prefix length.
  returned: when present
  type: str
subnet:
  description: The network between phone and router.
  returned: when present
  type: str
upstream:
  description: Through which interface the phone forwards, or null.
  returned: when present
  type: str
last_error:
  description: Android's number for why tethering failed; 0 is no error.
  returned: when present
  type: int
by_hand:
  description: What nobody can do but a hand.
  returned: when present
  type: list
  elements: str
reason:
  description: A word for what went wrong, for playbooks to test.
  returned: failure
  type: str
  sample: offline
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import (
    AWAY_OPTION,
    PHONE_OPTIONS,
    PHONE_VARIABLES,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._ethernet_info import run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(
    run=run,
    host_variables=PHONE_VARIABLES,
    argument_spec={**PHONE_OPTIONS, **AWAY_OPTION, "wait_seconds": {"type": "int", "default": 0}},
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
