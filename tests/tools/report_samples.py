# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report's tests and pictures are made of: results as the modules return them, of a simulated house.

Every number follows from its arguments, so that the same call gives the same page on any machine.
"""

from __future__ import annotations

import random
from typing import Any

STARTED = 1764093600.0
"""2025-11-25, 18:00 UTC."""
TARGETS = (
    ("tcp", "1.1.1.1:443", 14.0),
    ("tls", "1.1.1.1:443", 31.0),
    ("http", "connectivitycheck.gstatic.com/generate_204", 27.0),
    ("dns", "192.168.50.1:53", 9.0),
    ("icmp", "8.8.8.8", 12.0),
)
FORETOLD = {"pull_cable": (5, 28), "target_unreachable": (23, 44), "primary_off": (0, 15)}
"""Seconds from fault to failover, as the settings of these samples have it."""
PHONE_MILLISECONDS = 38.0
"""What an answer takes longer over the phone."""


def a_drill(**changes: Any) -> dict[str, Any]:
    """The line lost at 15 s, carried by the phone from 41 s on, whole again at 70 s, back at 91 s."""
    fault_at, carried_at, mended_at, back_at, end = 15.0, 41.4, 70.0, 91.2, 106.0
    drill: dict[str, Any] = {
        "schema": 1,
        "id": "20251125T180000Z-pull_cable",
        "router": {"name": "router", "model": "RT-AX53U", "firmware": "3.0.0.4.386_69061"},
        "fault": "pull_cable",
        "started": STARTED,
        "probe_period_ms": 200,
        "phases": [
            {"name": "baseline", "from": 0.0, "to": fault_at},
            {"name": "failing", "from": fault_at, "to": carried_at},
            {"name": "on_backup", "from": carried_at, "to": mended_at},
            {"name": "mending", "from": mended_at, "to": back_at},
            {"name": "after", "from": back_at, "to": end},
        ],
        "marks": [
            {"name": "fault_injected", "at": fault_at},
            {"name": "outage_began", "at": fault_at + 0.4},
            {"name": "failed_over", "at": carried_at - 3.1},
            {"name": "carried_by_backup", "at": carried_at},
            {"name": "fault_ended", "at": mended_at},
            {"name": "failed_back", "at": back_at},
        ],
        "failover_seconds": carried_at - fault_at,
        "failback_seconds": back_at - mended_at,
        "predicted": {
            "failover": {"min": 5, "max": 28},
            "failback": {"min": 15, "max": 23},
            "why_never": [],
        },
        "probes": [probe(*target, (fault_at + 0.4, carried_at, back_at, end)) for target in TARGETS],
        "carried": {"how": "public_address", "before": "203.0.0.0/16", "during": "198.51.0.0/16", "proved": True},
        "switches": [
            {"at": carried_at - 3.1, "to": "secondary", "justified": True},
            {"at": back_at, "to": "primary", "justified": True},
        ],
        "verdict": "passed",
        "judgements": [
            {"id": "failed_over", "ok": True, "told": "The router failed over"},
            {"id": "in_time", "ok": True, "told": "Within what was foretold, 5 to 28 s"},
            {"id": "carried", "ok": True, "told": "Traffic left by the phone: the internet saw another address"},
            {"id": "failed_back", "ok": True, "told": "The traffic came back after 21.2 s"},
            {"id": "every_protocol", "ok": True, "told": "Every protocol came back"},
        ],
        "given_back": True,
        "told": [],
    }
    return {**drill, **changes}


def probe(protocol: str, target: str, usual: float, moments: tuple[float, float, float, float]) -> dict[str, Any]:
    """Five a second; nothing from ``gone_at`` to ``back_at``, slower until ``home_at``, and now and then one lost."""
    gone_at, back_at, home_at, end = moments
    dice = random.Random(f"{protocol} {target}")
    later = 1.4 if protocol == "dns" else 0.0
    samples: list[list[float | None]] = []
    for number in range(int(end * 5)):
        at = number / 5 + round(dice.random() / 50, 3)
        lost = gone_at <= at < back_at + later or dice.random() < 0.004
        slower = PHONE_MILLISECONDS if back_at <= at < home_at else 0.0
        swing = dice.random() ** 6 * (90 if slower else 25)
        samples.append([round(at, 3), None if lost else round(usual + slower + dice.random() * 4 + swing, 1)])
    return {
        "name": f"{protocol} {target}",
        "protocol": protocol,
        "target": target,
        "sent": len(samples),
        "lost": sum(answer is None for _at, answer in samples),
        "outages": [{"from": gone_at, "to": back_at + later}],
        "outage_seconds": round(back_at + later - gone_at, 1),
        "samples": samples,
    }


def a_history(number: int = 12) -> list[dict[str, Any]]:
    """A drill a week, the newest last; one was slow, one failed."""
    dice = random.Random(5)
    drills = []
    for week in range(number - 1):
        fault, (least, most) = tuple(FORETOLD.items())[week % len(FORETOLD)]
        failover = round(least + (most - least) * (0.25 + dice.random() / 2), 1)
        failback, verdict = round(16 + dice.random() * 6, 1), "passed"
        if week == 3:
            failover, verdict = 39.7, "slow"
        drill = a_drill(
            id=f"week-{week}-{fault}",
            started=STARTED - (number - 1 - week) * 7 * 86400.0,
            fault=fault,
            failover_seconds=failover,
            failback_seconds=failback,
            verdict=verdict,
            predicted={**a_drill()["predicted"], "failover": {"min": least, "max": most}},
        )
        if week == 6:
            drill |= {"failover_seconds": None, "failback_seconds": None, "verdict": "failed"}
        longest = round(failover + dice.random(), 1) if week != 6 else 60.2
        drill["probes"] = [{**each, "samples": [], "outage_seconds": longest} for each in drill["probes"]]
        drills.append(drill)
    return [*drills, a_drill()]


def a_link(**changes: Any) -> dict[str, Any]:
    """As ``asus_wan_info`` returns it: the primary serves, the phone waits."""
    primary = {
        "unit": 0,
        "role": "primary",
        "type": "wan",
        "status": "connected",
        "why": "carries the traffic",
        "active": True,
        "link": True,
        "address": "203.0.113.7",
        "gateway": "203.0.113.1",
        "interface": "eth4",
        "public": True,
        "address_kind": "public",
    }
    secondary = primary | {
        "unit": 1,
        "role": "secondary",
        "type": "usb",
        "status": "cold_standby",
        "why": "the phone is ready, and is dialled at a failover",
        "active": False,
        "address": None,
        "gateway": None,
        "interface": "usb0",
        "public": None,
        "address_kind": "unknown",
    }
    link = {
        "changed": False,
        "ready": True,
        "problems": [],
        "cautions": [],
        "wans": [primary, secondary],
        "active": "primary",
        "internet": True,
        "timing": a_timing(),
        "model": "RT-AX53U",
        "firmware": "3.0.0.4.386_69061",
    }
    return {**link, **changes}


def on_the_backup() -> dict[str, Any]:
    """The primary's cable is out, and the phone carries the traffic."""
    link = a_link(ready=False, active="secondary")
    primary, secondary = link["wans"]
    why = "no cable, or nothing at its other end"
    link["wans"] = [
        primary | {"status": "unplugged", "active": False, "link": False, "why": why, "address": None},
        secondary
        | {
            "status": "connected",
            "active": True,
            "why": "carries the traffic",
            "address": "192.168.222.89",
            "address_kind": "cgnat",
        },
    ]
    return link


def a_timing(**changes: Any) -> dict[str, Any]:
    """Of the role's settings, 5, 4, 4."""

    def seconds(least: int, most: int, source: str) -> dict[str, Any]:
        return {"min": least, "max": most, "source": source}

    timing = {
        "failover_seconds": 29,
        "failback_seconds": 20,
        "probe_megabytes_per_month": 63.2,
        "detection": {
            "silent_loss": seconds(23, 29, "seen"),
            "answered_loss": seconds(15, 23, "seen"),
            "link_loss": seconds(5, 13, "seen"),
            "phone_unplugged": seconds(0, 8, "inferred"),
        },
        "failover": {
            "silent_loss": seconds(23, 44, "inferred"),
            "answered_loss": seconds(15, 38, "inferred"),
            "link_loss": seconds(5, 28, "inferred"),
            "phone_unplugged": seconds(0, 23, "inferred"),
        },
        "failback": seconds(15, 23, "inferred"),
        "pauses": {"after_a_service": 15, "after_a_switch": 0},
        "data_per_month": {"min": 63.2, "max": 63.2, "source": "inferred"},
        "never": [],
    }
    return {**timing, **changes}


def a_phone(**changes: Any) -> dict[str, Any]:
    """As ``android_info`` returns it."""
    phone = {
        "changed": False,
        "present": True,
        "model": "SM-G998B",
        "maker": "samsung",
        "android": "14",
        "sdk": 34,
        "root": False,
        "gadget": "hal",
        "sim": {"state": "loaded", "operator": "Example Mobile", "rsrp_dbm": -97, "level": 3},
        "usb": {
            "function": "rndis",
            "plug_in_default": "rndis",
            "host_connected": True,
            "serving": True,
            "why": None,
            "upstream": "rmnet_data0",
        },
        "mobile_data": True,
        "adb_key_expires": False,
        "battery": {"level_percent": 82, "temperature_celsius": 31.4, "health": "good", "powered": True},
        "keepalive": {
            "layer": "loop",
            "installed": True,
            "running": True,
            "outdated": False,
            "paused": False,
            "health": {
                "state": "serving",
                "since": "2025-11-04T07:12:09Z",
                "drops": 3,
                "last_drop": "2025-11-22T03:41:50Z",
                "last_drop_why": "the router restarted",
                "recoveries": 3,
                "late": False,
            },
        },
    }
    return {**phone, **changes}


def a_diagnosis(**changes: Any) -> dict[str, Any]:
    """As ``backup_link_doctor`` returns it, with two findings that do not stop the link from standing."""
    doctor = {
        "changed": False,
        "ready": True,
        "worst": "warning",
        "exit_code": 1,
        "findings": [
            finding(
                "backup_behind_cgnat",
                "warning",
                "The backup has an address of the provider's own, so nothing outside can open a connection to it",
                evidence="wan1_ipaddr 100.71.12.9 is within 100.64.0.0/10",
                cure="Reach the house through a tunnel that it opens itself",
                source="complaints 9",
                about="router",
            ),
            finding(
                "cold_standby_untried",
                "notice",
                "A cold standby is dialled only at a failover, so whether its SIM has data is not known",
                evidence="wans_standby=0",
                cure="Run a drill now and then: ansible-playbook homelab.dualwan.drill",
                source="wanduck.c, 382",
                about="link",
            ),
        ],
        "told": [],
    }
    return {**doctor, **changes}


def finding(id_: str, severity: str, what: str, **more: str) -> dict[str, Any]:
    """One of the doctor's: ``evidence``, ``cure``, ``source`` and ``about`` besides."""
    return {"id": id_, "severity": severity, "what": what, **more, "told": f"{what}. {more.get('cure', '')}"}
