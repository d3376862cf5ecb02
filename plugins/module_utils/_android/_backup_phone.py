# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``android_backup_phone``: read all items, set what is to be set, read back, and say what needs a hand."""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import address_from, away
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NoPhone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._host_layer import HOST_PROBE, host_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import MODEL, USB, Sections, ask
from ansible_collections.homelab.dualwan.plugins.module_utils._android._readiness import (
    CUTS_A_MACHINE_OFF,
    CUTS_OFF,
    ITEMS,
    PROBE,
    Finding,
    adb_goes_by_wifi,
    findings,
    wifi_addresses,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

EVERYTHING = {**MODEL, "addresses": USB["addresses"], **PROBE, **HOST_PROBE, "uptime": "cat /proc/uptime"}
"""One round trip."""
READING = "reading whether it is ready for its life as a backup"


def run(params: Params, here: Here) -> Result:
    """Bring the items to what they are to be. Raises PhoneError."""
    modes = {item.name: params[item.name] for item in ITEMS}
    by_wifi = params["adb_over_wifi"]
    phone = Phone(address_from(params), here.clock)
    try:
        before = _look(phone, modes, by_wifi)
    except NoPhone as error:
        return away(error, params)
    commands = [finding.item.command or "" for finding in before if finding.to_set]
    if here.check_mode or not commands:
        return _result(before, before, predicted=here.check_mode)
    # Each for itself: one that a phone does not know keeps no other from being done.
    phone.shell("\n".join(commands), doing="setting what a backup phone needs")
    return _result(before, _look(phone, modes, by_wifi))


def _look(phone: Phone, modes: dict[str, str], by_wifi: bool | None) -> list[Finding]:
    found = ask(phone, EVERYTHING, doing=READING)
    return findings(found, modes, wifi_needed=_who_needs_wifi(phone, found, by_wifi))


def _who_needs_wifi(phone: Phone, found: Sections, by_wifi: bool | None) -> str | None:
    """Whom it would cut off to switch Wi-Fi off; ``by_wifi`` is what the user says of it, if anything."""
    if by_wifi is not None:
        return CUTS_OFF if by_wifi else None
    if found["wifi"] == "0":
        return None  # nobody comes by what is off, and which phone it is may take a request more
    if adb_goes_by_wifi(phone.known_as(), found["addresses"]):
        return CUTS_OFF
    machine = host_from(found, int(found["sdk"]) if found["sdk"].isdigit() else 0)
    return CUTS_A_MACHINE_OFF if machine.looks and wifi_addresses(found["addresses"]) else None


def _result(before: list[Finding], after: list[Finding], *, predicted: bool = False) -> Result:
    items: dict[str, dict[str, Any]] = {}
    for was, now in zip(before, after, strict=True):
        value = was.item.good if predicted and was.to_set else now.value
        hand = now.hand
        if not predicted and was.to_set and not now.ok:
            hand = now.item.hand
        items[was.item.name] = {
            "mode": was.mode,
            "ok": was.item.is_well(value),
            "before": was.value,
            "after": value,
            "hand": hand,
        }
    differs = [name for name, item in items.items() if item["before"] != item["after"]]
    return {
        "changed": bool(differs),
        "present": True,
        "ready": all(item["ok"] for item in items.values()),
        "checklist": items,
        "diff": {
            "before": {name: items[name]["before"] for name in differs},
            "after": {name: items[name]["after"] for name in differs},
        },
        "warnings": [f"{name}: {item['hand']}" for name, item in items.items() if item["hand"]],
    }
