# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the lines: problems and cautions of ``asus_wan_info``, and why a failover never happens.

They are taken from those tables as they stand (``_readiness``, ``_never``): a row here adds how bad it is, and what it
makes show. What both tables know is said once, by the name that ``asus_wan_info`` has for it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._never import REASONS
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import BLIND_SPOTS, CURES
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._looks import Look, at_router
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    ERROR,
    LINK,
    ROUTER,
    WARNING,
    Rule,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import RouterSeen

ROLES = ("primary", "secondary")

LINE_WORDS: Mapping[str, tuple[str, str]] = {
    "disabled": ("The {} WAN is switched off", "state.js (386): state 5"),
    "unplugged": ("The {} WAN has no cable, or nothing at its other end", "state.js (386): auxstate 1"),
    "phone_missing": ("The {} WAN is a phone that the router does not have", "complaints 3 and 14, G#1001, OMR#1866"),
    "stopped": ("The {} WAN was stopped by the router", "rtstate.h (382): state 4"),
    "disconnected": ("The {} WAN has no internet behind it", "complaints 2 and 12, M#1321, HA#827"),
}
"""By status: in a clause, and from where."""


def _problem(name: str, *names: str) -> Look:
    """Its evidence is that table's own words, or the values of nvram names where they say no more than the rule."""

    def look(router: RouterSeen) -> str | None:
        found = router.problems.get(name)
        if found is None:
            return None
        return router.shows(*names) if names else found.what

    return at_router(look)


def _of_line(role: str, status: str) -> Rule:
    what, source = LINE_WORDS[status]
    spoils = ("on_backup", "no_internet") if role == "primary" else ("no_internet",)
    return Rule(
        f"{role}_{status}",
        ERROR,
        LINK,
        what.format(role),
        _problem(f"{role}_{status}"),
        CURES[status],
        source,
        spoils,
    )


BASIS = (
    Rule(
        "automatic_only",
        ERROR,
        ROUTER,
        "Dual WAN is on only as long as Auto USB Backup WAN sees the phone",
        _problem("automatic_only", "wans_dualwan", "wans_usb_bk_act"),
        "Run site.yml: a configured Dual WAN survives a phone that comes and goes",
        "complaints 13, G#630; lan.c (3006), hotplug_net",
    ),
    Rule(
        "dual_wan_off",
        ERROR,
        ROUTER,
        "Dual WAN is off",
        _problem("dual_wan_off", "wans_dualwan"),
        "Run site.yml, or asus_dualwan with state: enabled",
        "rtstate.h (382): wans_dualwan",
    ),
    Rule(
        "one_port_twice",
        ERROR,
        ROUTER,
        "Primary and secondary are the same port",
        _problem("one_port_twice", "wans_dualwan"),
        "Run asus_dualwan with state: enabled, primary: wan and secondary: usb",
        "Dual WAN page of 380 to 386; web API: httpd stores what no page offers",
    ),
)
"""Without which nothing else matters."""
PROBLEMS = (
    Rule(
        "modem_off",
        ERROR,
        ROUTER,
        "USB modems are switched off in the router",
        _problem("modem_off", "modem_enable"),
        "Run asus_dualwan with state: enabled",
        "complaints 3; is_usb_modem_ready (382)",
        ("primary_phone_missing", "secondary_phone_missing", "secondary_disconnected"),
    ),
    *(_of_line(role, status) for status in LINE_WORDS for role in ROLES),
    Rule(
        "on_backup",
        ERROR,
        LINK,
        "The traffic runs over the backup, with nothing in reserve",
        _problem("on_backup", "wan0_primary", "wan1_primary", "wans_mode"),
        "Look at the primary's modem and cable; without failback, unplug the phone for a moment to return",
        "complaints 1, R#3, R#125, OPN#9316",
    ),
    Rule(
        "no_internet",
        ERROR,
        LINK,
        "The router sees no internet",
        _problem("no_internet", "link_internet"),
        "If no failover follows, cure the line that is active",
        "wanduck.c (382): link_internet",
        ("dns_failing", "dns_silent"),
    ),
)

SHOWN: Mapping[str, tuple[str, ...]] = {
    "no_probe": ("wandog_enable", "wandog_target", "dns_probe"),
    "no_failback": ("wans_mode",),
    "same_subnet": ("lan_ipaddr", "wan0_ipaddr", "wan1_ipaddr"),
    "tether_subnet": ("lan_ipaddr", "lan_netmask"),
}
"""The evidence of a caution."""
SPOTS: Mapping[str, tuple[str, str, str, tuple[str, ...]]] = {
    "no_probe": (
        WARNING,
        "Nothing looks whether there is internet behind the primary",
        "complaints 7; wanduck.c (382)",
        (),
    ),
    "no_failback": (
        WARNING,
        "After a failover the traffic stays on the backup",
        "complaints 1, R#22, tomato64#12",
        ("on_backup",),
    ),
    "same_subnet": (
        ERROR,
        "The phone's network and the LAN have addresses in common",
        "complaints 16, OMR#1271, R#49; sbstate 4 (382)",
        ("secondary_stopped", "secondary_disconnected", "primary_stopped", "primary_disconnected"),
    ),
    "tether_subnet": (
        WARNING,
        "The LAN has the addresses that older phones use for their tether",
        "complaints 16, OMR#423",
        ("same_subnet",),
    ),
}
"""The cautions: how bad, in a clause, from where, what they make show."""


def _spot(name: str) -> Look:
    return at_router(lambda router: router.shows(*SHOWN[name]) if name in router.blind_spots else None)


CAUTIONS = tuple(
    Rule(
        spot.problem.id,
        SPOTS[spot.problem.id][0],
        ROUTER,
        SPOTS[spot.problem.id][1],
        _spot(spot.problem.id),
        spot.problem.cure,
        SPOTS[spot.problem.id][2],
        SPOTS[spot.problem.id][3],
    )
    for spot in BLIND_SPOTS
)

TOLD_ELSEWHERE: Mapping[str, str] = {
    "off": "dual_wan_off",
    "switched_off": "primary_disabled",
    "modem_off": "modem_off",
    "no_probe": "no_probe",
    "no_failback": "no_failback",
    "phone_missing": "secondary_phone_missing",
    "same_subnet": "same_subnet",
}
"""Reasons why a failover never happens, by their name there, and the rule that says the same."""
NEVER_WORDS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "load_balance": (WARNING, "complaints 18, Mng#124, R#115; wanduck.c (382)", ()),
    "mode": (ERROR, "wanduck.c (382): wans_mode", ("on_backup",)),
    "no_target": (WARNING, "wanduck.c (382): an empty wandog_target counts as answered", ("no_probe",)),
    "overridden": (WARNING, "wanduck.c (382): web_redirect", ()),
    "on_demand": (WARNING, "wanduck.c (382): wanN_pppoe_demand", ()),
}
"""The others: how bad, from where, what they make show."""


def _never(name: str) -> Look:
    def look(router: RouterSeen) -> str | None:
        if not router.dual or name not in router.never:
            return None
        return f"never happens with it: {', '.join(each.replace('_', ' ') for each in router.never[name].of)}"

    return at_router(look)


NEVER = tuple(
    Rule(
        reason.id,
        NEVER_WORDS[reason.id][0],
        ROUTER,
        reason.what,
        _never(reason.id),
        reason.cure,
        NEVER_WORDS[reason.id][1],
        NEVER_WORDS[reason.id][2],
    )
    for reason in REASONS
    if reason.id in NEVER_WORDS
)

RULES = (*CAUTIONS, *NEVER, *PROBLEMS)
