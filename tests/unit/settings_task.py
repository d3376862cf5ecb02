# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task of ``asus_settings_backup`` against a router that remembers, and a router with what is in its files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt import _settings_backup, _settings_restore
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Tell, nobody
from unit.builders import CONNECTION, a_backup_router
from unit.fake_router import FakeRouter

PASSWORD = str(CONNECTION["password"])
WIFI_KEY = "eleven little pigs"
LOGIN = {
    "http_username": "admin",
    "http_passwd": PASSWORD,
    "http_enable": "2",
    "http_lanport": "80",
    "https_lanport": "8443",
}
OPTIONS = {
    "state": "present",
    "directory": None,
    "keep": 10,
    "file": None,
    "confirm": None,
    "accept_new_login_and_address": False,
    "accept_no_internet": False,
}


def settings_task(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Runs the task on a fake router, whose conversation begins anew each time."""

    def run_on(router: FakeRouter, *, check_mode: bool = False, tell: Tell = nobody, **options: Any) -> dict[str, Any]:
        for task in (_settings_backup, _settings_restore):
            monkeypatch.setattr(task, "Session", partial(Session, transport=router.transport))
        router.asked.clear()
        return _settings_backup.run({**CONNECTION, **OPTIONS, **options}, Here(check_mode, router.clock, tell))

    return run_on


def a_whole_router(**nvram: str) -> FakeRouter:
    """With what a settings file has besides."""
    return FakeRouter(a_backup_router(**{**LOGIN, "wl0_wpa_psk": WIFI_KEY, "asus_device_list": "<3>a", **nvram}))


def contents(directory: Path) -> list[str]:
    """Names of what is in it; none where it is not there."""
    return sorted(path.name for path in directory.iterdir()) if directory.exists() else []
