# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection from an adb server: greeting, authorisation and its streams."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from .packet import AUTH, CLSE, CNXN, LARGEST_PAYLOAD, OKAY, OPEN, VERSION, WRTE, Packet, encode, read
from .stream import Stream, StreamClosed

_AUTH_TOKEN = 1
_AUTH_KEY = 3

Serve = Callable[[str, Stream], Awaitable[None]]
"""Serves the service named in an OPEN. Raises LookupError where there is no such service."""


class Transport:
    """Speaks with one adb server until either end hangs up."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        banner: bytes,
        authorised: Callable[[], bool],
        serve: Serve,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._banner = banner
        self._authorised = authorised
        self._serve = serve
        self._version = 0
        self._largest = 4096
        self._greeted = False
        self._streams: dict[int, Stream] = {}
        self._next = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waits_for_the_user(self) -> bool:
        """Whether a host has greeted and was not let in."""
        return self._version != 0 and not self._greeted

    async def run(self) -> None:
        """Until the connection ends; its services are ended with it."""
        try:
            while True:
                await self._handle(await read(self._reader))
        except (EOFError, ConnectionError, ValueError):
            pass
        finally:
            self.drop()
            for stream in self._streams.values():
                stream.host_closed()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def drop(self) -> None:
        """Cut the connection without a word, as a pulled cable does."""
        self._writer.transport.abort()

    async def greet(self) -> None:
        """The user has allowed this host."""
        self._greeted = True
        await self._send(Packet(CNXN, VERSION, LARGEST_PAYLOAD, self._banner))

    async def _handle(self, packet: Packet) -> None:
        if packet.command == CNXN:
            self._version = min(packet.first, VERSION)
            self._largest = min(packet.second, LARGEST_PAYLOAD)
            if self._authorised():
                await self.greet()
            else:
                await self._send(Packet(AUTH, _AUTH_TOKEN, 0, os.urandom(20)))
        elif packet.command == AUTH and not self._greeted:
            # A signature is answered by another token; after its last key the host sends the public one and waits.
            if packet.first != _AUTH_KEY:
                await self._send(Packet(AUTH, _AUTH_TOKEN, 0, os.urandom(20)))
        elif not self._greeted:
            return
        elif packet.command == OPEN:
            self._open(packet)
        elif (stream := self._streams.get(packet.second)) is not None:
            if packet.command == WRTE:
                await stream.received(packet.data)
            elif packet.command == OKAY:
                stream.acknowledged()
            elif packet.command == CLSE:
                stream.host_closed()
                del self._streams[packet.second]

    def _open(self, packet: Packet) -> None:
        self._next += 1
        stream = Stream(self._next, packet.first, self._largest, self._send)
        self._streams[stream.local] = stream
        name = packet.data.rstrip(b"\0").decode("utf-8", "surrogateescape")
        self._start(self._service(name, stream))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _service(self, name: str, stream: Stream) -> None:
        try:
            await self._serve(name, stream)
        except LookupError:
            # A service that adbd does not know is closed without ever having been opened.
            await self._send(Packet(CLSE, 0, stream.remote))
            stream.host_closed()
        except StreamClosed:
            pass
        finally:
            await stream.close()
            self._streams.pop(stream.local, None)

    async def _send(self, packet: Packet) -> None:
        if self._writer.is_closing():
            raise StreamClosed
        self._writer.write(encode(packet, self._version))
        await self._writer.drain()
