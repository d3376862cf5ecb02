#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: asus_settings_backup
short_description: All settings of an ASUS router in a file, kept and put back
version_added: 1.0.0
description:
  - Fetches the settings file that the router's own page gives (I(Restore/Save/Upload Setting)), checks that it is
    whole, and keeps it where the task runs, which is the control node unless it is delegated.
  - Such a file holds every password of the router. It is readable by its owner only, and nothing of its content but
    names of settings is ever shown.
  - Adds no file if the newest one differs in nothing but addresses, counters and other states. Which names are
    states is a list of patterns that is not complete; the worst of it is a file too many.
  - With O(state=restored) puts a file back and waits for the reboot. Not tried on hardware.
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._attributes.writes
  - homelab.dualwan._asuswrt
attributes:
  check_mode:
    support: partial
    details:
      - Making a settings file makes the router forget its list of devices and write to its flash, so check mode
        fetches none and compares the settings of Dual WAN only. See RV(msg).
  diff_mode:
    support: partial
    details:
      - Values are shown of settings of Dual WAN; of all others, only names.
options:
  state:
    description:
      - V(present) fetches the settings and keeps them.
      - V(restored) puts O(file) back. The router merges it into what it has and reboots; a setting that is not in the
        file stays. Whatever is there is kept in a file before, below O(directory) in C(before-restore).
      - Names that the router has otherwise right after the reboot are states that no pattern knows. They are
        remembered on the control node with the file's checksum, and do not make a later run restore that file again.
        A warning names them.
      - A restored file leaves the dynamic DNS host name empty, as the router leaves it out of its files.
    type: str
    choices: [present, restored]
    default: present
  directory:
    description:
      - Where files are kept. Made if it is not there, for its owner only.
      - If not set, C(homelab.dualwan/backups) in E(XDG_STATE_HOME), which is C(~/.local/state) if not set.
    type: path
  keep:
    description: How many files of this router to keep. Older ones are removed; those of other routers, and files with
      other names, are left alone.
    type: int
    default: 10
  file:
    description:
      - What to restore. A path, or V(newest) for the newest file of this router in O(directory).
      - A file that is damaged or of another model is refused.
    type: path
  confirm:
    description:
      - Must be V(restore) and the model that is to be restored, such as V(restore RT-AX53U). Anything else is refused
        before the router is asked for more than a read.
    type: str
  accept_new_login_and_address:
    description:
      - Whether to restore a file with another user name, password, LAN address, network mask, port, protocol or
        operation mode than those by which this task reaches the router, or with another list of machines that may log
        in. Refused otherwise, as you might not come in again.
      - The task then cannot log in to look at the outcome.
    type: bool
    default: false
  accept_no_internet:
    description:
      - Whether to restore a file without the line that carries the traffic although the other one could not take over,
        such as one from before Dual WAN was switched on. Refused otherwise.
      - There is no internet then, and no way to the router other than its LAN.
    type: bool
    default: false
seealso:
  - module: homelab.dualwan.asus_dualwan
"""

EXAMPLES = r"""
- name: Keep the settings of today, and the nine before
  homelab.dualwan.asus_settings_backup:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"

- name: Put the newest file back
  homelab.dualwan.asus_settings_backup:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
    state: restored
    file: newest
    confirm: restore RT-AX53U
"""

RETURN = r"""
file:
  description: The file with the present settings, or the one that was restored. Null in check mode if there is none.
  returned: success
  type: str
  sample: /home/me/.local/state/homelab.dualwan/backups/RT-AX53U_00005E005301_20261125T142530.123Z_3.0.0.4.386-69061.CFG
model:
  description: The model in the file.
  returned: success, where there is a file
  type: str
firmware:
  description: The firmware that made the file.
  returned: success, where there is a file
  type: str
form:
  description: V(HDR1) for a plain file, V(HDR2) for a scrambled one.
  returned: success, where there is a file
  type: str
names:
  description: How many settings and states are in it.
  returned: success, where there is a file
  type: int
date:
  description: When it was made, in UTC. Null for a file that was restored.
  returned: success, where there is a file
  type: str
  sample: "2026-11-25T14:25:30Z"
differs:
  description:
    - Names that have another value than in the newest file before, or that the restore changed or would change.
    - In check mode, of the settings of Dual WAN only.
  returned: success
  type: list
  elements: str
kept:
  description: All files of this router, the newest first.
  returned: success, with O(state=present)
  type: list
  elements: str
removed:
  description: Files that were older than the newest O(keep).
  returned: success, with O(state=present)
  type: list
  elements: str
before_restore:
  description: The file with what was there before. Null if nothing was restored.
  returned: success, with O(state=restored)
  type: str
not_restored:
  description: Settings of Dual WAN that the router has otherwise than the file, and its values.
  returned: success, with O(state=restored)
  type: dict
read_back:
  description: Whether the router was looked at afterwards.
  returned: success, with O(state=restored)
  type: bool
seconds:
  description: How long the reboot took. Null if there was none, or nobody looked.
  returned: success, with O(state=restored)
  type: float
msg:
  description: What check mode did not compare; or what went wrong.
  returned: in check mode, and on failure
  type: str
closed:
  description: Names in the file by which you might not come in again.
  returned: when a restore was refused for them
  type: list
  elements: str
reason:
  description: A word for what went wrong, for playbooks to test.
  returned: failure
  type: str
  sample: bad_backup
stored:
  description: How much of the file to restore the router has when the task failed. V(nothing) where it was not sent or
    was refused; V(unknown) where it was sent, as only a whole restore shows that it was taken.
  returned: when the router, or the way to it, was the cause
  type: str
  sample: nothing
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import (
    ROUTER_OPTIONS,
    ROUTER_VARIABLES,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings_backup import run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(
    run=run,
    host_variables=ROUTER_VARIABLES,
    argument_spec={
        **ROUTER_OPTIONS,
        "state": {"type": "str", "choices": ["present", "restored"], "default": "present"},
        "directory": {"type": "path"},
        "keep": {"type": "int", "default": 10},
        "file": {"type": "path"},
        "confirm": {"type": "str"},
        "accept_new_login_and_address": {"type": "bool", "default": False},
        "accept_no_internet": {"type": "bool", "default": False},
    },
    constraints={"required_if": [("state", "restored", ["file", "confirm"])]},
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
