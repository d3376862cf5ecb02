# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers and times as the report says them. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

NO_BREAK = "\N{NO-BREAK SPACE}"
UNKNOWN = "not known"


def seconds(value: float | None, none: str = UNKNOWN) -> str:
    """``8.4 s``, or ``2 min 5 s`` from two minutes on."""
    if value is None:
        return none
    if value < 120:
        return f"{value:.1f}{NO_BREAK}s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes}{NO_BREAK}min" + (f" {rest}{NO_BREAK}s" if rest else "")


def span(least: float | None, most: float | None, none: str = UNKNOWN) -> str:
    """``23 to 29 s``."""
    if least is None or most is None:
        return none
    return f"{least:g} to {most:g}{NO_BREAK}s" if least != most else f"{least:g}{NO_BREAK}s"


def moment(epoch: float) -> str:
    """Date and time to the minute. In UTC, as a report may be read anywhere, and says the same wherever it is made."""
    return f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%d %H:%M} UTC"


def day(epoch: float) -> str:
    """The date in UTC."""
    return f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%d}"


def machine(epoch: float) -> str:
    """As HTML's ``time`` wants it."""
    return f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%dT%H:%M:%SZ}"


def written(stamp: str) -> str:
    """A moment that a device wrote down, as the others are said; as it stands where it has another form."""
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    return moment(found.timestamp()) if found.tzinfo else stamp


def count(number: int, one: str, many: str = "") -> str:
    """``1 drill``, ``3 drills``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def spoken(word: str) -> str:
    """An identifier as words: ``cold_standby`` is a cold standby."""
    return word.replace("_", " ")


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    text = text.strip()
    return text and text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")
