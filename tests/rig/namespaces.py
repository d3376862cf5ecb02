# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network namespaces of our own: made, entered, and removed whatever happens."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lab.parent import lives

MOST = 64
"""Of ours on a machine at a time: more would be a test gone wrong."""

_DIRECTORY = Path("/run/netns")
_NAME = re.compile(r"dualwan-rig-(\d+)-[a-z]+")
_CLONE_NEWNET = 0x40000000


class RigError(Exception):
    """What the machine did not let the rig do."""


def run(command: Sequence[str], text: str = "") -> None:
    """Run a program with ``text`` as its input. Raises RigError with what it said."""
    done = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
    if done.returncode:
        raise RigError(f"{' '.join(command)}: {done.stderr.strip()}")


@contextmanager
def namespaces(roles: Sequence[str]) -> Iterator[dict[str, str]]:
    """The names of new namespaces, by role. They bear the number of this process, which is their owner."""
    sweep()
    named = {role: f"dualwan-rig-{os.getpid()}-{role}" for role in roles}
    if len(_ours()) + len(named) > MOST:
        raise RigError(f"more than {MOST} namespaces of rigs on this machine")
    with ExitStack() as made:
        for name in named.values():
            run(["ip", "netns", "add", name])
            made.callback(remove, name)
        yield named


def remove(name: str) -> None:
    """Its interfaces go with it, once nobody is left in it."""
    try:
        run(["ip", "netns", "delete", name])
    except RigError:
        if (_DIRECTORY / name).exists():
            raise  # else somebody who swept was quicker


def sweep() -> list[str]:
    """Remove what rigs left behind that were killed; those of a process that lives are its own affair."""
    left = [name for name, owner in _ours().items() if not lives(owner)]
    for name in left:
        remove(name)
    return left


def _ours() -> dict[str, int]:
    names = (path.name for path in _DIRECTORY.glob("dualwan-rig-*"))
    return {name: int(match[1]) for name in names if (match := _NAME.fullmatch(name))}


@contextmanager
def inside(name: str) -> Iterator[None]:
    """For this thread, and the programs it starts. A socket stays in the namespace in which it was made."""
    setns = ctypes.CDLL(None, use_errno=True).setns  # os.setns is there from Python 3.12 on
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        there = os.open(_DIRECTORY / name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _enter(setns, there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            _enter(setns, home)
    finally:
        os.close(home)


def _enter(setns: ctypes._NamedFuncPointer, descriptor: int) -> None:
    if setns(descriptor, _CLONE_NEWNET):
        raise RigError(f"setns: {os.strerror(ctypes.get_errno())}")


def lacking() -> str:
    """What a rig needs and this machine does not have; nothing where it can be made."""
    if os.geteuid() != 0:
        return "root, for network namespaces"
    for program in ("ip", "tc"):
        if not shutil.which(program):
            return f"{program} (package iproute2)"
    if not Path("/dev/net/tun").exists():
        return "/dev/net/tun"
    try:
        with namespaces(["trial"]):
            return ""
    except RigError as error:
        return f"network namespaces ({error})"
