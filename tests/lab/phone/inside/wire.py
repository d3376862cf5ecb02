# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages between the simulator and the processes within the phone: one JSON object and some open files each."""

from __future__ import annotations

import array
import json
import os
import socket
from typing import Any

LARGEST = 1 << 20
"""Bytes in one message: a directory's listing is the longest there is."""

_FILES = 4


def send(channel: socket.socket, message: dict[str, Any], files: tuple[int, ...] = ()) -> None:
    """Send one message; the files stay open here too."""
    data = json.dumps(message).encode()
    socket.send_fds(channel, [data], list(files))


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next message and its files (closed on exec), or None when the other end has gone."""
    room = socket.CMSG_SPACE(_FILES * array.array("i").itemsize)
    try:
        data, ancillary, _flags, _sender = channel.recvmsg(LARGEST, room, socket.MSG_CMSG_CLOEXEC)
    except ConnectionResetError:
        return None
    files: list[int] = []
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            numbers = array.array("i")
            numbers.frombytes(payload[: len(payload) - len(payload) % numbers.itemsize])
            files.extend(numbers)
    if not data:
        for number in files:
            os.close(number)
        return None
    message: dict[str, Any] = json.loads(data)
    return message, files
