#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: android_tether_keepalive
short_description: A loop on an Android phone that turns USB tethering on again
version_added: 1.0.0
description:
  - Pushes a small shell script to the phone and runs it there. Every O(interval) seconds it looks, and where the
    tether is
    gone while a host is connected, it runs O(command).
  - It acts neither while Android is still switching nor within 8 seconds of its own last switch.
  - Best effort. The loop dies with a reboot of the phone, and on many phones with the restart of C(adbd) that a
    switch of the
    USB function causes. What survives both is the default at plug-in, see M(homelab.dualwan.android_usb_tether).
  - Each look costs one C(dumpsys usb) on the phone.
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._attributes.writes
  - homelab.dualwan._adb
  - homelab.dualwan._adb.away
options:
  state:
    description:
      - V(started) has the script there and its loop running.
      - V(stopped) has the script there and no loop.
      - V(absent) removes both, with the log.
    type: str
    choices: [started, stopped, absent]
    default: started
  interval:
    description: Seconds from one look to the next, V(5) to V(3600).
    type: int
    default: 10
  command:
    description:
      - What brings tethering back, for the phone's own shell.
    type: str
    default: svc usb setFunctions rndis
  as_root:
    description: Whether to run O(command) through C(su). The phone must grant it to the shell without asking.
    type: bool
    default: false
seealso:
  - module: homelab.dualwan.android_usb_tether
"""

EXAMPLES = r"""
- name: Look every ten seconds
  homelab.dualwan.android_tether_keepalive:
    serial: 192.168.50.23:5555
    interval: 10

- name: Bring tethering back with a root command
  homelab.dualwan.android_tether_keepalive:
    serial: 192.168.50.23:5555
    command: setprop sys.usb.config rndis,adb
    as_root: true

- name: Remove it
  homelab.dualwan.android_tether_keepalive:
    serial: 192.168.50.23:5555
    state: absent
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
  description: What was on the phone. See RV(homelab.dualwan.android_info#module:keepalive).
  returned: when present
  type: dict
after:
  description: What is there now. In check mode, what would be.
  returned: when present
  type: dict
reason:
  description: A word for what went wrong, for playbooks to test.
  returned: failure
  type: str
  sample: not_written
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import (
    AWAY_OPTION,
    PHONE_OPTIONS,
    PHONE_VARIABLES,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_task import run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(
    run=run,
    host_variables=PHONE_VARIABLES,
    argument_spec={
        **PHONE_OPTIONS,
        **AWAY_OPTION,
        "state": {"type": "str", "choices": ["started", "stopped", "absent"], "default": "started"},
        "interval": {"type": "int", "default": 10},
        "command": {"type": "str", "default": "svc usb setFunctions rndis"},
        "as_root": {"type": "bool", "default": False},
    },
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
