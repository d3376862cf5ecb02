# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Android keeps in its own databases: settings and properties."""

from __future__ import annotations

from .profiles import Profile

NAMESPACES = ("global", "secure", "system")

_AT_FIRST = {
    "global": {
        "adb_enabled": "1",
        "airplane_mode_on": "0",
        "data_roaming": "0",
        "development_settings_enabled": "1",
        "device_provisioned": "1",
        "low_power": "0",
        "mobile_data": "1",
        "stay_on_while_plugged_in": "0",
        "wifi_on": "0",
    },
    "secure": {"user_setup_complete": "1"},
    "system": {"screen_off_timeout": "60000"},
}


class Settings:
    """The three settings tables; they survive a reboot."""

    def __init__(self) -> None:
        self._tables = {name: dict(table) for name, table in _AT_FIRST.items()}

    def get(self, namespace: str, key: str) -> str | None:
        return self._tables[namespace].get(key)

    def put(self, namespace: str, key: str, value: str) -> None:
        self._tables[namespace][key] = value

    def delete(self, namespace: str, key: str) -> bool:
        return self._tables[namespace].pop(key, None) is not None

    def all(self, namespace: str) -> dict[str, str]:
        return dict(self._tables[namespace])


class Properties:
    """System properties: those of the build, and what was set since the boot."""

    def __init__(self, profile: Profile) -> None:
        self._built = profile.properties
        self._set: dict[str, str] = {}

    def get(self, name: str) -> str:
        return self._set.get(name, self._built.get(name, ""))

    def set(self, name: str, value: str) -> None:
        self._set[name] = value

    def all(self) -> dict[str, str]:
        return dict(sorted({**self._built, **self._set}.items()))

    def booted(self) -> None:
        self._set.clear()
