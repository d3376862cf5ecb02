#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: android_tether_keepalive
short_description: What keeps USB tethering of an Android phone on, in layers
version_added: 1.0.0
description:
  - Installs, checks and removes the layers that turn tethering on again, see O(strategy).
  - Two of them are a small shell script on the phone. Every O(interval) seconds it looks, and where the
    tether is gone while a host is connected, it tries O(cures) one after the other, with ever longer pauses from 6
    seconds up to 5 minutes between them. Once the tether serves again it begins with the first.
  - It acts neither while Android is still switching nor within 6 seconds of its own last switch.
  - A look at a phone that serves starts no program. While the tether is gone, a look comes four times a second for four
    seconds, twice a second up to ten and every second after that, and costs one C(dumpsys usb), but as root only if
    something is plugged in. Where nothing was plugged in for a minute, C(dumpsys usb) is asked every ten seconds.
  - A file C(paused) beside the script, made by hand or with O(state=paused), keeps it from acting.
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
    description:
      - V(started) has the script there and its loop running.
      - V(paused) too, but the loop only looks. By V(auto) and V(host) among O(strategy) the file C(paused) is made on a
        phone without a script too, as another machine heeds it.
      - V(stopped) has the script there and no loop, and nothing that starts one at boot.
      - V(absent) removes both, with the log. The default at plug-in only goes if O(strategy) names it.
      - V(paused) and V(stopped) leave the default at plug-in alone.
      - A machine that looks after the phone goes on by V(stopped) and V(absent), which RV(by_hand) tells then.
    type: str
    choices: [started, paused, stopped, absent]
    default: started
  strategy:
    description:
      - The layers, by name, or V(auto) alone for what suits the phone. RV(layers) tells which those are, and why.
      - V(default_usb) is the phone's own I(Default USB configuration). It survives a wiggled cable and a reboot of
        either end, and needs Android 9 and no secure screen lock. M(homelab.dualwan.android_usb_tether) sets it too.
      - V(root_service) runs the script as root, started at each boot by Magisk, KernelSU or APatch. The phone must
        grant root to the shell without asking.
      - V(loop) runs the script as the user shell. Best effort. It dies with a reboot of the phone, and on many phones
        with the restart of C(adbd) that a switch of the USB function causes.
      - V(automate) starts a flow of the app LlamaLab Automate, see O(automate_flow). It must be installed and the
        flow made by hand. It takes the app out of Android's battery optimisation, and tells under RV(by_hand) what
        only a hand can do. A flow cannot be paused, stopped or removed from outside, and which flows run the app
        tells nobody. One that was started since the phone's last boot counts as running while the app does.
      - V(host) is another machine that asks for the tether by adb, made by the role's C(tasks_from=host). On the phone
        it needs a key that does not expire, which is set. Whether a machine does look after the phone is read from
        the trace that each of its looks leaves.
      - V(auto) takes V(default_usb) where there is such a thing, and V(root_service) where there is root, otherwise
        V(loop) unless the phone is known to have no USB gadget HAL. V(automate) comes in addition where
        O(automate_flow) is given and the app is there. V(host) never.
      - Where the root service runs and the phone no longer grants root to the shell, V(auto) leaves it as it is, takes
        no loop, and tells so as a warning and under RV(by_hand). It is paused and resumed, but V(stopped) and V(absent)
        of O(state) fail with RV(reason=not_supported), and so does V(loop) by name.
      - Where V(auto) takes neither script, a loop that was once asked for by name is brought to O(state) all the same.
      - Of V(root_service) and V(loop) only one is there at a time.
      - Layers that are not named stay as they are, with the settings that they were given, but for a script in whose
        place the other one is named. One that is there beside a V(default_usb) by name is told of as a warning; what
        takes it off is O(state=absent) with its name.
    type: list
    elements: str
    choices: [auto, default_usb, root_service, loop, automate, host]
    default: [auto]
  automate_flow:
    description:
      - Which flow of LlamaLab Automate to start for V(automate) among O(strategy), by its URI as the block
        I(Flow beginning) shows it. Another installation of the app has another one.
    type: str
  interval:
    description: Seconds from one look to the next, V(1) to V(3600).
    type: int
    default: 1
  function:
    description: The USB function of the tether.
    type: str
    choices: [rndis, ncm]
    default: rndis
  cures:
    description:
      - What to try where the tether is gone, in this order, and from the beginning again after the last.
      - V(function) sets the USB function.
      - V(default) sets it as the default at plug-in (Android 9 and later), unless the screen is locked.
      - V(reset) takes the gadget off the bus and back (Android 12 and later).
      - V(data) switches mobile data off and on, unless it is off.
      - V(reboot) reboots the phone, but not within an hour of its last boot. The loop does not come back from that.
      - What the phone's Android does not have is left out, and refused where nothing else is left.
    type: list
    elements: str
    choices: [function, default, reset, data, reboot]
    default: [function, default, reset, data]
  command:
    description:
      - What V(function) among O(cures) does instead, for the phone's own shell.
    type: str
  max_battery_temperature:
    description:
      - No cure while the battery is as hot as this, in degrees Celsius, V(20) to V(80), until it has cooled by 3.
      - V(0) is no limit.
    type: float
    default: 45
  as_root:
    description:
      - For V(loop), whether to run the cures through C(su). The phone must grant it to the shell without asking.
    type: bool
    default: false
seealso:
  - module: homelab.dualwan.android_usb_tether
"""

EXAMPLES = r"""
- name: Keep the tether on by what suits the phone
  homelab.dualwan.android_tether_keepalive:
    serial: 192.168.50.23:5555
    function: rndis

- name: Bring tethering back with a root command
  homelab.dualwan.android_tether_keepalive:
    serial: 192.168.50.23:5555
    command: setprop sys.usb.config rndis,adb
    as_root: true
    strategy: [loop]

- name: Leave it alone while somebody works on the phone
  homelab.dualwan.android_tether_keepalive:
    serial: 192.168.50.23:5555
    state: paused

- name: Start the flow of Automate that turns tethering on again, besides what suits the phone
  homelab.dualwan.android_tether_keepalive:
    serial: 192.168.50.23:5555
    automate_flow: content://com.llamalab.automate.provider/flows/1/statements/1
  register: keepalive

- name: Say what only a hand can do
  ansible.builtin.debug:
    var: keepalive.by_hand

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
  description: The script that was on the phone. See RV(homelab.dualwan.android_info#module:keepalive).
  returned: when present
  type: dict
after:
  description: What is there now. In check mode, what would be.
  returned: when present
  type: dict
layers:
  description: Each layer by its name.
  returned: when present
  type: dict
  sample:
    default_usb:
      chosen: true
      why: Android tethers by itself at plug-in and at boot
      before: none
      after: rndis
by_hand:
  description: What nobody can do but a hand, on the phone or on another machine.
  returned: when present
  type: list
  elements: str
  sample:
    - set the phone's screen lock to None or Swipe
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
        "state": {"type": "str", "choices": ["started", "paused", "stopped", "absent"], "default": "started"},
        "strategy": {
            "type": "list",
            "elements": "str",
            "choices": ["auto", "default_usb", "root_service", "loop", "automate", "host"],
            "default": ["auto"],
        },
        "automate_flow": {"type": "str"},
        "interval": {"type": "int", "default": 1},
        "function": {"type": "str", "choices": ["rndis", "ncm"], "default": "rndis"},
        "cures": {
            "type": "list",
            "elements": "str",
            "choices": ["function", "default", "reset", "data", "reboot"],
            "default": ["function", "default", "reset", "data"],
        },
        "command": {"type": "str"},
        "max_battery_temperature": {"type": "float", "default": 45},
        "as_root": {"type": "bool", "default": False},
    },
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
