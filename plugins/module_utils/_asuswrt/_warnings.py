# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done as asked, and told nonetheless: where the page asks back, and where nothing asks and something fails.

A warning is a row, as a guard is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import Dashboard, dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import is_enabled, lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram, whole
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import blind_spots
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish

NAMES = ("qos_enable", "qos_type")

BANDWIDTH_QOS = ("0", "1", "3")
"""``qos_type``: those that go by the line's speed, which another line has not (page of 386)."""
SHORT_DETECTION_SECONDS = 2 * 5
"""What the page proposes as interval and count when it switches hot standby on."""
PASSED_ON = ("no_probe", "tether_subnet", "same_subnet")
"""Of the cautions of ``asus_wan_info``, those that a task of ``asus_dualwan`` does something about."""


@dataclass(frozen=True)
class Outcome:
    """A task that went through, or in check mode would."""

    wish: Wish
    before: Nvram
    after: Nvram
    router: Capabilities

    @cached_property
    def board(self) -> Dashboard:
        return dashboard(self.after)

    @property
    def enabled(self) -> bool:
        return is_enabled(self.after)

    def becomes(self, name: str, value: str) -> bool:
        return self.after[name] == value != self.before[name]


@dataclass(frozen=True)
class Notice:
    """One thing to tell."""

    id: str
    when: Callable[[Outcome], Any]
    told: str


def _balances(outcome: Outcome) -> bool:
    return outcome.enabled and outcome.after["wans_mode"] == "lb"


def _probes(wish: Wish) -> bool:
    return bool(wish.ping_target or wish.dns_hostname or wish.dns_addresses)


def _detection_seconds(nvram: Nvram) -> int:
    return (whole(nvram["wandog_interval"]) or 0) * (whole(nvram["wandog_maxfail"]) or 0)


WARNINGS = (
    Notice(
        "phone_missing",
        lambda outcome: outcome.enabled and "usb" in lines(outcome.after) and not outcome.board.phone.plugged,
        "The phone is not seen on the router's USB port yet. Plug it in, with USB tethering on",
    ),
    Notice(
        "qos",
        lambda outcome: (
            outcome.before["wans_dualwan"] != outcome.after["wans_dualwan"]
            and outcome.after["qos_enable"] == "1"
            and outcome.after["qos_type"] in BANDWIDTH_QOS
        ),
        "QoS is on, and its bandwidth was set for the former lines. Look at it in the router's QoS page",
    ),
    Notice(
        "load_balance",
        lambda outcome: _balances(outcome) and outcome.becomes("wans_mode", "lb"),
        "Under load balance, port forwarding, port triggers, DMZ and DDNS work with the wired WAN only",
    ),
    Notice(
        "load_balance_probes",
        lambda outcome: _balances(outcome) and _probes(outcome.wish),
        "The ping and DNS probes do not run under load balance. They count once mode is failover again",
    ),
    Notice(
        "hot_standby",
        lambda outcome: (
            outcome.enabled
            and outcome.becomes("wans_standby", "1")
            and _detection_seconds(outcome.after) > SHORT_DETECTION_SECONDS
        ),
        "Hot standby saves the seconds of dialling, and detection takes longer than that. The router's page proposes "
        "detection.interval: 2 with detection.failover_count: 5 beside it",
    ),
)


def warnings(wish: Wish, before: Nvram, after: Nvram, router: Capabilities) -> list[str]:
    """A line each, for a task's result. ``after`` is what was read back, or in check mode what would be stored."""
    outcome = Outcome(wish, before, after, router)
    spots = blind_spots(outcome.board, after) if outcome.enabled else ()
    return [
        *(spot.as_result()["told"] for spot in spots if spot.id in PASSED_ON),
        *(warning.told for warning in WARNINGS if warning.when(outcome)),
    ]
