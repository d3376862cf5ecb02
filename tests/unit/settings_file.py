# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings files as a router writes them, from the description of the format: for tests of what reads them."""

from __future__ import annotations

import random
from collections.abc import Mapping


def hdr1(values: Mapping[str, str]) -> bytes:
    """The plain form."""
    text = padded(values)
    return b"HDR1" + len(text).to_bytes(4, "little") + text


def hdr2(values: Mapping[str, str], lot: int = 17) -> bytes:
    """The scrambled form; ``lot`` is the random byte of its header, below 30."""
    text = padded(values)
    noise = random.Random(lot)
    scrambled = bytes(
        noise.choice((0xFD, 0xFE, 0xFF)) if character == 0 else (0xFF - character + lot) & 0xFF for character in text
    )
    return b"HDR2" + len(text).to_bytes(3, "little") + bytes([lot]) + scrambled


def padded(values: Mapping[str, str]) -> bytes:
    text = b"\0".join(f"{name}={value}".encode() for name, value in values.items()) + b"\0"
    return text + bytes(1024 - len(text) % 1024)
