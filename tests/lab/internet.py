# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The internet as a computer in the house sees it: it answers only while the router's active line carries packets.

A web server (204, and which address one comes from), the same over TLS, and a name server that stands for the router's
own. While nothing carries, packets vanish: nobody refuses, nobody hangs up. On Linux a filter on the listening socket
drops even the first packet of a connection, as a lost path does; elsewhere the port is closed for so long.

Not simulated: that Asuswrt answers for others while it has no internet (``web_redirect``).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import sys
from ctypes import addressof, create_string_buffer
from typing import Any, cast

from .router import Router

_LOOK_SECONDS = 0.02
"""On the wall: how late the way out may close and open."""
_SO_ATTACH_FILTER, _SO_DETACH_FILTER = 26, 27
_DROP_ALL = struct.pack("HBBI", 0x06, 0, 0, 0)
"""One instruction of classic BPF: return 0 bytes."""
_ANSWER_ADDRESS = bytes((198, 51, 100, 53))
_LINES_WITH_DNS = ("all", "0", "1", "2")


class InternetWordsUnknown(ValueError):
    """Says which there are."""

    def __init__(self) -> None:
        super().__init__("internet state|dns all|0|1|2|tcp up|silent")


class Internet:
    """Made inside a running event loop."""

    def __init__(self, router: Router, tls: ssl.SSLContext) -> None:
        self._router = router
        self._tls = tls
        self._sockets: dict[str, socket.socket] = {}
        self._servers: list[asyncio.Server] = []
        self._names: asyncio.DatagramTransport | None = None
        self._watch: asyncio.Task[None] | None = None
        self._open = True
        self._dns_on = "all"
        self._tcp_lost = False

    @property
    def http_port(self) -> int:
        return int(self._sockets["http"].getsockname()[1])

    @property
    def tls_port(self) -> int:
        return int(self._sockets["tls"].getsockname()[1])

    @property
    def dns_port(self) -> int:
        assert self._names is not None
        return int(self._names.get_extra_info("sockname")[1])

    async def start(self) -> None:
        for name in ("http", "tls"):
            listening = socket.create_server(("127.0.0.1", 0))
            listening.setblocking(False)
            self._sockets[name] = listening
            tls = self._tls if name == "tls" else None
            self._servers.append(await asyncio.start_server(self._converse, sock=listening, ssl=tls))
        loop = asyncio.get_running_loop()
        self._names, _protocol = await loop.create_datagram_endpoint(
            lambda: _NameServer(self), local_addr=("127.0.0.1", 0)
        )
        self._watch = asyncio.create_task(self._keep_watch())

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        for server in self._servers:
            server.close()
        if self._names is not None:
            self._names.close()

    def reset(self) -> None:
        self._dns_on = "all"
        self._tcp_lost = False

    @property
    def line(self) -> int | None:
        """Which line carries packets at this moment; None where none does."""
        lines = self._router.lines
        unit = lines.active
        carries = self._router.up and lines.counts(unit) and lines.link(unit) and lines.path(unit) == "up"
        return lines.line(unit) if carries else None

    @property
    def address(self) -> str:
        """Where packets seem to come from."""
        return self._router.nvram.get(f"wan{self._router.lines.active}_realip_ip")

    @property
    def names_answer(self) -> bool:
        line = self.line
        return line is not None and self._dns_on in ("all", str(line))

    def obey(self, words: list[str]) -> Any:
        match words:
            case ["state"]:
                line = self.line
                return {"line": line, "address": None if line is None else self.address, "dns": self.names_answer}
            case ["dns", which] if which in _LINES_WITH_DNS:
                self._dns_on = which
            case ["tcp", ("up" | "silent") as way]:
                self._tcp_lost = way == "silent"
            case _:
                raise InternetWordsUnknown
        return None

    async def _keep_watch(self) -> None:
        while True:
            wanted = self.line is not None and not self._tcp_lost
            if wanted != self._open:
                self._open = wanted
                for listening in self._sockets.values():
                    _let_in(listening, wanted)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            request = await reader.readuntil(b"\r\n\r\n")
            # What was let in just before the line was lost hears nothing any more.
            if self.line is not None and not self._tcp_lost:
                writer.write(self._reply(request.split(b" ")[1].decode("latin-1")))
                await writer.drain()
            else:
                await reader.read()
        writer.close()

    def _reply(self, path: str) -> bytes:
        texts = {"/address": f"{self.address}\n", "/cdn-cgi/trace": f"fl=1\nip={self.address}\nts=1\n"}
        if path == "/generate_204":
            return b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        status, text = ("200 OK", texts[path]) if path in texts else ("404 Not Found", "")
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        )
        return (head + text).encode()


class _NameServer(asyncio.DatagramProtocol):
    """One address for every name; nothing where the way is lost."""

    def __init__(self, internet: Internet) -> None:
        self._internet = internet
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if self._internet.names_answer and self._transport is not None and len(data) > 12:
            self._transport.sendto(_named(data), addr)


def _named(query: bytes) -> bytes:
    """RFC 1035: the header with the bits of an answer, the question as it came, one record that points to it."""
    end = query.index(0, 12) + 5
    header = query[:2] + b"\x81\x80" + struct.pack("!HHHH", 1, 1, 0, 0)
    record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, len(_ANSWER_ADDRESS)) + _ANSWER_ADDRESS
    return header + query[12:end] + record


def _let_in(listening: socket.socket, wanted: bool) -> None:
    if sys.platform != "linux":
        listening.listen(128 if wanted else 0)  # the nearest thing to it: few are let in
        return
    if wanted:
        listening.setsockopt(socket.SOL_SOCKET, _SO_DETACH_FILTER, 0)
        return
    program = create_string_buffer(_DROP_ALL)
    listening.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HL", 1, addressof(program)))
