# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task does with a phone, and at which requests of that conversation something can go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from integration.house import keepalives

State = dict[str, Any]
"""Of ``phone state``."""


@dataclass(frozen=True)
class Point:
    """One request to adbd, as the lab's ``at`` is told of it."""

    name: str
    which: str
    behind: bool = False
    """The one after it."""

    def order(self, words: str) -> list[str]:
        again = ["at", "1"] if self.behind else []
        return ["at", self.which, *again, *words.split()]


READ = Point("read", "1")
SWITCH = Point("function set", "1:setFunction")
SWITCHED = Point("read after it", "1:setFunction", behind=True)
DEFAULT = Point("default set", "1:setScreenUnlockedFunctions")
DEFAULTED = Point("read after that", "1:setScreenUnlockedFunctions", behind=True)
ASKED = Point("function set", "1:service call connectivity")
WRITE = Point("written", "1:keepalive.new")
READ_BACK = Point("read back", "1:keepalive.new", behind=True)
FLOW_STARTED = Point("written", "1:START_FLOW")
FLOW_READ_BACK = Point("read back", "1:START_FLOW", behind=True)
RESTORED = Point("written", "1:deviceidle whitelist -")
RESTORED_READ_BACK = Point("read back", "1:deviceidle whitelist -", behind=True)
KEYS_KEPT = Point("written", "1:settings put global")
KEYS_READ_BACK = Point("read back", "1:settings put global", behind=True)
LOOK = Point("second look", "1", behind=True)
REMOVE = Point("written", "1:rmdir")
ITEMS_SET = Point("written", "1:svc wifi disable")
ITEMS_BACK = Point("read back", "1:svc wifi disable", behind=True)
ALL_ALONG = Point("all along", "")
"""Not a request: so from before the task until after it."""
IN_ORDER = (
    "all along",
    "read",
    "function set",
    "read after it",
    "default set",
    "read after that",
    "written",
    "read back",
    "second look",
)


@dataclass(frozen=True)
class Story:
    """One task, the phone that it finds, and what is true of the phone when it has come to its end."""

    name: str
    module: str
    right: Callable[[State], bool]
    options: dict[str, Any] = field(default_factory=dict)
    found: tuple[str, ...] = ()
    """The lab's words."""
    before: dict[str, Any] | None = None
    """The options of a run of the same task before the story begins."""
    meanwhile: str = ""
    """The lab's words, at the task's second request."""
    hand: str = ""
    """What a person does before the next run, having been told."""
    tells: str = ""
    """The key by which a task that only reads tells whether the phone is right."""


def _tethers(state: State) -> bool:
    return (state["usb"]["function"], state["usb"]["default"]) == ("rndis", "rndis")


def _tethers_now(state: State) -> bool:
    return bool(state["tether"]["serving"])


def _off(state: State) -> bool:
    return (state["usb"]["function"], state["usb"]["default"]) == ("none", "none")


def _at_plug_in(state: State) -> bool:
    return bool(state["usb"]["default"] == "rndis")


_LOOP = re.compile(r"\bsh /data/\S+/keepalive\.sh [0-9a-f]{64}$")


def _keepalives(state: State) -> int:
    return sum(bool(_LOOP.search(command)) for command in keepalives(state))


def _kept(state: State) -> bool:
    return _keepalives(state) == 1


def _not_kept(state: State) -> bool:
    return _keepalives(state) == 0


def _ready(state: State) -> bool:
    return not state["wifi"] and bool(state["mobile_data"])


def _flow_kept(state: State) -> bool:
    automate = state["automate"]
    # Of a flow that is started a second time without a boot in between there are two.
    return bool(automate["runs"] and automate["exempt"]) and automate["starts"] <= state["boots"]


def _all_kept(state: State) -> bool:
    return _at_plug_in(state) and _kept(state) and _flow_kept(state)


def _flow_left(state: State) -> bool:
    return not state["automate"]["exempt"]


def _keys_kept(state: State) -> bool:
    return bool(state["adb"]["key_life"] == "0")


def _tethers_by_ethernet(state: State) -> bool:
    return bool(state["ethernet"]["serving"] and state["ethernet"]["upstream"])


def _anything(_state: State) -> bool:
    return True


_TETHER, _KEEPALIVE, _BACKUP = "android_usb_tether", "android_tether_keepalive", "android_backup_phone"
_ETHERNET = "android_ethernet_tether_info"
_ROOTED = ("phone set root granted",)
_WITH_AUTOMATE = ("phone set automate privileged",)
_FLOW = {"strategy": ["automate"], "automate_flow": "content://com.llamalab.automate.provider/flows/1/statements/1"}
_BY_A_HAND = "phone set ethernet_tether true"
_OLD = {"plug_in_default": False}

INFO = Story("info", "android_info", _anything)
TETHER = Story("tether on", _TETHER, _tethers, {"function": "rndis"})
TETHER_OFF = Story("tether off", _TETHER, _off, {"state": "disabled"}, before={"function": "rndis"})
NCM = Story("tether by NCM", _TETHER, lambda state: state["usb"]["function"] == "ncm", {"function": "ncm"})
OLD_TETHER = Story("tether on, Android 8.1", _TETHER, _tethers_now, _OLD, found=("phone set android 8.1", *_ROOTED))
PLUG_IN = Story("keepalive default_usb", _KEEPALIVE, _at_plug_in, {"strategy": ["default_usb"]})
LOOP = Story("keepalive loop", _KEEPALIVE, _kept, {"strategy": ["loop"]})
NEW_LOOP = Story(
    "keepalive loop, other interval", _KEEPALIVE, _kept, {"strategy": ["loop"], "interval": 9}, before=LOOP.options
)
LOOP_GONE = Story(
    "keepalive loop, absent", _KEEPALIVE, _not_kept, {"strategy": ["loop"], "state": "absent"}, before=LOOP.options
)
ROOT = Story("keepalive root_service", _KEEPALIVE, _kept, {"strategy": ["root_service"]}, found=_ROOTED)
BACKUP = Story(
    "backup phone",
    _BACKUP,
    _ready,
    # It is reached at 127.0.0.1, and what may be a tunnel to the phone's Wi-Fi keeps that on.
    {"adb_over_wifi": False},
    found=(
        "phone set wifi true",
        "phone set data_saver true",
        "phone set mobile_data false",
        "phone set lock none",
    ),
)
FLOW = Story("keepalive automate", _KEEPALIVE, _flow_kept, _FLOW, found=_WITH_AUTOMATE)
FLOW_GONE = Story(
    "keepalive automate, absent",
    _KEEPALIVE,
    _flow_left,
    {"strategy": ["automate"], "state": "absent"},
    found=_WITH_AUTOMATE,
    before=_FLOW,
)
AUTO = Story(
    "keepalive auto, with a flow", _KEEPALIVE, _all_kept, {**_FLOW, "strategy": ["auto"]}, found=_WITH_AUTOMATE
)
HOST = Story("keepalive host", _KEEPALIVE, _keys_kept, {"strategy": ["host"]})
ETHERNET = Story(
    "tether by Ethernet",
    _ETHERNET,
    _tethers_by_ethernet,
    found=("cable plug lan", _BY_A_HAND),
    hand=_BY_A_HAND,
    tells="serving",
)
ETHERNET_AWAITED = Story(
    "tether by Ethernet, waited for",
    _ETHERNET,
    _tethers_by_ethernet,
    {"wait_seconds": 8},
    found=("cable plug lan",),
    meanwhile=_BY_A_HAND,
    hand=_BY_A_HAND,
    tells="serving",
)
