# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One stream of a transport: what a service reads from and writes to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from .packet import CLSE, OKAY, WRTE, Packet


class StreamClosed(ConnectionError):
    """The host has closed the stream, or its transport is gone."""


class Stream:
    """Bytes both ways. Each WRTE waits for its OKAY, as the protocol wants."""

    def __init__(self, local: int, remote: int, largest: int, send: Callable[[Packet], Awaitable[None]]) -> None:
        self.local = local
        self.remote = remote
        self.closed = asyncio.Event()
        self._largest = largest
        self._send = send
        self._buffer = bytearray()
        self._arrived = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._writing = asyncio.Lock()

    async def accept(self) -> None:
        """Tell the host that there is such a service."""
        await self._send(Packet(OKAY, self.local, self.remote))

    async def write(self, data: bytes) -> None:
        """Send all of ``data``. Raises StreamClosed."""
        async with self._writing:
            for start in range(0, len(data), self._largest):
                await self._writable.wait()
                if self.closed.is_set():
                    raise StreamClosed
                self._writable.clear()
                await self._send(Packet(WRTE, self.local, self.remote, data[start : start + self._largest]))

    async def read(self, count: int) -> bytes:
        """Exactly ``count`` bytes. Raises StreamClosed."""
        while len(self._buffer) < count:
            await self._wait_for_data()
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    async def read_some(self) -> bytes:
        """Whatever has arrived, at least one byte. Raises StreamClosed."""
        while not self._buffer:
            await self._wait_for_data()
        data = bytes(self._buffer)
        self._buffer.clear()
        return data

    async def close(self) -> None:
        """Tell the host that the service is done."""
        if not self.closed.is_set():
            await self._writable.wait()
        if not self.closed.is_set():
            self.host_closed()
            await self._send(Packet(CLSE, self.local, self.remote))

    async def received(self, data: bytes) -> None:
        """A WRTE came: acknowledged once it is taken, so the host sends the next."""
        self._buffer += data
        self._arrived.set()
        await self._send(Packet(OKAY, self.local, self.remote))

    def acknowledged(self) -> None:
        """An OKAY came."""
        self._writable.set()

    def host_closed(self) -> None:
        """A CLSE came, or no more will."""
        self.closed.set()
        self._arrived.set()
        self._writable.set()

    async def _wait_for_data(self) -> None:
        if self.closed.is_set():
            raise StreamClosed
        self._arrived.clear()
        await self._arrived.wait()
