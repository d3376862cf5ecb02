# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands on the phone: its tether goes, and what is to bring it back is left to do so."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import TRANSIENT, Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NotSupported, PhoneError
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import read
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import FIRST_WITH_DEFAULT, Usb, usb_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotGivenBack
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import look_until
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._router_hands import (
    LOOK_SECONDS,
    Ground,
    RouterHands,
)

DOING = "drilling the phone's tether"
RESERVE_SECONDS = 60.0
"""For the router to see a tether that is on again."""


class PhoneHands(RouterHands):
    """Both of its faults end by themselves, or by give_back()."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        if ground.phone is None:
            raise BadWish(
                f"fault is {ground.fault.name}, which needs the phone by adb, and no phone is named",
                cure="Give serial (android_serial), or drill_phone in the role",
            )
        self._phone: Phone = ground.phone
        sections = read(self._phone)
        self._before: Usb = usb_from(sections)
        if not sections["sdk"].isdigit() or int(sections["sdk"]) < FIRST_WITH_DEFAULT:
            raise NotSupported(
                f"The phone runs Android {sections['android']}, where only root switches the tether",
                doing=DOING,
                cure="Drill with another fault; a phone with Android 9 or later can be drilled like this",
            )
        if self._before.function is None:
            raise BadWish(
                "The phone does not tether, so its tether cannot be taken away",
                cure="Run the phone role first",
            )
        if self._before.answers_at(self._phone.address.host):
            raise BadWish(
                "adb comes by the phone's tether, so once that is away nobody could give it back",
                cure="Give serial (android_serial) as another address of the phone's, or drill with another fault",
            )

    def give_back(self) -> None:
        """The tether too, if it did not come back by itself."""
        try:
            if usb_from(read(self._phone)).function is None:
                self.here.tell("The tether is still off: switching it on again")
                self._switch(self._before.function or "")
        except PhoneError as error:
            raise NotGivenBack(
                f"The phone's tether may still be off: {error.happened}",
                doing=f"ending the drill {self.fault.name}",
                cure="Unplug the phone for a moment, or run the phone role",
            ) from error
        self._await_the_reserve()
        self.note(replace(self.debt, phone=""))
        super().give_back()

    def _await_the_reserve(self) -> None:
        if not look_until(bool, self.reserve, self.here.clock, seconds=RESERVE_SECONDS, pause=LOOK_SECONDS):
            raise NotGivenBack(
                f"The phone tethers, and the router does not see it {RESERVE_SECONDS:.0f} s later",
                doing=f"ending the drill {self.fault.name}",
                cure="Unplug the phone for a moment; asus_wan_info says what is missing",
            )

    def _switch(self, function: str) -> None:
        self._phone.shell_through_a_switch(f"svc usb setFunctions {function}".strip(), doing=DOING)


class TetherOff(PhoneHands):
    """As a wiggle of the cable does, but for the default at plug-in, which nothing plugs in."""

    def inject(self) -> float | None:
        self.note(replace(self.debt, phone=self._before.function or ""))
        began = self.here.clock.now()
        self._switch("")
        return began


class PhoneReboot(PhoneHands):
    """As after an update in the night."""

    def inject(self) -> float | None:
        self.note(replace(self.debt, phone=self._before.function or ""))
        began = self.here.clock.now()
        with suppress(*TRANSIENT):  # it goes while it answers
            self._phone.shell("reboot", doing=DOING)
        return began

    def give_back(self) -> None:
        with suppress(PhoneError):
            self._phone.await_return(doing=DOING)
        super().give_back()
