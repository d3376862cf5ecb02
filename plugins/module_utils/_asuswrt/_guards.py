# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is refused before anything is written: what this router cannot do, and what its page would not let pass.

httpd itself stores nearly everything (seen on the genuine one), so nothing but these guards stands in between. A guard
is a row. It looks at what the task would write: what is in the router already and stays there refuses nothing, so that
a new ping target never fails for an IPTV port.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import (
    Capabilities,
    capabilities,
    interval_range,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._carrier import Cut, cut
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._conflicts import (
    in_the_way_of_auto,
    iptv_on,
    iptv_ports,
    joined,
    profile_ports,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotCapable
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lan_ports import joined_ports, lan_ports
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import lines, names_lines, wanted_lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._pace import paced
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._page_ports import (
    AUTO,
    AUTO_WORD,
    FAST,
    WITH_A_FAST_PORT,
    settled,
    with_ports,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import differing
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, DeviceError


@dataclass(frozen=True)
class Case:
    """A wish that meets a router."""

    wish: Wish
    nvram: Nvram
    router: Capabilities

    @cached_property
    def values(self) -> dict[str, str]:
        """What would be written."""
        return {setting.nvram: value for setting, value in differing(self.wish, self.nvram, self.router)}

    @cached_property
    def pair(self) -> tuple[str, str]:
        """Primary and secondary, as they would be."""
        return wanted_lines(self.wish, self.nvram)

    @property
    def dual(self) -> bool:
        return self.pair[1] != "none"

    @property
    def moves_lines(self) -> bool:
        """Whether a port would become a WAN that is none, or in another place."""
        return not {"wans_dualwan", "wans_lanport", "wans_extwan", "autowan_enable"}.isdisjoint(self.values)

    @property
    def lan_port(self) -> str:
        """The LAN port that would be a WAN; empty where none would."""
        return self.values.get("wans_lanport", self.nvram["wans_lanport"]) if "lan" in self.pair else ""

    @cached_property
    def cut(self) -> Cut | None:
        """What would end the internet."""
        return cut(self.nvram, self.pair) if "wans_dualwan" in self.values else None

    @property
    def missing_ports(self) -> tuple[str, ...]:
        """Named, and neither in use nor among those that the router offers."""
        known = (*self.router.ports, *lines(self.nvram), "none")
        return tuple(port for port in self.pair if port not in known) if names_lines(self.wish) else ()


@dataclass(frozen=True)
class Guard:
    """One reason to refuse."""

    id: str
    when: Callable[[Case], Any]
    what: Callable[[Case], str]
    """One clause: what is in the way."""
    cure: Callable[[Case], str] | str
    error: type[DeviceError] = BadWish

    def refuse(self, case: Case) -> None:
        if self.when(case):
            raise self.error(self.what(case), cure=self.cure if isinstance(self.cure, str) else self.cure(case))


def _name(case: Case) -> str:
    return case.router.name


def _other_port(case: Case) -> str:
    return f"Give one of {', '.join(case.router.ports) or 'those that its page offers'}"


ROUTERS = (
    Guard(
        "dsl_firmware",
        lambda case: case.router.dsl_firmware,
        lambda case: f"{_name(case)} is one of the DSL firmwares 1.x, which only look like Asuswrt",
        "This collection does not manage those; use the router's own page",
        NotCapable,
    ),
    Guard(
        "profiles",
        lambda case: case.router.profiles,
        lambda case: f"{_name(case)} has Multi-WAN profiles instead of the Dual WAN tab",
        "This collection does not manage those; use the router's own page",
        NotCapable,
    ),
    Guard(
        "no_dual_wan",
        lambda case: not case.router.dual_wan,
        lambda case: f"{_name(case)} has no Dual WAN (no dualwan in rc_support)",
        "Update the firmware if the model's page promises Dual WAN, or use another model",
        NotCapable,
    ),
    Guard(
        "no_router",
        lambda case: not case.router.router_mode,
        lambda case: (
            f"{_name(case)} runs as access point, repeater or mesh node (sw_mode {case.nvram['sw_mode']}), "
            "where Dual WAN is off"
        ),
        "Set Administration, Operation Mode to wireless router, or point the task at the main router",
        NotCapable,
    ),
    Guard(
        "not_set_up",
        lambda case: not case.router.set_up,
        lambda case: f"{_name(case)} is as it comes out of the box (x_Setting 0), and takes its first set-up only",
        "Open its web page and go through the wizard once",
        NotCapable,
    ),
)
"""Of the router, whatever the task wants."""


def _leaves_the_wan_port_out(case: Case) -> bool:
    """The page's exceptions: DSL models, and by generation those with another Ethernet WAN."""
    router = case.router
    if set(case.pair) != {"usb", "lan"} or not case.moves_lines:
        return False
    if "dsl" in router.ports or router.base_model == "BRT-AC828":
        return False
    return len(router.ethernet) < 2 if router.generation.asks_ports else router.base_model not in WITH_A_FAST_PORT


def _interval_cure(case: Case) -> str:
    allowed = interval_range(case.router, case.nvram)
    return f"Give {allowed[0]} to {allowed[-1]} seconds" if allowed else "Lower dns_probe_timeout in the router first"


WISHES = (
    Guard(
        "auto",
        lambda case: AUTO in case.pair and AUTO_WORD not in case.router.words,
        lambda case: f"{_name(case)} cannot look for its WAN port by itself (no autowan in rc_support)",
        "Name the port as primary, such as wan",
        NotCapable,
    ),
    Guard(
        "auto_dual",
        lambda case: AUTO in case.pair,
        lambda case: "primary is auto, and Dual WAN is on",
        "Add state: disabled, or name the port",
    ),
    Guard(
        "auto_conflict",
        lambda case: case.values.get("autowan_enable") == "1" and in_the_way_of_auto(case.nvram, case.router),
        lambda case: f"primary is auto, and the router has {' and '.join(in_the_way_of_auto(case.nvram, case.router))}",
        "Switch that off in the router, or name the port as primary",
    ),
    Guard(
        "no_usb",
        lambda case: names_lines(case.wish) and "usb" in case.pair and not case.router.usb_modem,
        lambda case: f"{_name(case)} has no USB modem support (wans_cap is {' '.join(case.router.ports) or 'empty'})",
        lambda case: (
            f"Give another {'primary' if case.pair[0] == 'usb' else 'secondary'}, such as lan with a phone on an "
            "Ethernet adapter"
        ),
        NotCapable,
    ),
    Guard(
        "fast_port",
        lambda case: FAST in case.pair,
        lambda case: f"{_name(case)} offers no {FAST}, a 2.5G or 10G port that is WAN or LAN",
        _other_port,
        NotCapable,
    ),
    Guard(
        "port",
        lambda case: case.missing_ports,
        lambda case: f"{_name(case)} offers no {case.missing_ports[0]} as WAN",
        _other_port,
        NotCapable,
    ),
    Guard(
        "usb_and_lan",
        _leaves_the_wan_port_out,
        lambda case: (
            f"primary {case.pair[0]} and secondary {case.pair[1]} leave out the WAN port, which {_name(case)} "
            "does not allow"
        ),
        "Make one of them wan",
    ),
    Guard(
        "dsl_second",
        lambda case: case.moves_lines and case.pair[1] == "dsl" and not case.router.generation.asks_ports,
        lambda case: f"secondary is dsl, which the page of firmware {case.router.firmware} does not offer",
        "Make dsl the primary",
    ),
    Guard(
        "lan_alone",
        lambda case: (
            case.moves_lines
            and case.pair == ("lan", "none")
            and "wan" in case.router.ports
            and "wan2" not in case.router.ports
        ),
        lambda case: "primary is lan, and a LAN port can be the WAN with Dual WAN on only",
        "Add state: enabled and a secondary, or give primary: wan",
    ),
    Guard(
        "lan_port",
        lambda case: (
            case.moves_lines
            and case.lan_port
            and not case.wish.fast_lan
            and case.lan_port not in (lan_ports(case.router) or case.lan_port)
        ),
        lambda case: f"The LAN port would be {case.lan_port}, and {_name(case)} has no such port for a WAN",
        lambda case: f"Give as lan_port one of {', '.join(sorted(lan_ports(case.router) or ''))}",
    ),
    Guard(
        "iptv_port",
        lambda case: (
            case.moves_lines
            and not case.router.generation.asks_ports
            and case.lan_port
            and case.lan_port in iptv_ports(case.nvram["switch_stb_x"])
        ),
        lambda case: f"LAN port {case.lan_port} is the IPTV port (switch_stb_x {case.nvram['switch_stb_x']})",
        "Give another lan_port, or switch IPTV off in the router (LAN, IPTV)",
    ),
    Guard(
        "iptv",
        # With one WAN, the ordinary port alone goes with IPTV.
        lambda case: (
            case.moves_lines
            and case.router.generation.asks_ports
            and iptv_on(case.nvram)
            and (case.dual or case.pair[0] == "usb" or case.wish.fast_wan)
        ),
        lambda case: f"IPTV is on, which firmware {case.router.firmware} does not have together with these lines",
        "Switch IPTV off in the router (LAN, IPTV); its page would do so for you, unasked for here",
    ),
    Guard(
        "link_aggregation",
        lambda case: (
            case.moves_lines
            and case.lan_port
            and joined(case.nvram, case.router)
            and case.lan_port in joined_ports(case.router)
        ),
        lambda case: f"LAN port {case.lan_port} is joined with another one by link aggregation",
        "Give another lan_port, or switch link aggregation off in the router (LAN, Switch Control)",
    ),
    Guard(
        "wan_aggregation",
        lambda case: case.moves_lines and case.dual and case.nvram["bond_wan"] == "1",
        lambda case: "WAN aggregation is on, which goes with one WAN only",
        "Switch WAN aggregation off in the router (WAN, Internet Connection)",
    ),
    Guard(
        "profile_port",
        lambda case: (
            case.moves_lines and "mtlancfg" in case.router.words and case.lan_port in profile_ports(case.nvram)
        ),
        lambda case: f"LAN port {case.lan_port} belongs to a VLAN or network profile of the router",
        "Give another lan_port, or take the port out of that profile",
    ),
    Guard(
        "protection",
        # The page asks the hook bwdpi_engine_status, whose rule is closed; that this name stands for it is a guess.
        lambda case: case.values.get("wans_mode") == "lb" and case.nvram["wrs_protect_enable"] == "1",
        lambda case: "AiProtection is on, which does not go with load balance",
        "Switch AiProtection off in the router, or leave mode: failover",
    ),
    Guard(
        "interval",
        lambda case: (
            "wandog_interval" in case.values
            and case.wish.interval is not None
            and case.wish.interval not in interval_range(case.router, case.nvram)
        ),
        lambda case: (
            f"detection.interval is {case.wish.interval} s, which firmware {case.router.firmware} does not take"
        ),
        _interval_cure,
    ),
    Guard(
        "rules",
        lambda case: (
            "wans_routing_rulelist" in case.values and len(case.wish.routing_rules or ()) > case.router.generation.rules
        ),
        lambda case: (
            f"routing_rules has {len(case.wish.routing_rules or ())} rules, and firmware {case.router.firmware} takes "
            f"{case.router.generation.rules}"
        ),
        "Join some of them by giving networks instead of addresses",
    ),
    Guard(
        "carries",
        lambda case: case.cut and not case.wish.even_without_backup,
        lambda case: case.cut.what if case.cut else "",
        lambda case: case.cut.cure("even_without_backup") if case.cut else "",
    ),
)
"""Of what the task would write there."""


def understood(wish: Wish, nvram: Nvram, ask: Callable[[str], Any]) -> tuple[Wish, Capabilities]:
    """The wish in the router's own tokens, and what that router can do; or NotCapable, BadWish or BadReply.

    ``ask`` calls a hook of the router and is used only where a port of 388 or later is named that nvram does not tell.
    Nothing has been written by then.
    """
    router = capabilities(nvram)
    refuse(ROUTERS, Case(wish, nvram, router))
    router = with_ports(router, wish, nvram, ask)
    wish = paced(settled(wish, nvram, router), nvram, router)
    refuse(WISHES, Case(wish, nvram, router))
    return wish, router


def refuse_the_impossible(wish: Wish, router: Capabilities, nvram: Nvram) -> None:
    """Raise NotCapable or BadWish for what this router cannot do."""
    refuse((*ROUTERS, *WISHES), Case(wish, nvram, router))


def refuse(guards: tuple[Guard, ...], case: Case) -> None:
    """Raise for the first of them that is in the way."""
    for guard in guards:
        guard.refuse(case)
