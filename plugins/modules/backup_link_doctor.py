#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_link_doctor
short_description: What is wrong with a backup internet link, why, and what to do about it
version_added: 1.0.0
description:
  - Looks at an ASUS router, at the phone that is its second line, and at the machine that asks, and names what keeps
    the backup from taking over, or will the night the line goes down. Each finding has its evidence, its cure, and
    where it is known from.
  - A cause comes before what it makes show, such as a tether that is off before a phone that the router does not see.
  - Takes one login to the router and one round trip to the phone. A phone that adb does not reach is normal where it is
    in the router's port, and a finding of the least severity. A router that does not answer is a finding, too.
  - Writes nothing, but for one thing. What a drill has taken and did not give back, as with a killed control node, is
    given back here first, except in check mode. So is a line that M(homelab.dualwan.asus_wan) was switching off, and
    whose traffic had not moved. See RV(given_back).
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._asuswrt
  - homelab.dualwan._link
  - homelab.dualwan._adb.which
attributes:
  check_mode:
    support: full
    details: [An unfinished drill is told of and left as it is, and no file is written.]
  diff_mode:
    support: N/A
    details: [There is nothing that it changes to its own wish.]
options:
  plug:
    description:
      - How the phone is plugged into the router. By its V(usb), or by an V(ethernet) adapter.
      - It decides which tether of the phone is looked at.
    type: str
    choices: [usb, ethernet]
    default: usb
  fail_on:
    description:
      - From which severity on the task fails. The result is complete all the same.
      - V(error) is what keeps the backup from taking over now, V(warning) what will disappoint, V(notice) what is worth
        knowing. V(never) never fails, not even where the router does not answer.
    type: str
    choices: [error, warning, notice, never]
    default: error
  ignore:
    description: Ids of rules that are not to be told of. RV(ready) goes by them all the same.
    type: list
    elements: str
    default: []
  wait_seconds:
    description: For how long to look again while the router's lines are not in order, such as just after the phone was
      plugged in.
    type: float
    default: 0.0
  json_file:
    description: A file on the machine that runs the task, for the result as JSON. Its directory must be there.
    type: path
  junit_file:
    description:
      - The same for a JUnit report, with a test case for each rule.
      - What reaches O(fail_on) is a failure there, what does not is the output of a case that passed, and what could
        not be asked is skipped.
    type: path
  files_mode:
    description:
      - The permissions of both files, four octal digits in quotes.
      - They have the lines' addresses in them, so nobody else may read them unless you say so, such as with V(0640) for
        a group.
    type: str
    default: "0600"
  dns_port:
    description:
      - The port of the router's name server, which is asked once for a name. V(0) leaves that out.
      - If not set, it is V(53), and left out where O(host) is this machine itself, as with a tunnel.
    type: int
seealso:
  - module: homelab.dualwan.asus_wan_info
  - module: homelab.dualwan.android_info
"""

EXAMPLES = r"""
- name: What is wrong with the link, if anything
  homelab.dualwan.backup_link_doctor:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
    serial: 192.168.50.23:5555
    fail_on: never
  register: link

- name: The router alone, for a morning's cron job whose exit code counts
  homelab.dualwan.backup_link_doctor:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
    phone: false
    ignore: [never_drilled, phone_not_asked]
    json_file: "{{ playbook_dir }}/link.json"
    junit_file: "{{ playbook_dir }}/link.xml"
"""

RETURN = r"""
ready:
  description: Whether the backup would take over now. No finding is an error, ignored ones included.
  returned: always
  type: bool
findings:
  description: What is wrong, the worst first, and a cause before what it makes show.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: A word for it, which stays.
      type: str
      sample: phone_tether_off
    severity:
      description: V(error), V(warning) or V(notice). A cause is as bad as what it makes show.
      type: str
    about:
      description: V(router), V(phone), V(control_node) or V(link).
      type: str
    what:
      description: What it means.
      type: str
    evidence:
      description: What was seen.
      type: str
    cure:
      description: What to do. A task of this collection, or where to look and tap.
      type: str
    source:
      description: Where it is known from. A row and a thread of users' complaints, a file of the firmware, or a page of
        this documentation.
      type: str
    explained_by:
      description: Ids of other findings that make this one show.
      type: list
      elements: str
    told:
      description: All of it in a line.
      type: str
worst:
  description: The worst severity, or null where nothing was found.
  returned: always
  type: str
exit_code:
  description: V(0) for nothing or notices, V(1) for warnings, V(2) for errors.
  returned: always
  type: int
told:
  description: RV(dashboard), then the findings as a table for people, and what a drill would take, a text line each.
  returned: always
  type: list
  elements: str
dashboard:
  description: Both lines for people, a text line each.
  returned: always
  type: list
  elements: str
drill_would_take:
  description: For about how many seconds a drill by C(target_unreachable) would last, or null where it would see no
    failover.
  returned: always
  type: int
wans:
  description: See RV(homelab.dualwan.asus_wan_info#module:wans). Empty where the router was not reached.
  returned: always
  type: list
  elements: dict
active:
  description: V(primary), V(secondary), or null.
  returned: always
  type: str
internet:
  description: Whether the router sees the internet, or null where it was not reached.
  returned: always
  type: bool
timing:
  description: See RV(homelab.dualwan.asus_dualwan#module:timing). Null where the router was not reached.
  returned: always
  type: dict
model:
  description: The router's model, or null.
  returned: always
  type: str
firmware:
  description: Its firmware version, or null.
  returned: always
  type: str
mark:
  description: By which its drills are told from those of another router at the same address, or null.
  returned: always
  type: str
given_back:
  description: What was given back of a drill, or of a line that was being switched off, that ended without doing so, a
    text line each.
  returned: always
  type: list
  elements: str
json:
  description: Where the JSON file is, or null.
  returned: always
  type: str
junit:
  description: Where the JUnit report is, or null.
  returned: always
  type: str
seconds:
  description: How long it took.
  returned: always
  type: dict
  contains:
    router:
      description: What the router took.
      type: float
    phone:
      description: What adb and the phone took.
      type: float
    waited:
      description: What was waited because of O(wait_seconds).
      type: float
    own:
      description: All else.
      type: float
reason:
  description: A word for what went wrong, for playbooks to test.
  returned: failure
  type: str
  sample: findings
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._link._connection import LINK_OPTIONS, LINK_VARIABLES
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._run import run
from ansible_collections.homelab.dualwan.plugins.module_utils._link._files import FILE_OPTIONS
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(
    run=run,
    host_variables=LINK_VARIABLES,
    argument_spec={
        **LINK_OPTIONS,
        "plug": {"type": "str", "choices": ["usb", "ethernet"], "default": "usb"},
        "fail_on": {"type": "str", "choices": ["error", "warning", "notice", "never"], "default": "error"},
        "ignore": {"type": "list", "elements": "str", "default": []},
        "wait_seconds": {"type": "float", "default": 0.0},
        **FILE_OPTIONS,
        "dns_port": {"type": "int"},
    },
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
