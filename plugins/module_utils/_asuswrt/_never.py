# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a failover, or the return, never happen: a row each.

Sources: wanduck.c of 382 and 3006, but where a row says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import is_enabled, lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram, whole
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import TARGET_LENGTH, is_host

NAMES = ("web_redirect", "wan0_pppoe_demand", "wan0_proto")

LOGICAL = ("silent_loss", "answered_loss")
LOSSES = (*LOGICAL, "link_loss", "phone_unplugged")
ALL = (*LOSSES, "failback")

PPP = ("pppoe", "pptp", "l2tp")
OVERRIDDEN = 2
"""Bit of ``web_redirect``: without it a failed probe counts as answered. Both bits are set as shipped."""
LANS_OWN = "4"
"""``sbstate_t`` of a line whose subnet is the LAN's."""


@dataclass(frozen=True)
class Reason:
    """Why something never happens."""

    id: str
    of: tuple[str, ...]
    """What never happens: names of ``detection``, and ``failback``."""
    when: Callable[[Nvram], bool]
    what: str
    cure: str
    stored: bool = True
    """Whether it lies in the settings; else in what the router sees at the moment, and passes with that."""

    def as_result(self) -> dict[str, Any]:
        """As ``timing`` has it."""
        return {"id": self.id, "of": list(self.of), "what": self.what, "cure": self.cure}


def _balances(nvram: Nvram) -> bool:
    return is_enabled(nvram) and nvram["wans_mode"] == "lb"


def pings(nvram: Nvram) -> bool:
    """Whether the ping probe is on, and at something."""
    return nvram["wandog_enable"] == "1" and bool(nvram["wandog_target"])


def _without_target(nvram: Nvram) -> bool:
    return nvram["wandog_enable"] == "1" and not is_host(nvram["wandog_target"], TARGET_LENGTH)


def _overridden(nvram: Nvram) -> bool:
    bits = whole(nvram["web_redirect"])
    return bits is not None and not bits & OVERRIDDEN


def _on_demand(nvram: Nvram) -> bool:
    return lines(nvram)[0] in ("wan", "dsl") and nvram["wan0_proto"] in PPP and nvram["wan0_pppoe_demand"] == "1"


def _phone_missing(nvram: Nvram) -> bool:
    return is_enabled(nvram) and lines(nvram)[1] == "usb" and nvram["link_wan1"] != "1"


def _in_the_lans_subnet(nvram: Nvram) -> bool:
    return any(nvram[f"wan{unit}_primary"] == "1" and nvram[f"wan{unit}_sbstate_t"] == LANS_OWN for unit in (0, 1))


REASONS = (
    Reason("off", ALL, lambda nvram: not is_enabled(nvram), "Dual WAN is off", "Give state: enabled"),
    Reason(
        "load_balance",
        ALL,
        _balances,
        "Under load balance no probe runs and no traffic is moved",
        "Give mode: failover",
    ),
    Reason(
        "mode",
        ALL,
        lambda nvram: is_enabled(nvram) and nvram["wans_mode"] not in ("fo", "fb", "lb"),
        "The mode that is stored is none that the daemon knows",
        "Give mode: failover",
    ),
    Reason(
        "switched_off",
        ALL,
        lambda nvram: "0" in (nvram["wan0_enable"], nvram["wan1_enable"]),
        "One of the lines is switched off",
        "Switch it on with asus_wan, or in the router (WAN, Internet Connection, Enable WAN)",
    ),
    Reason(
        "modem_off",
        ALL,
        lambda nvram: "usb" in lines(nvram) and nvram["modem_enable"] == "0",
        "USB modems are switched off, so the phone never counts as ready",
        "Run asus_dualwan with state: enabled",
    ),
    Reason(
        "no_probe",
        LOGICAL,
        lambda nvram: not (nvram["wandog_enable"] == "1" or nvram["dns_probe"] == "1"),
        "Neither ping nor DNS probes are on, so only the cable and the line's own address are looked at",
        "Give detection.ping_target or detection.dns_query",
    ),
    # That it holds with a DNS probe beside it, too, is inferred.
    Reason(
        "no_target",
        LOGICAL,
        _without_target,
        "The ping probe is on without a host to ping, which the daemon takes for answered",
        "Give detection.ping_target, or an empty one to switch that probe off",
    ),
    Reason(
        "overridden",
        LOGICAL,
        _overridden,
        "web_redirect lacks its second bit, and the daemon then takes a failed probe for answered",
        "By SSH (Administration, System): nvram set web_redirect=3; nvram commit",
    ),
    Reason(
        "on_demand",
        LOGICAL,
        _on_demand,
        "The primary is dialled on demand, and the daemon then skips its probes",
        "Switch 'connect on demand' off in the router (WAN, Internet Connection)",
    ),
    Reason(
        "no_failback",
        ("failback",),
        lambda nvram: is_enabled(nvram) and nvram["wans_mode"] == "fo",
        "Failback is off, so the traffic stays on the backup",
        "Give failback: true",
    ),
    Reason(
        "phone_missing",
        LOSSES,
        _phone_missing,
        "While the phone is not ready, the daemon counts nothing",
        "Plug the phone in, with USB tethering on",
        stored=False,
    ),
    Reason(
        "same_subnet",
        LOSSES,
        _in_the_lans_subnet,
        "While the line in use has the LAN's own subnet, the daemon counts nothing",
        "Give the LAN another subnet in the router (LAN, LAN IP)",
        stored=False,
    ),
)


def reasons(nvram: Nvram) -> tuple[Reason, ...]:
    """Those that hold; where Dual WAN is off, that alone."""
    if not is_enabled(nvram):
        return REASONS[:1]
    return tuple(reason for reason in REASONS if reason.when(nvram))
