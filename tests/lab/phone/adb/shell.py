# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services that run a command: ``shell:``, ``shell,v2,…:`` and ``exec:``.

Commands get a session of their own and a SIGHUP when the client goes; the service ends when nobody holds its output
open any more, which is why a careless ``&`` keeps a client waiting (adb 34 shell_service.cpp).
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import struct
import termios
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

from ..sandbox import ENVIRONMENT, Group, Running
from .stream import Stream, StreamClosed

STDIN, STDOUT, STDERR, EXIT, CLOSE_STDIN, WINDOW_SIZE = range(6)
"""Packets of the shell protocol (adb shell_protocol.h)."""

_HEADER = struct.Struct("<BI")
_CHUNK = 32768
_SHELL = "/system/bin/sh"

Write = Callable[[bytes], Awaitable[None]]


async def plain(group: Group, command: str, stream: Stream) -> None:
    """``shell:`` and ``exec:``: both outputs in one, no exit code."""
    await stream.accept()
    output, child_output = os.pipe()
    child_input, own_input = os.pipe()
    running = await _spawn(group, _arguments(command), (child_input, child_output, child_output))
    async with _attended(running, _feed_plain(stream, own_input, running)):
        await _copy(output, stream.write)


async def version_2(group: Group, command: str, options: set[str], stream: Stream) -> None:
    """``shell,v2,…:``: separate outputs, input that can end, an exit code. A terminal only where asked for."""
    await stream.accept()

    def packet(kind: int) -> Write:
        async def send(data: bytes) -> None:
            await stream.write(_HEADER.pack(kind, len(data)) + data)

        return send

    if "pty" in options:
        await _terminal(group, command, options, stream, packet(STDOUT), packet(EXIT))
        return
    output, child_output = os.pipe()
    errors, child_errors = os.pipe()
    child_input, own_input = os.pipe()
    running = await _spawn(group, _arguments(command), (child_input, child_output, child_errors))
    async with _attended(running, _feed(stream, own_input, running)):
        await asyncio.gather(_copy(output, packet(STDOUT)), _copy(errors, packet(STDERR)))
        await packet(EXIT)(bytes([_exit_code(await running.status)]))


async def _terminal(group: Group, command: str, options: set[str], stream: Stream, write: Write, finish: Write) -> None:
    own, child = pty.openpty()
    kinds = [option.removeprefix("TERM=") for option in options if option.startswith("TERM=")]
    environment = {**ENVIRONMENT, "TERM": kinds[0] if kinds else "dumb"}
    argv = ["/lab/bin/setsid", "--ctty", *_arguments(command)]
    try:
        running = await group.spawn(argv, (child, child, child), environment, session=False)
    finally:
        os.close(child)
    async with _attended(running, _feed(stream, os.dup(own), running)):
        await _copy(own, write)
        await finish(bytes([_exit_code(await running.status)]))


@contextlib.asynccontextmanager
async def _attended(running: Running, feeding: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Feed the command meanwhile; if the conversation breaks off, whether by the client or the cable, hang up."""
    task = asyncio.create_task(feeding)
    try:
        yield
    except BaseException:
        running.hang_up()
        raise
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _arguments(command: str) -> list[str]:
    return [_SHELL, "-c", command] if command else [_SHELL]


def _exit_code(status: int) -> int:
    return 128 - status if status < 0 else status


async def _spawn(group: Group, argv: list[str], files: tuple[int, int, int]) -> Running:
    try:
        return await group.spawn(argv, files)
    finally:
        for number in set(files):
            os.close(number)


async def _copy(source: int, write: Write) -> None:
    """From a pipe or a terminal to ``write`` until nobody holds the other end."""
    loop = asyncio.get_running_loop()
    os.set_blocking(source, False)
    try:
        while True:
            try:
                data = os.read(source, _CHUNK)
            except BlockingIOError:
                readable = loop.create_future()
                loop.add_reader(source, _wake, readable)
                try:
                    await readable
                finally:
                    loop.remove_reader(source)
                continue
            except OSError:
                # A terminal whose last user has gone.
                return
            if not data:
                return
            await write(data)
    finally:
        os.close(source)


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


async def _feed(stream: Stream, target: int, running: Running) -> None:
    """What the client types, by packets; hang up when it goes."""
    is_open = True
    try:
        while True:
            kind, length = _HEADER.unpack(await stream.read(_HEADER.size))
            data = await stream.read(length)
            if kind == STDIN and is_open:
                is_open = await _write(target, data)
            elif kind == CLOSE_STDIN and is_open:
                os.close(target)
                is_open = False
            elif kind == WINDOW_SIZE:
                _resize(target, data)
    except StreamClosed:
        running.hang_up()
    finally:
        if is_open:
            os.close(target)


async def _feed_plain(stream: Stream, target: int, running: Running) -> None:
    try:
        while await _write(target, await stream.read_some()):
            pass
    except StreamClosed:
        running.hang_up()
    finally:
        os.close(target)


async def _write(target: int, data: bytes) -> bool:
    """False when nobody reads any more."""
    loop = asyncio.get_running_loop()
    os.set_blocking(target, False)
    while data:
        try:
            data = data[os.write(target, data) :]
        except BlockingIOError:
            writable = loop.create_future()
            loop.add_writer(target, _wake, writable)
            try:
                await writable
            finally:
                loop.remove_writer(target)
        except OSError:
            return False
    return True


def _resize(terminal: int, data: bytes) -> None:
    try:
        rows, columns, width, height = (int(part) for part in data.decode().replace("x", ",").split(","))
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, width, height))
    except (ValueError, OSError):
        return
