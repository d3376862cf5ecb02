# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""httpd's way with sockets: HTTP/1.0, one request per connection, the end of the reply is the end of the connection."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate

HEADER_LIMIT = 10_000
POST_BUFFER = 65_535
UPLOAD_PATH = "/upload.cgi"
"""Its input is read as it is, not by the line (382 web.c, do_upload_post)."""
UPLOAD_LIMIT = 4_000_000
"""The lab's own; the genuine one takes what the RAM disk holds."""
SOCKET_TIMEOUT = 5.0
"""Seconds on the wall, not of the lab: it is about the client, who lives outside."""


class Malformed(Exception):
    """Answered with 400 (382 httpd.c)."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str
    client: str
    upload: bytes = b""
    """The whole body where a file is posted; ``body`` is empty then."""

    @property
    def user_agent(self) -> str:
        return self.headers.get("user-agent", "")


@dataclass(frozen=True)
class Reply:
    body: str = ""
    status: str = "200 OK"
    content_type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = field(default=())
    server: str = "httpd/2.0"


async def read_request(reader: asyncio.StreamReader, client: str) -> Request | None:
    """The next request; None if the client went away or said nothing for too long."""
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), SOCKET_TIMEOUT)
    except asyncio.LimitOverrunError:
        raise Malformed("Header too long.") from None
    except (asyncio.IncompleteReadError, TimeoutError, ConnectionError):
        return None
    if len(head) > HEADER_LIMIT:
        raise Malformed("Header too long.")
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[1].startswith("/") or not words[2].startswith("HTTP/"):
        raise Malformed("Can't parse request.")
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    path, _mark, query = words[1].partition("?")
    raw = await _read_body(reader, headers) if words[0].upper() == "POST" else b""
    # One line, because httpd reads it with fgets (382 web.c, do_html_post_and_get).
    body = b"" if path == UPLOAD_PATH else raw[: POST_BUFFER - 1].partition(b"\n")[0]
    return Request(
        method=words[0].upper(),
        path=path,
        query=query,
        headers=headers,
        body=body.decode("utf-8", "surrogateescape"),
        client=client,
        upload=raw if path == UPLOAD_PATH else b"",
    )


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    """What arrives of it in time."""
    try:
        length = int(headers.get("content-length", "0"))
    except ValueError:
        length = 0
    if length <= 0:
        return b""
    try:
        return await asyncio.wait_for(reader.readexactly(min(length, UPLOAD_LIMIT)), SOCKET_TIMEOUT)
    except asyncio.IncompleteReadError as cut:
        return cut.partial
    except TimeoutError:
        return b""


def render(reply: Reply) -> bytes:
    """The reply as it goes out; without a Content-Length, as ever."""
    lines = [
        f"HTTP/1.0 {reply.status}",
        f"Server: {reply.server}",
        "x-frame-options: SAMEORIGIN",
        "x-xss-protection: 1; mode=block",
        f"Date: {formatdate(usegmt=True)}",
        *(f"{name}: {value}" for name, value in reply.headers),
        f"Content-Type: {reply.content_type}",
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + reply.body.encode("utf-8", "surrogateescape")


def error_page(status: str, text: str) -> Reply:
    """382 httpd.c, send_error."""
    return Reply(
        f"<HTML><HEAD><TITLE>{status}</TITLE></HEAD>\n"
        f'<BODY BGCOLOR="#cc9999"><H4>{status}</H4>\n{text}\n</BODY></HTML>\n',
        status=status,
    )


NOT_FOUND = error_page("404 Not Found", "File not found.")
METHOD_UNKNOWN = error_page("501 Not Implemented", "That method is not implemented.")
