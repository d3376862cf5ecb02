#!/usr/bin/python
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: asus_dualwan
short_description: Dual WAN of an ASUS router, failing over to a phone on its USB port
version_added: 1.0.0
description:
  - Sets the Dual WAN tab and the Android side of the USB modem tab of Asuswrt and Asuswrt-Merlin, in one task with
    one login.
  - An option that is left out is left alone.
  - Reads back what it wrote, as the router drops what it dislikes in silence, and fails if another value was kept.
  - Does not reboot where something lighter makes the change true, unlike the router's own page, which reboots for
    everything.
author:
  - The homelab.dualwan authors (@homelab-dualwan)
extends_documentation_fragment:
  - homelab.dualwan._attributes
  - homelab.dualwan._attributes.writes
  - homelab.dualwan._asuswrt
options:
  state:
    description:
      - Whether Dual WAN is on. With V(disabled), the secondary line is given up. Refused while it carries the traffic
        and the primary could not take over, see O(even_without_backup).
      - V(wan usb) that the router's I(Auto USB Backup WAN) set by itself counts as off, as it goes away with the phone.
    type: str
    choices: [enabled, disabled]
  primary:
    description:
      - The line in use while it works.
      - V(lan2) is a 2.5G or 10G port that is WAN or LAN, on models that have one. The router has no word of its own for
        it; it is stored as the page stores it, as V(wan) or V(lan) with more settings beside. Up to firmware 386 for
        GT-AX11000, RT-AX86U and GT-AXE11000, from 388 on where the router lists exactly one such port. All of that is
        inferred from the page's source.
      - V(auto) lets the router look for its WAN port, with Dual WAN off, where its firmware can (C(autowan), from 388
        on). Naming another port switches that off.
    type: str
    choices: [wan, lan, lan2, usb, usb2, dsl, wan2, sfp+, auto]
  secondary:
    description:
      - The line that takes over. When Dual WAN is switched on and this is left out, V(usb).
    type: str
    choices: [wan, lan, lan2, usb, usb2, dsl, wan2, sfp+]
  lan_port:
    description:
      - Which LAN port is the WAN, where O(primary) or O(secondary) is V(lan).
      - This is the number that the router stores (C(wans_lanport)). It is the one on the case but for GT-AC5300, where
        ports 1, 2, 5 and 6 of the case are V(2), V(1), V(4) and V(3).
      - Which of them a model can use is known from its page; most have V(1) to V(4).
    type: int
    choices: [1, 2, 3, 4, 5, 6, 7, 8]
  mode:
    description: Whether the secondary waits, or shares the load.
    type: str
    choices: [failover, load_balance]
  failback:
    description: Whether traffic returns to the primary when that works again. Not with O(mode=load_balance).
    type: bool
  hot_standby:
    description:
      - Whether the secondary stays connected while it waits, which makes a failover faster and costs a phone data
        and battery.
      - The page shows this for models with built-in LTE only. That it works with a phone is inferred from the
        daemon's source.
    type: bool
  load_balance_ratio:
    description: Share of primary and secondary with O(mode=load_balance), each from 1 to 9.
    type: str
  routing_rules:
    description:
      - Which line some traffic takes with O(mode=load_balance). An empty list removes all rules.
      - Up to 32 rules, from firmware 388 on 64.
      - Not two from one network to another, nor one from a network to itself; all of them in 1024 characters.
    type: list
    elements: dict
    suboptions:
      source:
        description: IPv4 address, network or V(all).
        type: str
        required: true
      destination:
        description: IPv4 address, network or V(all).
        type: str
        required: true
      wan:
        description: The line to take.
        type: str
        required: true
        choices: [primary, secondary]
  detection:
    description:
      - How the router notices that a line is lost.
      - Without O(detection.ping_target) and O(detection.dns_query) it sees only its own cable and address, and never
        an outage
        behind a modem that stays linked.
    type: dict
    suboptions:
      preset:
        description:
          - A pace by its name. It gives those of O(detection.interval), O(detection.failover_count) and
            O(detection.failback_count) that are left out.
          - V(fast) is 2 seconds, 3 and 10; V(balanced) 5 seconds, 4 and 4; V(frugal) 30 seconds, 3 and 4. Where the
            firmware does not take that interval, the nearest that it takes.
          - With a ping probe, a silent loss then moves traffic after 13, 29 and 97 seconds at the most, and probing
            costs 158, 63 and 11 megabytes a month.
        type: str
        choices: [fast, balanced, frugal]
      failover_within:
        description:
          - Seconds within which a silent loss of the primary is to move the traffic, dialling a cold standby not
            counted. It gives the longest O(detection.interval) with three failed probes in a row, or two where three do
            not fit, and a O(detection.failback_count) that returns after 20 seconds or more, where that is left out.
          - RV(timing) says what came of it. Refused where it cannot be.
        type: int
      megabytes_per_month:
        description:
          - The most that the probes may cost, with O(detection.failover_within). Refused where it does not go
            together.
        type: float
      interval:
        description:
          - Seconds from one probe to the next. V(1) to V(99); up to firmware 382, and on RT-AC88U, V(1) to V(9); from
            388 on V(3) to V(99).
          - Where the router has a time limit for its DNS probe (C(dns_probe_timeout)), more than that; from 388 on by
            two seconds.
        type: int
      failover_count:
        description: How many probes in a row must fail before traffic moves. V(1) to V(99).
        type: int
      failback_count:
        description: How many must succeed before it returns. V(1) to V(99).
        type: int
      ping_target:
        description: Host or IPv4 address to ping, at most 100 characters. An empty one switches the ping probe off.
        type: str
      dns_query:
        description: A name to resolve.
        type: dict
        suboptions:
          hostname:
            description: The name. An empty one switches the DNS probe off.
            type: str
          addresses:
            description: What the name must resolve to, or V(*) for anything.
            type: list
            elements: str
  auto_usb_backup:
    description:
      - I(Auto USB Backup WAN), with which newer firmware switches Dual WAN on and off by itself as a phone comes and
        goes.
      - Not needed, and better off, with O(state=enabled).
    type: bool
  usb_device:
    description: What is plugged into the USB port.
    type: str
    choices: [android, modem]
  usb_mtu:
    description: MTU of the USB line in bytes, V(576) to V(1500), or V(0) for automatic.
    type: int
  usb_ttl_extend:
    description:
      - The USB modem page's switch for extending the TTL of packets (C(ttl_inc_enable)), against providers that notice
        tethering by it.
      - Only where the firmware has it; V(true) is refused elsewhere. What it does to the packets was not seen.
    type: bool
  usb_ttl_spoof:
    description:
      - The same page's switch for spoofing the TTL (C(ttl_spoof_enable)), as O(usb_ttl_extend).
    type: bool
  activation:
    description:
      - V(auto) requests the least that makes the change true; nothing, C(start_multipath), or a reboot.
      - V(reboot) reboots for any change, as the router's page does, and waits for the router to return.
      - V(none) stores and requests nothing; RV(activation_reason) says what is pending.
      - That C(start_multipath) is enough where it is chosen is what the firmware itself does in that case; it was
        not tried
        on hardware.
    type: str
    choices: [auto, reboot, none]
    default: auto
  rollback_timeout:
    description:
      - Seconds after a change within which the router must answer again, and the internet be there. Where it was not
        there before, nothing is watched, and nothing taken back.
        Otherwise the former values are written and made true again, and the task fails with RV(rolled_back).
      - Counted from the end of what O(activation) requests. V(0) for no rollback.
      - A run that dies in between leaves a note on the control node. The next run that finds it says so, and takes the
        change back if the internet is still not there. It does not once M(homelab.dualwan.asus_wan_info) or
        M(homelab.dualwan.backup_link_doctor) has seen the internet after this time, nor more than a day after it began.
      - What somebody has set to something else since is left alone, and named in the message.
    type: int
    default: 0
  even_without_backup:
    description:
      - Whether to give up the line that carries the traffic although the other one could not take over.
      - There is no internet then, and no way to the router other than its LAN.
      - With failback, a primary that is linked while the secondary carries the traffic counts as one that could not.
        Its probes have not succeeded yet.
    type: bool
    default: false
  backup:
    description:
      - Whether to fetch the router's settings file before the first write. Nothing is written if that goes wrong.
      - The file holds every password of the router. It is kept on the control node, readable by its owner only.
    type: bool
    default: false
  backup_directory:
    description: Where to keep it. See O(homelab.dualwan.asus_settings_backup#module:directory).
    type: path
  backup_keep:
    description: How many files of this router to keep.
    type: int
    default: 10
seealso:
  - module: homelab.dualwan.asus_settings_backup
  - module: homelab.dualwan.asus_wan_info
"""

EXAMPLES = r"""
- name: Fail over to the phone on the USB port, and return
  homelab.dualwan.asus_dualwan:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
    state: enabled
    primary: wan
    secondary: usb
    failback: true
    usb_device: android
    detection:
      interval: 5
      failover_count: 4
      failback_count: 4
      ping_target: 1.1.1.1

- name: Fail over within half a minute, for at most 50 megabytes a month
  homelab.dualwan.asus_dualwan:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
    detection:
      failover_within: 30
      megabytes_per_month: 50
      ping_target: 1.1.1.1

- name: Switch Dual WAN off again
  homelab.dualwan.asus_dualwan:
    host: 192.168.50.1
    certificate_fingerprint: "{{ router_fingerprint }}"
    username: admin
    password: "{{ router_password }}"
    state: disabled
"""

RETURN = r"""
before:
  description: What the router had stored, in the words of the options.
  returned: success
  type: dict
  sample:
    state: disabled
    primary: wan
    secondary:
after:
  description: What the router has stored now, read back from it. In check mode, what it would have.
  returned: success
  type: dict
  sample:
    state: enabled
    primary: wan
    secondary: usb
activation:
  description: What was requested to make the change true, or would be. One of V(none), V(start_multipath) and
    V(reboot).
  returned: success
  type: str
  sample: start_multipath
activation_reason:
  description: Why that and nothing lighter.
  returned: success
  type: str
  sample: usb is added as secondary
pending:
  description: What is still needed to make the change true, as O(activation=none) left it to you. The next run without
    that does it, unless the router has rebooted since.
  returned: success
  type: str
  sample: none
downtime_seconds:
  description: For how long the lines are down while RV(activation) runs, by the router's own reckoning.
  returned: success
  type: int
  sample: 70
seconds:
  description: How long it took, from the write until the router was there again.
  returned: success
  type: float
rebooted:
  description: Whether the router rebooted and came back.
  returned: success
  type: bool
effect:
  description: Whether the change was seen in what the router reports, beyond its settings. That matters where no reboot
    was requested because that is inferred to be enough.
  returned: success
  type: dict
  contains:
    seen:
      description: Null where nothing that the router reports could show it.
      type: bool
    evidence:
      description: What was looked at.
      type: str
backup_file:
  description: The settings file that was kept before the first write.
  returned: success
  type: str
rolled_back:
  description: Whether all former values are in place again, but for what somebody has set to something else since.
  returned: when a change was taken back, or could not be
  type: bool
why:
  description: What did not come back in time.
  returned: when a change was taken back
  type: str
internet:
  description: Whether the router saw the internet after that.
  returned: when a change was taken back
  type: bool
timing:
  description:
    - What the stored settings mean, by the rules of the failover daemon. Ranges in seconds, each with C(min), C(max)
      and C(source).
    - The source is V(seen) where the genuine daemon of that firmware generation was timed, under emulation; V(source)
      where its code was read; V(inferred) otherwise.
  returned: success
  type: dict
  contains:
    failover_seconds:
      description: The longest that a silent loss of the primary's internet goes on before the traffic is moved, which
        is C(detection.silent_loss.max). Null where no probe would notice it.
      type: int
    failback_seconds:
      description: How long the primary must work before traffic returns, interval times count. Null where it does not
        return.
      type: int
    probe_megabytes_per_month:
      description: What pinging costs, in units of 2^20 bytes.
      type: float
    detection:
      description:
        - From a loss until the router turns to the other line.
        - C(silent_loss) is one behind a modem that stays linked, where probes vanish; C(answered_loss) one where the
          provider answers that there is no way; C(link_loss) the primary's cable pulled; C(phone_unplugged) the phone
          gone while it carries the traffic. Null where it never happens or there is no such line.
      type: dict
      sample:
        silent_loss: {min: 23, max: 29, source: seen}
        answered_loss: {min: 15, max: 23, source: seen}
        link_loss: {min: 5, max: 13, source: seen}
        phone_unplugged: {min: 0, max: 8, source: inferred}
    failover:
      description: The same until that line carries the traffic, with the time it takes to dial it. Nobody timed that.
      type: dict
    failback:
      description: From when the primary works again until the traffic is back on it.
      type: dict
    pauses:
      description: Seconds in which the daemon counts nothing, after a service was requested and after a switch.
      type: dict
    data_per_month:
      description: What pings and DNS queries cost together, in units of 2^20 bytes, on the line in use. The share of
        DNS is a guess.
      type: dict
    never:
      description: What makes it never happen, by the settings or, as C(phone_missing), at the moment. The latter leaves
        the ranges as they will be.
      type: list
      elements: dict
      contains:
        id:
          description: A word for it.
          type: str
          sample: no_probe
        of:
          description: What never happens, in the words of C(detection), and C(failback).
          type: list
          elements: str
        what:
          description: What is so.
          type: str
        cure:
          description: What to do.
          type: str
reason:
  description: A word for what went wrong, for playbooks to test.
  returned: failure
  type: str
  sample: locked_out
stored:
  description: How much of what was asked for the router was seen to have when the task failed. V(nothing), V(all) or
    V(not_all) by what was read last; V(unknown) where it was sent and could not be read back.
  returned: when the router, or the way to it, was the cause
  type: str
  sample: nothing
locked_seconds:
  description: For how long the router takes no login, where it says so.
  returned: when the router is locked after too many failed logins
  type: int
kept:
  description: The nvram variables whose value is not the wanted one, and what the router kept.
  returned: when the router kept another value
  type: dict
"""

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import (
    ROUTER_OPTIONS,
    ROUTER_VARIABLES,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dualwan import run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task, open_as_module

PORTS = ["wan", "lan", "lan2", "usb", "usb2", "dsl", "wan2", "sfp+"]

TASK = Task(
    run=run,
    host_variables=ROUTER_VARIABLES,
    argument_spec={
        **ROUTER_OPTIONS,
        "state": {"type": "str", "choices": ["enabled", "disabled"]},
        "primary": {"type": "str", "choices": [*PORTS, "auto"]},
        "secondary": {"type": "str", "choices": PORTS},
        "lan_port": {"type": "int", "choices": [1, 2, 3, 4, 5, 6, 7, 8]},
        "mode": {"type": "str", "choices": ["failover", "load_balance"]},
        "failback": {"type": "bool"},
        "hot_standby": {"type": "bool"},
        "load_balance_ratio": {"type": "str"},
        "routing_rules": {
            "type": "list",
            "elements": "dict",
            "options": {
                "source": {"type": "str", "required": True},
                "destination": {"type": "str", "required": True},
                "wan": {"type": "str", "required": True, "choices": ["primary", "secondary"]},
            },
        },
        "detection": {
            "type": "dict",
            "options": {
                "preset": {"type": "str", "choices": ["fast", "balanced", "frugal"]},
                "failover_within": {"type": "int"},
                "megabytes_per_month": {"type": "float"},
                "interval": {"type": "int"},
                "failover_count": {"type": "int"},
                "failback_count": {"type": "int"},
                "ping_target": {"type": "str"},
                "dns_query": {
                    "type": "dict",
                    "options": {
                        "hostname": {"type": "str"},
                        "addresses": {"type": "list", "elements": "str"},
                    },
                },
            },
        },
        "auto_usb_backup": {"type": "bool"},
        "usb_device": {"type": "str", "choices": ["android", "modem"]},
        "usb_mtu": {"type": "int"},
        "usb_ttl_extend": {"type": "bool"},
        "usb_ttl_spoof": {"type": "bool"},
        "activation": {"type": "str", "choices": ["auto", "reboot", "none"], "default": "auto"},
        "rollback_timeout": {"type": "int", "default": 0},
        "even_without_backup": {"type": "bool", "default": False},
        "backup": {"type": "bool", "default": False},
        "backup_directory": {"type": "path"},
        "backup_keep": {"type": "int", "default": 10},
    },
)


def main() -> None:
    """Open the module door."""
    open_as_module(TASK)


if __name__ == "__main__":
    main()
