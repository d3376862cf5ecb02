# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the router's settings that ``asus_dualwan`` would refuse or warn of, had they been asked for by a task.

The guards and warnings are those tables' own (``_guards``, ``_warnings``). A row here names one of them, says how bad
it is in a router that has it already, in a clause what it is, and from where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import ROUTERS, WISHES, Guard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._warnings import WARNINGS, Notice
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._looks import at_router
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    ERROR,
    NOTICE,
    ROUTER,
    WARNING,
    Rule,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import RouterSeen, Scene
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._stored import stored_case, stored_outcome


@dataclass(frozen=True)
class Adopted:
    """A guard or warning as a rule."""

    id: str
    severity: str
    what: str
    source: str
    explains: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Of a warning: what is shown as evidence."""
    cure: str = ""
    """Of a warning: a guard has its own."""


LEFT_OUT: Mapping[str, str] = {
    "auto": "no stored line is called auto",
    "auto_dual": "no stored line is called auto",
    "fast_port": "no stored line is called lan2",
    "lan_alone": "with one WAN there is no backup, and dual_wan_off says so",
    "carries": "what is stored gives no line up",
    "phone_missing": "the rules about lines say so",
}
"""Guards and warnings that cannot be true of a router's own state, or are said already."""

OF_ROUTERS = (
    Adopted("dsl_firmware", ERROR, "The firmware only looks like Asuswrt", "pages of DSL-N66U 1.1.x"),
    Adopted("profiles", ERROR, "The router has Multi-WAN profiles instead of Dual WAN", "wanduck.c (3006)"),
    Adopted("no_dual_wan", ERROR, "The router has no Dual WAN", "rc_support"),
    Adopted("no_router", ERROR, "The router does not run as a router", "lan.c (382): sw_mode"),
    Adopted("not_set_up", ERROR, "The router is as it comes out of the box", "web API: x_Setting"),
)
OF_SETTINGS = (
    Adopted(
        "no_usb",
        ERROR,
        "A line is on USB, and the router takes no modem there",
        "complaints 3; wans_cap, rc_support",
        ("secondary_phone_missing", "primary_phone_missing"),
    ),
    Adopted("port", ERROR, "A line is on a port that the router does not offer", "wans_cap", ("secondary_unplugged",)),
    Adopted("usb_and_lan", WARNING, "The lines leave out the WAN port", "Dual WAN page of 386"),
    Adopted("dsl_second", WARNING, "DSL is the secondary line", "complaints 20, G#93; Dual WAN page of 382"),
    Adopted("lan_port", WARNING, "The LAN port of a line is none that can be a WAN", "Dual WAN page of 386"),
    Adopted(
        "iptv_port",
        WARNING,
        "The LAN port of a line is the IPTV port",
        "Dual WAN page of 380",
        ("secondary_disconnected", "secondary_unplugged"),
    ),
    Adopted("iptv", WARNING, "IPTV is on beside Dual WAN", "Dual WAN page of 388"),
    Adopted(
        "link_aggregation",
        WARNING,
        "The LAN port of a line is joined with another by link aggregation",
        "Dual WAN page of 382",
        ("secondary_disconnected", "secondary_unplugged"),
    ),
    Adopted("wan_aggregation", WARNING, "WAN aggregation is on beside Dual WAN", "Dual WAN page of 386"),
    Adopted("profile_port", WARNING, "The LAN port of a line belongs to a network profile", "Dual WAN page of 388"),
    Adopted("protection", WARNING, "AiProtection is on beside load balance", "complaints 18, G#139; state.js (386)"),
    Adopted("interval", WARNING, "The probes' interval is none that the router's page takes", "Dual WAN page of 388"),
    Adopted("rules", WARNING, "There are more routing rules than the router's page takes", "Dual WAN page of 382"),
    Adopted("auto_conflict", WARNING, "The router looks for its WAN port, and cannot", "Dual WAN page of 388"),
)
OF_WARNINGS = (
    Adopted(
        "qos",
        NOTICE,
        "QoS goes by a bandwidth that the other line has not",
        "Dual WAN page of 386",
        names=("qos_enable", "qos_type"),
        cure="Look at the bandwidths in the router's QoS page, or choose automatic ones",
    ),
    Adopted(
        "load_balance",
        NOTICE,
        "Under load balance, port forwarding, port triggers, DMZ and DDNS work with the wired WAN only",
        "complaints 18, Mng#284, R#2; Dual WAN page of 386",
        names=("wans_mode",),
        cure="Give mode: failover, or do without them on the phone's line",
    ),
    Adopted(
        "load_balance_probes",
        NOTICE,
        "Probes are set, and do not run under load balance",
        "wanduck.c (382)",
        names=("wandog_enable", "dns_probe"),
        cure="They count once mode is failover",
    ),
    Adopted(
        "hot_standby",
        NOTICE,
        "Hot standby saves fewer seconds than detection takes",
        "Dual WAN page of 386",
        names=("wans_standby", "wandog_interval", "wandog_maxfail"),
        cure="Give detection.interval: 2 with detection.failover_count: 5 beside it, as the router's page proposes",
    ),
)
RENAMED: Mapping[str, str] = {"load_balance": "balanced"}
"""A reason why a failover never happens has the first name already."""


def _guard(row: Adopted, guard: Guard, *, if_dual: bool) -> Rule:
    def look(router: RouterSeen) -> str | None:
        case = stored_case(router.nvram, router.able)
        return guard.what(case) if (router.dual or not if_dual) and guard.when(case) else None

    def cure(scene: Scene) -> str:
        if isinstance(guard.cure, str) or scene.router is None:
            return str(guard.cure)
        return guard.cure(stored_case(scene.router.nvram, scene.router.able))

    written = guard.cure if isinstance(guard.cure, str) else cure
    return Rule(row.id, row.severity, ROUTER, row.what, at_router(look), written, row.source, row.explains)


def _warning(row: Adopted, notice: Notice) -> Rule:
    def look(router: RouterSeen) -> str | None:
        return router.shows(*row.names) if notice.when(stored_outcome(router.nvram, router.able)) else None

    name = RENAMED.get(row.id, row.id)
    return Rule(name, row.severity, ROUTER, row.what, at_router(look), row.cure, row.source, row.explains)


_GUARDS = {guard.id: guard for guard in (*ROUTERS, *WISHES)}
_WARNINGS = {notice.id: notice for notice in WARNINGS}

UNABLE = tuple(_guard(row, _GUARDS[row.id], if_dual=False) for row in OF_ROUTERS)
"""Of the router, whatever is set."""
RULES = (
    *(_guard(row, _GUARDS[row.id], if_dual=row.id != "auto_conflict") for row in OF_SETTINGS),
    *(_warning(row, _WARNINGS[row.id]) for row in OF_WARNINGS),
)
