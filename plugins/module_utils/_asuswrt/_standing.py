# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was sent to a router, and what it was seen to keep of it: for the message of a task that fails.

A router answers a write that it stored, one that it dropped and one whose service got lost alike, so only what was read
afterwards counts. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import RouterError

NOTHING = "nothing"
UNKNOWN = "unknown"
ALL = "all"
NOT_ALL = "not_all"

SETTINGS = "The settings"
FORMER = "The former values"


class Standing:
    """Of one change. Told of every write and every read of it."""

    def __init__(self, what: str = SETTINGS) -> None:
        self._what = what
        self._sent: dict[str, str] = {}
        self._seen: dict[str, str] = {}
        self._service = ""
        self._file = False

    def sent(self, values: Mapping[str, str], service: str) -> None:
        """A write is on its way."""
        self._sent |= values
        self._service = service or self._service
        for name in values:
            self._seen.pop(name, None)

    def saw(self, nvram: Mapping[str, str]) -> None:
        """A read was answered."""
        self._seen |= {name: nvram[name] for name in self._sent if name in nvram}

    def sent_a_file(self) -> None:
        """All settings are on their way, and no read shows whether the router took them."""
        self._file = True

    @property
    def unseen(self) -> tuple[str, ...]:
        """Names that were sent and not read since."""
        return tuple(name for name in self._sent if name not in self._seen)

    @property
    def stored(self) -> str:
        """How much of what the task wanted the router has; of former values, how much of the change is left."""
        if self._file or self.unseen:
            return UNKNOWN
        if not self._sent:
            return NOTHING if self._what == SETTINGS else UNKNOWN
        if self._missing:
            return NOT_ALL
        return ALL if self._what == SETTINGS else NOTHING

    def describe(self, error: RouterError) -> None:
        """Have ``error`` say it, unless it says so itself."""
        error.facts.setdefault("stored", self.stored)
        if not error.tells_what_is_stored:
            error.stands = self._told()

    @property
    def _missing(self) -> list[str]:
        return [name for name, value in self._sent.items() if self._seen[name] != value]

    def _told(self) -> str:
        if self._file:
            return "A file of settings was sent, and whether the router took it was not seen"
        if not self._sent:
            asked = f", and {self._service} was asked for" if self._service else ""
            return f"No setting was changed{asked}" if self._what == SETTINGS else f"{self._what} were not sent yet"
        if self.unseen:
            return f"{self._what} were sent, and whether the router has stored them was not seen"
        if self._missing:
            return f"{self._what} were sent, and the router has not stored {', '.join(self._missing)}"
        return f"{self._what} are stored"
