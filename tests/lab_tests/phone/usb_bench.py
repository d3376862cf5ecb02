# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The USB side alone, with a clock that leaps: no processes, no adb, exact times."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable

from lab.cable import Cable
from lab.clock import Clock
from lab.phone.journal import Journal
from lab.phone.profiles import load
from lab.phone.tether import Tether
from lab.phone.usb import Usb
from lab_tests.router.leaping_loop import run_leaping

from .rig import Machine


class UsbBench:
    """Implements :class:`lab.cable.Gadget` with nothing but the two machines under test."""

    def __init__(self, android: str = "14") -> None:
        self.clock = Clock()
        self.cable = Cable(self.clock)
        self.router = Machine()
        self.cable.attach_host("router", self.router)
        self.cable.attach_gadget(self)
        self.journal = Journal(self.clock)
        self.adbd_restarts: list[str] = []
        profile = load(android)
        self.tether = Tether(self.clock, self.journal, profile)
        self.usb = Usb(
            self.clock,
            self.cable,
            self.journal,
            profile,
            state_changed=lambda: self.tether.usb_state(self.usb.connected, self.usb.configured),
            gadget_changed=lambda: self.tether.gadget_changed(self.usb.bound),
            kernel_changed=lambda state: None,
            adbd_restarts=self.adbd_restarts.append,
        )

    def vbus(self, present: bool) -> None:
        self.usb.vbus(present)

    def configured(self) -> None:
        self.usb.enumerated()

    def lease(self) -> None:
        return None

    def upstream(self) -> bool:
        return False

    async def tethered(self, *, default: str = "none", locked: bool = False) -> None:
        """Booted, plugged in and serving."""
        self.usb.boot_completed(locked=False)
        self.cable.plug("router")
        if default != "none":
            self.usb.set_default(default, "test")
        self.usb.set_current("rndis", "test")
        await self.clock.sleep(10)
        self.usb.set_locked(locked)
        assert self.tether.serving
        self.journal.forget()

    def when(self, what: str) -> float:
        """The first time that this happened."""
        for entry in self.journal.entries():
            if entry["what"] == what:
                at = entry["at"]
                assert isinstance(at, float)
                return at
        raise AssertionError(f"{what!r} never happened: {self.journal.entries()}")

    def happened(self, what: str) -> bool:
        return any(entry["what"] == what for entry in self.journal.entries())


Story = Callable[[UsbBench], Awaitable[None]]


def story(told: Story) -> Callable[[], None]:
    """An asynchronous test with a bench of Android 14, in time that leaps."""
    return story_of("14")(told)


def story_of(android: str) -> Callable[[Story], Callable[[], None]]:
    """The same with another Android."""

    def decorated(told: Story) -> Callable[[], None]:
        @functools.wraps(told)
        def test() -> None:
            async def run() -> None:
                await told(UsbBench(android))

            run_leaping(run())

        # pytest would look for a fixture of the wrapped function's parameter.
        del test.__wrapped__  # type: ignore[attr-defined]
        return test

    return decorated
