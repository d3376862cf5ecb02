# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A settings file of the router (``Settings_*.CFG``): bytes in, names and values out, or why it is none.

``HDR1`` is plain; ``HDR2`` is scrambled (DSL models, some Qualcomm and Lantiq ones). Both are a header of eight bytes
and nvram as ``name=value`` with NUL in between, padded with NUL. Firmware 382 web.c, the public nvram utility, and a
public decoder for RT-AX86U Pro and RT-AC86U. That 3006 uses the same is a guess: where it does not, it shows here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import NAMES as IDENTITY
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadBackup

_HEADER_BYTES = 8
_MAGIC_BYTES = 4
_NUL_ABOVE = 0xFC
"""Scrambled bytes above stand for NUL; which of them is drawn by lot."""

_PAIR = re.compile(rb"([!-<>-~]+)=(.*)", re.DOTALL)
"""A name is printable and has no blank; besides letters there are dots, colons and slashes (``0:macaddr``)."""

NEEDED = {
    "model": ("productid", "odmpid", "model"),
    "firmware": ("firmver",),
    "login": ("http_enable", "http_username", "http_passwd"),
    "WAN": ("wans_dualwan", "wan0_proto"),
}
"""What every whole file has, by one of these names. A file that was cut or garbled lacks some of it."""


@dataclass(frozen=True)
class Backup:
    """What a settings file holds. It has every password of the router, so its values are in no ``repr``."""

    form: str
    """``HDR1`` or ``HDR2``."""
    values: Mapping[str, str] = field(repr=False)
    """nvram names and values. Bytes that are no UTF-8 are written as ``\\xNN``."""
    model: str
    firmware: str
    """As ``asus_wan_info`` writes it, such as ``3.0.0.4.386_69061``."""


@dataclass(frozen=True)
class _Form:
    """How one of the two kinds keeps its length and its text."""

    length_bytes: int
    unscramble: Callable[[bytes, int], bytes]
    strict: bool
    """Whether every piece must be ``name=value``. Scrambling makes NUL of a control character at times, which cuts a
    value of several lines in two; what is left of it is passed over."""


def _as_it_is(body: bytes, _lot: int) -> bytes:
    return body


def _reflected(body: bytes, lot: int) -> bytes:
    table = bytes(0 if byte > _NUL_ABOVE else (0xFF + lot - byte) % 256 for byte in range(256))
    return body.translate(table)


_FORMS = {"HDR1": _Form(4, _as_it_is, strict=True), "HDR2": _Form(3, _reflected, strict=False)}


def parse(content: bytes, source: str) -> Backup:
    """Read a settings file, after which it is whole as far as can be seen without a router.

    ``source`` is what errors call it. Raises BadBackup, whose message has nothing of the content.
    """
    magic = content[:_MAGIC_BYTES].decode("latin-1")
    form = _FORMS.get(magic)
    if form is None:
        raise _bad(source, "does not begin with HDR1 or HDR2, as settings files of Asuswrt do")
    if len(content) < _HEADER_BYTES:
        raise _bad(source, "ends within its header")
    length = int.from_bytes(content[_MAGIC_BYTES : _MAGIC_BYTES + form.length_bytes], "little")
    # Behind the settings a copy of /jffs may follow.
    if length + _HEADER_BYTES > len(content):
        raise _bad(source, f"is cut off: {length + _HEADER_BYTES} bytes are announced and {len(content)} are there")
    body = form.unscramble(content[_HEADER_BYTES : _HEADER_BYTES + length], content[_HEADER_BYTES - 1])
    values = _pairs(body, form, source)
    for what, names in NEEDED.items():
        if not any(values.get(name) for name in names):
            raise _bad(source, f"has no {what} in it ({' or '.join(names)})")
    identity = {name: values.get(name, "") for name in IDENTITY}
    router = capabilities({**identity, "productid": identity["productid"] or values.get("model", "")})
    return Backup(magic, values, router.model, router.firmware)


def _pairs(body: bytes, form: _Form, source: str) -> dict[str, str]:
    pieces = [piece for piece in body.split(b"\0") if piece]
    found = [_PAIR.fullmatch(piece) for piece in pieces]
    if form.strict and not all(found):
        raise _bad(source, f"is garbled: piece {found.index(None) + 1} of {len(pieces)} is no name=value")
    return {match[1].decode("ascii"): match[2].decode("utf-8", errors="backslashreplace") for match in found if match}


def _bad(source: str, wrong: str) -> BadBackup:
    return BadBackup(
        f"{source} {wrong}",
        doing="reading a settings file",
        cure="Take another file; one from the router's own page (Administration, Restore/Save/Upload Setting) does "
        "as well. If the router has just sent this one, run again; if it stays, tell us its model and firmware",
    )
