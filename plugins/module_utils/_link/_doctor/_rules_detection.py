# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about how the router notices a loss, and what it counts."""

from __future__ import annotations

import ipaddress

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import whole
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._subnets import lan, line
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import COUNTS
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._looks import at_router, shown_if
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    ERROR,
    NOTICE,
    ROUTER,
    WARNING,
    Rule,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import RouterSeen

NUMBERS = ("wandog_interval", "wandog_maxfail", "wandog_fb_count")
FEW_LOSSES = 2
STEADY_SECONDS = 20
"""As the presets of ``asus_dualwan``: none returns to a primary that has worked for less."""
SLOW_SECONDS = 120
LONG_PAUSE_SECONDS = 60


def _probed(router: RouterSeen) -> bool:
    return router.dual and router.nvram["wans_mode"] in ("fo", "fb")


def _no_number(router: RouterSeen) -> str | None:
    wrong = [name for name in NUMBERS if (whole(router.nvram[name]) or 0) not in COUNTS]
    return router.shows(*wrong) if _probed(router) and wrong else None


def _address(text: str) -> ipaddress.IPv4Address | None:
    try:
        return ipaddress.IPv4Address(text)
    except ValueError:
        return None


def _pinged(router: RouterSeen) -> ipaddress.IPv4Address | None:
    """The address that is pinged; None for a name, or where no ping is sent."""
    pings = _probed(router) and router.nvram["wandog_enable"] == "1"
    return _address(router.nvram["wandog_target"]) if pings else None


def _target_at_home(router: RouterSeen) -> str | None:
    target, home = _pinged(router), lan(router.nvram)
    return shown_if(target and home and target in home, f"wandog_target is {target}, and the LAN is {home}")


def _target_next_door(router: RouterSeen) -> str | None:
    target, near = _pinged(router), line(router.nvram, 0)
    gateway = router.nvram["wan0_gateway"]
    return shown_if(
        target and (str(target) == gateway or (near and target in near)),
        f"wandog_target is {target}, and the primary's gateway {gateway}",
    )


def _target_by_name(router: RouterSeen) -> str | None:
    target = router.nvram["wandog_target"]
    pings = _probed(router) and router.nvram["wandog_enable"] == "1"
    return shown_if(pings and target and _address(target) is None, f"wandog_target is {target}")


def _hair_trigger(router: RouterSeen) -> str | None:
    losses = router.number("wandog_maxfail")
    return shown_if(_probed(router) and 0 < losses <= FEW_LOSSES, f"wandog_maxfail is {losses}")


def _hasty_return(router: RouterSeen) -> str | None:
    seconds = router.number("wandog_interval") * router.number("wandog_fb_count")
    return shown_if(
        router.dual and router.nvram["wans_mode"] == "fb" and 0 < seconds < STEADY_SECONDS,
        f"{router.shows('wandog_interval', 'wandog_fb_count')}: {seconds} s",
    )


def _slow(router: RouterSeen) -> str | None:
    seconds = router.timing["failover_seconds"]
    return shown_if(router.dual and seconds and seconds > SLOW_SECONDS, f"up to {seconds} s until it is noticed")


def _dns_waits(router: RouterSeen) -> str | None:
    limit, interval = router.number("dns_probe_timeout"), router.number("wandog_interval")
    return shown_if(
        _probed(router) and router.nvram["dns_probe"] == "1" and limit >= interval > 0,
        router.shows("dns_probe_timeout", "wandog_interval"),
    )


def _long_pause(router: RouterSeen) -> str | None:
    seconds = router.timing["pauses"]["after_a_switch"]
    return shown_if(router.dual and seconds >= LONG_PAUSE_SECONDS, f"the daemon sleeps {seconds} s after a switch")


RULES = (
    Rule(
        "detection_numbers",
        ERROR,
        ROUTER,
        "The numbers that the router detects a loss by are none",
        at_router(_no_number),
        "Run asus_dualwan with detection.interval, failover_count and failback_count, or detection.preset: balanced",
        "web API: httpd stores what no page offers; wanduck.c (382)",
        ("interval",),
    ),
    Rule(
        "target_in_lan",
        WARNING,
        ROUTER,
        "The probe pings a machine in the house, which answers whatever becomes of the internet",
        at_router(_target_at_home),
        "Run asus_dualwan with detection.ping_target: 1.1.1.1, or another address far away",
        "complaints 7; wanduck.c (382)",
    ),
    Rule(
        "target_is_gateway",
        WARNING,
        ROUTER,
        "The probe pings the provider's own gateway, so an outage behind it is never noticed",
        at_router(_target_next_door),
        "Run asus_dualwan with detection.ping_target: 1.1.1.1, or another address far away",
        "complaints 7 and 12, UR#140",
    ),
    Rule(
        "hair_trigger",
        WARNING,
        ROUTER,
        "Very few lost probes in a row move the house to the phone",
        at_router(_hair_trigger),
        "Run asus_dualwan with detection.failover_count: 3 or more, or detection.preset: balanced",
        "complaints 6 and 7, R#29, R#56, R#12",
    ),
    Rule(
        "hasty_failback",
        WARNING,
        ROUTER,
        "The traffic returns to a primary that has worked for very few seconds",
        at_router(_hasty_return),
        f"Run asus_dualwan with detection.failback_count x interval of at least {STEADY_SECONDS} s",
        "complaints 6, R#56: cured with a longer failback",
    ),
    Rule(
        "dns_probe_waits",
        WARNING,
        ROUTER,
        "A DNS probe may wait longer than the time between two probes",
        at_router(_dns_waits),
        "Give a longer detection.interval, or a lower dns_probe_timeout by SSH (nvram set; nvram commit)",
        "Dual WAN page of 386 and 388",
        ("interval",),
    ),
    Rule(
        "slow_detection",
        NOTICE,
        ROUTER,
        "An outage lasts long before the router turns to the phone",
        at_router(_slow),
        "Run asus_dualwan with detection.failover_within: 30, or detection.preset: balanced",
        "complaints 1; wanduck of 386, timed",
    ),
    Rule(
        "long_pause",
        NOTICE,
        ROUTER,
        "After a switch the router looks at nothing for long",
        at_router(_long_pause),
        "By SSH, as no page has it: nvram set wandog_delay=0 (wandog_delay_rpt on 3006); nvram commit",
        "wanduck.c (382 and 3006)",
    ),
    Rule(
        "target_by_name",
        NOTICE,
        ROUTER,
        "The probe pings a name, so a name server that fails looks like a line that is lost",
        at_router(_target_by_name),
        "Run asus_dualwan with an address as detection.ping_target, such as 1.1.1.1",
        "complaints 4 and 7",
    ),
)
