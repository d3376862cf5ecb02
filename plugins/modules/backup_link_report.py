#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_link_report
short_description: A page that shows a backup internet link, what is wrong with it, and what its drills measured
version_added: 1.0.0
description:
  - Makes one HTML file of what other tasks found. Both lines with their state, the doctor's findings, the phone, the
    last drill as a plot of its probes, all drills that are kept, and how long an outage lasts, foretold and measured.
  - The file needs nothing else. It loads nothing, runs no script, and says so to the browser by a content security
    policy. It follows the reader's choice of light and dark, is made for narrow windows, keyboards, screen readers and
    printers, and says of what was not given that it was not.
  - Asks no device. The same input gives the same file, byte for byte, with the same version of matplotlib.
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._attributes.writes
attributes:
  diff_mode:
    support: partial
    details: [Shows the page in some lines of text, as it was and as it is.]
requirements:
  - matplotlib >= 3.9, where there is a drill to plot
options:
  dest:
    description: The HTML file, on the machine that runs the task. Its directory must be there.
    type: path
    required: true
  plot:
    description:
      - A file for the plot of the last drill by itself, for a ticket or a README. Its name ends in C(.png) or C(.svg).
      - Without a drill none is written, and RV(notes) says so. One from an earlier run is left alone.
    type: path
  plot_theme:
    description: The colours of O(plot). The page itself has both.
    type: str
    choices: [light, dark]
    default: light
  link:
    description: What M(homelab.dualwan.asus_wan_info) returned. If not given, lines and timing are taken from
      O(doctor).
    type: dict
  doctor:
    description: What M(homelab.dualwan.backup_link_doctor) returned, also where it failed. If not given, the findings
      are the problems and cautions in O(link).
    type: dict
  phone:
    description: What M(homelab.dualwan.android_info) returned.
    type: dict
  drills:
    description:
      - What M(homelab.dualwan.backup_link_drill) returned, or the RV(homelab.dualwan.backup_link_drill#module:drill) of
        it, in any order.
      - If not given, those that the control node keeps of O(router). Empty to show none.
      - Of several routers that were reached at that address, those of the router that O(link) or O(doctor) is about.
        Where neither has reached it, all are shown, and the page says so.
    type: list
    elements: dict
  router:
    description: The address of the router whose drills are shown, as it was given to
      M(homelab.dualwan.backup_link_drill) as O(homelab.dualwan.backup_link_drill#module:host). If not set, the host's
      variable C(asuswrt_host). Nothing is asked of it.
    type: str
  router_port:
    description: The port that was given with it, by which its drills are kept. If not set, the host's variable
      C(asuswrt_port), else V(8443), or V(80) with O(router_tls=false).
    type: int
  router_tls:
    description: Whether it is reached by TLS. If not set, the host's variable C(asuswrt_tls).
    type: bool
    default: true
  title:
    description: The page's title. If not set, it names the model.
    type: str
  seen_at:
    description:
      - When the devices were asked, in your words. It stands at the foot of the page.
      - With a time here, the page is another one at each run, and the task changes something at each run.
    type: str
  mode:
    description:
      - The permissions of the files, four octal digits in quotes.
      - The page shows public addresses, the phone's network and what is wrong with the house, so nobody else may read
        it unless you say so, such as with V(0644) for a web server.
    type: str
    default: "0600"
seealso:
  - module: homelab.dualwan.backup_link_doctor
  - module: homelab.dualwan.backup_link_drill
  - module: homelab.dualwan.asus_wan_info
  - module: homelab.dualwan.android_info
"""

EXAMPLES = r"""
- name: Show what is known of the link
  homelab.dualwan.backup_link_report:
    dest: /tmp/backup-link.html
    title: The way out of our house
    link:
      ready: true
      model: RT-AX53U
      internet: true
      wans:
        - role: primary
          type: wan
          status: connected
          why: carries the traffic
          active: true
        - role: secondary
          type: usb
          status: cold_standby
          why: the phone is ready, and is dialled at a failover
          active: false

- name: The drills of a router, with a picture of the last for a ticket
  homelab.dualwan.backup_link_report:
    dest: /tmp/drills.html
    plot: /tmp/last-drill.png
    router: 192.168.50.1
    mode: "0644"
"""

RETURN = r"""
dest:
  description: The HTML file.
  returned: success
  type: str
plot:
  description: The plot's file. Null where none was asked for, or there is no drill.
  returned: success
  type: str
written:
  description: What was written, or would be in check mode. V(dest), V(plot), both or none.
  returned: success
  type: list
  elements: str
told:
  description: The page in some lines of text.
  returned: success
  type: list
  elements: str
  sample:
    - The backup link of RT-AX53U
    - "Ready: the primary carries the traffic, and the secondary would take over"
drills_shown:
  description: How many drills the page has.
  returned: success
  type: int
notes:
  description: What was not given, files of the history that could not be read, and whether drills of several routers
    are shown.
  returned: success
  type: list
  elements: str
reason:
  description: A word for what went wrong, for playbooks to test. V(bad_wish), V(not_written) or V(missing_library).
  returned: failure
  type: str
  sample: not_written
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._link._files import OWNER_ONLY
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._colours import THEMES
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._run import REPORT_VARIABLES, run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(
    run=run,
    host_variables=REPORT_VARIABLES,
    argument_spec={
        "dest": {"type": "path", "required": True},
        "plot": {"type": "path"},
        "plot_theme": {"type": "str", "choices": list(THEMES), "default": "light"},
        "link": {"type": "dict"},
        "doctor": {"type": "dict"},
        "phone": {"type": "dict"},
        "drills": {"type": "list", "elements": "dict"},
        "router": {"type": "str"},
        "router_port": {"type": "int"},
        "router_tls": {"type": "bool", "default": True},
        "title": {"type": "str"},
        "seen_at": {"type": "str"},
        "mode": {"type": "str", "default": OWNER_ONLY},
    },
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
