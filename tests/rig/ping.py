# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``ping -c1 -w…`` in a namespace."""

from __future__ import annotations

import asyncio
import enum
import itertools
import socket
import struct

from .namespaces import inside
from .packets import ECHO, ECHO_REPLY, UNREACHABLE, Packet, echo

_numbers = itertools.count(1)


class Answer(enum.Enum):
    REPLY = "reply"
    ERROR = "error"
    NONE = "none"


async def ping(namespace: str, target: str, seconds: float, interface: str = "") -> Answer:
    """Send one, by the route or by an interface, and wait so long at the most for what comes back."""
    identifier = next(_numbers) & 0xFFFF
    with inside(namespace):
        way = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    with way:
        way.setblocking(False)
        if interface:
            way.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendto(way, echo(identifier, 1), (target, 0))
            return await asyncio.wait_for(_answer(way, identifier), seconds)
        except TimeoutError:
            return Answer.NONE
        except OSError:
            return Answer.ERROR


async def _answer(way: socket.socket, identifier: int) -> Answer:
    while True:
        message = Packet(await asyncio.get_running_loop().sock_recv(way, 2048)).payload
        if message[0] == ECHO_REPLY and _identifier(message) == identifier:
            return Answer.REPLY
        if message[0] == UNREACHABLE:
            quoted = Packet(message[8:]).payload
            if quoted[:1] == bytes([ECHO]) and _identifier(quoted) == identifier:
                return Answer.ERROR


def _identifier(message: bytes) -> int:
    return int(struct.unpack_from("!H", message, 4)[0])
