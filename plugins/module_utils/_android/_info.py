# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``android_info``: the phone, its tether and its keepalive, in one round trip."""

from __future__ import annotations

import re
from dataclasses import asdict

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import GADGET, gadget_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._automate import (
    AUTOMATE_PROBE,
    NOTE_PROBE,
    automate_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import address_from, away
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NoPhone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import PROBE, whichever_runs
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import (
    MODEL,
    RADIO,
    SETTINGS,
    SU,
    USB,
    Sections,
    ask,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._sims import sims_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import usb_from
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

_BATTERY = re.compile(r"^\s*(level|temperature|health): (-?\d+)", re.MULTILINE)
_POWER = re.compile(r"^\s*(?:AC|USB|Wireless|Dock) powered: true", re.MULTILINE)
_HEALTH = {2: "good", 3: "overheated", 4: "dead", 5: "over voltage", 6: "failing", 7: "cold"}
"""BatteryManager's constants."""
EVERYTHING = {**MODEL, **USB, **SETTINGS, **SU, **GADGET, **RADIO, **PROBE, **NOTE_PROBE, **AUTOMATE_PROBE}
"""One round trip."""
NEVER = "0"
"""``adb_allowed_connection_time``: the computer's key does not expire. Unset means seven days."""
FIRST_TO_EXPIRE = 30
"""Android 11."""


def run(params: Params, here: Here) -> Result:
    """Ask the phone. With ``may_be_away`` an absent phone is an answer, and any other fault still an error."""
    try:
        phone = Phone(address_from(params), here.clock)
        found = ask(phone, EVERYTHING, doing="reading its state")
    except NoPhone as error:
        return away(error, params)
    sims = [asdict(sim) for sim in sims_from(found)]
    return {
        "changed": False,
        "present": True,
        "model": found["model"],
        "maker": found["maker"],
        "android": found["android"],
        "sdk": _whole(found["sdk"]),
        "root": bool(found["su"]),
        "gadget": gadget_from(_whole(found["sdk"]) or 0, found["gadget"]),
        "sim": sims[0],
        "sims": sims,
        "usb": usb_from(found).as_result(),
        "mobile_data": _flag(found["mobile_data"]),
        "adb_key_expires": found["adb_key_life"] != NEVER and (_whole(found["sdk"]) or 0) >= FIRST_TO_EXPIRE,
        "battery": _battery(found),
        "keepalive": whichever_runs(found).as_result(),
        "automate": automate_from(found).as_result(),
    }


def _battery(found: Sections) -> dict[str, float | int | str | bool | None]:
    """``dumpsys battery`` has the temperature in tenths of a degree Celsius."""
    values = {name: int(value) for name, value in _BATTERY.findall(found["battery"])}
    tenths = values.get("temperature")
    return {
        "level_percent": values.get("level"),
        "temperature_celsius": None if tenths is None else tenths / 10,
        "health": _HEALTH.get(values.get("health", 0)),
        "powered": bool(_POWER.search(found["battery"])) if found["battery"] else None,
    }


def _whole(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _flag(text: str) -> bool | None:
    return text == "1" if text in ("0", "1") else None
