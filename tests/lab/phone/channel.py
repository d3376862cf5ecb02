# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's end of a conversation with a process within the phone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from typing import Any

from .inside.wire import receive, send


class GroupGone(ConnectionError):
    """The processes asked no longer exist."""


class Channel:
    """Requests and their answers, in any order; and what is told without having been asked."""

    def __init__(self, own: socket.socket, told: Callable[[dict[str, Any]], None]) -> None:
        self._own = own
        self._told = told
        self._asked: dict[int, asyncio.Future[tuple[dict[str, Any], list[int]]]] = {}
        self._next = 0
        self.gone = asyncio.Event()
        own.setblocking(False)
        asyncio.get_running_loop().add_reader(own, self._readable)

    async def ask(self, operation: str, files: tuple[int, ...] = (), **details: Any) -> Any:
        """Do ``operation`` and wait for its value; an OSError there is raised here."""
        answer, _rest = await self._ask(operation, files, details)
        return answer.get("value")

    async def ask_file(self, operation: str, **details: Any) -> int:
        """As :meth:`ask`, for what opens a file: its number in this process."""
        _rest, files = await self._ask(operation, (), details)
        return files[0]

    def tell(self, operation: str, **details: Any) -> None:
        """Have ``operation`` done and don't care what comes of it."""
        if not self.gone.is_set():
            with contextlib.suppress(OSError):
                send(self._own, {"op": operation, "id": 0, **details})

    def end(self) -> None:
        """Hang up: the other end takes that as its order to go."""
        if self._own.fileno() >= 0:
            # Its end stays readable, so that the going can be awaited.
            self._own.shutdown(socket.SHUT_WR)

    async def _ask(self, operation: str, files: tuple[int, ...], details: dict[str, Any]) -> tuple[Any, list[int]]:
        if self.gone.is_set():
            raise GroupGone("the phone's processes are gone")
        self._next += 1
        number = self._next
        future: asyncio.Future[tuple[dict[str, Any], list[int]]] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        try:
            send(self._own, {"op": operation, "id": number, **details}, files)
        except OSError as problem:
            del self._asked[number]
            raise GroupGone(str(problem)) from problem
        answer, received = await future
        if "errno" in answer:
            raise OSError(answer["errno"], os.strerror(answer["errno"]), answer["text"])
        return answer, received

    def _readable(self) -> None:
        received = None
        try:
            received = receive(self._own)
        except BlockingIOError:
            return
        except OSError:
            pass
        if received is None:
            self._hung_up()
            return
        answer, files = received
        if "id" not in answer:
            self._told(answer)
            return
        future = self._asked.pop(answer["id"], None)
        if future is None or future.done():
            for number in files:
                os.close(number)
        else:
            future.set_result((answer, files))

    def _hung_up(self) -> None:
        asyncio.get_running_loop().remove_reader(self._own)
        self._own.close()
        self.gone.set()
        for future in self._asked.values():
            if not future.done():
                future.set_exception(GroupGone("the phone's processes are gone"))
        self._asked.clear()
