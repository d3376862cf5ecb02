# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backup that ``Settings_*.CFG`` gives and ``upload.cgi`` takes (web API facts 5, and the public nvram utility).

``HDR1`` is plain. ``HDR2`` turns every byte by a random one that stands in its head, and hides the ends of values.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from .nvram import Nvram
from .profiles import Profile

PLAIN = b"HDR1"
TURNED = b"HDR2"

_HEAD = 8
_ROUND_UP_TO = 1024
_MOST_TURN = 30
_FIRST_END = 0xFD
"""From here on a byte of ``HDR2`` stands for NUL. A turn may carry a control character here: its value ends there."""


class NotASettingsFile(ValueError):
    """Its head is wrong, or it is shorter than its head says."""


class SettingsFile:
    """As this firmware writes it."""

    def __init__(self, nvram: Nvram, profile: Profile) -> None:
        self._nvram = nvram
        self._profile = profile

    def dump(self, *, with_ddns: bool) -> bytes:
        """Every password is in it. Making one also forgets asus_device_list and commits."""
        self._nvram.unset("asus_device_list")
        self._nvram.commit()
        values = self._nvram.all()
        if not with_ddns and "ddns_hostname_x" in values:
            values["ddns_hostname_x"] = ""
        if self._profile.settings_file == "HDR2":
            return turned(values, secrets.randbelow(_MOST_TURN))
        return plain(values)


def plain(values: Mapping[str, str]) -> bytes:
    """``HDR1``, the length in 32 bits, and names and values."""
    body = _padded(values)
    return PLAIN + len(body).to_bytes(4, "little") + body


def turned(values: Mapping[str, str], turn: int) -> bytes:
    """``HDR2``, the length in 24 bits, ``turn``, and names and values turned by it."""
    body = _padded(values)
    return (
        TURNED
        + len(body).to_bytes(3, "little")
        + bytes([turn])
        + bytes((0xFF - byte + turn) & 0xFF if byte else _FIRST_END + secrets.randbelow(3) for byte in body)
    )


def entries(data: bytes) -> list[tuple[str, str | None]]:
    """Names and values in a file of either form; None is a name that is to be unset.

    It ends at the first empty entry, or behind the first without ``=``, as the utility's reading does. Raises
    NotASettingsFile.
    """
    magic, body = data[:4], data[_HEAD:]
    if len(data) < _HEAD or magic not in (PLAIN, TURNED):
        raise NotASettingsFile("no HDR1 or HDR2 at its start")
    length = int.from_bytes(data[4:8] if magic == PLAIN else data[4:7], "little")
    if length > len(body):
        raise NotASettingsFile(f"{len(body)} bytes of {length}")
    body = body[:length]
    if magic == TURNED:
        body = bytes(0 if byte >= _FIRST_END else (0xFF + data[7] - byte) & 0xFF for byte in body)
    found: list[tuple[str, str | None]] = []
    for piece in body.split(b"\0"):
        name, mark, value = piece.decode("utf-8", "surrogateescape").partition("=")
        if not mark:
            found += [(name, None)] if name else []
            break
        found.append((name, value))
    return found


def _padded(values: Mapping[str, str]) -> bytes:
    body = b"".join(f"{name}={value}".encode("utf-8", "surrogateescape") + b"\0" for name, value in values.items())
    return body + b"\0" * (_ROUND_UP_TO - len(body) % _ROUND_UP_TO)
