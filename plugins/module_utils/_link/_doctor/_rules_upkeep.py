# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the phone's life on a charger: the checklist of ``android_backup_phone``, and the keepalive's health.

The checklist's items are that table's own; a row here says how bad one is, and what it makes show.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.homelab.dualwan.plugins.module_utils._android._readiness import ITEMS, Item
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._looks import Look, at_phone, shown_if
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    ERROR,
    NOTICE,
    PHONE,
    WARNING,
    Rule,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import PhoneSeen

CHECKLIST: Mapping[str, tuple[str, str, str, tuple[str, ...]]] = {
    "mobile_data": (
        ERROR,
        "Mobile data is switched off on the phone",
        "complaints 17, OMR#2732",
        ("phone_no_way_out", "phone_no_ethernet", "secondary_disconnected"),
    ),
    "data_saver": (
        ERROR,
        "Data Saver is on, which ends tethering",
        "Tethering module of Android 12 to 15",
        ("phone_tether_off", "phone_tether_stuck", "phone_no_way_out", "phone_no_ethernet", "secondary_phone_missing"),
    ),
    "wifi_off": (
        WARNING,
        "The phone's Wi-Fi is on: in the router's own Wi-Fi it forwards in a circle",
        "complaints 17; upstream choice of the Tethering module",
        ("phone_in_routers_wifi", "phone_no_way_out"),
    ),
    "battery_health": (
        WARNING,
        "The phone's battery is hot or worn",
        "complaints +, openstf/stf#426",
        ("phone_keepalive_hot",),
    ),
    "charging": (
        WARNING,
        "The phone is not charged by its port",
        "complaints +, crdroidandroid/issue_tracker#588",
        (),
    ),
    "battery_saver": (WARNING, "The phone's battery saver is on", "complaints 14", ("phone_keepalive_late",)),
    "lock_screen": (
        NOTICE,
        "The phone has a secure lock screen: while that is up, it gives tethering up at each wiggle of the cable",
        "complaints 14; UsbDeviceManager of Android 10 to 16",
        (),
    ),
    "adb_key_expiry": (
        NOTICE,
        "The phone forgets this computer's adb key after a week without contact",
        "complaints 14; adb of Android 11 and later",
        ("phone_unauthorised",),
    ),
    "ota_restart": (
        NOTICE,
        "The phone may restart by night for an update",
        "complaints 14; android-usb-tether 1.9",
        (),
    ),
    "dun": (
        WARNING,
        "The phone asks for a tethering APN of its own, which the plan may not have",
        "complaints 17; tether_dun_required",
        ("phone_tether_refused", "phone_no_way_out"),
    ),
}
"""By item: how bad, in a clause, from where, what it makes show."""
NEVER_TOLD: Mapping[str, str] = {"auto_blocker": "adb cannot tell whether it is on"}
NOT_WRONG: Mapping[str, tuple[str, ...]] = {"dun": ("as the provider has it",)}
"""States that are not the checklist's wish, and no fault either."""
OFTEN = 3


def _item(item: Item) -> Look:
    def look(phone: PhoneSeen) -> str | None:
        if item.name == "lock_screen" and phone.usb.locked:
            return None  # phone_locked says more
        found = phone.checklist.get(item.name)
        wrong = found and found.ok is False and found.value not in NOT_WRONG.get(item.name, ())
        return shown_if(wrong, f"it says {found.value}" if found else "")

    return at_phone(look)


def _of_checklist(item: Item) -> Rule:
    severity, what, source, explains = CHECKLIST[item.name]
    settable = item.command and item.left_to_hands is None
    cure = f"Run android_backup_phone, or by hand: {item.hand}" if settable else item.hand
    return Rule(f"phone_{item.name}", severity, PHONE, what, _item(item), cure, source, explains)


_BY_NAME = {item.name: item for item in ITEMS}


def _state(*states: str) -> Look:
    def look(phone: PhoneSeen) -> str | None:
        health = phone.keepalive.heartbeat
        state = phone.keepalive_state
        return shown_if(
            state in states,
            f"its last word is {state}" + (f", since {health.since}" if health else ""),
        )

    return at_phone(look)


def _dead(phone: PhoneSeen) -> str | None:
    keepalive = phone.keepalive
    return shown_if(
        keepalive.installed and not keepalive.running and phone.keepalive_state != "ended",
        f"the {keepalive.place.layer} is installed, and does not run",
    )


def _paused(phone: PhoneSeen) -> str | None:
    return shown_if(phone.keepalive.paused, "its pause file is there")


def _late(phone: PhoneSeen) -> str | None:
    beat = phone.keepalive.heartbeat
    return shown_if(phone.keepalive.running and beat and beat.late, "it should have written its heartbeat by now")


def _outdated(phone: PhoneSeen) -> str | None:
    keepalive = phone.keepalive
    return shown_if(
        keepalive.running and keepalive.running != keepalive.installed,
        "it was started from another script than is there",
    )


def _drops(phone: PhoneSeen) -> str | None:
    beat = phone.keepalive.heartbeat
    if beat is None or beat.drops < OFTEN:
        return None
    return f"{beat.drops} since {beat.since}, the last: {beat.last_drop_why or 'for no reason that it saw'}"


RULES = (
    *(_of_checklist(_BY_NAME[name]) for name in CHECKLIST),
    Rule(
        "phone_keepalive_hot",
        WARNING,
        PHONE,
        "The keepalive does nothing while the battery is too hot",
        _state("hot"),
        "Cool the phone; the limit is max_battery_temperature of android_tether_keepalive",
        "complaints +, openstf/stf#426",
        ("phone_tether_off",),
    ),
    Rule(
        "phone_keepalive_paused",
        WARNING,
        PHONE,
        "The keepalive is told not to act",
        at_phone(_paused),
        "Run android_tether_keepalive with state: started",
        "complaints 14",
        ("phone_tether_off",),
    ),
    Rule(
        "phone_keepalive_dead",
        WARNING,
        PHONE,
        "The keepalive on the phone is dead",
        at_phone(_dead),
        "Run site.yml, or android_tether_keepalive with state: started",
        "complaints 14; init ends adbd's process group (Android 8 to 15)",
        ("phone_tether_off",),
    ),
    Rule(
        "phone_keepalive_late",
        WARNING,
        PHONE,
        "The keepalive has been silent for too long: the phone sleeps, or the loop hangs",
        at_phone(_late),
        "Run android_tether_keepalive with state: started; look at the phone's battery optimisation",
        "complaints 14",
        ("phone_tether_off",),
    ),
    Rule(
        "phone_drops",
        WARNING,
        PHONE,
        "The tether has been lost often",
        at_phone(_drops),
        "Try another cable and port; a worn socket wiggles",
        "complaints 14, openwrt/packages#29829",
    ),
    Rule(
        "phone_keepalive_outdated",
        NOTICE,
        PHONE,
        "The keepalive that runs is another than the one installed",
        at_phone(_outdated),
        "Run site.yml, or android_tether_keepalive with state: started",
        "android_tether_keepalive",
    ),
)
