# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is behind a provider: the web, name servers, and a page that says by which provider one came."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from typing import cast

from .addresses import DNS_PORT, HTTP_PORT, NAME_SERVER, ONE, OURS, TLS_PORT, TWO
from .namespaces import inside

_NO_CONTENT = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_PATIENCE_SECONDS = 10.0
_A_RECORD = struct.pack("!HHHIH", 0xC00C, 1, 1, 1, 4) + socket.inet_aton(ONE)


async def serve(namespace: str, line: str, tls: ssl.SSLContext) -> list[asyncio.Server]:
    """Open every port in the provider's namespace."""
    web = _Web(OURS[line])
    servers = []
    for address in (ONE, TWO):
        for port, context in ((HTTP_PORT, None), (TLS_PORT, tls)):
            door = _listening(namespace, address, port)
            servers.append(await asyncio.start_server(web.answer, sock=door, ssl=context))
    await asyncio.get_running_loop().create_datagram_endpoint(_Names, sock=bound(namespace, (NAME_SERVER, DNS_PORT)))
    return servers


class _Web:
    def __init__(self, address: str) -> None:
        self._pages = {b"/generate_204": _NO_CONTENT, b"/address": _page(address)}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request; who only connects and leaves is as welcome."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                words = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)
                writer.write(self._pages.get(words[1] if len(words) > 1 else b"", _NOT_FOUND))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # gone, or came for nothing
        except asyncio.CancelledError:
            pass  # the rig ends; a cancelled answer would be reported as a failure (Python 3.11, streams.py)
        writer.close()


def _page(text: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    return (head + text).encode()


class _Names(asyncio.DatagramProtocol):
    """Every name has the same address."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own is none by inheritance.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        end = data.find(b"\0", 12) + 5
        if end < 17:
            return
        head = data[:2] + struct.pack("!HHHHH", 0x8180, 1, 1, 0, 0)
        self._transport.sendto(head + data[12:end] + _A_RECORD, addr)


def _listening(namespace: str, address: str, port: int) -> socket.socket:
    with inside(namespace):
        return socket.create_server((address, port), backlog=128)


def bound(namespace: str, address: tuple[str, int]) -> socket.socket:
    """A UDP socket that asyncio can take."""
    with inside(namespace):
        door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.setblocking(False)
    door.bind(address)
    return door
