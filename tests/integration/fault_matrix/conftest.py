# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab of its own, faster than the others': a cell asks little and often waits for a reboot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from importlib import import_module

import pytest

from integration.house import House
from lab.client import running

LAB_SPEED = 25
MODULES = ("asus_dualwan", "asus_settings_backup", "asus_wan", "asus_wan_info")
REBOOT_SECONDS = 20
"""Of the lab's time, which the router says itself, so that the collection waits in proportion."""


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], House]]:
    """By firmware, each started once."""
    with ExitStack() as labs:

        @cache
        def house(firmware: str) -> House:
            for module in MODULES:  # to import them takes longer than some faults last
                import_module(f"ansible_collections.homelab.dualwan.plugins.modules.{module}")
            lab = labs.enter_context(running(speed=LAB_SPEED, firmware=firmware))
            return House(lab, tmp_path_factory.mktemp("matrix"))

        yield house


@pytest.fixture
def house_with(houses: Callable[[str], House]) -> Callable[[str, Mapping[str, str]], House]:
    """As it was found, with nothing in its USB port and those values in its nvram."""

    def fresh(firmware: str, found: Mapping[str, str]) -> House:
        house = houses(firmware)
        house.lab.ctl("reset")
        house.lab.ctl("cable", "pull")
        for name, value in {"reboot_time": str(REBOOT_SECONDS), **found}.items():
            house.lab.ctl("router", "set", name, value)
        return house

    return fresh
