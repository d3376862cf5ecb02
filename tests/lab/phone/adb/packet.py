# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of the ADB transport: 24 bytes of header and a payload (adb protocol.txt)."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

CNXN = b"CNXN"
AUTH = b"AUTH"
OPEN = b"OPEN"
OKAY = b"OKAY"
WRTE = b"WRTE"
CLSE = b"CLSE"

VERSION = 0x01000001
"""From this version on nobody looks at the checksum."""

LARGEST_PAYLOAD = 1 << 20
_OLD_VERSION = 0x01000000
_HEADER = struct.Struct("<4sIIIII")


@dataclass(frozen=True)
class Packet:
    command: bytes
    first: int
    second: int
    data: bytes = b""


async def read(reader: asyncio.StreamReader) -> Packet:
    """The next message. Raises ValueError for what is not ADB, EOFError (IncompleteReadError) at the end."""
    command, first, second, length, _rest, magic = _HEADER.unpack(await reader.readexactly(_HEADER.size))
    if magic != int.from_bytes(command, "little") ^ 0xFFFFFFFF or length > LARGEST_PAYLOAD:
        raise ValueError(f"not an ADB message: {command!r}, {length} bytes")
    return Packet(command, first, second, await reader.readexactly(length))


def encode(packet: Packet, version: int = _OLD_VERSION) -> bytes:
    """The message as bytes; with its checksum for a host so old that it looks."""
    total = sum(packet.data) & 0xFFFFFFFF if version <= _OLD_VERSION else 0
    magic = int.from_bytes(packet.command, "little") ^ 0xFFFFFFFF
    header = _HEADER.pack(packet.command, packet.first, packet.second, len(packet.data), total, magic)
    return header + packet.data
