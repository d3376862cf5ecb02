#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: android_info
short_description: An Android phone, its USB tether and its keepalive
version_added: 1.0.0
description:
  - Asks a phone, in one round trip over adb, what matters for a backup internet link.
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._attributes.info
  - homelab.dualwan._adb
  - homelab.dualwan._adb.which
  - homelab.dualwan._adb.away
seealso:
  - module: homelab.dualwan.android_usb_tether
"""

EXAMPLES = r"""
- name: Look at the phone
  homelab.dualwan.android_info:
    serial: 192.168.50.23:5555
  register: phone

- name: Say whether it would serve the router
  ansible.builtin.debug:
    var: phone.usb.serving
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
model:
  description: The model.
  returned: when present
  type: str
maker:
  description: Its maker.
  returned: when present
  type: str
android:
  description: The version of Android.
  returned: when present
  type: str
sdk:
  description: The number of its interfaces.
  returned: when present
  type: int
root:
  description: Whether a C(su) is installed. Whether it grants anything is not tried.
  returned: when present
  type: bool
gadget:
  description: >-
    V(hal), or V(legacy) where C(adbd) ends at each switch of the USB function, or V(unknown), as Android 9 to 11 do not
    tell.
  returned: when present
  type: str
sim:
  description: The first SIM, as far as the phone tells.
  returned: when present
  type: dict
  contains:
    state:
      description: V(loaded), V(absent), V(pin_required) and so on, or null.
      type: str
    operator:
      description: The network's name.
      type: str
    rsrp_dbm:
      description: The strength of the signal, or null where the network that counts is neither 4G nor 5G.
      type: int
    level:
      description: The same in bars, V(0) to V(4).
      type: int
sims:
  description: The same of each slot, the first one first.
  returned: when present
  type: list
  elements: dict
usb:
  description: The USB port and the tether, from C(dumpsys).
  returned: when present
  type: dict
  contains:
    function:
      description: V(rndis) or V(ncm), or null where the port does something else.
      type: str
    plug_in_default:
      description: The tether that the phone takes by itself at plug-in, or null.
      type: str
    host_connected:
      description: Whether a computer or router is on the other end of the cable.
      type: bool
    serving:
      description: Whether that gets an address and is forwarded.
      type: bool
    why:
      description: What is missing for that, or null.
      type: str
    subnet:
      description: The network between phone and host. Phones from Android 12 on take another one at each boot.
      type: str
    interface:
      description: The phone's network interface for it.
      type: str
    address:
      description: The phone's address there, with prefix length.
      type: str
    upstream:
      description: Through which interface the phone forwards, or null.
      type: str
    last_error:
      description: Android's number for why tethering failed; 0 is no error.
      type: int
    screen_locked:
      description: Whether a secure lock screen is up, which makes the phone give tethering up at the next disconnect.
      type: bool
mobile_data:
  description: Whether mobile data is switched on, or null where the phone does not say.
  returned: when present
  type: bool
adb_key_expires:
  description: Whether the phone forgets this computer's key after a while without contact, a week
    unless set.
  returned: when present
  type: bool
battery:
  description: The battery.
  returned: when present
  type: dict
  contains:
    level_percent:
      description: Its charge.
      type: int
    temperature_celsius:
      description: Its temperature.
      type: float
    health:
      description: V(good), V(overheated), V(dead), V(over voltage), V(failing) or V(cold), or null.
      type: str
    powered:
      description: Whether it is fed by cable or cradle.
      type: bool
automate:
  description: LlamaLab Automate, as far as it can be told from outside.
  returned: when present
  type: dict
  contains:
    installed:
      description: Whether the app is there.
      type: bool
    privileged_service:
      description: Whether its privileged service lives, by which a flow may switch tethering.
      type: bool
    any_flow_runs:
      description: Whether the app's own service lives, as it does while a flow runs.
      type: bool
    battery_optimised:
      description: Whether Android may put it to sleep, or null where it is not installed.
      type: bool
    flow_started:
      description: The flow that M(homelab.dualwan.android_tether_keepalive) has started since the phone's last boot.
      type: str
keepalive:
  description: What M(homelab.dualwan.android_tether_keepalive) left there.
  returned: when present
  type: dict
  contains:
    layer:
      description: V(loop), or V(root_service) where that runs.
      type: str
    installed:
      description: Whether the script is there. Of the root service it is known while that runs.
      type: bool
    running:
      description: Whether its loop runs.
      type: bool
    outdated:
      description: Whether the loop was started from another script than the one there.
      type: bool
    paused:
      description: Whether it is told not to act.
      type: bool
    checksum:
      description: SHA-256 of the script that is there.
      type: str
    health:
      description: What the loop last said of itself, or null. Times are the phone's, in UTC.
      type: dict
      contains:
        state:
          description: >-
            V(serving), V(away) without a host, V(down), V(hot), V(paused), V(starting), V(ended), or V(died) where it
            does not run and did not say that it ends.
          type: str
        user:
          description: As whom it runs.
          type: str
        source:
          description: V(route), or V(dumpsys) where the kernel's table of routes says nothing of the tether.
          type: str
        since:
          description: When it was started.
          type: str
        drops:
          description: How often the tether was gone since then.
          type: int
        last_drop:
          description: When it was last gone.
          type: str
        last_drop_why:
          description: And why.
          type: str
        cures:
          description: How many cures were tried.
          type: int
        last_cure:
          description: The last of them.
          type: str
        last_cure_at:
          description: When that was.
          type: str
        recoveries:
          description: How often the tether came back.
          type: int
        last_recovery_seconds:
          description: How long it had been gone then.
          type: int
        late:
          description: Whether it should have said more by now. The phone sleeps, or the loop hangs.
          type: bool
    log:
      description: The last lines of its log.
      type: list
      elements: str
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import (
    AWAY_OPTION,
    PHONE_OPTIONS,
    PHONE_VARIABLES,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._info import run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(
    run=run,
    host_variables=PHONE_VARIABLES,
    argument_spec={**PHONE_OPTIONS, **AWAY_OPTION},
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
