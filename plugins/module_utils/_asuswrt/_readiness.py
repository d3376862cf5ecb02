# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the backup link up, and if not, why: what ``check.yml`` tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import Dashboard, Wan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._subnets import OLD_ANDROID, lan, line, same


@dataclass(frozen=True)
class Problem:
    """One thing that keeps the backup from taking over."""

    id: str
    what: str
    cure: str

    def as_result(self) -> dict[str, str]:
        """As ``asus_wan_info`` returns it."""
        return {"id": self.id, "what": self.what, "cure": self.cure, "told": f"{self.what}. {self.cure}"}


PHONE_CURE = (
    "Plug the phone into the router's USB port with a data cable; USB tethering must be on, which the phone role and "
    "the phone's 'Default USB configuration' see to; phone_usb_function: rndis where the router has no driver for NCM"
)
CURES = {
    "phone_missing": PHONE_CURE,
    "unplugged": "Plug in the cable of that line",
    "disabled": "Switch that WAN on in the router (WAN, Internet Connection, Enable WAN)",
    "stopped": "Cure what stopped it, then reconnect that line",
    "disconnected": "Look at what is behind it: the provider's modem, or the phone's mobile data",
}


def problems(board: Dashboard, nvram: Nvram, router: Capabilities) -> tuple[Problem, ...]:
    """What is wrong, the lines first; empty where the link stands and the backup is ready."""
    if not router.dual_wan:
        return (Problem("no_dual_wan", f"{router.model} has no Dual WAN", "Use a model that has it"),)
    if not router.router_mode:
        return (
            Problem(
                "no_router",
                f"{router.model} runs as access point, repeater or mesh node, where Dual WAN is off",
                "Ask the main router instead",
            ),
        )
    if router.profiles:
        return (
            Problem(
                "profiles",
                f"{router.model} has Multi-WAN profiles instead of Dual WAN",
                "This collection does not manage those; use the router's own page",
            ),
        )
    if not board.dual_wan and nvram["wans_usb_bk_act"] == "1":
        return (
            Problem(
                "automatic_only",
                "Dual WAN is on only as long as Auto USB Backup WAN sees the phone",
                "Run site.yml: a configured Dual WAN survives a phone that comes and goes",
            ),
        )
    if not board.dual_wan:
        return (Problem("dual_wan_off", "Dual WAN is off", "Run site.yml, or asus_dualwan with state: enabled"),)
    found = [_of_line(wan) for wan in board.wans if not wan.in_order]
    if board.wans[0].type == board.wans[1].type:
        found.append(
            Problem(
                "one_port_twice",
                f"Primary and secondary are both {board.wans[0].type}, so nothing is left when that is lost",
                "Run asus_dualwan with state: enabled, primary: wan and secondary: usb",
            )
        )
    if board.active == "secondary":
        found.append(
            Problem(
                "on_backup",
                "The traffic runs over the backup, with nothing in reserve",
                "Look at the primary's modem and cable; without failback, unplug the phone for a moment to return",
            )
        )
    if nvram["modem_enable"] == "0" and any(wan.type == "usb" for wan in board.wans):
        found.append(Problem("modem_off", "USB modems are switched off", "Run asus_dualwan with state: enabled"))
    if not board.internet:
        found.append(
            Problem(
                "no_internet", "The router sees no internet", "If no failover follows, cure the line that is active"
            )
        )
    return tuple(found)


def _of_line(wan: Wan) -> Problem:
    return Problem(f"{wan.role}_{wan.status}", f"The {wan.role} WAN ({wan.type}): {wan.why}", CURES[wan.status])


def _seen_by_no_probe(nvram: Nvram) -> bool:
    probes = nvram["wans_mode"] in ("fo", "fb")  # under load balance neither probe runs
    return probes and not (nvram["wandog_enable"] == "1" and nvram["wandog_target"]) and nvram["dns_probe"] != "1"


def _has_the_lans_subnet(nvram: Nvram) -> bool:
    units = (unit for unit, token in enumerate(lines(nvram)) if token == "usb")
    return any(same(lan(nvram), line(nvram, unit)) for unit in units)


@dataclass(frozen=True)
class BlindSpot:
    """A row: when there is such a spot, and what is said of it."""

    when: Callable[[Nvram], bool]
    problem: Problem


BLIND_SPOTS = (
    BlindSpot(
        _seen_by_no_probe,
        Problem(
            "no_probe",
            "Neither ping nor DNS probes are on: an outage behind a modem that stays linked is never noticed",
            "Give detection.ping_target or detection.dns_query",
        ),
    ),
    BlindSpot(
        lambda nvram: nvram["wans_mode"] == "fo",
        Problem("no_failback", "After a failover the traffic stays on the backup", "Give failback: true"),
    ),
    # No page checks either of the two below; the router calls such a line invalid when it comes up (sbstate 4).
    BlindSpot(
        _has_the_lans_subnet,
        Problem(
            "same_subnet",
            "The phone's network and the LAN have addresses in common, and the router does not use such a line",
            "Give the LAN another subnet in the router (LAN, LAN IP); a phone chooses its own",
        ),
    ),
    BlindSpot(
        lambda nvram: "usb" in lines(nvram) and same(lan(nvram), OLD_ANDROID),
        Problem(
            "tether_subnet",
            f"The LAN is within {OLD_ANDROID}, which every phone up to Android 10 uses for its tether",
            "Give the LAN another subnet in the router (LAN, LAN IP) before such a phone is plugged in",
        ),
    ),
)


def blind_spots(board: Dashboard, nvram: Nvram) -> tuple[Problem, ...]:
    """What works now and will disappoint the night the line goes down."""
    return tuple(spot.problem for spot in BLIND_SPOTS if board.dual_wan and spot.when(nvram))
