# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router says of itself, and what follows for Dual WAN.

Sources: ``rc_support`` words and ``wans_cap`` (httpd and rc of 382 and 386), limits from the router_defaults tables and
the page's own checks of each generation.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotCapable
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

NAMES = (
    "productid",
    "odmpid",
    "firmver",
    "buildno",
    "extendno",
    "rc_support",
    "wans_cap",
    "sw_mode",
    "reboot_time",
    "dns_probe_timeout",
)

DEFAULT_REBOOT_SECONDS = 70
"""``reboot_time`` where the model sets none."""


@dataclass(frozen=True)
class Generation:
    """What differs by firmware generation and cannot be read from the router."""

    name: str
    intervals: range
    """Seconds that the page takes for ``wandog_interval``."""
    android: str
    """``modem_android`` for a phone: 1 up to 386 means an Android phone; from 388 on, 0 is automatic and 1 legacy."""
    rules: int
    """How many routing rules the page takes."""


GENERATIONS = {
    "380": Generation("380", range(1, 10), "1", 32),
    "382": Generation("382", range(1, 10), "1", 32),
    "384": Generation("384", range(1, 100), "1", 32),
    "386": Generation("386", range(1, 100), "1", 32),
    "388": Generation("388", range(3, 100), "0", 64),
    "3006": Generation("3006", range(3, 100), "0", 64),
}


@dataclass(frozen=True)
class Capabilities:
    """One router's model, firmware and abilities."""

    model: str
    firmware: str
    generation: Generation
    dual_wan: bool
    usb_modem: bool
    usb_backup: bool
    """Has 'Auto USB Backup WAN', which rewrites ``wans_dualwan`` by itself when a phone comes or goes."""
    ports: tuple[str, ...]
    """The tokens it offers as WAN, from ``wans_cap``."""
    router_mode: bool
    profiles: bool
    """Multi-WAN profiles (ExpertWiFi) instead of the Dual WAN tab."""
    reboot_seconds: int


def capabilities(nvram: Nvram) -> Capabilities:
    """Read them from nvram :data:`NAMES`."""
    support = nvram["rc_support"].split()
    ports = tuple(nvram["wans_cap"].split())
    return Capabilities(
        model=nvram["odmpid"] or nvram["productid"],
        firmware="_".join(filter(None, (f"{nvram['firmver']}.{nvram['buildno']}", nvram["extendno"]))),
        generation=_generation(nvram),
        dual_wan="dualwan" in support,
        usb_modem="modem" in support and "usb" in ports,
        usb_backup="usb_bk" in support,
        ports=ports,
        router_mode=nvram["sw_mode"] == "1",
        profiles="mtwancfg" in support,
        reboot_seconds=int(nvram["reboot_time"]) if nvram["reboot_time"].isdigit() else DEFAULT_REBOOT_SECONDS,
    )


def _generation(nvram: Nvram) -> Generation:
    if nvram["firmver"].startswith("3.0.0.6"):
        return GENERATIONS["3006"]
    number = nvram["buildno"].split(".")[0]
    known = [name for name in GENERATIONS if name != "3006" and number.isdigit() and int(name) <= int(number)]
    return GENERATIONS[max(known, default="380")]


def refuse_the_impossible(wish: Wish, router: Capabilities, nvram: Nvram) -> None:
    """Raise NotCapable or BadWish for what this router cannot do. Nothing has been written by then."""
    name = f"{router.model} with firmware {router.firmware}"
    if router.profiles:
        raise NotCapable(
            f"{name} has Multi-WAN profiles instead of the Dual WAN tab",
            cure="This collection does not manage those; use the router's own page",
        )
    if not router.dual_wan:
        raise NotCapable(
            f"{name} has no Dual WAN (no dualwan in rc_support)",
            cure="Update the firmware if the model's page promises Dual WAN, or use another model",
        )
    if not router.router_mode:
        raise NotCapable(
            f"{name} runs as access point, repeater or mesh node (sw_mode {nvram['sw_mode']}), where Dual WAN is off",
            cure="Set Administration, Operation Mode to wireless router, or point the task at the main router",
        )
    for option in ("primary", "secondary"):
        port = getattr(wish, option)
        if port == "usb" and not router.usb_modem:
            raise NotCapable(
                f"{name} has no USB modem support (wans_cap is {' '.join(router.ports) or 'empty'})",
                cure=f"Give another {option}, such as lan with a phone on an Ethernet adapter",
            )
        if port is not None and port not in router.ports:
            raise NotCapable(
                f"{name} offers no {port} as WAN", cure=f"Give one of {', '.join(router.ports)} as {option}"
            )
    allowed = interval_range(router, nvram)
    if wish.interval is not None and wish.interval not in allowed:
        raise BadWish(
            f"detection.interval is {wish.interval} s, which firmware {router.firmware} does not take",
            cure=f"Give {allowed[0]} to {allowed[-1]} seconds",
        )
    if wish.routing_rules is not None and len(wish.routing_rules) > router.generation.rules:
        raise BadWish(
            f"routing_rules has {len(wish.routing_rules)} rules, and firmware {router.firmware} takes "
            f"{router.generation.rules}",
            cure="Join some of them by giving networks instead of addresses",
        )


def interval_range(router: Capabilities, nvram: Nvram) -> range:
    """Seconds that ``wandog_interval`` may be: 386 and later want it above the DNS probe's own timeout."""
    intervals = router.generation.intervals
    timeout = nvram["dns_probe_timeout"]
    if not timeout.isdigit() or router.generation.name in ("380", "382"):
        return intervals
    margin = 1 if router.generation.name in ("384", "386") else 2
    return range(max(intervals[0], int(timeout) + margin), intervals[-1] + 1)
