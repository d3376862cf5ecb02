# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How httpd takes form data apart, and how it escapes what it prints."""

from __future__ import annotations

import ast
import json
import re
import string

_HEX = set(string.hexdigits)
_CHAR_TO_ASCII_KEEPS = set(string.ascii_letters + string.digits + "!*()_-'.")


def unescape(text: str) -> str:
    """382 cgi.c: ``+`` is a blank, and ``%`` takes the next two characters with it whatever they are.

    What a ``%`` without a hex digit behind it turns into depends on uninitialised memory there; here it is nothing.
    """
    out = bytearray()
    position = 0
    raw = text.encode("utf-8", "surrogateescape")
    while position < len(raw):
        byte = raw[position : position + 1]
        if byte == b"+":
            out += b" "
            position += 1
        elif byte == b"%":
            digits = raw[position + 1 : position + 3].decode("latin-1")
            number = digits if set(digits) <= _HEX else digits[:1]
            if number and set(number) <= _HEX:
                out.append(int(number, 16))
            position += 3
        else:
            out += byte
            position += 1
    return out.decode("utf-8", "surrogateescape")


def split_form(text: str) -> dict[str, str]:
    """Pieces are cut at ``&`` and ``;`` *before* decoding, and of duplicate names the last wins (382 cgi.c)."""
    values: dict[str, str] = {}
    for piece in re.split("[&;]", text):
        name, found, value = unescape(piece).partition("=")
        if found and name:
            values[name] = value
    return values


def lenient_object(body: str) -> dict[str, str] | None:
    """The body as json-c would take it, which accepts single quotes too; None if it is no object."""
    decoded = re.sub(r"%([0-9A-Fa-f]{2})", lambda found: chr(int(found.group(1), 16)), body).strip()
    if not decoded.startswith("{"):
        return None
    if decoded.isascii() is False:
        decoded = decoded.encode("latin-1", "ignore").decode("utf-8", "surrogateescape")
    try:
        parsed, _end = json.JSONDecoder().raw_decode(decoded)
    except ValueError:
        try:
            parsed = ast.literal_eval(decoded)
        except (ValueError, SyntaxError):
            return None
    if not isinstance(parsed, dict):
        return None
    return {str(name): _as_json_c_string(value) for name, value in parsed.items()}


def _as_json_c_string(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def html_numbers(value: str, *, double_backslash: bool, signed_char: bool) -> str:
    """``nvram_get`` in appGet: ``&#NN`` *without* the semicolon (web API facts 9)."""
    out = []
    for byte in value.encode("utf-8", "surrogateescape"):
        character = chr(byte)
        if character == "\\" and double_backslash:
            out.append("\\\\")
        elif character in '"&<>' or not 32 <= byte < 127:
            out.append(f"&#{byte - 256 if signed_char and byte > 127 else byte}")
        else:
            out.append(character)
    return "".join(out)


def char_to_ascii(value: str) -> str:
    """``nvram_char_to_ascii``: percent codes, from which everything can be had back."""
    return "".join(
        chr(byte) if chr(byte) in _CHAR_TO_ASCII_KEEPS else f"%{byte:02X}"
        for byte in value.encode("utf-8", "surrogateescape")
    )
