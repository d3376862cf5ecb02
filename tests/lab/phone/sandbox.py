# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phone as a place: its namespaces, its file system and the groups of processes in them.

Everything started on the phone lives in user, mount, PID and network namespaces with a root directory of its own.
That needs Linux and leave to make user namespaces, which root in a plain container and users under some AppArmor
rules lack; the phone is then not simulated at all rather than by half.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .channel import Channel, GroupGone
from .inside.wire import receive, send

ENVIRONMENT = {
    "PATH": "/product/bin:/system/bin:/system/xbin:/vendor/bin",
    "HOME": "/",
    "USER": "shell",
    "LOGNAME": "shell",
    "SHELL": "/bin/sh",
    "TERM": "dumb",
    "TMPDIR": "/data/local/tmp",
    "ANDROID_ROOT": "/system",
    "ANDROID_DATA": "/data",
    "EXTERNAL_STORAGE": "/sdcard",
}

_APPLETS = frozenset(
    """
    base64 basename blkid cal cat chmod chown chroot chrt cksum clear cmp comm cp cpio cut date dd diff dirname dos2unix
    du echo egrep env expand expr fallocate false fgrep file find flock fmt getconf grep groups gunzip gzip head
    hostname iconv id inotifyd install ionice kill killall ln logname ls lsof md5sum mkdir mkfifo mktemp mountpoint mv
    nice nl nohup nproc od paste patch pgrep pidof pkill printenv printf ps pwd readlink realpath renice rev rm rmdir
    sed seq setsid sha1sum sha224sum sha256sum sha384sum sha512sum sleep sort split stat strings stty sync tac tail
    tar taskset tee test time timeout touch tr true truncate tty ulimit umount uname uniq unix2dos unlink uptime usleep
    uudecode uuencode vmstat watch wc which whoami xargs xxd yes zcat df
    """.split()
)
"""What Android 14's toybox has and the simulation can answer for; nothing that shows the host's devices or network."""

_STARTERS = frozenset("chrt env flock ionice nice nohup setsid timeout watch xargs".split())
"""Taken from the host where it has them: toybox runs what it has itself without a look at PATH, and Debian's has more
than Android's. With it `timeout 5 su` would start a su that no phone has."""

_HOST_PATH = "/usr/bin:/bin:/usr/sbin:/sbin"

_NOT_ALLOWED = {errno.EPERM, errno.EACCES, errno.ENOSPC, errno.EINVAL, errno.ENOSYS}


class NotSimulated(NotImplementedError):
    """This machine cannot hold a phone; the text says what is missing."""


@dataclass
class Running:
    """A command on the phone."""

    pid: int
    group: Group = field(repr=False)
    status: asyncio.Future[int] = field(repr=False)

    def hang_up(self) -> None:
        """The client has gone: SIGHUP, if the command still runs."""
        if not self.status.done():
            self.group.channel.tell("signal", pid=self.pid, signal=signal.SIGHUP)


class Group:
    """Processes that init kills together, see :mod:`lab.phone.inside.group`."""

    def __init__(self, own: socket.socket) -> None:
        self._running: dict[int, asyncio.Future[int]] = {}
        self._early: dict[int, int] = {}
        self.channel = Channel(own, self._told)

    async def spawn(
        self,
        argv: list[str],
        files: tuple[int, ...] = (),
        environment: dict[str, str] | None = None,
        *,
        session: bool = True,
        borrow: int | None = None,
    ) -> Running:
        """Start a program with these files as standard input, output and error (or with those of ``borrow``)."""
        asking = asyncio.ensure_future(
            self.channel.ask("spawn", files, argv=argv, env=environment or ENVIRONMENT, session=session, borrow=borrow)
        )
        try:
            pid: int = await asyncio.shield(asking)
        except asyncio.CancelledError:
            # Who asked has gone before there was an answer: as if it had gone right after it.
            asking.add_done_callback(self._hang_up_on)
            raise
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        early = self._early.pop(pid, None)
        if early is None:
            self._running[pid] = future
        else:
            future.set_result(early)
        return Running(pid, self, future)

    def _hang_up_on(self, asked: asyncio.Task[int]) -> None:
        if not asked.cancelled() and asked.exception() is None:
            self.channel.tell("signal", pid=asked.result(), signal=signal.SIGHUP)

    async def kill(self) -> None:
        """SIGKILL to all, and back when the last one is gone."""
        self.channel.end()
        await self.channel.gone.wait()
        for future in self._running.values():
            if not future.done():
                future.set_result(-9)
        self._running.clear()

    def _told(self, message: dict[str, Any]) -> None:
        future = self._running.pop(message["exit"], None)
        if future is None:
            self._early[message["exit"]] = message["status"]
        elif not future.done():
            future.set_result(message["status"])


class Sandbox:
    """Init's end in the simulator."""

    def __init__(self, root: Path, programs: dict[str, str], adbd: Path | None = None) -> None:
        self.root = root
        self._adbd = adbd
        self._programs = programs
        self.extra_programs = root / "xbin"
        """On the host what is ``/system/xbin`` on the phone: programs may come and go in it."""
        self.classes = root / "class"
        """On the host what is ``/sys/class`` on the phone."""
        self.power = root / "power"
        """And ``/sys/power``."""
        self._init: Channel | None = None
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Make the phone's namespaces and file system. Raises NotSimulated."""
        mount_point = self.root / "root"
        mount_point.mkdir(parents=True, exist_ok=True)
        own, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            send(own, self._description(mount_point))
            program = (
                f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); "
                f"from inside.init import main; main({theirs.fileno()})"
            )
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-S", "-s", "-E", "-B", "-"), stdin=subprocess.PIPE, pass_fds=[theirs.fileno()]
            )
            # Not on the command line: what the phone's `pgrep -f` sees of its init should match nothing.
            assert self._process.stdin is not None
            self._process.stdin.write(program.encode())
            self._process.stdin.close()
        received = await asyncio.get_running_loop().run_in_executor(None, receive, own)
        if received is None or "ready" not in received[0]:
            own.close()
            await self._process.wait()
            raise _explained(received[0] if received else {})
        self._init = Channel(own, lambda message: None)

    async def stop(self) -> None:
        """End everything in the phone; its storage is gone with it."""
        if self._init is not None:
            self._init.end()
            await self._init.gone.wait()
        if self._process is not None:
            await self._process.wait()

    async def group(self, user: str) -> Group:
        """A new group with the rights of ``shell`` or of ``root``."""
        own, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            await self.ask("group", (theirs.fileno(),), user=user)
        return Group(own)

    async def ask(self, operation: str, files: tuple[int, ...] = (), **details: Any) -> Any:
        """Have init do something."""
        if self._init is None:
            raise GroupGone("the phone was not started")
        return await self._init.ask(operation, files, **details)

    async def ask_file(self, operation: str, **details: Any) -> int:
        """As :meth:`ask`, for what opens a file: its number in this process."""
        if self._init is None:
            raise GroupGone("the phone was not started")
        return await self._init.ask_file(operation, **details)

    def tell(self, operation: str, **details: Any) -> None:
        """As :meth:`ask`, and don't care what comes of it."""
        if self._init is not None:
            self._init.tell(operation, **details)

    def _description(self, mount_point: Path) -> dict[str, Any]:
        calls = self.root / "calls"
        calls.mkdir(exist_ok=True)
        for path in (self.extra_programs, self.classes, self.power):
            path.mkdir(exist_ok=True)
        host = {name: _host_program(name) for name in ("mkfifo", "unshare", "setsid")}
        host["sh"] = os.path.realpath("/bin/sh")
        links: dict[str, str] = {}
        toybox = shutil.which("toybox", path=_HOST_PATH)
        if toybox is not None:
            host["toybox"] = os.path.realpath(toybox)
            has = set(subprocess.run([toybox], capture_output=True, text=True, check=True).stdout.split())
            links.update(dict.fromkeys(_APPLETS & has, "/lab/bin/toybox"))
            for name in _STARTERS:
                if shutil.which(name, path=_HOST_PATH) is not None:
                    links.pop(name, None)
            links["toybox"] = "/lab/bin/toybox"
        for name in sorted(_APPLETS - set(links)):
            found = shutil.which(name, path=_HOST_PATH)
            if found is not None:
                host[name] = os.path.realpath(found)
                links[name] = f"/lab/bin/{name}"
        mksh = shutil.which("mksh", path=_HOST_PATH)
        if mksh is not None:
            host["mksh"] = os.path.realpath(mksh)
        links["sh"] = "/lab/bin/mksh" if mksh is not None else "/lab/bin/sh"
        for name in self._programs:
            links.pop(name, None)
        return {
            "root": str(mount_point),
            "calls": str(calls),
            "extra_programs": str(self.extra_programs),
            "adbd": None if self._adbd is None else str(self._adbd),
            "classes": str(self.classes),
            "power": str(self.power),
            "host_programs": host,
            "links": links,
            "scripts": self._programs,
        }


def _host_program(name: str) -> str:
    found = shutil.which(name, path=_HOST_PATH)
    if found is None:
        raise NotSimulated(f"not simulated: the phone needs the program {name} of this machine (coreutils, util-linux)")
    return os.path.realpath(found)


def _explained(failure: dict[str, Any]) -> NotSimulated:
    text = failure.get("failed", "its first process ended without a word")
    if failure.get("errno") in _NOT_ALLOWED:
        text += (
            "; this machine does not let the lab make user and mount namespaces. In a container, run it with"
            " --privileged; on Ubuntu 24.04 and later, sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )
    return NotSimulated(f"not simulated: no place for the phone: {text}")
