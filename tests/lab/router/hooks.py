# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``/appGet.cgi``: a list of calls that are answered by something resembling JSON (web API facts 3)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from time import gmtime, strftime

from .encoding import char_to_ascii, html_numbers
from .lines import Lines
from .nvram import Nvram
from .profiles import Profile
from .refusal import NotSimulated

MOST_ARGUMENTS = 16

_KNOWN_BUT_NOT_MODELLED = frozenset(
    """first_wanlink secondary_wanlink wanlink_state wanstate dual_wanstate ajax_dualwanstate ajax_wanstate
    secondary_ajax_wanstate usb_is_exist get_modem_info get_modemuptime get_simact_result get_wan_lan_status
    get_sw_mode get_lan_hwaddr get_label_mac get_header_info sysuptime memory_usage cpu_usage netdev get_clientlist
    get_cfg_clientlist get_stbPortMappings""".split()
)
"""In the genuine firmware, with answers that this lab does not know well enough to make up."""

_CALL = re.compile(r"([A-Za-z0-9_]*)\((.*)\)\s*", re.DOTALL)
_NUMBER_OF_STATUS = {True: "Connected", False: "Disconnected"}


class Hooks:
    """The functions, by name; each returns what stands behind the colon, or a whole member for the nvram ones."""

    def __init__(self, profile: Profile, nvram: Nvram, lines: Lines, since_boot: Callable[[], float]) -> None:
        self._since_boot = since_boot
        self._profile = profile
        self._nvram = nvram
        self._lines = lines
        self._functions: dict[str, Callable[[list[str], bool], str]] = {
            "nvram_get": self._nvram_get,
            "nvram_default_get": self._nvram_default_get,
            "nvram_char_to_ascii": self._nvram_char_to_ascii,
            "get_wan_unit": lambda _arguments, _app: f'"get_wan_unit":{self._wan_unit()}',
            "get_default_reboot_time": lambda _arguments, _app: f'"get_default_reboot_time":{self.reboot_time()}',
            "get_ui_support": self._get_ui_support,
            "show_usb_path": self._show_usb_path,
            "wanlink": self._wanlink,
            "wan_get_parameter": lambda _arguments, _app: '"wan_get_parameter":',
            "uptime": self._uptime,
        }
        if profile.replies.ethernet_wans is not None:
            self._functions["get_ethernet_wan_list"] = self._get_ethernet_wan_list

    def answer(self, hook: str, *, app: bool) -> str:
        """The body for ``hook=…``. An unknown function prints nothing, but its comma stays."""
        members = []
        for call in hook.split(";"):
            if not call:
                continue
            name, bracket, _mark = call.partition("(")
            if not bracket or not call.rstrip().endswith(")"):
                continue
            members.append(self._member(name, call, app))
        return "{\n" + ",\n".join(members) + "\n}\n"

    def reboot_time(self) -> int:
        return self._nvram.number("reboot_time") or 70

    def _member(self, name: str, call: str, app: bool) -> str:
        if name in _KNOWN_BUT_NOT_MODELLED:
            raise NotSimulated(f"hook {name}")
        found = _CALL.fullmatch(call)
        if found is None or name not in self._functions:
            return ""
        arguments = [word.strip().strip("\"'") for word in found.group(2).split(",")][:MOST_ARGUMENTS]
        return self._functions[name](arguments, app)

    def _nvram_get(self, arguments: list[str], app: bool) -> str:
        return self._quoted(arguments[0], self._read(arguments[0]), app)

    def _nvram_default_get(self, arguments: list[str], app: bool) -> str:
        return self._quoted(arguments[0], self._nvram.default(arguments[0]), app)

    def _nvram_char_to_ascii(self, arguments: list[str], _app: bool) -> str:
        return f'"{arguments[-1]}":"{char_to_ascii(self._read(arguments[-1]))}"'

    def _read(self, name: str) -> str:
        if name in self._profile.replies.hidden:
            return ""
        if name == "http_passwd":
            raise NotSimulated("reading http_passwd: which names are on the closed blacklist is not known")
        return self._nvram.get(name)

    def _quoted(self, name: str, value: str, app: bool) -> str:
        text = html_numbers(value, double_backslash=app, signed_char=self._profile.replies.signed_char)
        return f'"{name}":"{text}"'

    def _wan_unit(self) -> int:
        """In load balance the first unit that is connected (dual-WAN facts 4.4)."""
        if self._lines.dual and self._nvram.get("wans_mode") == "lb":
            return next((unit for unit in (0, 1) if self._lines.connected(unit)), 0)
        return self._lines.active

    def _get_ui_support(self, _arguments: list[str], _app: bool) -> str:
        words = dict.fromkeys(self._nvram.get("rc_support").split(), 1)
        return f'"get_ui_support":{json.dumps(words)}'

    def _get_ethernet_wan_list(self, _arguments: list[str], _app: bool) -> str:
        return f'"get_ethernet_wan_list":{json.dumps(self._profile.replies.ethernet_wans)}'

    def _show_usb_path(self, _arguments: list[str], _app: bool) -> str:
        # Nested arrays "like" [[["1","modem","480"]]]; the form without a device is a guess.
        kind = self._nvram.get("usb_path1")
        ports = [["1", kind, self._nvram.get("usb_path1_speed")]] if kind else []
        return f'"show_usb_path":{json.dumps([ports], separators=(",", ":"))}'

    def _wanlink(self, arguments: list[str], _app: bool) -> str:
        unit = self._wan_unit()
        facts = {
            "status": str(int(self._lines.connected(unit))),
            "statusstr": _NUMBER_OF_STATUS[self._lines.connected(unit)],
            "type": "USB Modem" if self._lines.types()[unit] == "usb" else self._nvram.get(f"wan{unit}_proto"),
            **{
                name: self._nvram.get(f"wan{unit}_{name}")
                for name in ("ipaddr", "netmask", "gateway", "dns", "lease", "expires")
            },
        }
        if arguments[0] in facts:
            return f'"wanlink-{arguments[0]}":"{facts[arguments[0]]}"'
        if arguments[0] not in ("", "appobj"):
            raise NotSimulated(f"hook wanlink({arguments[0]})")
        # JavaScript inside of the object, which no JSON reader takes (web API facts 9).
        lines = [f"function wanlink_{name}() {{ return '{value}';}}" for name, value in facts.items()]
        return '"wanlink":' + "\n".join(lines) + "\n"

    def _uptime(self, _arguments: list[str], _app: bool) -> str:
        text = f"{strftime('%a, %d %b %Y %H:%M:%S +0000', gmtime())}({int(self._since_boot())} secs since boot)"
        return f'"uptime":{json.dumps(text) if self._profile.replies.uptime_quoted else text}'
