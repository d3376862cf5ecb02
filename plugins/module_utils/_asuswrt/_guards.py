# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is refused before anything is written: what this router cannot do, and what its page would not let pass.

httpd itself stores nearly everything (seen on the genuine one), so nothing but these guards stands in between.
"""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotCapable
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import wanted_lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

WITH_A_FAST_LAN_PORT = ("GT-AX11000", "RT-AX86U", "GT-AXE11000")
"""Their 2.5G port counts as a second Ethernet WAN (page of 386)."""


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
    if wish.enabled or wish.primary or wish.secondary:
        _check_lines(wanted_lines(wish, nvram), router, name)
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


def _check_lines(pair: tuple[str, str], router: Capabilities, name: str) -> None:
    for option, port in zip(("primary", "secondary"), pair, strict=True):
        if port == "usb" and not router.usb_modem:
            raise NotCapable(
                f"{name} has no USB modem support (wans_cap is {' '.join(router.ports) or 'empty'})",
                cure=f"Give another {option}, such as lan with a phone on an Ethernet adapter",
            )
        if port != "none" and port not in router.ports:
            raise NotCapable(
                f"{name} offers no {port} as WAN", cure=f"Give one of {', '.join(router.ports)} as {option}"
            )
    if set(pair) == {"usb", "lan"} and not _takes_usb_and_lan(router):
        raise BadWish(
            f"primary {pair[0]} and secondary {pair[1]} leave out the WAN port, which {name} does not allow",
            cure="Make one of them wan",
        )


def _takes_usb_and_lan(router: Capabilities) -> bool:
    """DSL models, those with a second Ethernet WAN, and three named by the page of 386."""
    return bool({"dsl", "wan2", "sfp+"} & set(router.ports)) or router.model in WITH_A_FAST_LAN_PORT


def interval_range(router: Capabilities, nvram: Nvram) -> range:
    """Seconds that ``wandog_interval`` may be: 386 and later want it above the DNS probe's own timeout."""
    intervals = router.generation.intervals
    timeout = nvram["dns_probe_timeout"]
    if not timeout.isdigit() or router.generation.name in ("380", "382"):
        return intervals
    margin = 1 if router.generation.name in ("384", "386") else 2
    return range(max(intervals[0], int(timeout) + margin), intervals[-1] + 1)
