#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: asus_wan_info
short_description: Both lines of an ASUS router, and whether the backup is ready
version_added: 1.0.0
description:
  - Tells what each WAN is doing, which one carries the traffic, and what the router sees of the phone on its USB port.
  - More truthful than the router's dashboard, which shows a cold standby for a phone that is not there.
  - Reads once, and never writes to the router.
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._attributes.info
  - homelab.dualwan._asuswrt
options:
  wait_seconds:
    description: For how long to look again while the link is not RV(ready), such as just after the phone was plugged
      in.
    type: float
    default: 0.0
  as_variables:
    description:
      - Whether to return the stored settings as variables of the role P(homelab.dualwan.router#role) as well, to begin
        with a router that somebody else has set up.
      - With these, C(site.yml) changes nothing on that router. What the variables cannot say, or what is strange in its
        memory, is null, and the role leaves it alone.
    type: bool
    default: false
seealso:
  - module: homelab.dualwan.asus_dualwan
"""

EXAMPLES = r"""
- name: Look at both lines
  homelab.dualwan.asus_wan_info:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
  register: link

- name: Write down how a router is set up, for site.yml to keep it so
  homelab.dualwan.asus_wan_info:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
    as_variables: true
  register: router

- name: Keep it beside the playbook, to be moved into host_vars
  ansible.builtin.copy:
    content: "{{ router.role_variables | to_nice_yaml }}"
    dest: "{{ playbook_dir }}/{{ inventory_hostname }}-as-found.yml"
    mode: "0600"
"""

RETURN = r"""
ready:
  description: Whether Dual WAN is on, the primary is connected and the secondary would take over. Empty RV(problems).
  returned: success
  type: bool
problems:
  description: What keeps the link from being ready, the lines first.
  returned: success
  type: list
  elements: dict
  contains: &problem
    id:
      description: A word for it.
      type: str
      sample: secondary_phone_missing
    what:
      description: What was seen.
      type: str
    cure:
      description: What to do.
      type: str
    told:
      description: Both, in a line.
      type: str
cautions:
  description: What does not stop the link from standing, and will disappoint the night the line goes down.
  returned: success
  type: list
  elements: dict
  contains: *problem
dashboard:
  description: Both lines for people, a text line each.
  returned: success
  type: list
  elements: str
told:
  description: RV(dashboard), then every problem and caution with its cure, a text line each.
  returned: success
  type: list
  elements: str
wans:
  description: The primary and the secondary line.
  returned: success
  type: list
  elements: dict
  contains:
    unit:
      description: The router's number of it.
      type: int
    role:
      description: V(primary) or V(secondary).
      type: str
    type:
      description: The port, in the words of O(homelab.dualwan.asus_dualwan#module:primary), or V(none).
      type: str
    status:
      description:
        - One of V(connected), V(hot_standby), V(cold_standby), V(disconnected), V(unplugged), V(phone_missing),
          V(stopped),
          V(disabled) and V(off).
      type: str
    why:
      description: What that means.
      type: str
    active:
      description: Whether it carries the traffic.
      type: bool
    link:
      description: Whether its cable, or its phone, is there.
      type: bool
    address:
      description: Its IPv4 address.
      type: str
    gateway:
      description: Its gateway.
      type: str
    interface:
      description: The router's name of it.
      type: str
    public:
      description: Whether the internet sees that very address. Null where the router does not know.
      type: bool
    address_kind:
      description:
        - V(public), V(cgnat) or V(unknown).
        - V(cgnat) is an address of the provider's own, by its range or because the internet sees another one; nothing
          outside can open a connection to it, so port forwarding and DDNS do nothing on that line.
      type: str
active:
  description: V(primary), V(secondary), or null.
  returned: success
  type: str
internet:
  description: Whether the router sees the internet.
  returned: success
  type: bool
phone:
  description: What the router sees on its USB port.
  returned: success
  type: dict
  contains:
    seen:
      description: Whether a phone with tethering on, or a modem, is there.
      type: bool
    port:
      description: On which port.
      type: str
    interface:
      description: The network interface made of it.
      type: str
    driver:
      description: V(rndis), V(ncm) or V(ecm) for a phone.
      type: str
    usb_id:
      description: Vendor and product in hexadecimal.
      type: str
dual_wan:
  description: The stored settings, in the words of the options of M(homelab.dualwan.asus_dualwan).
  returned: success
  type: dict
role_variables:
  description: The stored settings as variables of the role P(homelab.dualwan.router#role).
  returned: with O(as_variables=true)
  type: dict
  sample:
    router_state: enabled
    router_primary: wan
    router_secondary: usb
    router_lan_port:
timing:
  description: See RV(homelab.dualwan.asus_dualwan#module:timing).
  returned: success
  type: dict
capabilities:
  description: What the model and its firmware can do.
  returned: success
  type: dict
  contains:
    dual_wan:
      description: Has Dual WAN.
      type: bool
    usb_modem:
      description: Can use a phone or modem on USB.
      type: bool
    auto_usb_backup:
      description: Has I(Auto USB Backup WAN).
      type: bool
    ports:
      description: What it offers as WAN.
      type: list
      elements: str
    generation:
      description: The firmware generation whose limits are assumed.
      type: str
    router_mode:
      description: Runs as router, and not as access point or mesh node.
      type: bool
model:
  description: The model.
  returned: success
  type: str
firmware:
  description: The firmware version.
  returned: success
  type: str
mark:
  description: By which the drills of this router are told from those of another one at the same address.
  returned: success
  type: str
reason:
  description: A word for what went wrong, for playbooks to test.
  returned: failure
  type: str
  sample: unreachable
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import (
    ROUTER_OPTIONS,
    ROUTER_VARIABLES,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan_info import run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(
    run=run,
    host_variables=ROUTER_VARIABLES,
    argument_spec={
        **ROUTER_OPTIONS,
        "wait_seconds": {"type": "float", "default": 0.0},
        "as_variables": {"type": "bool", "default": False},
    },
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
