# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""adbd: listens, lets hosts in, and owns the group of processes that dies with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ..journal import Journal
from ..profiles import Profile
from ..sandbox import Sandbox
from . import shell, sync
from .adbd import Adbd
from .appointment import Appointment, Obey
from .stream import Stream
from .transport import Transport

FEATURES = "shell_v2,cmd,stat_v2,fixed_push_mkdir"
"""Of what Android 14 advertises, what is spoken here; the host falls back by itself for the rest."""


class Daemon(Adbd):
    """The simulated one."""

    def __init__(
        self, sandbox: Sandbox, journal: Journal, profile: Profile, requested: Callable[[str], Awaitable[str]]
    ) -> None:
        super().__init__(sandbox, journal, profile)
        self._requested = requested
        self._transports: set[Transport] = set()
        self._silent: set[asyncio.StreamWriter] = set()
        self.drop_at: int | None = None
        self._happenings: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """init starts adbd."""
        if self.group is None:
            self.group = await self._sandbox.group("shell")

    def drop(self, why: str) -> None:
        """Cut all transports in the middle of whatever they do."""
        if self._transports:
            self._journal.note("adb transports dropped", why=why)
        for transport in tuple(self._transports):
            transport.drop()
        for writer in self._silent:
            writer.transport.abort()
        self._silent.clear()

    async def allow(self, authorised: bool, why: str = "authorisation revoked") -> None:
        """The user taps Allow, or revokes what was allowed."""
        self.authorised = authorised
        if not authorised:
            self.drop(why)
            return
        for transport in tuple(self._transports):
            if transport.waits_for_the_user:
                await transport.greet()

    def at(self, which: str, words: list[str], obey: Obey) -> None:
        """Have ``words`` obeyed when the request ``which`` comes. Raises ValueError for what is none."""
        self.appointments.append(Appointment.of(which, words, obey))

    async def _keep_appointments(self, name: str) -> None:
        # What happens may end the transport, and with it the task that serves this request: it has one of its own.
        due = [one for one in self.appointments if one.met_by(name)]
        for one in due:
            self.appointments.remove(one)
            task = asyncio.create_task(self._keep(one))
            self._happenings.add(task)
            task.add_done_callback(self._happenings.discard)
            await asyncio.shield(task)

    async def _keep(self, one: Appointment) -> None:
        said = " ".join(one.words)
        try:
            await one.obey(one.words)
        except (ValueError, NotImplementedError) as problem:
            self._journal.note("not done at a request", words=said, why=str(problem))
        else:
            self._journal.note("done at a request", words=said)

    def _banner(self) -> bytes:
        model, name = self.profile.model, self.profile.device
        return (
            f"device::ro.product.name={name};ro.product.model={model};ro.product.device={name};features={FEATURES}"
        ).encode()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open or self.group is None:
            writer.transport.abort()
            return
        if self.offline:
            self._silent.add(writer)
            return
        transport = Transport(
            reader, writer, banner=self._banner(), authorised=lambda: self.authorised, serve=self._serve
        )
        self._transports.add(transport)
        try:
            await transport.run()
        finally:
            self._transports.discard(transport)

    async def _serve(self, name: str, stream: Stream) -> None:
        self.requests += 1
        await self._keep_appointments(name)
        if self.drop_at is not None:
            self.drop_at -= 1
            if self.drop_at <= 0:
                self.drop_at = None
                asyncio.get_running_loop().call_later(0.02, self.drop, "asked to drop at this request")
        group = self.group
        if group is None:
            raise LookupError(name)
        service, _mark, argument = name.partition(":")
        words = service.split(",")
        if words[0] == "shell" and "v2" in words:
            await shell.version_2(group, argument, set(words), stream)
        elif (words[0] == "shell" and argument) or words[0] == "exec":
            await shell.plain(group, argument, stream)
        elif service == "sync":
            await sync.serve(group, stream)
        elif service in ("root", "tcpip", "usb", "reboot"):
            await stream.accept()
            await stream.write((await self._requested(name)).encode())
        else:
            raise LookupError(name)
