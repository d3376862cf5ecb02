#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: asus_wan
short_description: One WAN line of an ASUS router on, off, or reconnected
version_added: 1.0.0
description:
  - Switches one line on or off, as I(Enable WAN) on the router's page does, or connects it anew. Waits until the line
    is where it is wanted, and does not reboot.
  - The router itself does not fail over from a line that is switched off. Where the line that is switched off carries
    the traffic, this module connects the other line first and moves the traffic over. Where such a line is off already
    and still the one in use, as after the router's own switch, moving the traffic is all that it does.
  - Refuses to take the line away that carries the traffic while the other one could not take over.
  - Moving the traffic over follows the source of firmware 382; it was not tried on hardware. Where the traffic does not
    move, the line is switched on again and the task fails. Where the task is killed before it has moved, the next run
    that may write switches the line on again, as does M(homelab.dualwan.backup_link_doctor).
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._attributes.writes
  - homelab.dualwan._asuswrt
attributes:
  idempotent:
    support: partial
    details:
      - With O(state=reconnected) every run reconnects.
options:
  wan:
    description: Which line.
    type: str
    choices: [primary, secondary]
    required: true
  state:
    description:
      - V(enabled) switches it on, and connects it or has it stand by.
      - V(disabled) switches it off. It stays off over a reboot, and is no backup.
      - V(reconnected) disconnects and connects it, for a new address or after a fault.
    type: str
    choices: [enabled, disabled, reconnected]
    required: true
  wait_seconds:
    description: How long to wait for the line to be there, once the router has carried out the request.
    type: float
    default: 60.0
  even_without_backup:
    description:
      - Whether to switch off or reconnect the line that carries the traffic although the other one could not take over.
      - There is no internet then, and no way to the router other than its LAN.
    type: bool
    default: false
seealso:
  - module: homelab.dualwan.asus_dualwan
  - module: homelab.dualwan.asus_wan_info
"""

EXAMPLES = r"""
- name: Reconnect the primary, which serves again after some seconds
  homelab.dualwan.asus_wan:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
    wan: primary
    state: reconnected
    even_without_backup: true

- name: Have the primary on, as it always is
  homelab.dualwan.asus_wan:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
    wan: primary
    state: enabled
"""

RETURN = r"""
before:
  description: The line as it was, see RV(homelab.dualwan.asus_wan_info#module:wans).
  returned: success
  type: dict
  sample: &wan
    unit: 0
    role: primary
    type: wan
    status: connected
    why: carries the traffic
    active: true
    link: true
    address: 203.0.113.20
    gateway: 203.0.113.1
    interface: eth1
    public: true
after:
  description: The line as it was seen at the end. Null in check mode where something would change, as nobody can
    foretell it.
  returned: success
  type: dict
  sample: *wan
activation:
  description: The router's services that were requested, or would be, or V(none).
  returned: success
  type: str
  sample: restart_wan_if 0
seconds:
  description: How long it took until the line was there. Null where nothing was done.
  returned: success
  type: float
  sample: 8.5
connected:
  description: Whether the line has a connection. Not so for a cold standby, which is dialled at a failover, and for a
    line without cable or phone.
  returned: success
  type: bool
active:
  description: Which line carries the traffic now, V(primary), V(secondary), or null.
  returned: success
  type: str
  sample: primary
warnings:
  description: What is left without a reserve, or was switched on and cannot connect.
  returned: success
  type: list
  elements: str
reason:
  description: A word for what went wrong, for playbooks to test. V(bad_wish) where the line was left alone because the
    other one could not take over; V(not_activated) where the line was not where it is wanted within O(wait_seconds).
  returned: failure
  type: str
  sample: not_activated
stored:
  description: How much of what was asked for the router was seen to have when the task failed. V(nothing), V(all) or
    V(not_all) by what was read last; V(unknown) where it was sent and could not be read back.
  returned: when the router, or the way to it, was the cause
  type: str
  sample: nothing
status:
  description: What the line does instead, see RV(homelab.dualwan.asus_wan_info#module:wans).
  returned: when the line was not where it is wanted in time
  type: str
  sample: disconnected
kept:
  description: The nvram variable whose value is not the wanted one, and what the router kept.
  returned: when the router kept another value
  type: dict
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import (
    ROUTER_OPTIONS,
    ROUTER_VARIABLES,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan import run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(
    run=run,
    host_variables=ROUTER_VARIABLES,
    argument_spec={
        **ROUTER_OPTIONS,
        "wan": {"type": "str", "choices": ["primary", "secondary"], "required": True},
        "state": {"type": "str", "choices": ["enabled", "disabled", "reconnected"], "required": True},
        "wait_seconds": {"type": "float", "default": 60.0},
        "even_without_backup": {"type": "bool", "default": False},
    },
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
