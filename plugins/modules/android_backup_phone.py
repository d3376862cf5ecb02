#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: android_backup_phone
short_description: Whether an Android phone is ready for life as a backup line, and what of that can be set
version_added: 1.0.0
description:
  - Goes through what a phone needs that lies at a router for years, plugged in. Each item can be set, only reported, or
    left out.
  - What adb cannot set, or what the phone kept as it was, is returned as what a hand has to do on the phone, with a
    warning. The task does not fail for it; test RV(ready).
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._attributes.writes
  - homelab.dualwan._adb
  - homelab.dualwan._adb.which
  - homelab.dualwan._adb.away
options:
  lock_screen:
    description:
      - Screen lock I(None). I(Swipe) is as good for tethering, and not reported.
      - With a PIN, pattern or password the phone gives tethering up while it is locked. That stays, as only a hand can
        take it away.
    type: str
    choices: [enforce, report, ignore]
    default: enforce
  mobile_data:
    description:
      - Mobile data on.
    type: str
    choices: [enforce, report, ignore]
    default: enforce
  wifi_off:
    description:
      - Wi-Fi off, so that the phone does not forward to the router's own. Not touched while O(adb_over_wifi), or
        while adb may come by that Wi-Fi.
    type: str
    choices: [enforce, report, ignore]
    default: enforce
  adb_over_wifi:
    description:
      - Whether adb reaches the phone by its Wi-Fi, from here or from a machine in the house. If so, Wi-Fi stays on.
      - If not set, it is judged. By cable, or by an address of the phone's tether or Ethernet, adb does not come by
        Wi-Fi. By a name, a tunnel or another address it may. So may a machine that looks after the phone (the layer
        V(host) of M(homelab.dualwan.android_tether_keepalive)) while the phone has an address in a Wi-Fi.
      - Set it to V(false) only where you know that neither does. What comes by a Wi-Fi that is switched off is gone
        until a hand switches it on again.
    type: bool
  data_saver:
    description:
      - Data Saver off, which ends tethering.
    type: str
    choices: [enforce, report, ignore]
    default: enforce
  battery_saver:
    description:
      - Battery saver off.
    type: str
    choices: [enforce, report, ignore]
    default: enforce
  adb_key_expiry:
    description:
      - This computer's adb key never expires (Android 11 and later, a week as shipped).
    type: str
    choices: [enforce, report, ignore]
    default: enforce
  auto_blocker:
    description:
      - Samsung's I(Auto Blocker) off. It cannot be read, so V(enforce) is the same as V(report).
    type: str
    choices: [enforce, report, ignore]
    default: report
  charging:
    description:
      - The phone is fed. Only reported.
    type: str
    choices: [enforce, report, ignore]
    default: report
  battery_health:
    description:
      - The battery is well and below 45 degrees Celsius. Only reported.
    type: str
    choices: [enforce, report, ignore]
    default: report
  dun:
    description:
      - Tethering takes the same APN as the phone itself. From Android 11 on the setting may have no effect.
    type: str
    choices: [enforce, report, ignore]
    default: ignore
  ota_restart:
    description:
      - System updates do not restart the phone by themselves. Makers may do so all the same.
    type: str
    choices: [enforce, report, ignore]
    default: enforce
seealso:
  - module: homelab.dualwan.android_usb_tether
  - module: homelab.dualwan.android_tether_keepalive
"""

EXAMPLES = r"""
- name: Make the phone ready
  homelab.dualwan.android_backup_phone:
    serial: 192.168.50.23:5555
  register: phone

- name: Only look, and leave the updates out
  homelab.dualwan.android_backup_phone:
    serial: 192.168.50.23:5555
    lock_screen: report
    mobile_data: report
    wifi_off: report
    data_saver: report
    battery_saver: report
    adb_key_expiry: report
    ota_restart: ignore
"""

RETURN = r"""
present:
  description: Whether the adb server reached the phone. The other values are returned only then.
  returned: success
  type: bool
why:
  description: Why it was not reached.
  returned: when not present
  type: str
ready:
  description: Whether all items that are not ignored are known to be as they should.
  returned: when present
  type: bool
checklist:
  description: Each item that concerns this phone and is not ignored, by its name.
  returned: when present
  type: dict
  sample:
    data_saver:
      mode: enforce
      ok: true
      before: "on"
      after: "off"
      hand: null
    auto_blocker:
      mode: report
      ok: null
      before: null
      after: null
      hand: "Settings, Security, Auto Blocker: off. It blocks USB, and adb cannot tell whether it is on"
reason:
  description: A word for what went wrong, for playbooks to test.
  returned: failure
  type: str
  sample: unauthorised
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._android._backup_phone import run
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import (
    AWAY_OPTION,
    PHONE_OPTIONS,
    PHONE_VARIABLES,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._readiness import MODES
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(
    run=run,
    host_variables=PHONE_VARIABLES,
    argument_spec={
        **PHONE_OPTIONS,
        **AWAY_OPTION,
        "adb_over_wifi": {"type": "bool"},
        **{
            name: {"type": "str", "choices": ["enforce", "report", "ignore"], "default": default}
            for name, default in MODES.items()
        },
    },
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
