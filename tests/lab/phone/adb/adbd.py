# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What any adbd of the lab has in common: a port for good, lives that init begins and ends, a way that may be shut."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from ..journal import Journal
from ..profiles import Profile
from ..sandbox import Group, Sandbox
from .appointment import Appointment, Obey


class Adbd(ABC):
    """One adbd for as long as the phone is there; :meth:`stop` and :meth:`start` are its lives."""

    drop_at: int | None
    """Cut all transports into so many requests from now."""

    def __init__(self, sandbox: Sandbox, journal: Journal, profile: Profile) -> None:
        self._sandbox = sandbox
        self._journal = journal
        self.profile = profile
        self._listener: asyncio.Server | None = None
        self._open = False
        self.group: Group | None = None
        """What dies with it."""
        self.authorised = True
        self.offline = False
        self.requests = 0
        self.appointments: list[Appointment] = []
        self.port = 0

    async def listen(self, port: int) -> None:
        """Take the port on loopback, for good; whether anybody answers there is another matter."""
        self._listener = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def unlisten(self) -> None:
        """Give the port back."""
        if self._listener is not None:
            self._listener.close()
            await self._listener.wait_closed()

    @abstractmethod
    async def start(self) -> None:
        """init starts adbd; back when it takes connections."""

    async def stop(self, why: str) -> None:
        """init stops adbd: SIGKILL to its whole group."""
        group, self.group = self.group, None
        self.drop(why)
        if group is not None:
            await group.kill()
            self._journal.note("adbd killed with all that it started", why=why)

    def reachable(self, there: bool, why: str) -> None:
        """Whether the way to adbd exists (network, or an enumerated USB device)."""
        if self._open and not there:
            self.drop(why)
        self._open = there

    @abstractmethod
    def drop(self, why: str) -> None:
        """Cut all connections in the middle of whatever they do."""

    @abstractmethod
    async def allow(self, authorised: bool, why: str = "authorisation revoked") -> None:
        """The user taps Allow, or revokes what was allowed."""

    @abstractmethod
    def at(self, which: str, words: list[str], obey: Obey) -> None:
        """Have ``words`` obeyed when the request ``which`` comes. Raises ValueError for what is none."""

    @abstractmethod
    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody has come to the port."""
