# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the doctor sees of a house in order, and of one that differs in what a test names."""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import Address
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import LOOP
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import usb_from
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rulebook import NAMES
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import (
    NodeSeen,
    PhoneSeen,
    RouterSeen,
    Scene,
)
from unit.builders import a_backup_router
from unit.dumps import A_PIXEL

NOW = 1_800_000_000.0
"""15 January 2027."""
DAY = 86400
ADDRESS = Address("192.0.2.9:5555", "127.0.0.1", 5037, 30.0)
CHECKSUM = "c" * 64
HEARTBEAT = {
    "state": "serving",
    "user": "shell",
    "source": "route",
    "since": "2027-01-01T00:00:00Z",
    "drops": "0",
    "last_drop": "",
    "last_drop_why": "",
    "cures": "0",
    "last_cure": "",
    "last_cure_at": "",
    "recoveries": "0",
    "last_recovery_seconds": "",
    "now": "5000",
    "interval": "2",
}
IN_ORDER = {
    **A_PIXEL,
    "keepalive_sum": f"{CHECKSUM}  {LOOP.script}",
    "keepalive_script": "#!/system/bin/sh",
    "keepalive_process": f"sh {LOOP.script} {CHECKSUM}",
    "keepalive_paused": "",
    "keepalive_log": "",
    "uptime": "5001.00 1.00",
    "links": "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536",
    "lock_disabled": "true",
    "secure_lock": "secure=false",
    "wifi": "0",
    "data_saver": "Restrict background status: disabled",
    "battery_saver": "0",
    "dun": "null",
    "ota": "1",
}
A_DRILL: dict[str, Any] = {
    "schema": 1,
    "id": "20270110T000000Z-primary_off",
    "fault": "primary_off",
    "started": NOW - 5 * DAY,
    "verdict": "passed",
    "given_back": True,
    "switches": [{"at": 30.0, "to": "secondary", "justified": True}, {"at": 90.0, "to": "primary", "justified": True}],
    "judgements": [
        {"id": "failed_over", "ok": True, "told": "It failed over"},
        {"id": "no_flapping", "ok": True, "told": "It moved twice"},
    ],
}


def heartbeat(**said: str) -> str:
    """The keepalive's file."""
    return "".join(f"{name}={value}\n" for name, value in {**HEARTBEAT, **said}.items()) + "end\n"


def a_router_seen(**nvram: str) -> RouterSeen:
    """In order, with the phone on USB as second line."""
    quiet = {"wans_usb_bk": "0", "modem_android": "1", "wandog_maxfail": "4", **dict.fromkeys(NAMES, "")}
    return RouterSeen({**a_backup_router(), **quiet, **nvram})


def a_phone_seen(**sections: str) -> PhoneSeen:
    """In order: it tethers, and has all that a backup needs."""
    said = {**IN_ORDER, "keepalive_heartbeat": heartbeat(), **sections}
    return PhoneSeen(said, ADDRESS, usb_from(said))


def a_scene(nvram: dict[str, str] | None = None, phone: dict[str, str] | None = None, **differs: Any) -> Scene:
    """A house in order: nothing is found in it."""
    whole: dict[str, Any] = {
        "router": a_router_seen(**(nvram or {})),
        "phone": a_phone_seen(**(phone or {})),
        "node": NodeSeen(beside=True, skew_seconds=1.0, dns="answered", gateway="192.168.50.1"),
        "drills": (A_DRILL,),
        "now": NOW,
    }
    return Scene(**{**whole, **differs})
