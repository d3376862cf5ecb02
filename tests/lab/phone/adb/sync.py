# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file service ``sync:``, first version and the second one's stat (adb SYNC.TXT, file_sync_protocol.h)."""

from __future__ import annotations

import errno
import os
import stat
import struct
from typing import Any

from ..channel import GroupGone
from ..sandbox import Group
from .stream import Stream

LARGEST_DATA = 64 * 1024

_REQUEST = struct.Struct("<4sI")
_STAT_1 = struct.Struct("<4sIII")
_ENTRY_1 = struct.Struct("<4sIIII")
_STAT_2 = struct.Struct("<4sIQQIIIIQqqq")


async def serve(group: Group, stream: Stream) -> None:
    """Requests until QUIT or the host closes."""
    await stream.accept()
    while True:
        kind, length = _REQUEST.unpack(await stream.read(_REQUEST.size))
        if kind == b"QUIT":
            return
        path = (await stream.read(length)).decode("utf-8", "surrogateescape")
        match kind:
            case b"STAT":
                await _stat_1(group, stream, path)
            case b"STA2" | b"LST2":
                await _stat_2(group, stream, kind, path)
            case b"LIST":
                await _list(group, stream, path)
            case b"RECV":
                await _receive(group, stream, path)
            case b"SEND":
                await _send(group, stream, path)
            case _:
                await _fail(stream, f"unknown command {kind!r}")
                return


async def _stat_1(group: Group, stream: Stream, path: str) -> None:
    try:
        found: dict[str, int] = await group.channel.ask("stat", path=path, follow=False)
    except GroupGone:
        raise
    except OSError:
        # The first version has no room for an error: all zero means that there is no such file.
        found = {"mode": 0, "size": 0, "mtime": 0}
    await stream.write(_STAT_1.pack(b"STAT", found["mode"], found["size"] & 0xFFFFFFFF, found["mtime"]))


async def _stat_2(group: Group, stream: Stream, kind: bytes, path: str) -> None:
    try:
        found: dict[str, int] = await group.channel.ask("stat", path=path, follow=kind == b"STA2")
    except GroupGone:
        raise
    except OSError as problem:
        await stream.write(_STAT_2.pack(kind, problem.errno or errno.EIO, *(0,) * 10))
        return
    names = ("dev", "ino", "mode", "nlink", "uid", "gid", "size", "atime", "mtime", "ctime")
    await stream.write(_STAT_2.pack(kind, 0, *(found[name] for name in names)))


async def _list(group: Group, stream: Stream, path: str) -> None:
    try:
        entries: list[dict[str, Any]] = await group.channel.ask("list", path=path)
    except GroupGone:
        raise
    except OSError:
        entries = []
    for entry in entries:
        name = entry["name"].encode("utf-8", "surrogateescape")
        size = entry["size"] & 0xFFFFFFFF
        await stream.write(_ENTRY_1.pack(b"DENT", entry["mode"], size, entry["mtime"], len(name)) + name)
    await stream.write(_ENTRY_1.pack(b"DONE", 0, 0, 0, 0))


async def _receive(group: Group, stream: Stream, path: str) -> None:
    try:
        number = await group.channel.ask_file("open", path=path)
    except GroupGone:
        raise
    except OSError as problem:
        await _fail(stream, f"open failed: {os.strerror(problem.errno or errno.EIO)}")
        return
    with os.fdopen(number, "rb") as file:
        try:
            while data := file.read(LARGEST_DATA):
                await stream.write(_REQUEST.pack(b"DATA", len(data)) + data)
        except IsADirectoryError as problem:
            await _fail(stream, f"read failed: {problem.strerror}")
            return
    await stream.write(_REQUEST.pack(b"DONE", 0))


async def _send(group: Group, stream: Stream, request: str) -> None:
    path, _mark, text = request.rpartition(",")
    try:
        mode = int(text, 10)
    except ValueError:
        await _fail(stream, "missing , in ID_SEND")
        return
    problem = ""
    file = None
    if stat.S_ISLNK(mode):
        problem = "not simulated: the push of a symbolic link"
    else:
        # adbd gives group and others what the user has, and runs without a umask.
        user = mode & 0o700
        mode = user | user >> 3 | user >> 6
        try:
            file = os.fdopen(await group.channel.ask_file("create", path=path, mode=mode), "wb", buffering=0)
        except GroupGone:
            raise
        except OSError as error:
            problem = f"couldn't create file: {os.strerror(error.errno or errno.EIO)}"
    try:
        while True:
            kind, length = _REQUEST.unpack(await stream.read(_REQUEST.size))
            if kind == b"DONE":
                break
            data = await stream.read(length)
            if file is not None and not problem:
                problem = _write_all(file.fileno(), data)
    finally:
        if file is not None:
            file.close()
    if problem:
        if file is not None:
            await group.channel.ask("remove", path=path)
        await _fail(stream, problem)
        return
    await group.channel.ask("finish", path=path, mode=mode, mtime=length)
    await stream.write(_REQUEST.pack(b"OKAY", 0))


def _write_all(number: int, data: bytes) -> str:
    """What went wrong, or nothing."""
    try:
        while data:
            data = data[os.write(number, data) :]
    except OSError as error:
        return f"write failed: {os.strerror(error.errno or errno.EIO)}"
    return ""


async def _fail(stream: Stream, text: str) -> None:
    data = text.encode()
    await stream.write(_REQUEST.pack(b"FAIL", len(data)) + data)
