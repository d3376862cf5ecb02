# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a probe of each protocol does: one fresh connection or packet, and an answer that could only come from there.

A probe returns when it is answered, and raises Lost, or OSError, where it is not. A redirect, another status or an
address that the router makes up does not count: while it has no internet, Asuswrt answers for others (``web_redirect``;
``10.0.0.1`` for names, 3006 wanduck.c).
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import MissingLibrary
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._targets import Target

try:
    import dns.exception
    import dns.message
    import dns.rcode
    import dns.rdatatype
except ImportError as error:
    DNS_MISSING: ImportError | None = error
else:
    DNS_MISSING = None
try:
    import icmplib  # type: ignore[import-untyped]  # ships no types
except ImportError as error:
    ICMP_MISSING: ImportError | None = error
else:
    ICMP_MISSING = None

MADE_UP = "10.0.0.1"
_MOST_DNS_BYTES = 4096
_PAYLOAD_BYTES = 16


class Lost(Exception):
    """An answer that is none."""


@dataclass(frozen=True)
class Kind:
    """A row: how to probe with a protocol, and why that cannot be done here, if so."""

    probe: Callable[[Target], Awaitable[None]]
    bytes_per_probe: int
    """On the line, both ways, with headers: about."""
    unable: Callable[[], str] = lambda: ""
    """Raises MissingLibrary, or returns a reason to go without."""


async def _tcp(target: Target) -> None:
    """A connection, and nothing more."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, (target.address, target.port))


async def _tls(target: Target) -> None:
    """A whole handshake, without a session to resume. Whose certificate it is does not matter: nothing is said."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _reader, writer = await asyncio.open_connection(
        target.address, target.port, ssl=context, server_hostname=target.host, family=socket.AF_INET
    )
    writer.transport.abort()


async def _http(target: Target) -> None:
    """204 and nothing else: a portal, or a router without internet, answers with a page of its own."""
    reader, writer = await asyncio.open_connection(target.address, target.port, family=socket.AF_INET)
    try:
        writer.write(
            f"GET {target.path} HTTP/1.1\r\nHost: {target.host}\r\nUser-Agent: homelab.dualwan\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        status = (await reader.readline()).split()
        if len(status) < 2 or status[1] != b"204":
            raise Lost
    finally:
        writer.transport.abort()


async def _dns(target: Target) -> None:
    """A name that nobody has asked for, so that the answer is in no cache; that it does not exist is an answer."""
    query = dns.message.make_query(f"{secrets.token_hex(6)}.{target.path}", dns.rdatatype.A)
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.setblocking(False)
        connection.connect((target.address, target.port))
        await loop.sock_sendall(connection, query.to_wire())
        while True:
            try:
                answer = dns.message.from_wire(await loop.sock_recv(connection, _MOST_DNS_BYTES))
            except dns.exception.DNSException:
                continue  # whatever it was, the answer may still come
            if query.is_response(answer):
                break
    made_up = any(record.to_text() == MADE_UP for records in answer.answer for record in records)
    if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN) or made_up:
        raise Lost


async def _icmp(target: Target) -> None:
    """An echo, by the kernel's socket for everybody where that is allowed, else by one for root."""
    reply = await icmplib.async_ping(
        target.address, count=1, timeout=60, privileged=not _may_ping(privileged=False), payload_size=_PAYLOAD_BYTES
    )
    if not reply.is_alive:
        raise Lost


def _dns_unable() -> str:
    if DNS_MISSING is not None:
        raise MissingLibrary("dnspython", "2.6", DNS_MISSING)
    return ""


def _icmp_unable() -> str:
    if ICMP_MISSING is not None:
        raise MissingLibrary("icmplib", "3.0", ICMP_MISSING)
    if _may_ping(privileged=False) or _may_ping(privileged=True):
        return ""
    return "this user may not ping (on Linux, net.ipv4.ping_group_range says who may)"


def _may_ping(*, privileged: bool) -> bool:
    kind = socket.SOCK_RAW if privileged else socket.SOCK_DGRAM
    try:
        socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP).close()
    except OSError:
        return False
    return True


KINDS: Mapping[str, Kind] = {
    "tcp": Kind(_tcp, 380),
    "tls": Kind(_tls, 6500),
    "http": Kind(_http, 900),
    "dns": Kind(_dns, 250, _dns_unable),
    "icmp": Kind(_icmp, 88, _icmp_unable),
}


def bytes_per_minute(targets: tuple[Target, ...], period: float) -> int:
    """What probing costs on the line, about."""
    return round(sum(KINDS[target.protocol].bytes_per_probe for target in targets) * 60 / period)
