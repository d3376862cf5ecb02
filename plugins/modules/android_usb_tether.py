#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: android_usb_tether
short_description: USB tethering of an Android phone, now and at every plug-in
version_added: 1.0.0
description:
  - Switches USB tethering on or off, and sets what the phone does by itself when it is plugged in
    (I(Default USB configuration) of its developer options).
  - The default is what brings tethering back after a wiggle of the cable, a reboot of the router or of the phone
    itself.
    It needs no root, and a screen lock of I(None) or I(Swipe), as a phone that is locked securely gives it up.
  - Reads back what the system says, not exit codes, and waits until the phone serves, where a host is connected.
  - Copes with adb dropping while the USB function switches.
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._attributes.writes
  - homelab.dualwan._adb
  - homelab.dualwan._adb.which
  - homelab.dualwan._adb.away
options:
  state:
    description: Whether the phone tethers. V(disabled) takes the default at plug-in away too.
    type: str
    choices: [enabled, disabled]
    default: enabled
  function:
    description:
      - The USB function. V(auto) keeps the one that the phone has, and otherwise tries V(rndis), then V(ncm).
      - Routers know V(rndis) best; newer phones may have V(ncm) only.
    type: str
    choices: [auto, rndis, ncm]
    default: auto
  plug_in_default:
    description: With O(state=enabled), whether the phone also takes that function by itself at every plug-in.
    type: bool
    default: true
notes:
  - Android 8 has no default at plug-in and no NCM, and lets root alone ask for tethering. So it needs
    O(plug_in_default=false) and root for the shell there.
  - Where adb comes by the phone's own address in the tether, O(state=disabled) ends adb with the tether. If it does not
    return within O(timeout), that is a success with a warning, and RV(after) is what the phone was told to come to.
seealso:
  - module: homelab.dualwan.android_tether_keepalive
"""

EXAMPLES = r"""
- name: Tether now and at every plug-in
  homelab.dualwan.android_usb_tether:
    serial: 192.168.50.23:5555

- name: Stop tethering
  homelab.dualwan.android_usb_tether:
    serial: 192.168.50.23:5555
    state: disabled
"""

RETURN = r"""
present:
  description: Whether the adb server reached the phone. The states are returned only then.
  returned: success
  type: bool
why:
  description: Why it was not reached.
  returned: when not present
  type: str
before:
  description: What the phone said before. See RV(homelab.dualwan.android_info#module:usb).
  returned: when present
  type: dict
after:
  description: What it says now. In check mode, what it would.
  returned: when present
  type: dict
serving:
  description: Whether a host on the other end of the cable gets an address and is forwarded.
  returned: when present
  type: bool
reason:
  description: A word for what went wrong, for playbooks to test.
  returned: failure
  type: str
  sample: function_refused
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import (
    AWAY_OPTION,
    PHONE_OPTIONS,
    PHONE_VARIABLES,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._tether import run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(
    run=run,
    host_variables=PHONE_VARIABLES,
    argument_spec={
        **PHONE_OPTIONS,
        **AWAY_OPTION,
        "state": {"type": "str", "choices": ["enabled", "disabled"], "default": "enabled"},
        "function": {"type": "str", "choices": ["auto", "rndis", "ncm"], "default": "auto"},
        "plug_in_default": {"type": "bool", "default": True},
    },
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
