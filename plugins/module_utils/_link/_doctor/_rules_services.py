# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about what the house needs besides a line: names, an address, and a router that is not about to change."""

from __future__ import annotations

import ipaddress

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._subnets import lan, line, same
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._looks import at_router, shown_if
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import NOTICE, ROUTER, WARNING, Rule
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import RouterSeen

NAMES = (
    "ddns_enable_x",
    "ddns_wan_unit",
    "dhcp_dns1_x",
    "dhcp_dns2_x",
    "wan0_dns",
    "wan1_dns",
    "wan0_dnsenable_x",
    "wan0_dns1_x",
    "wan0_dns2_x",
    "reboot_schedule_enable",
    "freeze_duck",
    "success_start_service",
)
"""What the doctor reads beside what every task does. A firmware that does not know one of them answers with nothing."""


def _static(router: RouterSeen) -> tuple[str, ...]:
    """The primary's name servers, where somebody wrote them down."""
    if router.nvram["wan0_dnsenable_x"] != "0":
        return ()
    return tuple(filter(None, (router.nvram["wan0_dns1_x"], router.nvram["wan0_dns2_x"])))


def _of_the_lan(router: RouterSeen) -> tuple[str, ...]:
    return tuple(filter(None, (router.nvram["dhcp_dns1_x"], router.nvram["dhcp_dns2_x"])))


def _pinned_dns(router: RouterSeen) -> str | None:
    pinned = [server for server in _of_the_lan(router) if server in _static(router)]
    return shown_if(
        router.dual and pinned, f"{', '.join(pinned)} is the primary's name server, and given out in the LAN as well"
    )


def _dns_of_one_line(router: RouterSeen) -> str | None:
    home = lan(router.nvram)
    for server in (*_static(router), *_of_the_lan(router)):
        try:
            address = ipaddress.IPv4Address(server)
        except ValueError:
            continue
        near = [unit for unit in (0, 1) if (network := line(router.nvram, unit)) and address in network]
        elsewhere = address.is_private and not (home and address in home)
        if router.dual and (near or elsewhere):
            return f"{server} is " + (
                f"in the network of WAN {near[0]}" if near else "a private address outside the LAN"
            )
    return None


def _ddns_behind_nat(router: RouterSeen) -> str | None:
    wan = next((wan for wan in router.board.wans if wan.active), None)
    return shown_if(
        router.nvram["ddns_enable_x"] == "1" and wan and wan.address_kind == "cgnat",
        f"ddns_enable_x is 1, and the {wan.role if wan else ''} WAN's address is the provider's own",
    )


def _ddns_on_backup(router: RouterSeen) -> str | None:
    return shown_if(
        router.by_usb and router.nvram["ddns_enable_x"] == "1" and router.nvram["ddns_wan_unit"] != "0",
        "ddns_enable_x is 1, and goes with whichever line is active",
    )


def _double_nat(router: RouterSeen) -> str | None:
    primary = router.board.wans[0]
    return shown_if(primary.address and primary.address_kind == "cgnat", f"the primary WAN has {primary.address}")


def _lines_overlap(router: RouterSeen) -> str | None:
    first, second = line(router.nvram, 0), line(router.nvram, 1)
    return shown_if(router.dual and same(first, second), f"WAN 0 is in {first}, WAN 1 in {second}")


def _nightly(router: RouterSeen) -> str | None:
    return shown_if(router.by_usb and router.nvram["reboot_schedule_enable"] == "1", "reboot_schedule_enable is 1")


def _busy(router: RouterSeen) -> str | None:
    return shown_if(router.nvram["rc_service"], f"rc_service is {router.nvram['rc_service']}")


def _starting(router: RouterSeen) -> str | None:
    return shown_if(router.nvram["success_start_service"] == "0", "success_start_service is 0")


RULES = (
    Rule(
        "starting",
        WARNING,
        ROUTER,
        "The router is still starting, so what it says of its lines is not the last word",
        at_router(_starting),
        "Run again in a minute",
        "rc (382): success_start_service",
        ("primary_disconnected", "secondary_disconnected", "secondary_phone_missing", "no_internet"),
    ),
    Rule(
        "dns_pinned",
        WARNING,
        ROUTER,
        "A name server of the house is tied to the primary, and falls silent when that does",
        at_router(_pinned_dns),
        "Let the LAN use the router's own name server (LAN, DHCP Server), or give it another address than WAN has",
        "complaints 4, G#918: host routes of static name servers",
    ),
    Rule(
        "dns_of_one_line",
        WARNING,
        ROUTER,
        "A name server of the house can be reached by one line only",
        at_router(_dns_of_one_line),
        "Use a public one, such as 1.1.1.1, or leave it to each line (WAN, Connect to DNS Server automatically)",
        "complaints 4, G#918",
    ),
    Rule(
        "lines_overlap",
        WARNING,
        ROUTER,
        "Both lines have addresses in common, so one hides the other",
        at_router(_lines_overlap),
        "Replug the phone, which takes another network from Android 12 on; or change that of the primary's modem",
        "complaints 16, R#49, OMR#423",
        ("secondary_disconnected",),
    ),
    Rule(
        "ddns_behind_nat",
        WARNING,
        ROUTER,
        "DDNS publishes an address that nobody can reach",
        at_router(_ddns_behind_nat),
        "Switch DDNS off, or ask the provider for an address of your own",
        "complaints 5, R#31",
    ),
    Rule(
        "busy",
        NOTICE,
        ROUTER,
        "The router is running a service, so what it says may be about to change",
        at_router(_busy),
        "Run again in a minute",
        "rc (382): rc_service",
    ),
    Rule(
        "nightly_reboot",
        NOTICE,
        ROUTER,
        "The router reboots by schedule, and the phone loses its host each time",
        at_router(_nightly),
        "Switch it off (Administration, System), or see that the phone has its plug-in default",
        "complaints 2 and 14, M#1321, OMR#468",
    ),
    Rule(
        "ddns_on_backup",
        NOTICE,
        ROUTER,
        "After a failover DDNS publishes the phone's address, which mostly nobody can reach",
        at_router(_ddns_on_backup),
        "Tie DDNS to the primary (ddns_wan_unit 0), or know that it is so",
        "complaints 5, R#31",
    ),
    Rule(
        "double_nat",
        NOTICE,
        ROUTER,
        "The primary's address is not the one that the internet sees",
        at_router(_double_nat),
        "Set the provider's modem to bridge mode if you need port forwarding; failover works all the same",
        "RFC 6598 and 1918",
    ),
)
