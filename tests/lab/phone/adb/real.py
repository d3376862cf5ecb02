# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real adbd in the place of the simulated one: the same program that phones run, among the same processes and files.

It listens in the phone's own network, so what comes to the port on the host is carried there. What of adbd's life the
simulation decides stays the simulation's: when init kills it and starts it anew, and when the way to it exists. It
knows no authorisation (Debian builds it without), so a host cannot be refused here.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket

from ..journal import Journal
from ..profiles import Profile
from ..sandbox import ENVIRONMENT, NotSimulated, Sandbox
from .adbd import Adbd
from .appointment import Obey

PORT = 5555
_LIBRARIES = "/lab/adbd/usr/lib/x86_64-linux-gnu:/lab/adbd/usr/lib/x86_64-linux-gnu/android"
_COMMAND = [
    "/lab/adbd/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
    *("--library-path", _LIBRARIES),
    "/lab/adbd/usr/lib/android-sdk/platform-tools/adbd",
]
_START_TURNS = 500
_TURN_SECONDS = 0.02
_CHUNK = 65536


class RealDaemon(Adbd):
    """The genuine one."""

    def __init__(self, sandbox: Sandbox, journal: Journal, profile: Profile) -> None:
        super().__init__(sandbox, journal, profile)
        self._carried: set[asyncio.StreamWriter] = set()

    @property
    def drop_at(self) -> int | None:
        """Requests are not told apart here."""
        return None

    @drop_at.setter
    def drop_at(self, count: int | None) -> None:
        if count is not None:
            raise NotSimulated("not simulated: a real adbd's requests are not counted")

    async def start(self) -> None:
        """init starts adbd; back when it listens."""
        if self.group is not None:
            return
        self.group = await self._sandbox.group("shell")
        quiet = os.open(os.devnull, os.O_RDWR)
        try:
            environment = {**ENVIRONMENT, "ADBD_PORT": str(PORT)}
            await self.group.spawn(_COMMAND, (quiet, quiet, quiet), environment)
        finally:
            os.close(quiet)
        for _turn in range(_START_TURNS):
            if (there := await self._inside()) is not None:
                there.close()
                return
            await asyncio.sleep(_TURN_SECONDS)
        raise NotSimulated("not simulated: the real adbd does not start here")

    def drop(self, why: str) -> None:
        """Cut all connections in the middle of whatever they do."""
        if self._carried:
            self._journal.note("adb transports dropped", why=why)
        for writer in tuple(self._carried):
            writer.transport.abort()

    def at(self, which: str, words: list[str], obey: Obey) -> None:
        raise NotSimulated("not simulated: a real adbd's requests are not counted")

    async def allow(self, authorised: bool, why: str = "") -> None:
        """Debian's adbd asks nobody."""
        if not authorised:
            raise NotSimulated("not simulated: a real adbd that refuses a host")

    async def _inside(self) -> socket.socket | None:
        try:
            return socket.socket(fileno=await self._sandbox.ask_file("connect", port=PORT))
        except OSError:
            return None

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inside = await self._inside() if self._open and not self.offline and self.group is not None else None
        if inside is None:
            writer.transport.abort()
            return
        own_reader, own_writer = await asyncio.open_connection(sock=inside)
        ends = (writer, own_writer)
        self._carried.update(ends)
        try:
            await asyncio.gather(_pass_on(reader, own_writer), _pass_on(own_reader, writer))
        finally:
            for end in ends:
                self._carried.discard(end)
                end.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until either end has gone."""
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()
