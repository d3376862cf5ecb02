# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router answers, as text it may be, becomes names and values.

Facts: appGet.cgi is JSON by intent only. An unknown hook leaves a bare comma, old builds send control characters, and
``nvram_get`` writes ``"``, ``&``, ``<``, ``>`` and bytes outside ASCII as ``&#NN`` without a semicolon (MIPS builds
with a negative number). ``nvram_char_to_ascii`` percent-codes and loses nothing, so free text is read through it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadReply

Nvram = Mapping[str, str]

# What httpd escapes is below 48, 60, 62, or a byte from 127 on, so the digits of the text that follows stay apart.
_ESCAPED = re.compile(r"&#(-(?:1[0-2]\d|\d{1,2})|1(?:2[7-9]|[3-9]\d)|2[0-4]\d|25[0-5]|\d{1,2})")
_BARE_COMMA = re.compile(r"([{,]\s*),")
_TRAILING_COMMA = re.compile(r",(\s*})")


def read_call(names: Iterable[str], lossless: Iterable[str]) -> str:
    """The ``hook`` argument that reads ``names`` plainly and ``lossless`` percent-coded."""
    hooks = [f"nvram_get({name})" for name in names] + [f"nvram_char_to_ascii(0,{name})" for name in lossless]
    return ";".join(hooks)


def parse_object(text: str, *, doing: str) -> dict[str, Any]:
    """The JSON object in ``text``, with the dirt that firmwares are known to leave taken off."""
    cleaned = text.lstrip("\ufeff").strip()
    for candidate in (cleaned, _without_stray_commas(cleaned)):
        try:
            found = json.loads(candidate, strict=False)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    raise BadReply(
        f"The router answered something else than JSON: {_excerpt(cleaned)}",
        doing=doing,
        cure="Run again; if it stays, the firmware speaks a protocol that this collection does not know",
    )


def values(answer: Mapping[str, Any], names: Iterable[str], lossless: Iterable[str]) -> dict[str, str]:
    """Decode an answer to :func:`read_call`; a name that the router left out raises BadReply."""
    plain = {name: _unescape(_text(answer, name)) for name in names}
    return plain | {name: unquote(_text(answer, name), errors="replace") for name in lossless}


def _text(answer: Mapping[str, Any], name: str) -> str:
    if name not in answer:
        raise BadReply(
            f"The router's answer has no {name}",
            doing="reading its settings",
            cure="Run again; if it stays, the firmware speaks a protocol that this collection does not know",
        )
    return str(answer[name])


def _unescape(text: str) -> str:
    if "&#" not in text:
        return text
    raw = b"".join(
        bytes([int(piece) & 0xFF]) if index % 2 else piece.encode() for index, piece in enumerate(_ESCAPED.split(text))
    )
    return raw.decode(errors="replace")


def _without_stray_commas(text: str) -> str:
    previous = ""
    while previous != text:
        previous, text = text, _BARE_COMMA.sub(r"\1", text)
    return _TRAILING_COMMA.sub(r"\1", text)


def _excerpt(text: str) -> str:
    return repr(text[:60]) if text else "an empty reply"
