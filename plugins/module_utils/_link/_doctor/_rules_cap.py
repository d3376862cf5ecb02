# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the firmware's own data cap (Adaptive QoS, Traffic Limiter), which a phone's plan lives or dies by.

Only builds with that feature know the names; others answer with nothing, and then nothing is said.
"""

from __future__ import annotations

from datetime import UTC, datetime

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import lines
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._looks import at_router, shown_if
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    ERROR,
    NOTICE,
    ROUTER,
    WARNING,
    Rule,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import RouterSeen, Scene

NAMES = (
    "tl_enable",
    "tl_cycle",
    "tl_date_start",
    *(f"tl{unit}_{name}" for unit in (0, 1) for name in ("limit_enable", "limit_max", "alert_enable", "alert_max")),
)

LAST_DAY_OF_EVERY_MONTH = 28
DECEMBER = 12
CYCLE_DAYS = 32
MEGABYTES_PER_GIGABYTE = 1024
DATA_LIMIT = "11"
"""``sbstate_t`` of a line that used its data up (rtstate.h of 382)."""


def _limited(router: RouterSeen) -> list[int]:
    on = router.nvram["tl_enable"] == "1"
    return [unit for unit in (0, 1) if on and router.nvram[f"tl{unit}_limit_enable"] == "1"]


def _gigabytes(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _reached(router: RouterSeen) -> str | None:
    units = [unit for unit in (0, 1) if router.nvram[f"wan{unit}_sbstate_t"] == DATA_LIMIT]
    return shown_if(router.dual and units, router.shows(*(f"wan{unit}_sbstate_t" for unit in units)))


def _begun(router: RouterSeen) -> datetime | None:
    text = router.nvram["tl_date_start"]
    seconds = int(text) if text.isdigit() and len(text) <= 11 else None
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _not_begun(router: RouterSeen) -> str | None:
    return shown_if(_limited(router) and _begun(router) is None, router.shows("tl_enable", "tl_date_start"))


def _stuck(scene: Scene) -> str | None:
    router = scene.router
    begun = _begun(router) if router else None
    if router is None or begun is None or not _limited(router):
        return None
    days = (scene.now - begun.timestamp()) / 86400
    return shown_if(days > CYCLE_DAYS, f"its month began {days:.0f} days ago (tl_date_start)")


def _december(router: RouterSeen) -> str | None:
    begun = _begun(router)
    return shown_if(
        _limited(router) and begun and begun.month == DECEMBER,
        f"tl_date_start is {begun:%d %B %Y}" if begun else "",
    )


def _late_day(router: RouterSeen) -> str | None:
    day = router.number("tl_cycle")
    return shown_if(_limited(router) and day > LAST_DAY_OF_EVERY_MONTH, f"tl_cycle is {day}")


def _less_than_probes(router: RouterSeen) -> str | None:
    probes = router.timing["data_per_month"]["max"]
    for unit in _limited(router):
        limit = _gigabytes(router.nvram[f"tl{unit}_limit_max"])
        if limit is not None and limit * MEGABYTES_PER_GIGABYTE < probes:
            return f"tl{unit}_limit_max is {limit} GB, and probes take up to {probes} MB"
    return None


def _alert_after(router: RouterSeen) -> str | None:
    for unit in _limited(router):
        limit, alert = (_gigabytes(router.nvram[f"tl{unit}_{name}_max"]) for name in ("limit", "alert"))
        if router.nvram[f"tl{unit}_alert_enable"] == "1" and limit is not None and alert is not None and alert > limit:
            return router.shows(f"tl{unit}_alert_max", f"tl{unit}_limit_max")
    return None


def _no_cap(router: RouterSeen) -> str | None:
    unit = lines(router.nvram).index("usb") if router.by_usb else None
    known = router.nvram["tl_enable"] in ("0", "1")
    return shown_if(known and unit is not None and unit not in _limited(router), router.shows("tl_enable"))


RULES = (
    Rule(
        "data_limit_reached",
        ERROR,
        ROUTER,
        "The router has cut a line off at its data limit",
        at_router(_reached),
        "Raise the limit (Adaptive QoS, Traffic Limiter), or reset its count there",
        "complaints 9, NO#302; rtstate.h (382): sbstate 11",
        ("primary_stopped", "secondary_stopped"),
    ),
    Rule(
        "limit_stuck",
        WARNING,
        ROUTER,
        "The data limit's month has not ended in time, so a line that was cut off stays off",
        _stuck,
        "Open Adaptive QoS, Traffic Limiter, in the router and apply it again, which begins a new month",
        "complaints 9; traffic limiter, trap 2 (inferred from one source version)",
        ("data_limit_reached",),
    ),
    Rule(
        "limit_not_begun",
        WARNING,
        ROUTER,
        "A data limit is on, and its month has no beginning",
        at_router(_not_begun),
        "Open Adaptive QoS, Traffic Limiter, in the router and apply it: the page itself writes that date",
        "complaints 9; traffic limiter, trap 1",
    ),
    Rule(
        "limit_late_day",
        WARNING,
        ROUTER,
        "The data limit begins anew on a day that not every month has",
        at_router(_late_day),
        f"Choose a day up to {LAST_DAY_OF_EVERY_MONTH} in Adaptive QoS, Traffic Limiter",
        "complaints 9; traffic limiter, trap 2 (inferred from one source version)",
        ("limit_stuck",),
    ),
    Rule(
        "limit_december",
        WARNING,
        ROUTER,
        "The data limit's month began in December, and from there the firmware may find no next one",
        at_router(_december),
        "In January, look at Adaptive QoS, Traffic Limiter, and apply it again",
        "complaints 9; traffic limiter, trap 2 (inferred from one source version)",
        ("limit_stuck",),
    ),
    Rule(
        "limit_below_probes",
        WARNING,
        ROUTER,
        "The data limit is less than what watching the line takes in a month",
        at_router(_less_than_probes),
        "Raise the limit, or run asus_dualwan with detection.preset: frugal",
        "complaints 9; page of the 4G models",
        ("data_limit_reached",),
    ),
    Rule(
        "limit_alert_after",
        NOTICE,
        ROUTER,
        "The alert of the data limit comes only after the line is cut off",
        at_router(_alert_after),
        "Set the alert below the limit in Adaptive QoS, Traffic Limiter",
        "complaints 9; traffic limiter page",
    ),
    Rule(
        "no_data_cap",
        NOTICE,
        ROUTER,
        "Nothing in the router stops the house from using the phone's plan up",
        at_router(_no_cap),
        "Set a limit for that line in Adaptive QoS, Traffic Limiter",
        "complaints 9, NO#302, NO#809",
    ),
)
