# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phone's init: owner of its namespaces and of its file system, parent of its groups of processes."""

from __future__ import annotations

import errno
import os
import selectors
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from . import group, kernel, root_directory
from .interface import TetherInterface, bring_loopback_up
from .processes import alive
from .wire import receive, send

SHELL_UID = 2000


class Init:
    """Serves the simulator. Process 1 of its PID namespace: when it ends, the kernel ends everything in the phone."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._groups: set[int] = set()
        self._protected: set[str] = set()
        self._interface = TetherInterface()
        self._listeners: dict[str, socket.socket] = {}

    def serve(self) -> None:
        """Until the simulator closes the channel."""
        waking, wakes = socket.socketpair()
        wakes.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        send(self._channel, {"ready": True})
        with selectors.DefaultSelector() as selector:
            selector.register(self._channel, selectors.EVENT_READ)
            selector.register(waking, selectors.EVENT_READ)
            while True:
                for key, _rest in selector.select():
                    if key.fileobj is waking:
                        waking.recv(4096)
                        self._reap()
                    elif not self._next([waking, wakes]):
                        return

    def _next(self, own: list[socket.socket]) -> bool:
        received = receive(self._channel)
        if received is None:
            return False
        message, passed = received
        answer: dict[str, Any] = {"id": message["id"]}
        opened: tuple[int, ...] = ()
        try:
            if message["op"] == "connect":
                opened = (_connected(message["port"]),)
            else:
                answer["value"] = self._do(message, passed, own)
        except OSError as problem:
            answer["errno"] = problem.errno
            answer["text"] = str(problem)
        for number in passed:
            os.close(number)
        send(self._channel, answer, opened)
        for number in opened:
            os.close(number)
        return True

    def _do(self, message: dict[str, Any], passed: list[int], own: list[socket.socket]) -> Any:
        match message["op"]:
            case "group":
                with socket.socket(fileno=os.dup(passed[0])) as channel:
                    self._groups.add(group.start(channel, [*own, self._channel], message["user"]))
            case "processes":
                hidden = self._groups | {os.getpid()}
                return [
                    {"pid": one.pid, "command": one.command, "leads": one.pid == one.session}
                    for one in alive()
                    if one.pid not in hidden
                ]
            case "full":
                root_directory.fill_data(message["full"])
            case "protect":
                self._protect(message["path"], message["protect"])
            case "interface":
                self._interface.become(message["name"], message["address"], message["netmask"])
            case "listen":
                self._listen(message["name"], message["there"])
            case "empty":
                root_directory.empty_data()
            case "make_directory":
                os.makedirs(message["path"], exist_ok=True)
            case "executables":
                return _executables(message["path"])
            case other:
                raise OSError(errno.ENOSYS, f"no operation {other!r}")
        return None

    def _protect(self, path: str, protect: bool) -> None:
        if protect == (path in self._protected):
            return
        root_directory.protect(path, protect)
        self._protected ^= {path}

    def _listen(self, name: str, there: bool) -> None:
        """A socket in the abstract name space, which ``/proc/net/unix`` tells of."""
        old = self._listeners.pop(name, None)
        if old is not None:
            old.close()
        if there:
            listener = self._listeners[name] = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listener.bind(f"\0{name}")
            listener.listen()

    def _reap(self) -> None:
        while True:
            try:
                pid, _rest = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._groups.discard(pid)


def _connected(port: int) -> int:
    """A connection to a port within the phone, as a file."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.connect(("127.0.0.1", port))
        return connection.detach()


def _executables(path: str) -> list[str]:
    try:
        names = sorted(os.listdir(path))
    except FileNotFoundError:
        return []
    found = [os.path.join(path, name) for name in names]
    return [name for name in found if os.path.isfile(name) and os.stat(name).st_mode & 0o100]


def main(number: int) -> None:
    """Enter the phone and serve on the inherited socket ``number``."""
    with socket.socket(fileno=number) as channel:
        received = receive(channel)
        if received is None:
            return
        description, _rest = received
        try:
            child = _enter()
            if child == 0:
                bring_loopback_up()
                root_directory.build(Path(description["root"]), description)
        except OSError as problem:
            send(channel, {"failed": str(problem), "errno": problem.errno})
            os._exit(1)
        if child == 0:
            try:
                Init(channel).serve()
            finally:
                if (failure := sys.exception()) is not None:
                    print(f"the phone's init failed: {failure!r}", file=sys.stderr)
                os._exit(0)
    os.waitpid(child, 0)


def _enter() -> int:
    """New namespaces, in which whoever runs this is the phone's user shell; 0 in process 1 of them."""
    user, group_id = os.getuid(), os.getgid()
    if user == 0:
        os.setgroups([])
    kernel.unshare(kernel.CLONE_NEWUSER, "user")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{SHELL_UID} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{SHELL_UID} {group_id} 1")
    kernel.unshare(kernel.CLONE_NEWNS, "mount")
    # Without a network of its own, a command on the phone could reach the real one.
    kernel.unshare(kernel.CLONE_NEWNET, "network")
    kernel.unshare(kernel.CLONE_NEWPID, "PID")
    return os.fork()
