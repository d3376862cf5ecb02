# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses, routes and address translation of a rig's namespaces."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from .addresses import HOST, INTERFACE, INTERNET, LAN, LINES, OURS, ROUTER, THEIRS
from .namespaces import inside, run

ROUTER_ROLE, HOST_ROLE = "router", "host"
ROLES = (*LINES, ROUTER_ROLE, HOST_ROLE)
"""A provider's namespace has the name of its line."""

_TRANSLATION = (
    "table ip nat {\n chain out {\n  type nat hook postrouting priority 100\n  oifname %s masquerade\n }\n}\n"
)


def wire(names: Mapping[str, str]) -> bool:
    """Give everything its address. The lines' interfaces must be there. True where the router translates addresses."""
    for name in names.values():
        _set(name, "ipv6/conf/all/disable_ipv6", "1")
        _ip(name, "link set lo up")
    for line in LINES:
        _provider(names[line], line)
    _router(names[ROUTER_ROLE], names[HOST_ROLE])
    _host(names[HOST_ROLE])
    return _translate(names[ROUTER_ROLE])


def _provider(name: str, line: str) -> None:
    interface = INTERFACE[line]
    _ip(
        name,
        f"link set {interface} up",
        f"address add {THEIRS[line]} peer {OURS[line]}/32 dev {interface}",
        *(f"address add {address}/32 dev lo" for address in INTERNET),
        f"route add {LAN} dev {interface}",
    )


def _router(name: str, host: str) -> None:
    lines = []
    for number, line in enumerate(LINES, 100):
        interface = INTERFACE[line]
        lines += [
            f"link set {interface} up",
            f"address add {OURS[line]} peer {THEIRS[line]}/32 dev {interface}",
            # For who asks for this line by name, as the daemon does of the primary while the backup carries.
            f"route add default dev {interface} table {number}",
            f"rule add oif {interface} table {number}",
        ]
    _ip(
        name,
        f"link add lan0 type veth peer name eth0 netns {host}",
        "link set lan0 up",
        f"address add {ROUTER}/24 dev lan0",
        *lines,
    )
    _set(name, "ipv4/ip_forward", "1")
    # An answer may come by the line that carried a moment ago.
    for interface in ("all", "default", *INTERFACE.values()):
        _set(name, f"ipv4/conf/{interface}/rp_filter", "0")


def _host(name: str) -> None:
    _ip(name, "link set eth0 up", f"address add {HOST}/24 dev eth0", f"route add default via {ROUTER}")
    # Whoever drills may ping, as on most distributions.
    _set(name, "ipv4/ping_group_range", "0 2147483647")


def _translate(router: str) -> bool:
    """Without nft the providers know the way back to the LAN, and addresses stay as they are."""
    if not shutil.which("nft"):
        return False
    interfaces = "{ " + ", ".join(INTERFACE.values()) + " }"
    with inside(router):
        run(["nft", "-f", "-"], _TRANSLATION % interfaces)
    return True


def _ip(namespace: str, *lines: str) -> None:
    run(["ip", "-n", namespace, "-batch", "-"], "\n".join(lines) + "\n")


def _set(namespace: str, name: str, value: str) -> None:
    with inside(namespace):
        path = Path("/proc/sys/net") / name
        if path.exists():  # such as ipv6, which a kernel may not have
            path.write_text(value)
