# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program of the phone can reach."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from ...clock import Clock
from ..automate import Automate
from ..battery import Battery
from ..ethernet import Ethernet
from ..journal import Journal
from ..profiles import Profile
from ..radio import Radio
from ..screen import Screen
from ..standins import Answer, Call
from ..storage import Properties, Settings
from ..tether import Tether
from ..usb import Usb

DATA_SIM, OF_DATA_SIM = "multi_sim_data_call", "mobile_data1"
"""Which SIM is the one for data, by the number of its subscription, and that one's own switch."""


@dataclass
class Handset:
    """The parts of one phone."""

    clock: Clock
    journal: Journal
    profile: Profile
    usb: Usb
    tether: Tether
    ethernet: Ethernet
    screen: Screen
    battery: Battery
    radio: Radio
    automate: Automate
    settings: Settings
    properties: Properties
    reboot: Callable[[str], None]
    run_as_root: Callable[[Call, list[str]], Awaitable[int]]
    power: Callable[[], bool]
    root: str = "none"
    """Of :data:`lab.phone.commands.su.ROOTS`."""
    root_answered: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when somebody answers the question of a ``su`` that asks."""
    services: bool = False
    """Whether Android's services are there, as from BOOT_COMPLETED on; adbd and its shell are there before."""
    svc_mute: bool = False
    am: str = "ok"
    """Of :data:`lab.phone.commands.apps.STATES`."""

    def set_mobile_data(self, on: bool) -> None:
        self.tether.mobile_data = on
        self.settings.put("global", self._mobile_data, str(int(on)))
        self.journal.note("mobile data", on=on)

    def set_second_sim(self, state: str | None) -> None:
        """As a phone with that many slots comes: with two, the switch of mobile data is stored for each SIM."""
        self.settings.put("global", "mobile_data", "1")
        for name in (DATA_SIM, OF_DATA_SIM):
            self.settings.delete("global", name)
        self.radio.second = state
        if state is not None:
            self.settings.put("global", DATA_SIM, "1")
        self.settings.put("global", self._mobile_data, str(int(self.tether.mobile_data)))

    @property
    def _mobile_data(self) -> str:
        """GlobalSettingsHelper.getSettingName: the plain name is that of a phone with one slot."""
        return "mobile_data" if self.radio.second is None else OF_DATA_SIM

    def set_wifi(self, on: bool) -> None:
        self.tether.wifi = on
        self.settings.put("global", "wifi_on", str(int(on)))
        self.journal.note("wifi", on=on)

    def set_screen(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self.screen, name, value)
        self.journal.note("screen", **changes)
        self.usb.set_locked(self.screen.locked)


Program = Callable[[Handset, Call], Awaitable[Answer]]
