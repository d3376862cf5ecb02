# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server process: its socket, and one request after the other."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable

from ..clock import Clock
from .delivery import Delivery, deliver
from .door import Door
from .faults import Faults, Moment, Strike
from .journal import Entry, Journal
from .kinds import kind_of
from .site import Site
from .wire import HEADER_LIMIT, Malformed, Reply, Request, read_request, render

BACKLOG = 128


class Httpd:
    """httpd, or httpds if there is a TLS context. It keeps its port while it is down, and refuses there."""

    def __init__(
        self,
        clock: Clock,
        *,
        site: Site,
        door: Door,
        journal: Journal,
        faults: Faults,
        happen: Callable[[str, float | None], Awaitable[None]],
        port: int,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._site = site
        self._journal = journal
        self._faults = faults
        self._happen = happen
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._conversations: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()
        self.door = door
        # Bound but not listening: connections are refused, and the port is nobody else's.
        self._placeholder = _bound(port)
        self.port: int = self._placeholder.getsockname()[1]

    @property
    def up(self) -> bool:
        return self._server is not None

    async def start(self) -> None:
        if self._server is not None:
            return
        self._server = await asyncio.start_server(
            self._converse,
            sock=_bound(self.port),
            limit=HEADER_LIMIT,
            backlog=BACKLOG,
            ssl=self._tls,
            start_serving=False,
        )
        await self._server.start_serving()

    def stop_listening(self) -> None:
        """New connections are refused, and those that wait in its queue are cut. The process and its tokens live on."""
        server, self._server = self._server, None
        if server is not None:
            server.close()

    async def stop(self) -> None:
        """The process ends: tokens and failures with it, and every connection is cut."""
        self.door.forget_everything()
        self.stop_listening()
        for conversation in list(self._conversations):
            if conversation is not asyncio.current_task():
                conversation.cancel()
        self._one_at_a_time = asyncio.Lock()

    def close(self) -> None:
        """Give the port back."""
        self._placeholder.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._conversations.add(task)
        try:
            await self._exchange(reader, writer)
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()
        except asyncio.CancelledError:
            _reset(writer)
        except OSError:
            # The client hung up before it had said everything.
            pass
        finally:
            writer.close()
            self._conversations.discard(task)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = str(writer.get_extra_info("peername")[0])
        try:
            request = await read_request(reader, client)
        except Malformed as malformed:
            await _send(Delivery(render(self._site.malformed(str(malformed)))), writer)
            return
        if request is None:
            return
        entry = Entry(self._clock.now(), request.method, request.path, request.user_agent)
        self._journal.requests.append(entry)
        async with self._one_at_a_time:
            reply = await self._handle(request, entry)
            if reply is None:
                _reset(writer)
                return
            strikes = self._faults.answered(entry.kind)
        spoiling = {strike.name: strike.amount for strike in strikes if strike.row.moment is Moment.REPLY}
        afterwards = [strike for strike in strikes if strike.row.moment is not Moment.REPLY]
        entry.faults += [strike.name for strike in strikes]
        await _send(deliver(reply, spoiling), writer)
        # The client waits for the end of the connection; what comes after the reply is under way before that.
        if afterwards:
            self._conversations.discard(asyncio.current_task())
            await self._strike(afterwards)

    async def _handle(self, request: Request, entry: Entry) -> Reply | None:
        """None if httpd went away with this one still in its queue."""
        kind = kind_of(request.path)
        arriving = self._faults.arriving(kind)
        entry.faults += [strike.name for strike in arriving]
        await self._strike([strike for strike in arriving if strike.row.moment is Moment.EVENT])
        if not self.up:
            return None
        entry.kind = kind
        return await self._site.respond(request, self.door, entry)

    async def _strike(self, strikes: list[Strike]) -> None:
        for strike in strikes:
            await self._happen(strike.event, strike.amount)


async def _send(delivery: Delivery, writer: asyncio.StreamWriter) -> None:
    if delivery.wall_seconds:
        await asyncio.sleep(delivery.wall_seconds)
    # Should the client have hung up: its request has had its effect, and that is all.
    with contextlib.suppress(OSError):
        writer.write(delivery.data)
        await writer.drain()
    if delivery.reset:
        _reset(writer)


def _bound(port: int) -> socket.socket:
    # With the protocol named, asyncio takes Nagle's delay off; else a TLS reply waits for the session tickets' ACK.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
    except OSError as error:
        sock.close()
        raise OSError(error.errno, f"port {port} of 127.0.0.1: {error.strerror}") from error
    return sock


def _reset(writer: asyncio.StreamWriter) -> None:
    """Cut the connection with a TCP reset."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
