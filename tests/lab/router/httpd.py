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
from .door import Door
from .faults import Faults
from .journal import Entry, Journal
from .site import Site
from .wire import HEADER_LIMIT, Malformed, Reply, error_page, read_request, render

BACKLOG = 128
_HTML_INSTEAD = Reply("<HTML><HEAD><script>top.location.href='/Main_Login.asp';</script>\n</HEAD></HTML>\n")


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
        after_write: Callable[[], Awaitable[None]],
        port: int,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._site = site
        self._journal = journal
        self._faults = faults
        self._after_write = after_write
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
            self._converse, sock=_bound(self.port), limit=HEADER_LIMIT, backlog=BACKLOG, ssl=self._tls
        )

    async def stop(self) -> None:
        """The process ends: tokens and failures with it, and every connection is cut."""
        self.door.forget_everything()
        server, self._server = self._server, None
        if server is not None:
            server.close()
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
        entry = None
        try:
            entry = await self._exchange(reader, writer)
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()
        except asyncio.CancelledError:
            _reset(writer)
        except OSError:
            # The client hung up; its request has had its effect, and that is all.
            pass
        finally:
            writer.close()
            self._conversations.discard(task)
        if entry is not None and entry.kind == "write" and self._faults.strikes("reboot-after-write"):
            await self._after_write()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Entry | None:
        client = str(writer.get_extra_info("peername")[0])
        try:
            request = await read_request(reader, client)
        except Malformed as malformed:
            writer.write(render(error_page("400 Bad Request", str(malformed))))
            await writer.drain()
            return None
        if request is None:
            return None
        entry = Entry(self._clock.now(), request.method, request.path, request.user_agent)
        self._journal.requests.append(entry)
        async with self._one_at_a_time:
            reply = await self._site.respond(request, self.door, entry)
        data = render(reply)
        if entry.kind in ("read", "write"):
            if self._faults.strikes("empty-reply"):
                data = b""
            elif self._faults.strikes("html-reply"):
                data = render(_HTML_INSTEAD)
            elif self._faults.strikes("reset-in-body"):
                head_end = data.index(b"\r\n\r\n") + 4
                writer.write(data[: head_end + max(1, (len(data) - head_end) // 2)])
                await writer.drain()
                _reset(writer)
                return entry
        writer.write(data)
        await writer.drain()
        return entry


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
