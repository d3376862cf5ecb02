# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Android's own programs, played by one small shell script that asks the simulator.

A call costs the start of a shell and of ``mkfifo``: a few milliseconds, where a Python would cost ten times that. The
script leaves its arguments in a file, tells its number through a FIFO and does the one line that comes back. Its
standard streams stay reachable as files 4 to 6 meanwhile, for su to borrow: `echo` and `read` use their places.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """#!/lab/bin/sh
c=/lab/calls/$$
/lab/bin/mkfifo "$c" 2>/dev/null
exec 3<>"$c" 4<&0 5>&1 6>&2
printf '%s\\0' "$USER" "${0##*/}" "$@" >"$c.request"
echo $$ >/lab/calls/requests
IFS= read -r answer <&3
exec 3>&- 4<&- 5>&- 6>&-
eval "$answer"
"""

_PIPE_BYTES = 60_000
"""What fits into a FIFO without waiting for its reader."""


@dataclass(frozen=True)
class Call:
    """One stand-in that waits for its answer."""

    pid: int
    user: str
    program: str
    arguments: list[str]

    @property
    def is_root(self) -> bool:
        return self.user == "root"


@dataclass(frozen=True)
class Answer:
    """What a program prints and how it ends."""

    output: str = ""
    errors: str = ""
    status: int = 0


def not_simulated(what: str) -> Answer:
    """For whatever a real phone would do and this one cannot; never something plausible instead."""
    return Answer(errors=f"not simulated: {what}\n", status=125)


Respond = Callable[[Call], Awaitable[Answer]]


class StandIns:
    """Answers the calls of all stand-ins of one phone."""

    def __init__(self, calls: Path, respond: Respond) -> None:
        self._calls = calls
        self._respond = respond
        self._requests = -1
        self._partial = b""
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Open the FIFO that the calls come through; the phone's directory has to exist by then."""
        path = self._calls / "requests"
        path.unlink(missing_ok=True)
        os.mkfifo(path, 0o600)
        # Open for writing too, so that it does not end whenever no stand-in happens to run.
        self._requests = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        asyncio.get_running_loop().add_reader(self._requests, self._readable)

    async def stop(self) -> None:
        if self._requests >= 0:
            asyncio.get_running_loop().remove_reader(self._requests)
            os.close(self._requests)
            self._requests = -1
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _readable(self) -> None:
        *lines, self._partial = (self._partial + os.read(self._requests, 65536)).split(b"\n")
        for line in filter(bytes.isdigit, lines):
            task = asyncio.create_task(self._serve(int(line)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, pid: int) -> None:
        request, reply = self._calls / f"{pid}.request", self._calls / str(pid)
        try:
            user, program, *arguments = request.read_bytes().decode("utf-8", "surrogateescape").split("\0")[:-1]
            request.unlink()
            answer = await self._respond(Call(pid, user, program, arguments))
            _tell(reply, answer)
        except FileNotFoundError:
            return
        finally:
            reply.unlink(missing_ok=True)


def _tell(reply: Path, answer: Answer) -> None:
    data = _as_shell(answer).encode("utf-8", "surrogateescape") + b"\n"
    if len(data) > _PIPE_BYTES:
        raise ValueError(f"an answer of {len(data)} bytes is more than a stand-in can take")
    try:
        number = os.open(reply, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        # Killed while it waited.
        return
    try:
        os.write(number, data)
    finally:
        os.close(number)


def _as_shell(answer: Answer) -> str:
    parts = []
    if answer.output:
        parts.append(f"printf %b '{_escaped(answer.output)}'")
    if answer.errors:
        parts.append(f"printf %b '{_escaped(answer.errors)}' >&2")
    if answer.status < 0:
        parts.append(f"kill -{-answer.status} $$")
    parts.append(f"exit {max(answer.status, 0)}")
    return "; ".join(parts)


def _escaped(text: str) -> str:
    return text.translate({ord("\\"): "\\0134", ord("'"): "\\0047", ord("\n"): "\\0012"})
