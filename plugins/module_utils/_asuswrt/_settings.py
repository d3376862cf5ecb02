# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the Dual WAN tab and of the USB modem tab's Android side: one row each.

A row says how its nvram variable follows from a wish, how long it may be (router_defaults; a longer value is dropped
in silence), and what it costs to make it true. Sources: the genuine pages of 386.69061 and what they were seen to post;
the daemon of 386.69061; the page of 388 (Merlin) for what is newer.

What the page posts and no row has, on purpose:

* ``wan_unit``: it only says which unit a posted ``wan_xxx`` means, and every row names its unit.
* ``wan0_routing_isp_enable``, ``wan0_routing_isp`` and those of unit 1: no defaults table of 380 to 386 has them, so
  httpd ignores them, and the page hides them.
* ``switch_stb_x``, ``switch_wantag``, ``lacp_enabled``, ``bond_wan``: other pages' settings, which this page switches
  off where they are in the way. Here a guard names them instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import (
    names_lines,
    wanted_lines,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._rules import PATTERN as RULES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._rules import encode_rules
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish


class Effect(IntEnum):
    """When a stored value becomes true, cheapest first."""

    LIVE = 0
    """At the failover daemon's next look. Seen on the genuine one for interval, maxfail, enable, target and between fo
    and fb; inferred from its source (382 wanduck.c reads them in every round) for the others."""
    AT_PLUG = 1
    """When the phone's tether next appears on the USB port; inferred from the hotplug code."""
    LINES = 2
    """When the lines are set up anew: ``start_multipath`` or a reboot, see the plan."""
    REBOOT = 3
    """After a reboot, as the page does it."""


Writer = Callable[[Wish, Nvram, Capabilities], "str | None"]


@dataclass(frozen=True)
class Setting:
    """One nvram variable."""

    nvram: str
    length: int
    """As the router_defaults tables say; some firmwares keep less, see :meth:`maximum`."""
    pattern: str
    """What a value must match as a whole. httpd stores ``$(id)`` as readily as a word, and the rest of the firmware
    puts it into shell commands, so no value leaves without."""
    write: Writer
    """What the wish makes of it; None leaves it alone."""
    effect: Effect
    free_text: bool = False
    """Read through the lossless hook, as ``nvram_get`` mangles what is not a plain word."""

    def maximum(self, router: Capabilities) -> int:
        """The longest value that this firmware keeps."""
        return min(self.length, router.lengths.get(self.nvram, self.length))


def differing(wish: Wish, nvram: Nvram, router: Capabilities) -> Iterator[tuple[Setting, str]]:
    """The rows that the wish changes, with the value of each. Raises BadWish where the wish contradicts the state."""
    for setting in SETTINGS:
        value = setting.write(wish, nvram, router)
        stored = nvram[setting.nvram] or router.generation.when_empty.get(setting.nvram, "")
        if value is not None and value != stored:
            yield setting, value


def checked(setting: Setting, value: str, router: Capabilities) -> str:
    """``value``, or BadWish where the router would drop it for its length, or should never see it."""
    maximum = setting.maximum(router)
    if len(value) > maximum:
        raise BadWish(
            f"{setting.nvram} would be {len(value)} characters long, and the router keeps {maximum}",
            cure="Shorten it: the router drops a longer value in silence",
        )
    if not re.fullmatch(setting.pattern, value):
        raise BadWish(
            f"{setting.nvram} would become {value!r}, which no page of the router offers",
            cure="Name what the router has in words of another kind, such as both primary and secondary",
        )
    return value


def _dual_wan(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    if not names_lines(wish):
        return None
    return " ".join(wanted_lines(wish, nvram))


def _mode(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    stored = nvram["wans_mode"]
    if wish.mode == "load_balance":
        return "lb"
    if wish.failback is not None:
        if wish.mode is None and stored == "lb":
            raise BadWish("failback is given, and the router balances load", cure="Add mode: failover")
        return "fb" if wish.failback else "fo"
    if wish.mode == "failover" and stored not in ("fo", "fb"):
        return "fo"
    return None


def _balance(option: str, encode: Callable[[Any], str]) -> Writer:
    def write(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
        value = getattr(wish, option)
        if value is None:
            return None
        if (_mode(wish, nvram, router) or nvram["wans_mode"]) != "lb":
            raise BadWish(f"{option} is given without load balance", cure="Add mode: load_balance, or leave it out")
        return encode(value)

    return write


def _auto_backup_active(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    return None if wish.enabled is None or nvram["wans_usb_bk_act"] != "1" else "0"


def _auto_backup(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    if wish.auto_usb_backup is not None:
        if not router.usb_backup and wish.auto_usb_backup:
            raise BadWish(
                f"auto_usb_backup is given, and {router.model} with firmware {router.firmware} has no such switch",
                cure="Leave it out",
            )
        return _flag(wish.auto_usb_backup) if router.usb_backup else None
    # Switching Dual WAN off while the automatic backup holds it on needs both off, as the page does.
    return "0" if wish.enabled is False and nvram["wans_usb_bk_act"] == "1" else None


def _ping(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    return None if wish.ping_target is None else _flag(bool(wish.ping_target))


def _dns(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    if wish.dns_hostname is None and wish.dns_addresses is None:
        return None
    return _flag(wish.dns_hostname != "")


def _android(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    if wish.usb_device is None:
        return None
    if wish.usb_device == "android":
        return router.generation.android
    return "0" if router.generation.android == "1" else None  # from 388 on, both 0 and 1 take modems


def _modem_on(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    # With modem_enable 0 no USB WAN ever counts as ready (is_usb_modem_ready).
    wants_usb = wish.enabled and "usb" in wanted_lines(wish, nvram)
    return "1" if wants_usb and nvram["modem_enable"] == "0" else None


def _unit_on(unit: int) -> Writer:
    def write(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
        wants_usb = wish.enabled and wanted_lines(wish, nvram)[unit] == "usb"
        return "1" if wants_usb and nvram[f"wan{unit}_enable"] == "0" else None

    return write


def _option(name: str, encode: Callable[[Any], str]) -> Writer:
    def write(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
        value = getattr(wish, name)
        return None if value is None else encode(value)

    return write


def _unless_empty(name: str, encode: Callable[[Any], str]) -> Writer:
    """The page keeps the stored text when its probe is switched off."""

    def write(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
        value = getattr(wish, name)
        return encode(value) if value else None

    return write


def _flag(on: bool) -> str:
    return "1" if on else "0"


def _any(values: tuple[Any, ...]) -> str:
    return _flag(bool(values))


def _word(value: Any) -> str | None:
    return None if value is None else str(value)


def _lan_port(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    if wish.lan_port is not None and "lan" not in wanted_lines(wish, nvram):
        raise BadWish("lan_port is given, and neither WAN is lan", cure="Leave it out, or make one of them lan")
    return _word(wish.lan_port)


def _only_off(name: str, option: str) -> Writer:
    """0 is written over 1 alone: where a firmware does not know the name, it reads empty and needs no 0."""

    def write(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
        on = getattr(wish, option)
        return None if on is None or (not on and nvram[name] != "1") else _flag(on)

    return write


def _interface(unit: int) -> Writer:
    """The page posts ``wan_ifname_x`` for the unit that is ``wan``."""

    def write(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
        named = wish.wan_interface is not None and wanted_lines(wish, nvram)[unit] == "wan"
        return wish.wan_interface if named else None

    return write


def _ttl(name: str, option: str) -> Writer:
    def write(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
        on = getattr(wish, option)
        if on and not nvram[name]:
            raise BadWish(f"{option} is given, and {router.name} has no such switch", cure="Leave it out")
        return None if on is None or not nvram[name] else _flag(on)

    return write


_PORT = r"(wan|lan|usb|usb2|dsl|wan2|sfp\+|2g|5g)"
_FLAG = "[01]"
_COUNT = "[1-9][0-9]?"
_HOST = "[A-Za-z0-9._-]*"
_INTERFACE = r"[a-z]{1,8}[0-9]{1,2}(\.[0-9]{1,4})?"

SETTINGS = (
    Setting("wans_dualwan", 16, rf"{_PORT} ({_PORT}|none)", _dual_wan, Effect.LINES),
    Setting("wans_extwan", 1, _FLAG, _only_off("wans_extwan", "fast_wan"), Effect.REBOOT),
    Setting("wan0_ifname_x", 16, _INTERFACE, _interface(0), Effect.REBOOT),
    Setting("wan1_ifname_x", 16, _INTERFACE, _interface(1), Effect.REBOOT),
    Setting("autowan_enable", 1, _FLAG, _only_off("autowan_enable", "auto_wan"), Effect.REBOOT),
    Setting("wans_mode", 4, "fo|fb|lb", _mode, Effect.LIVE),
    Setting("wans_lanport", 1, "[0-9]", _lan_port, Effect.REBOOT),
    Setting("wans_standby", 1, _FLAG, _option("hot_standby", _flag), Effect.LIVE),
    Setting("wans_lb_ratio", 16, "[1-9]:[1-9]", _balance("load_balance_ratio", str), Effect.REBOOT),
    Setting("wans_routing_enable", 1, _FLAG, _balance("routing_rules", _any), Effect.REBOOT),
    Setting("wans_routing_rulelist", 1024, RULES, _balance("routing_rules", encode_rules), Effect.REBOOT, True),
    Setting("wandog_interval", 2, _COUNT, _option("interval", str), Effect.LIVE),
    Setting("wandog_maxfail", 2, _COUNT, _option("failover_count", str), Effect.LIVE),
    Setting("wandog_fb_count", 2, _COUNT, _option("failback_count", str), Effect.LIVE),
    Setting("wandog_enable", 1, _FLAG, _ping, Effect.LIVE),
    Setting("wandog_target", 100, _HOST, _unless_empty("ping_target", str), Effect.LIVE, True),
    Setting("dns_probe", 1, _FLAG, _dns, Effect.LIVE),
    Setting("dns_probe_host", 255, _HOST, _unless_empty("dns_hostname", str), Effect.LIVE, True),
    Setting("dns_probe_content", 1024, "[0-9A-Fa-f.: *]*", _unless_empty("dns_addresses", " ".join), Effect.LIVE, True),
    Setting("wans_usb_bk", 1, _FLAG, _auto_backup, Effect.LIVE),
    Setting("wans_usb_bk_act", 1, _FLAG, _auto_backup_active, Effect.LIVE),
    Setting("modem_enable", 1, _FLAG, _modem_on, Effect.AT_PLUG),
    Setting("modem_android", 1, _FLAG, _android, Effect.AT_PLUG),
    Setting("modem_mtu", 5, "[0-9]{1,4}", _option("usb_mtu", str), Effect.AT_PLUG),
    # What of it takes effect earlier than with the reboot that the page asks for was not seen.
    Setting("ttl_inc_enable", 1, _FLAG, _ttl("ttl_inc_enable", "usb_ttl_extend"), Effect.REBOOT),
    Setting("ttl_spoof_enable", 1, _FLAG, _ttl("ttl_spoof_enable", "usb_ttl_spoof"), Effect.REBOOT),
    Setting("wan0_enable", 1, _FLAG, _unit_on(0), Effect.LINES),
    Setting("wan1_enable", 1, _FLAG, _unit_on(1), Effect.LINES),
)

NAMES = tuple(setting.nvram for setting in SETTINGS if not setting.free_text)
TEXT_NAMES = tuple(setting.nvram for setting in SETTINGS if setting.free_text)
