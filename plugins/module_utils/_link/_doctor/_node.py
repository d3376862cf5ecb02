# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the machine that asks sees of the link by itself: the router's clock and name server, its own default route.

Nothing of it takes longer than :data:`DNS_SECONDS`, and nothing is guessed: what cannot be seen is None.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
import struct
from email.utils import parsedate_to_datetime
from pathlib import Path

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import NodeSeen

DNS_PORT = 53
DNS_SECONDS = 1.0
DNS_NAME = "dns.msftncsi.com"
"""The name that the router's own DNS probe asks for as shipped (router_defaults of 386)."""
ROUTES = Path("/proc/net/route")
_SERVFAIL, _REFUSED = 2, 5


def look_from_here(router: Router, date: str, now: float, dns_port: int | None, *, reached: bool) -> NodeSeen:
    """``date`` is what the router's web server last said of the time, ``now`` the time here when it did.

    The name server is asked where the router is in a network of this machine's, or where its port was given. 0 leaves
    it out.
    """
    beside = _is_beside(router.host)
    port = dns_port if dns_port is not None else (DNS_PORT if beside else 0)
    return NodeSeen(
        beside=beside,
        skew_seconds=skew(date, now),
        dns=ask_for_a_name(router.host, port) if reached and port else None,
        gateway=default_gateway(_routes()),
        tls=router.tls,
        verified=router.validate_certs or router.fingerprint is not None,
    )


def skew(date: str, now: float) -> float | None:
    """By how many seconds a ``Date`` header is ahead; None where there is none that can be read."""
    try:
        said = parsedate_to_datetime(date)
    except ValueError:
        return None
    return said.timestamp() - now


def default_gateway(routes: str) -> str | None:
    """From ``/proc/net/route``, which has addresses as the processor keeps them."""
    for row in routes.splitlines()[1:]:
        columns = row.split()
        if len(columns) > 7 and columns[1] == columns[7] == "00000000" and columns[2] != "00000000":
            return str(ipaddress.IPv4Address(struct.pack("=I", int(columns[2], 16))))
    return None


def ask_for_a_name(host: str, port: int) -> str | None:
    """Ask a name server for one address. ``answered``, ``failing``, ``refused`` (closed) or ``silent``."""
    number = secrets.token_bytes(2)
    labels = b"".join(bytes([len(label)]) + label for label in DNS_NAME.encode().split(b"."))
    # RFC 1035, 4.1: recursion desired, one question, of type A and class IN.
    question = number + b"\x01\x00\x00\x01" + bytes(6) + labels + b"\x00\x00\x01\x00\x01"
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as asker:
            asker.settimeout(DNS_SECONDS)
            asker.connect(address)
            asker.send(question)
            answer = asker.recv(512)
    except TimeoutError:
        return "silent"
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return None
    if len(answer) < 12 or answer[:2] != number:
        return None
    return "failing" if answer[3] & 0x0F in (_SERVFAIL, _REFUSED) else "answered"


def _is_beside(host: str) -> bool:
    """Whether it is a machine of its own: a port on this one leads elsewhere, who knows how."""
    try:
        addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
        return not any(ipaddress.ip_address(address.partition("%")[0]).is_loopback for address in addresses)
    except (OSError, ValueError):
        return False


def _routes() -> str:
    try:
        return ROUTES.read_text(encoding="ascii")
    except OSError:
        return ""  # not Linux
