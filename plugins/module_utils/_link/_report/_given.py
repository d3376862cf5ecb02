# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task was given, looked at with care: it comes from other tasks, from a file, or from anybody. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish


@dataclass(frozen=True)
class Given:
    """A part of it. What is not there, or null, is empty or None; what has another form is refused by its name."""

    what: Mapping[str, Any]
    name: str
    """How the person finds it, such as ``drills[2].probes[0]``."""
    cure: str
    """Where such a thing comes from."""

    def __bool__(self) -> bool:
        return bool(self.what)

    def text(self, name: str, default: str = "") -> str:
        """Numbers are texts too: a firmware may be called 388."""
        found = self.what.get(name)
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, (str, int, float)):
            raise self._refused(name, found, "text")
        return str(found)

    def number(self, name: str) -> float | None:
        """Finite, or None."""
        found = self.what.get(name)
        return None if found is None else self._number(name, found)

    def whole(self, name: str) -> int:
        """0 where it is not said."""
        return round(self.number(name) or 0)

    def flag(self, name: str) -> bool | None:
        """None where it is not known."""
        found = self.what.get(name)
        if found is None or isinstance(found, bool):
            return found
        raise self._refused(name, found, "true or false")

    def one(self, name: str) -> Given:
        """What is within; empty where it is not said."""
        found = self.what.get(name)
        return self._within(name, {} if found is None else found)

    def many(self, name: str) -> list[Given]:
        """A list of such."""
        return [self._within(f"{name}[{number}]", each) for number, each in enumerate(self._list(name))]

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        return [str(each) for each in self._list(name)]

    def pairs(self, name: str) -> list[tuple[float, float | None]]:
        """A list of two numbers each, of which the second may be null."""
        found: list[tuple[float, float | None]] = []
        for number, pair in enumerate(self._list(name)):
            title = f"{name}[{number}]"
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:
                raise self._refused(title, pair, "two numbers")
            found.append((self._number(title, pair[0]), None if pair[1] is None else self._number(title, pair[1])))
        return found

    def _list(self, name: str) -> list[Any]:
        found = self.what.get(name)
        if found is None:
            return []
        if not isinstance(found, (list, tuple)):
            raise self._refused(name, found, "a list")
        return list(found)

    def _within(self, name: str, found: Any) -> Given:
        if not isinstance(found, Mapping):
            raise self._refused(name, found, "a dictionary")
        return Given(found, f"{self.name}.{name}", self.cure)

    def _number(self, name: str, found: Any) -> float:
        if isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
            raise self._refused(name, found, "a number")
        return float(found)

    def _refused(self, name: str, found: Any, wanted: str) -> BadWish:
        kind = type(found).__name__
        return BadWish(f"{self.name}.{name} is of the kind {kind}, and should be {wanted}", cure=self.cure)
