# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's nvram: names and values in memory, of which flash holds what was committed last."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .profiles import PER_UNIT_PREFIX, Profile, Setting

_INSTANCE = re.compile(r"wan(\d)_(.+)")
_LEADING_NUMBER = re.compile(r"\s*([+-]?\d+)")


class Nvram:
    """Values by name; a name that was never set reads as an empty string, as the genuine ``nvram get`` does."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._values: dict[str, str] = {}
        self._flash: dict[str, str] = {}

    def factory_reset(self, stored: Mapping[str, str]) -> None:
        """Defaults of every row and unit, then ``stored``, all of it in flash."""
        self._values = {}
        for name, setting in self._profile.settings.items():
            self._values[name] = setting.default
        for suffix in self._profile.per_unit:
            default = self._profile.settings[PER_UNIT_PREFIX + suffix].default
            for unit in (0, 1):
                self._values[f"wan{unit}_{suffix}"] = default
        self._values.update(stored)
        self.commit()

    def get(self, name: str) -> str:
        return self._values.get(name, "")

    def number(self, name: str) -> int:
        """As C's ``atoi`` reads it: ``5x`` is 5, ``x5`` is 0 (the web server stores both, web API facts 9)."""
        found = _LEADING_NUMBER.match(self.get(name))
        return int(found.group(1)) if found else 0

    def set(self, name: str, value: str | int) -> None:
        self._values[name] = str(value)

    def unset(self, name: str) -> None:
        self._values.pop(name, None)

    def commit(self) -> None:
        """Write to flash."""
        self._flash = dict(self._values)

    def power_cycle(self) -> None:
        """What was not committed is gone."""
        self._values = dict(self._flash)

    def has(self, name: str) -> bool:
        return name in self._values

    def all(self) -> dict[str, str]:
        return dict(sorted(self._values.items()))

    def default(self, name: str) -> str:
        setting = self.row(name)
        return setting.default if setting else ""

    def row(self, name: str) -> Setting | None:
        """The row of ``router_defaults`` behind a name, with ``wan1_x`` going by the row ``wan_x``."""
        setting = self._profile.settings.get(name)
        if setting is not None:
            return setting
        instance = _INSTANCE.fullmatch(name)
        if instance is None or instance.group(2) not in self._profile.per_unit:
            return None
        return self._profile.settings[PER_UNIT_PREFIX + instance.group(2)]
