# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host end of adb on loopback: answers each connection by the next scene of a script."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import NamedTuple


class Refusal(NamedTuple):
    """The server says FAIL to the choice of a phone."""

    said: str


class Shell(NamedTuple):
    """The phone runs the script."""

    output: str | bytes = ""
    errors: str = ""
    code: int = 0


class ShellRefusal(NamedTuple):
    """The phone is there, and refuses the shell service."""

    said: str
    features: str = "shell_v2,cmd"
    """What the server says when it is asked for them afterwards."""


class Cut(NamedTuple):
    """The connection ends in the middle of the output; with no features, the server with it."""

    output: str = ""
    features: str | None = "shell_v2,cmd"


class Silence(NamedTuple):
    """Nothing comes, until the other side gives up."""


class Answer(NamedTuple):
    """A host service with a text, such as ``host:connect``."""

    text: str


KNOWN_STATES = ("device offline", "device unauthorized.")
"""What the server says of a phone instead of its features."""


class FakeAdbServer:
    def __init__(self, *scenes):
        self.scenes = list(scenes)
        self.asked = []
        self.features = "shell_v2,cmd"
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)
        assert not self._thread.is_alive()

    def _serve(self):
        while True:
            try:
                connection, _rest = self._socket.accept()
            except OSError:
                return
            connection.settimeout(5)
            with connection, suppress(OSError, EOFError):
                self._play(connection)

    def _play(self, connection):
        command = self._hear(connection)
        if command.startswith("host:disconnect:"):
            connection.sendall(b"OKAY" + _block("disconnected"))
            return
        if command.endswith("features"):
            if self.features in KNOWN_STATES:
                _fail(connection, self.features)
            else:
                connection.sendall(b"OKAY" + _block(self.features))
            return
        assert self.scenes, f"surplus request {command}"
        match self.scenes.pop(0):
            case Refusal(said):
                _fail(connection, said)
            case Answer(text):
                connection.sendall(b"OKAY" + _block(text))
            case Silence():
                connection.recv(1)
            case scene:
                self.features = getattr(scene, "features", self.features)
                if self.features is None:
                    self._socket.close()
                connection.sendall(b"OKAY")
                self._hear(connection)
                _run(connection, scene)

    def _hear(self, connection):
        length = int(_exactly(connection, 4), 16)
        command = _exactly(connection, length).decode()
        self.asked.append(command)
        return command


def _run(connection, scene):
    match scene:
        case ShellRefusal(said):
            _fail(connection, said)
        case Cut(output, _):
            connection.sendall(b"OKAY" + _packet(1, output.encode()) + b"\x01\xff")
        case Shell(output, errors, code):
            written = output if isinstance(output, bytes) else output.encode()
            packets = _packet(1, written) + _packet(2, errors.encode()) + _packet(3, bytes([code]))
            connection.sendall(b"OKAY" + packets)


def _fail(connection, said):
    connection.sendall(b"FAIL" + _block(said))


def _packet(kind, data):
    return bytes([kind]) + len(data).to_bytes(4, "little") + data


def _block(text):
    return f"{len(text.encode()):04x}{text}".encode()


def _exactly(connection, length):
    data = b""
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
