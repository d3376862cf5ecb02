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
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any
from urllib.parse import quote_plus, unquote, urlencode

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadReply

Nvram = Mapping[str, str]

MOST_BYTES = 60_000
"""For one request. The server's buffer holds 65,535 with the address in it (382 httpd.c)."""

# What httpd escapes is below 48, 60, 62, or a byte from 127 on, so the digits of the text that follows stay apart.
_ESCAPED = re.compile(r"&#(-(?:1[0-2]\d|\d{1,2})|1(?:2[7-9]|[3-9]\d)|2[0-4]\d|25[0-5]|\d{1,2})")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
_STRING = r'"(?:[^"\\]|\\.)*"'
_DIRT = re.compile(
    rf"""(?P<string>{_STRING})"""  # is passed over, whatever stands in it
    r"""|(?P<no_value>:)(?=\s*[,}])"""  # "name": and nothing
    r"""|(?P<opening>[{\[])\s*(?:,\s*)+"""  # an unknown function leaves its comma
    r"""|,\s*(?=[,}\]])""",
    re.DOTALL,
)


def whole(text: str) -> int | None:
    """A whole number as a router writes it; None for anything else, such as ``5x``, ``007`` and no text at all."""
    return int(text) if _WHOLE.fullmatch(text) else None


def read_calls(
    names: Iterable[str], lossless: Iterable[str] = (), longest: int = MOST_BYTES
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Bodies that read ``names`` plainly and ``lossless`` percent-coded, each with the names that it reads."""
    calls = [(f"nvram_get({name})", name, True) for name in names]
    calls += [(f"nvram_char_to_ascii(0,{name})", name, False) for name in lossless]
    start = 0
    while start < len(calls):
        # Each separator is coded, as a raw one cuts off what follows it.
        sizes = accumulate(len(quote_plus(f"{call};")) for call, _name, _plain in calls[start:])
        fitting = max(1, sum(1 for size in sizes if len("hook=") + size <= longest))
        some = calls[start : start + fitting]
        body = urlencode({"hook": ";".join(call for call, _name, _plain in some)})
        yield body, [name for _call, name, plain in some if plain], [name for _call, name, plain in some if not plain]
        start += fitting


def parse_object(text: str, *, doing: str) -> dict[str, Any]:
    """The JSON object in ``text``, with the dirt that firmwares are known to leave taken off."""
    cleaned = text.lstrip("\ufeff").strip()
    for candidate in (cleaned, _without_dirt(cleaned)):
        try:
            found = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
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


def _without_dirt(text: str) -> str:
    def clean(found: re.Match[str]) -> str:
        if found["string"] is not None:
            return found["string"]
        if found["no_value"]:
            return ':""'
        return found["opening"] or ""

    return _DIRT.sub(clean, text)


def _excerpt(text: str) -> str:
    return repr(text[:60]) if text else "an empty reply"
