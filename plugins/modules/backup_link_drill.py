#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_link_drill
short_description: Measure a failover and the return, by causing one
version_added: 1.0.0
description:
  - Sends probes over several protocols from the machine that runs the task, causes one fault, waits for the failover,
    looks who carries the traffic, ends the fault, waits for the return, and judges what it saw by what the router's
    settings foretell.
  - The line is always given back, after success, a failure, an error or Ctrl-C. Where the task itself is killed, the
    next task of this collection that reaches the router and may write gives it back first, and says so.
  - Does nothing unless O(confirmed=true), and refuses while the backup is not ready or the router would never fail
    over. O(fault=watch) breaks nothing and may always run; what a drill before it has left is given back first.
  - The machine that runs the task must reach the internet by the router, and the router by its LAN. Probes are IPv4,
    which is what Dual WAN moves.
  - While it runs it stays logged in to the router, beside whoever uses its page in a browser.
  - What each fault does and costs, and where its behaviour is known from, is in the guide
    U(https://github.com/homelab-dualwan/homelab.dualwan/blob/main/docs/guides/drill.md).
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._asuswrt
  - homelab.dualwan._link
  - homelab.dualwan._adb.which
requirements:
  - dnspython >= 2.6, for targets of C(dns)
  - icmplib >= 3.0, for targets of C(icmp)
attributes:
  check_mode:
    support: full
    details: [Says what the drill would do and what is foretold of it. Refuses what it would refuse.]
  diff_mode:
    support: N/A
    details: [All is as before in the end.]
  idempotent:
    support: none
    details: [Every run is a drill.]
options:
  fault:
    description:
      - V(primary_off) switches the primary WAN off in the router. As the router never leaves such a line by itself, the
        backup is connected first and the traffic moved over, as M(homelab.dualwan.asus_wan) does.
      - V(target_unreachable) gives the router's own probes a target that nobody answers, so that its failover daemon
        takes a line for lost that works. The most like a silent outage, without one.
      - V(pull_cable) asks a person to pull the primary's cable and to plug it in again.
      - V(tether_off) switches the phone's USB tether off by adb, and waits until the router sees it again.
      - V(phone_reboot) reboots the phone by adb, and waits likewise. The traffic stays on the primary in both.
      - V(watch) causes nothing. It looks for O(watch_seconds) for outages, also those that only some protocols suffer,
        and for moves of the traffic without a reason.
    type: str
    choices: [primary_off, target_unreachable, pull_cable, tether_off, phone_reboot, watch]
    default: primary_off
  confirmed:
    description: Whether the drill may begin. Otherwise the task fails with what it would do and for how long.
    type: bool
    default: false
  targets:
    description:
      - What is probed, by a fresh connection each time. V(tcp://host:port), V(tls://host), V(http://host/path), which
        must answer with status 204, V(dns://server/name) and V(icmp://host).
      - V(router) for a host is the router itself. C(dns://router/example.com) asks it for names under example.com that
        nobody has asked for, so that no cache answers.
      - Names are looked up once, before the drill. What cannot be probed from here, such as ping for want of a right,
        is left out and told.
    type: list
    elements: str
    default:
      - tcp://1.1.1.1:443
      - tls://8.8.8.8:443
      - http://connectivitycheck.gstatic.com/generate_204
      - dns://router/example.com
      - icmp://1.1.1.1
  address_url:
    description:
      - What is asked which address the internet sees, by which it is told who carries the traffic. Its answer is an
        address, or has a line that begins with C(ip=).
      - V('') goes by the router's word alone, and so does the drill where nobody answers there.
    type: str
    default: https://1.1.1.1/cdn-cgi/trace
  probe_period:
    description:
      - Seconds between two probes of one target. Times are known to about this.
      - All targets together may send 2 million probes, so a week's watch of five targets wants V(1.6) or more.
    type: float
    default: 0.2
  probe_timeout:
    description: After so many seconds a probe counts as lost. From one second on, a connection whose first packet was
      lost counts as answered, because the system sends that packet again.
    type: float
    default: 0.9
  baseline_seconds:
    description: How long to look before the fault.
    type: float
    default: 10.0
  on_backup_seconds:
    description: How long to leave the traffic on the backup, once it is known to be there. Not of
      O(fault=target_unreachable), where the router would leave the backup as well.
    type: float
    default: 10.0
  after_seconds:
    description: How long to look after the return.
    type: float
    default: 10.0
  watch_seconds:
    description: How long O(fault=watch) looks.
    type: float
    default: 300.0
  person_seconds:
    description: How long a person may take for each thing that is asked for.
    type: float
    default: 120.0
  patience:
    description: For how many times the longest that is foretold to wait, and 20 s at the least. For a phone, of which
      nothing is foretold, that many times 90 s.
    type: float
    default: 2.0
  fail_on:
    description:
      - With which verdict the task fails. V(slow) is one that took longer than foretold, V(failed) one where something
        did not happen at all.
      - A drill that an error ended fails always.
    type: str
    choices: [failed, slow, never]
    default: failed
  keep:
    description: How many drills of this router are kept on the machine that runs the task.
    type: int
    default: 50
  json_file:
    description: A file for the result of the drill as JSON, with every sample and both addresses in full. Its
      directory must be there.
    type: path
  junit_file:
    description: A file for a JUnit report, a test case for each thing that was judged. Its directory must be there.
    type: path
  files_mode:
    description:
      - The permissions of both files, four octal digits in quotes.
      - They have public addresses in them, so nobody else may read them unless you say so, such as with V(0640) for
        a group.
    type: str
    default: "0600"
seealso:
  - module: homelab.dualwan.asus_wan_info
  - module: homelab.dualwan.backup_link_doctor
"""

EXAMPLES = r"""
- name: What a drill would do, and how long an outage it foretells
  homelab.dualwan.backup_link_drill:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
  check_mode: true

- name: Watch the link for a while, and touch nothing
  homelab.dualwan.backup_link_drill:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
    fault: watch
    watch_seconds: 10
    fail_on: never
"""

RETURN = r"""
verdict:
  description: V(passed), V(slow), V(failed), or V(aborted) where it was ended early. Null in check mode.
  returned: always, unless it was refused
  type: str
  sample: passed
told:
  description: The drill in lines for people.
  returned: always, unless it was refused
  type: list
  elements: str
  sample:
    - "Drill primary_off: passed"
    - "  ok  The traffic moved to the backup"
predicted:
  description: What the router's settings foretell, in seconds; null where nothing is.
  returned: always, unless it was refused
  type: dict
  contains:
    failover:
      description: C(min) and C(max) until the backup carries the traffic.
      type: dict
    failback:
      description: C(min) and C(max) until the traffic is on the primary again.
      type: dict
    why_never:
      description: Why the failover would not happen.
      type: list
      elements: str
drill:
  description: The drill as one document, which O(json_file) has as well. Null in check mode.
  returned: always, unless it was refused
  type: dict
  contains:
    schema:
      description: V(1).
      type: int
    id:
      description: Time of its begin and fault.
      type: str
      sample: 20261125T180000Z-primary_off
    router:
      description: C(name), C(model) and C(firmware).
      type: dict
    fault:
      description: See O(fault).
      type: str
    started:
      description: Seconds since 1970. All other times are seconds since then.
      type: float
    probe_period_ms:
      description: See O(probe_period).
      type: int
    phases:
      description: C(name), which is V(baseline), V(failing), V(on_backup), V(mending) or V(after), C(from) and C(to).
      type: list
      elements: dict
    marks:
      description: C(name), which is V(fault_injected), V(outage_began), V(failed_over), V(carried_by_backup),
        V(fault_ended), V(failed_back), V(reserve_lost) or V(reserve_back), and C(at).
      type: list
      elements: dict
    failover_seconds:
      description: From the fault to the first answer by the backup.
      type: float
    failback_seconds:
      description: From the fault's end to the traffic on the primary again, by the router's word.
      type: float
    reserve_seconds:
      description: How long the backup was away, of the faults of the phone.
      type: float
    outages:
      description: Times without an answer for most probes, C(from) and C(to).
      type: list
      elements: dict
    partial_outages:
      description: The same of some protocols (C(out)) while others got C(through).
      type: list
      elements: dict
    predicted:
      description: See RV(predicted).
      type: dict
    probes:
      description: C(name), C(protocol), C(target), C(sent), C(lost), C(outages), C(outage_seconds), and C(samples),
        each with the second when it was sent and the milliseconds until its answer, or null.
      type: list
      elements: dict
    carried:
      description: C(how) it was seen who carried the traffic (V(public_address), V(router_word)), the address C(before)
        and C(during), and whether that is C(proved). The router's own word proves nothing.
      type: dict
    switches:
      description: Moves of the traffic, C(at), C(to), and whether the probes saw a reason (C(justified)).
      type: list
      elements: dict
    flapping:
      description: Whether the traffic moved more than twice within ten minutes.
      type: bool
    verdict:
      description: See RV(verdict).
      type: str
    judgements:
      description: C(id), C(ok) and C(told) of each thing that was judged.
      type: list
      elements: dict
    given_back:
      description: Whether the line is as it was before, with the traffic where it was.
      type: bool
    told:
      description: See RV(told).
      type: list
      elements: str
history_file:
  description: Where the drill is kept, readable by its owner only, with addresses cut to their first half. Null where
    it is not.
  returned: always, unless it was refused
  type: str
reason:
  description: A word for what went wrong, for playbooks to test. V(not_confirmed), V(not_ready), V(drill_running),
    V(drill_failed), V(not_given_back), V(nothing_answers), V(not_on_primary), V(nobody_there), or
    one of the other modules'.
  returned: failure
  type: str
  sample: not_ready
problems:
  description: What is wrong with the link, see RV(homelab.dualwan.asus_wan_info#module:problems).
  returned: when the backup is not ready
  type: list
  elements: dict
former:
  description: By nvram name, what the router had before and may not have again.
  returned: when the line is not given back
  type: dict
  sample:
    wan0_enable: "1"
why_never:
  description: Why the router would not fail over.
  returned: when it never would
  type: list
  elements: str
stored:
  description: How much of the last write the router was seen to have. V(nothing), V(all), V(not_all) or V(unknown).
  returned: when the router, or the way to it, was the cause
  type: str
  sample: nothing
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._link._connection import LINK_OPTIONS, LINK_VARIABLES
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._run import run
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._wish import DRILL_OPTIONS
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

TASK = Task(run=run, host_variables=LINK_VARIABLES, argument_spec={**LINK_OPTIONS, **DRILL_OPTIONS})


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
