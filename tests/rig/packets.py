# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IPv4 and ICMP, as much as a cable that breaks and a daemon that pings need."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from functools import cached_property

ICMP, TCP, UDP = socket.IPPROTO_ICMP, socket.IPPROTO_TCP, socket.IPPROTO_UDP

ECHO, ECHO_REPLY, UNREACHABLE = 8, 0, 3
_HOST_UNREACHABLE = 1
_QUOTED = 28
"""Bytes of a packet that an error quotes: its header and eight more."""


@dataclass(frozen=True)
class Packet:
    """As it lies in an interface without link header."""

    raw: bytes

    @property
    def is_ipv4(self) -> bool:
        return len(self.raw) >= 20 and self.raw[0] >> 4 == 4

    @property
    def protocol(self) -> int:
        return self.raw[9]

    @cached_property
    def source(self) -> str:
        return socket.inet_ntoa(self.raw[12:16])

    @cached_property
    def destination(self) -> str:
        return socket.inet_ntoa(self.raw[16:20])

    @property
    def is_error(self) -> bool:
        return self.protocol == ICMP and self.payload[:1] == bytes([UNREACHABLE])

    @property
    def payload(self) -> bytes:
        return self.raw[(self.raw[0] & 15) * 4 :]


def echo(identifier: int, number: int) -> bytes:
    """A ping, as the daemon of the firmware sends it: 32 bytes of data (``ping -s32``)."""
    return _icmp(ECHO, 0, struct.pack("!HH", identifier, number) + bytes(32))


def unreachable(packet: Packet, sender: str) -> bytes:
    """The error that a gateway sends to where a packet came from."""
    body = _icmp(UNREACHABLE, _HOST_UNREACHABLE, bytes(4) + packet.raw[:_QUOTED])
    head = struct.pack(
        "!BBHHHBBH4s4s",
        0x45, 0, 20 + len(body), 0, 0, 64, ICMP, 0, socket.inet_aton(sender), packet.raw[12:16],
    )  # fmt: skip
    return head[:10] + struct.pack("!H", _checksum(head)) + head[12:] + body


def _icmp(kind: int, code: int, rest: bytes) -> bytes:
    head = struct.pack("!BBH", kind, code, 0)
    return head[:2] + struct.pack("!H", _checksum(head + rest)) + rest


def _checksum(data: bytes) -> int:
    padded = data + bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return int(~total & 0xFFFF)
