# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's own name server: it passes questions on, by whichever line carries at that moment."""

from __future__ import annotations

import asyncio
from typing import cast

from .addresses import DNS_PORT, NAME_SERVER, ROUTER
from .internet import bound

_PATIENCE_SECONDS = 5.0


async def resolve(namespace: str) -> None:
    """Open port 53 towards the LAN."""
    await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Resolver(namespace), sock=bound(namespace, (ROUTER, DNS_PORT))
    )


class _Resolver(asyncio.DatagramProtocol):
    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._asking: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own is none by inheritance.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        task = asyncio.get_running_loop().create_task(self._ask(data, addr))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _ask(self, question: bytes, asker: tuple[str, int]) -> None:
        """From a port of its own each time, as name servers do, so no old route is remembered for it."""
        loop = asyncio.get_running_loop()
        with bound(self._namespace, ("0.0.0.0", 0)) as way:
            try:
                await loop.sock_sendto(way, question, (NAME_SERVER, DNS_PORT))
                answer = await asyncio.wait_for(loop.sock_recv(way, 2048), _PATIENCE_SECONDS)
            except (OSError, TimeoutError):
                return
        self._transport.sendto(answer, asker)
