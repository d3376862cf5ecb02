# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control door: a little HTTP on loopback, for whoever can read the token in the state directory."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

_LONGEST = 1_000_000


class ControlDoor:
    """``POST /`` with ``{"argv": […]}`` gives ``{"ok": true, "result": …}`` or ``{"ok": false, "error": …}``."""

    def __init__(self, token: str, obey: Callable[[list[str]], Awaitable[Any]]) -> None:
        self._token = token
        self._obey = obey
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._converse, "127.0.0.1", 0)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            headers = {
                name.strip().lower(): value.strip()
                for name, _mark, value in (line.partition(":") for line in head.split("\r\n")[1:])
            }
            body = await reader.readexactly(min(_LONGEST, int(headers.get("content-length", "0"))))
            if not hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {self._token}".encode()):
                status, answer = "403 Forbidden", {"ok": False, "error": "not without the token of this lab"}
            else:
                status, answer = "200 OK", await self._answer(body)
            data = json.dumps(answer).encode()
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n"
                "Connection: close\r\n\r\n".encode()
                + data
            )
            await writer.drain()
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # Whoever talks anything else than this to the door gets no answer.
            pass
        finally:
            writer.close()

    async def _answer(self, body: bytes) -> dict[str, Any]:
        try:
            argv = [str(word) for word in json.loads(body)["argv"]]
        except (ValueError, KeyError, TypeError):
            return {"ok": False, "error": 'a body like {"argv": ["router", "state"]} is wanted'}
        try:
            return {"ok": True, "result": await self._obey(argv)}
        except (ValueError, LookupError, OSError, RuntimeError) as error:
            return {"ok": False, "error": str(error) or type(error).__name__}
