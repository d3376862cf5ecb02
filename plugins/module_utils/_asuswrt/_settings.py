# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the Dual WAN tab and of the USB modem tab's Android side: one row each.

A row says how its nvram variable follows from a wish, how long it may be (router_defaults; a longer value is dropped
in silence), and what it costs to make it true. Sources: the genuine pages of 386.69061 and what they were seen to post;
the daemon of 386.69061.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Rule, Wish
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
    maximum: int
    write: Writer
    """What the wish makes of it; None leaves it alone."""
    effect: Effect
    free_text: bool = False
    """Read through the lossless hook, as ``nvram_get`` mangles what is not a plain word."""


def lines(nvram: Nvram) -> tuple[str, str]:
    """Primary and secondary as stored; the secondary is ``none`` while Dual WAN is off."""
    stored = [*nvram["wans_dualwan"].split(), "none", "none"]
    return stored[0], stored[1]


def is_enabled(nvram: Nvram) -> bool:
    """Whether Dual WAN was switched on by someone. ``wan usb`` that Auto USB Backup wrote by itself
    (``wans_usb_bk_act``) goes away with the phone and does not count."""
    return "none" not in lines(nvram) and nvram["wans_usb_bk_act"] != "1"


def wanted_lines(wish: Wish, nvram: Nvram) -> tuple[str, str]:
    """Primary and secondary after the wish. Raises BadWish where they contradict each other or the state."""
    first, second = lines(nvram)
    if wish.enabled is False:
        primary = wish.primary or first
        # The page rewrites a LAN port that was primary, as it can be WAN only with Dual WAN on.
        return ("wan" if primary == "lan" else primary), "none"
    if wish.enabled is None and not is_enabled(nvram):
        if wish.secondary is not None:
            raise BadWish(
                f"secondary is {wish.secondary}, and Dual WAN is off on this router",
                cure="Add state: enabled to switch it on",
            )
        if wish.primary is not None and second != "none":
            raise BadWish(
                f"primary is {wish.primary}, and Auto USB Backup WAN has Dual WAN on for the moment",
                cure="Add state: enabled to keep it on, or state: disabled",
            )
        return wish.primary or first, "none"
    primary = wish.primary or first
    secondary = wish.secondary or (second if second != "none" else "usb")
    if primary == secondary:
        raise BadWish(
            f"primary and secondary would both be {primary}: the router has {first} and {second}",
            cure="Give both primary and secondary",
        )
    return primary, secondary


def _dual_wan(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    if wish.enabled is None and wish.primary is None and wish.secondary is None:
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


def _needs_lan(wish: Wish, nvram: Nvram, router: Capabilities) -> str | None:
    if wish.lan_port is not None and "lan" not in wanted_lines(wish, nvram):
        raise BadWish("lan_port is given, and neither WAN is lan", cure="Leave it out, or make one of them lan")
    return _word(wish.lan_port)


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


def _word(value: Any) -> str | None:
    return None if value is None else str(value)


def encode_rules(rules: tuple[Rule, ...]) -> str:
    """``<source>destination>unit`` for each."""
    return "".join(f"<{rule.source}>{rule.destination}>{rule.unit}" for rule in rules)


def decode_rules(text: str) -> tuple[Rule, ...]:
    """Inverse of :func:`encode_rules`; what has not three columns is left out."""
    columns = [piece.split(">") for piece in text.split("<") if piece]
    return tuple(Rule(row[0], row[1], int(row[2])) for row in columns if len(row) == 3 and row[2] in ("0", "1"))


SETTINGS = (
    Setting("wans_dualwan", 16, _dual_wan, Effect.LINES),
    Setting("wans_mode", 4, _mode, Effect.LIVE),
    Setting("wans_lanport", 1, _needs_lan, Effect.REBOOT),
    Setting("wans_standby", 1, _option("hot_standby", _flag), Effect.LIVE),
    Setting("wans_lb_ratio", 16, _balance("load_balance_ratio", str), Effect.REBOOT),
    Setting("wans_routing_enable", 1, _balance("routing_rules", lambda rules: _flag(bool(rules))), Effect.REBOOT),
    Setting("wans_routing_rulelist", 1024, _balance("routing_rules", encode_rules), Effect.REBOOT, free_text=True),
    Setting("wandog_interval", 2, _option("interval", str), Effect.LIVE),
    Setting("wandog_maxfail", 2, _option("failover_count", str), Effect.LIVE),
    Setting("wandog_fb_count", 2, _option("failback_count", str), Effect.LIVE),
    Setting("wandog_enable", 1, _ping, Effect.LIVE),
    Setting("wandog_target", 100, _unless_empty("ping_target", str), Effect.LIVE, free_text=True),
    Setting("dns_probe", 1, _dns, Effect.LIVE),
    Setting("dns_probe_host", 255, _unless_empty("dns_hostname", str), Effect.LIVE, free_text=True),
    Setting("dns_probe_content", 1024, _unless_empty("dns_addresses", " ".join), Effect.LIVE, free_text=True),
    Setting("wans_usb_bk", 1, _auto_backup, Effect.LIVE),
    Setting("wans_usb_bk_act", 1, _auto_backup_active, Effect.LIVE),
    Setting("modem_enable", 1, _modem_on, Effect.AT_PLUG),
    Setting("modem_android", 1, _android, Effect.AT_PLUG),
    Setting("modem_mtu", 5, _option("usb_mtu", str), Effect.AT_PLUG),
    Setting("wan0_enable", 1, _unit_on(0), Effect.LINES),
    Setting("wan1_enable", 1, _unit_on(1), Effect.LINES),
)

NAMES = tuple(setting.nvram for setting in SETTINGS if not setting.free_text)
TEXT_NAMES = tuple(setting.nvram for setting in SETTINGS if setting.free_text)


def options(nvram: Nvram, router: Capabilities) -> dict[str, Any]:
    """What is stored, in the words of ``asus_dualwan``'s options, so that it can be given back to it."""
    first, second = lines(nvram)
    balanced = nvram["wans_mode"] == "lb"
    found: dict[str, Any] = {
        "state": "enabled" if is_enabled(nvram) else "disabled",
        "primary": first,
        "secondary": second if is_enabled(nvram) else None,
        "mode": "load_balance" if balanced else "failover",
        "failback": None if balanced else nvram["wans_mode"] == "fb",
        "hot_standby": nvram["wans_standby"] == "1",
        "detection": {
            "interval": _whole(nvram["wandog_interval"]),
            "failover_count": _whole(nvram["wandog_maxfail"]),
            "failback_count": _whole(nvram["wandog_fb_count"]),
            "ping_target": nvram["wandog_target"] if nvram["wandog_enable"] == "1" else "",
            "dns_query": {
                "hostname": nvram["dns_probe_host"] if nvram["dns_probe"] == "1" else "",
                "addresses": nvram["dns_probe_content"].split(),
            },
        },
        "usb_device": "android" if nvram["modem_android"] == router.generation.android else "modem",
        "usb_mtu": _whole(nvram["modem_mtu"]),
        "auto_usb_backup": nvram["wans_usb_bk"] == "1" if router.usb_backup else None,
    }
    if "lan" in (first, second):
        found["lan_port"] = _whole(nvram["wans_lanport"])
    if balanced:
        found["load_balance_ratio"] = nvram["wans_lb_ratio"]
        enabled = nvram["wans_routing_enable"] == "1"
        found["routing_rules"] = [
            {
                "source": rule.source,
                "destination": rule.destination,
                "wan": "secondary" if rule.unit else "primary",
            }
            for rule in (decode_rules(nvram["wans_routing_rulelist"]) if enabled else ())
        ]
    return found


def _whole(text: str) -> int | None:
    return int(text) if text.strip().isdigit() else None
