# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab of its own, faster than the others', and a second phone for those who need one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import adbutils
import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android import _tether
from integration.house import House
from lab.client import running

LAB_SPEED = 50
SWITCH_SECONDS = 3.0
"""How long a switch is waited for, on the wall: 150 in the lab, where on a phone it is 8. adb itself keeps the wall's
time, so there is no clock to be had for both."""

Obey = Callable[[str], None]


@pytest.fixture(scope="session")
def quick_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(speed=LAB_SPEED, adb_server=True) as lab:
        yield House(lab, tmp_path_factory.mktemp("matrix"))


@pytest.fixture
def house(quick_house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """As it was found: the phone in the router's port with tethering off, and known to adb."""
    monkeypatch.setattr(_tether, "SWITCH_SECONDS", SWITCH_SECONDS)
    quick_house.lab.ctl("reset")
    quick_house.until(lambda: quick_house.phone_state()["usb"]["configured"], "the phone on the router's USB")
    ready(quick_house)
    return quick_house


def ready(house: House) -> None:
    """The phone is on, and answers."""
    house.until(lambda: house.phone_state()["booted"], "the phone's power")
    house.until(lambda: not house.run("android_info").failed, "the phone by adb")


@pytest.fixture(scope="session")
def second_phone() -> Iterator[Callable[[], str]]:
    """Its serial; it is there from the first time that somebody asks."""
    with ExitStack() as labs:

        @cache
        def serial() -> str:
            return labs.enter_context(running(speed=LAB_SPEED)).serial

        yield serial


@pytest.fixture
def obey(house: House, second_phone: Callable[[], str]) -> Obey:
    """Does a row's words: the lab's, those for the other phone, and those for a hand on this one."""

    def do(words: str) -> None:
        match words.split():
            case []:
                return
            case ["second-phone", verb]:
                getattr(adbutils.AdbClient(port=house.lab.adb_server_port), verb)(second_phone())
            case ["by-hand", what]:
                house.shell(BY_HAND[what])
            case known:
                house.lab.ctl(*known)

    return do


BY_HAND = {
    "edit": "sed -i s/interval=1/interval=99/ /data/local/tmp/homelab.dualwan/keepalive.sh"
    " || su -c 'sed -i s/interval=1/interval=99/ /data/adb/homelab.dualwan/keepalive.sh'",
    "launcher": "su -c 'echo reboot >>/data/adb/service.d/homelab.dualwan.sh'",
}
