# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A group of processes that lives and dies as one: what init's cgroup of a service is on the phone.

init kills the whole group when a service such as adbd stops; setsid, nohup and a double fork do not leave it
(core init/service.cpp). Unprivileged there is no cgroup to be had, so the group's first process adopts every orphan
of its descendants and kills them all before it goes.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
from typing import Any

from . import files, kernel
from .processes import descendants
from .wire import receive, send


class Group:
    """Serves the simulator from within the group."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._running: dict[int, int] = {}

    def serve(self) -> None:
        """Until the simulator closes the channel; then nothing of the group is alive any more."""
        waking, wakes = socket.socketpair()
        wakes.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._channel, selectors.EVENT_READ)
            selector.register(waking, selectors.EVENT_READ)
            while True:
                for key, _rest in selector.select():
                    if key.fileobj is waking:
                        waking.recv(4096)
                        self._reap()
                    elif not self._next():
                        self._kill()
                        return

    def _next(self) -> bool:
        received = receive(self._channel)
        if received is None:
            return False
        message, passed = received
        answer: dict[str, Any] = {"id": message["id"]}
        opened: tuple[int, ...] = ()
        try:
            value = self._do(message, passed)
            if message["op"] in ("open", "create"):
                opened = (value,)
            else:
                answer["value"] = value
        except OSError as problem:
            answer["errno"] = problem.errno
            answer["text"] = str(problem)
        for number in passed:
            os.close(number)
        try:
            send(self._channel, answer, opened)
        except OSError:
            return False
        for number in opened:
            os.close(number)
        self._reap()
        return True

    def _do(self, message: dict[str, Any], passed: list[int]) -> Any:
        match message["op"]:
            case "spawn":
                return self._spawn(message, passed)
            case "signal":
                return self._signal(message["pid"], message["signal"])
            case "stat":
                return files.stat(message["path"], message["follow"])
            case "list":
                return files.listing(message["path"])
            case "open":
                return os.open(message["path"], os.O_RDONLY)
            case "create":
                return files.create(message["path"], message["mode"])
            case "finish":
                return files.finish(message["path"], message["mode"], message["mtime"])
            case "remove":
                return files.remove(message["path"])
            case other:
                raise OSError(38, f"no operation {other!r}")

    def _spawn(self, message: dict[str, Any], passed: list[int]) -> int:
        if message.get("borrow") is not None:
            passed.extend(_borrowed(message["borrow"]))
        actions = [(os.POSIX_SPAWN_DUP2, number, target) for target, number in enumerate(passed)]
        pid = os.posix_spawn(
            message["argv"][0],
            message["argv"],
            message["env"],
            file_actions=actions,
            setsid=message["session"],
            setsigdef=[signal.SIGPIPE, signal.SIGCHLD],
        )
        self._running[pid] = message["id"]
        return pid

    def _signal(self, pid: int, number: int) -> None:
        if pid in self._running:
            os.kill(pid, number)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if self._running.pop(pid, None) is not None:
                try:
                    send(self._channel, {"exit": pid, "status": os.waitstatus_to_exitcode(status)})
                except OSError:
                    return

    def _kill(self) -> None:
        while True:
            for pid in descendants(os.getpid()):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                return


def _borrowed(pid: int) -> list[int]:
    """The standard streams of a waiting stand-in; which numbers they have: :mod:`lab.phone.standins`."""
    return [kernel.file_of(pid, number) for number in (4, 5, 6)]


def start(channel: socket.socket, others: list[socket.socket], user: str) -> int:
    """Fork a group with the rights of ``user``; its pid."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        for other in others:
            other.close()
        kernel.adopt_orphans()
        os.umask(0)
        if user == "shell":
            kernel.drop_capabilities()
        Group(channel).serve()
        status = 0
    finally:
        if (problem := sys.exception()) is not None:
            print(f"the phone's group of processes failed: {problem!r}", file=sys.stderr)
        os._exit(status)
