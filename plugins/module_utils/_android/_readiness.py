# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone needs for life as a backup line on a charger: one row for each item. Pure.

Where a row has no command, or none that was seen to work everywhere, its ``hand`` says what a person does on the phone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import LOCK, locks_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import SETTINGS, Sections

ENFORCE, REPORT, IGNORE = "enforce", "report", "ignore"
HOTTEST_TENTHS = 450

PROBE: Mapping[str, str] = {
    **SETTINGS,
    **LOCK,
    # With a PIN it fails on older Androids, as it wants that first; on newer ones it says false, as with Swipe.
    "lock_disabled": "locksettings get-disabled",
    "wifi": "settings get global wifi_on",
    "data_saver": "cmd netpolicy get restrict-background",
    "battery_saver": "settings get global low_power",
    "dun": "settings get global tether_dun_required",
    "ota": "settings get global ota_disable_automatic_update",
}


@dataclass(frozen=True)
class Item:
    """One row. ``read`` gives the state in a word, or None where the phone does not tell."""

    name: str
    read: Callable[[Sections], str | None]
    good: str
    command: str | None
    """What brings it about, for the phone's shell; None where only a hand does."""
    hand: str
    first_sdk: int = 0
    maker: str | None = None
    """Of phones of other makers this is no matter."""
    as_good: str | None = None
    """A state that will do as well. Enforced, it is brought to ``good`` all the same."""
    left_to_hands: str | None = None
    """A state that no command changes."""

    def is_well(self, value: str | None) -> bool | None:
        """Whether it is as it should; None where the phone does not tell."""
        return None if value is None else value in (self.good, self.as_good)

    def concerns(self, found: Sections) -> bool:
        """Whether such a phone has the matter at all."""
        sdk = int(found["sdk"]) if found["sdk"].isdigit() else 0
        return sdk >= self.first_sdk and self.maker in (None, found["maker"].lower())


@dataclass(frozen=True)
class Finding:
    """An item on a phone."""

    item: Item
    mode: str
    value: str | None
    hindrance: str | None = None
    """Why it is not set here although it was to be."""

    @property
    def ok(self) -> bool | None:
        """None where the phone does not tell."""
        return self.item.is_well(self.value)

    @property
    def to_set(self) -> bool:
        item = self.item
        settable = item.command is not None and self.value not in (None, item.good, item.left_to_hands)
        return self.mode == ENFORCE and settable and not self.hindrance

    @property
    def hand(self) -> str | None:
        """What a person has to do, or to look at; None where nothing is left."""
        if self.ok or self.to_set:
            return None
        return self.hindrance or self.item.hand


def findings(found: Sections, modes: Mapping[str, str], *, wifi_needed: str | None = None) -> list[Finding]:
    """The items that concern this phone and are not ignored, in the order of :data:`ITEMS`.

    ``wifi_needed`` says who would be cut off without Wi-Fi.
    """
    return [
        Finding(item, modes[item.name], item.read(found), wifi_needed if item.name == "wifi_off" else None)
        for item in ITEMS
        if modes[item.name] != IGNORE and item.concerns(found)
    ]


def adb_goes_by_wifi(serial: str | None, addresses: str) -> bool:
    """Whether adb may reach the phone by its Wi-Fi: any way that is not known for another counts as that.

    ``serial`` is how the adb server names it; None where that is unclear. ``addresses`` is what ``ip -4 -o addr show``
    says on the phone.
    """
    if serial is None or WIRELESS_DEBUGGING in serial:
        return True
    host, _colon, port = serial.rpartition(":")
    if not port.isdigit():
        return False  # on a cable
    # Not the loopback: 127.0.0.1 is where a tunnel begins on this machine, and says nothing of how that goes on.
    others = re.findall(r"^\d+: (?:eth\d+|rndis\d+|ncm\d+|usb\d+) +inet ([\d.]+)", addresses, re.MULTILINE)
    return host not in others


def wifi_addresses(addresses: str) -> list[str]:
    """The phone's own by which others may reach it over Wi-Fi, such as ``192.168.50.23/24``."""
    return re.findall(r"^\d+: wlan\d+ +inet (\S+)", addresses, re.MULTILINE)


WIRELESS_DEBUGGING = "._adb"
"""Of ``adb-<serial>-<letters>._adb-tls-connect._tcp``, as the adb server names what it found by multicast."""
CUTS_OFF = (
    "adb reaches this phone by that Wi-Fi, or may: switch it off by hand once the phone is in the router's port, or "
    "set adb_over_wifi to false where adb comes another way"
)
CUTS_A_MACHINE_OFF = (
    "A machine looks after this phone, and may reach it by that Wi-Fi: give it another address of the phone and switch "
    "Wi-Fi off by hand, or set adb_over_wifi to false where it comes another way"
)


def _setting(section: str, words: Mapping[str, str]) -> Callable[[Sections], str | None]:
    """A setting's number as a word; one that was never set has the word of ``null``, if any."""
    return lambda found: words.get(found[section])


def _lock(found: Sections) -> str | None:
    if found["lock_disabled"] == "true":
        return "none"  # never said of a phone with a PIN, pattern or password
    if locks_from(found["secure_lock"], up=False):
        return "secure"
    return "swipe" if found["lock_disabled"] == "false" else None


def _battery(name: str) -> Callable[[Sections], int | None]:
    def read(found: Sections) -> int | None:
        value = re.search(rf"^\s*{name}: (-?\d+)", found["battery"], re.MULTILINE)
        return int(value.group(1)) if value else None

    return read


def _data_saver(found: Sections) -> str | None:
    said = re.search(r"(enabled|disabled)", found["data_saver"])
    return {"enabled": "on", "disabled": "off"}[said.group(1)] if said else None


def _power(found: Sections) -> str | None:
    if not found["battery"]:
        return None
    return "charging" if re.search(r"^\s*\w+ powered: true", found["battery"], re.MULTILINE) else "not charging"


def _health(found: Sections) -> str | None:
    health, tenths = _battery("health")(found), _battery("temperature")(found)
    if health is None or tenths is None:
        return None
    return "good" if health == 2 and tenths < HOTTEST_TENTHS else "bad"  # BATTERY_HEALTH_GOOD


ON_OFF = {"1": "on", "0": "off"}

ITEMS = (
    Item(
        "lock_screen",
        _lock,
        good="none",
        # Only with a secret does the phone count as locked (UsbDeviceManager.java of 10 to 16).
        as_good="swipe",
        left_to_hands="secure",
        command="locksettings set-disabled true",
        hand="Settings, Security, Screen lock: None or Swipe. A phone that is locked securely gives tethering up",
    ),
    Item(
        "mobile_data",
        _setting("mobile_data", ON_OFF),
        good="on",
        command="svc data enable",
        hand="Settings, Network: mobile data on",
    ),
    Item(
        "wifi_off",
        # 2 and 3 are Wi-Fi in and before airplane mode (Settings.Global.WIFI_ON).
        _setting("wifi", {"0": "off", "1": "on", "2": "on", "3": "off"}),
        good="off",
        command="svc wifi disable",
        hand="Switch Wi-Fi off: else the phone may forward to the router's own Wi-Fi, which is a loop",
    ),
    Item(
        "data_saver",
        _data_saver,
        good="off",
        command="cmd netpolicy set restrict-background false",
        hand="Settings, Network, Data Saver: off. It ends tethering",
    ),
    Item(
        "battery_saver",
        _setting("battery_saver", {**ON_OFF, "null": "off"}),
        good="off",
        command="settings put global low_power 0",
        hand="Settings, Battery: battery saver off",
    ),
    Item(
        "adb_key_expiry",
        lambda found: "never" if found["adb_key_life"] == "0" else "after a week",
        good="never",
        command="settings put global adb_allowed_connection_time 0",
        hand="Developer options: Disable adb authorisation timeout",
        first_sdk=30,
    ),
    Item(
        "auto_blocker",
        lambda _found: None,
        good="off",
        command=None,
        hand="Settings, Security, Auto Blocker: off. It blocks USB, and adb cannot tell whether it is on",
        maker="samsung",
    ),
    Item(
        "charging",
        _power,
        good="charging",
        command=None,
        hand="Look at the cable: the port may give no power, or too little. A charge limiter may show as this too",
    ),
    Item(
        "battery_health",
        _health,
        good="good",
        command=None,
        hand="Cool the phone below 45 degrees, limit its charge, and look whether its battery swells",
    ),
    Item(
        "dun",
        _setting("dun", {"0": "not required", "1": "required", "null": "as the provider has it"}),
        good="not required",
        command="settings put global tether_dun_required 0",
        hand="Ask the provider which APN tethering takes. From Android 11 on this setting may have no effect",
    ),
    Item(
        "ota_restart",
        _setting("ota", {"1": "off", "0": "on", "null": "on"}),
        good="off",
        command="settings put global ota_disable_automatic_update 1",
        hand="Developer options: Automatic system updates off. Makers may restart for updates all the same",
    ),
)

MODES = {item.name: ENFORCE if item.command and item.name != "dun" else REPORT for item in ITEMS} | {"dun": IGNORE}
"""What each item is without being asked for. DUN depends on the provider."""
