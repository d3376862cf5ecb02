# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that is a rig: it owns the namespaces, and all that goes on in them runs here.

``python -m rig.world DIRECTORY`` with a plan as the first line of its input. It prints a line when all is up, answers
questions on a socket in the directory, and takes everything down when its input ends or it is told to end.
"""

from __future__ import annotations

import asyncio
import json
import signal
import ssl
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from lab.certificate import make_certificate

from .addresses import INTERFACE, LINES, PRIMARY
from .cable import Cable
from .daemon import Daemon
from .internet import serve
from .lateness import BEAT_SECONDS
from .namespaces import namespaces
from .plan import SOCKET, RigPlan
from .resolver import resolve
from .route import DefaultRoute
from .truth import CARRIES, Truth
from .wiring import HOST_ROLE, ROLES, ROUTER_ROLE, wire


class World:
    """What can be asked of it, one method for each word."""

    def __init__(self, names: dict[str, str], plan: RigPlan, closing: ExitStack) -> None:
        self._plan = plan
        self._names = names
        self._router = names[ROUTER_ROLE]
        self.truth = Truth()
        self.cables = {line: Cable(line, self._router, names[line], self.truth) for line in LINES}
        for cable in self.cables.values():
            closing.callback(cable.close)
        self.translated = wire(names)
        self._route = DefaultRoute(self._router)
        closing.callback(self._route.close)
        self._daemon = Daemon(self._router, plan.daemon, lambda line: self.cables[line].plugged, self._carry)
        self.by_netem = False
        self.stalled = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, directory: Path) -> None:
        """Open the providers' doors, and let the daemon look."""
        certificate = make_certificate(directory)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate.path, certificate.key_path)
        by_netem = []
        for line, cable in self.cables.items():
            await serve(self._names[line], line, tls)
            by_netem.append(cable.begin(getattr(self._plan, line), self._plan.seed))
        self.by_netem = all(by_netem)
        await resolve(self._router)
        self._carry(PRIMARY)
        self._start(self._daemon.run())
        self._start(self._watch_the_machine())

    async def _watch_the_machine(self) -> None:
        """How late this process gets its turn, and so its packets and its log."""
        while True:
            due = time.monotonic() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            self.stalled = max(self.stalled, time.monotonic() - due)

    def _carry(self, line: str) -> None:
        self._route.lead_to(INTERFACE[line])
        self.truth.note(CARRIES, line)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            raise error  # the loop reports it

    def answer(self, words: list[Any]) -> Any:
        """One word and its arguments, as they came by the socket."""
        return getattr(self, f"do_{words[0]}")(*words[1:])

    def do_break(self, fault: str, line: str = PRIMARY) -> float:
        return self.cables[line].break_(fault)

    def do_mend(self, line: str = PRIMARY) -> float | None:
        return self.cables[line].mend()

    def do_active(self) -> str:
        return self._daemon.active

    def do_stalled(self) -> float:
        """The longest time that the machine kept this process waiting, in seconds."""
        return self.stalled

    def do_truth(self) -> list[dict[str, Any]]:
        return self.truth.as_result()

    def do_play(self, score: list[tuple[float, list[Any]]]) -> None:
        """Do things by themselves, each so many seconds from now."""
        loop = asyncio.get_running_loop()
        for after, words in score:
            loop.call_later(after, self.answer, words)

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Of one that asks."""
        while line := await reader.readline():
            writer.write(json.dumps(self.answer(json.loads(line))).encode() + b"\n")
            await writer.drain()
        writer.close()


async def main(directory: Path) -> None:
    """Make it, keep it, and take it down."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    plan = RigPlan.from_result(json.loads(sys.stdin.readline()))
    loop.add_reader(sys.stdin, ended.set)
    with namespaces(ROLES) as names, ExitStack() as closing:
        world = World(names, plan, closing)
        await world.begin(directory)
        server = await asyncio.start_unix_server(world.listen, directory / SOCKET)
        closing.callback(server.close)
        ready = {"host": names[HOST_ROLE], "by_netem": world.by_netem, "translated": world.translated}
        print(json.dumps(ready), flush=True)
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
