# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backup that ``Settings_*.CFG`` gives: plain, as everywhere but on DSL, some QCA and Lantiq (web API facts 5)."""

from __future__ import annotations

import struct

from .nvram import Nvram

_ROUND_UP_TO = 1024


class SettingsFile:
    """``HDR1``, the length in 32 bits, and the names and values of nvram with a NUL behind each."""

    def __init__(self, nvram: Nvram) -> None:
        self._nvram = nvram

    def dump(self) -> bytes:
        """Every password is in it. Making one also forgets asus_device_list and commits."""
        self._nvram.unset("asus_device_list")
        self._nvram.commit()
        body = b"".join(
            f"{name}={value}".encode("utf-8", "surrogateescape") + b"\0" for name, value in self._nvram.all().items()
        )
        body += b"\0" * (-len(body) % _ROUND_UP_TO)
        return b"HDR1" + struct.pack("<I", len(body)) + body
