# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phone's USB side (UsbDeviceManager.java): on a phone with a gadget HAL (UsbHandlerHal), or a legacy one.

A function is requested at once, bound by the HAL a little later and configured when the host has enumerated it.
What makes tethering end by itself is here: a disconnection, once debounced, puts the default function or none in place.
Without a HAL (UsbHandlerLegacy) init does the switch, by way of the function none: it ends adbd and starts it again.
"""

from __future__ import annotations

from collections.abc import Callable

from ..cable import Cable, UsbDevice
from ..clock import Clock, Timer
from .journal import Journal
from .profiles import Profile

NONE = "none"

UNBIND_SECONDS = 0.1
BIND_SECONDS = 0.7
"""From the request until the gadget has left the bus, and until it is back. Guesses within the facts' 0.5 to 1 s."""
LEGACY_BIND_SECONDS = 0.4
"""The same where init does it, which waits for nobody. A guess; it has to be within the debounce of 1 s."""

FLIPS_BACK_SECONDS = 60.0
DIES_AT_LOCK_SECONDS = 0.2
"""When a maker's software interferes. Guesses: users tell that it does, not when."""

MAKERS = ("plain", "default-flips", "dies-at-lock", "restarts-at-lock")
"""Android as it is; the default flips back by itself (Samsung); tethering ends when the screen locks (Lenovo's tablet
of Android 14); USB restarts when the screen locks and the default is for files (One UI 8). As users report it."""

_VENDOR = 0x18D1
_PRODUCTS = {NONE: 0x4EE7, "mtp": 0x4EE2, "ptp": 0x4EE6, "rndis": 0x4EE4, "midi": 0x4EE9, "ncm": 0x4EEC}
"""Google's numbers for a function together with adb."""


class Usb:
    """Functions, their timers and what the kernel says of the bus."""

    def __init__(
        self,
        clock: Clock,
        cable: Cable,
        journal: Journal,
        profile: Profile,
        *,
        state_changed: Callable[[], None],
        gadget_changed: Callable[[], None],
        kernel_changed: Callable[[str], None],
        adbd_restarts: Callable[[str], None],
    ) -> None:
        self._clock = clock
        self._cable = cable
        self._journal = journal
        self._profile = profile
        self._state_changed = state_changed
        self._gadget_changed = gadget_changed
        self._kernel_changed = kernel_changed
        self._adbd_restarts = adbd_restarts
        self._timers: dict[str, Timer] = {}
        self.supported = profile.functions
        self.default = NONE
        self.gadget = profile.gadget
        self.maker = "plain"
        self.hal_answers = True
        self.powered_off()

    def powered_off(self) -> None:
        """Nothing of this survives a reboot but the default, which is stored."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self.current = NONE
        self.applied = False
        self.connected = False
        self.configured = False
        self.kernel_state = "DISCONNECTED"
        self._kernel_changed(self.kernel_state)
        self.locked = True
        self.booted = False
        self.bound: str | None = None
        self._reset = False

    def boot_completed(self, locked: bool) -> None:
        """The framework is up: default function if not locked, else none (finishBoot)."""
        self.locked = locked
        self.booted = True
        self._restore("boot completed", force=True)

    def set_current(self, function: str, why: str) -> None:
        """MSG_SET_CURRENT_FUNCTIONS: what ``svc usb setFunctions`` comes to."""
        self._enable(function, why)

    def set_default(self, function: str, why: str) -> None:
        """MSG_SET_SCREEN_UNLOCKED_FUNCTIONS: stored, and current at once unless the phone is locked."""
        self.default = function
        self._journal.note("default USB function set", function=function, why=why)
        if self.maker == "default-flips" and function != NONE:
            self._after("flip", FLIPS_BACK_SECONDS, self.set_default, NONE, "the maker's software")
        self._restore(why)

    def set_locked(self, locked: bool) -> None:
        """MSG_UPDATE_SCREEN_LOCK: the keyguard is up and has a secret."""
        if locked == self.locked:
            return
        self.locked = locked
        if not self.booted:
            return
        if locked:
            self._maker_at_lock()
            if not self.connected:
                self._enable(NONE, "locked while disconnected")
        elif self.default != NONE and self.current == NONE:
            self._enable(self.default, "unlocked")

    def _maker_at_lock(self) -> None:
        if self.maker == "dies-at-lock":
            self._after("maker", DIES_AT_LOCK_SECONDS, self._enable, NONE, "the maker's software, at the lock")
        elif self.maker == "restarts-at-lock" and self.default in ("mtp", "ptp"):
            # To the default: whatever else was set is gone.
            self.current, self.applied = NONE, False
            self._after("maker", DIES_AT_LOCK_SECONDS, self._enable, self.default, "the maker's software, at the lock")

    def reset_gadget(self) -> None:
        """resetUsbGadget(): off the bus and back on it; this one disconnection is not debounced."""
        if self.bound is None:
            return
        self._reset = True
        self._journal.note("gadget reset")
        self._unbind()
        self._after("bind", self._bind_seconds, self._bound, self.current)

    @property
    def _bind_seconds(self) -> float:
        return BIND_SECONDS if self.gadget == "hal" else LEGACY_BIND_SECONDS

    def vbus(self, present: bool) -> None:
        """Power came or went at the connector."""
        self._journal.note("vbus", present=present)
        if present:
            self._present()
        else:
            self._kernel("DISCONNECTED")

    def enumerated(self) -> None:
        """The host has set a configuration; on the way there the kernel said CONNECTED."""
        self._kernel("CONNECTED")
        self._kernel("CONFIGURED")

    def _kernel(self, state: str) -> None:
        if state == self.kernel_state:
            return
        self.kernel_state = state
        self._kernel_changed(state)
        if not self.booted:
            return
        connected, configured = state != "DISCONNECTED", state == "CONFIGURED"
        if connected:
            self._cancel("switch")
        if self._reset:
            self._update(connected, configured)
            if connected:
                self._reset = False
            return
        if not configured:
            self._cancel("update")
        if connected:
            self._update(connected, configured)
            return
        locked, unlocked = self._profile.disconnect_locked_seconds, self._profile.disconnect_unlocked_seconds
        self._after("update", locked if self.locked else unlocked, self._update, False, False)

    def _update(self, connected: bool, configured: bool) -> None:
        """MSG_UPDATE_STATE."""
        self.connected, self.configured = connected, configured
        self._journal.note("USB state", connected=connected, configured=configured)
        self._state_changed()
        if not connected and "switch" not in self._timers:
            self._restore("disconnected")

    def _restore(self, why: str, *, force: bool = False) -> None:
        if not self.locked and self.default != NONE:
            self._enable(self.default, why, force=force)
        else:
            self._enable(NONE, why, force=force)

    def _enable(self, function: str, why: str, *, force: bool = False) -> None:
        """setEnabledFunctions: nothing if it is in place already."""
        if function != NONE and function not in self.supported:
            # setEnabledFunctions says this of ncm on an old HAL, in the log and nowhere else.
            self._journal.note("unsupported USB function ignored", function=function, why=why)
            return
        if function == self.current and self.applied and not force:
            return
        self._journal.note("USB function requested", function=function, why=why)
        self.current, self.applied = function, False
        for name in ("switch", "hal", "bind"):
            self._cancel(name)
        self._after("unbind", UNBIND_SECONDS, self._unbind)
        if self.gadget == "legacy":
            self._after("bind", LEGACY_BIND_SECONDS, self._bound, function)
            if not force:
                # init.usb.rc: `on property:sys.usb.config=none` stops adbd. At boot it has not started yet.
                self._adbd_restarts("sys.usb.config=none")
            return
        if self.hal_answers:
            self._after("bind", BIND_SECONDS, self._bound, function)
        self._after("hal", self._profile.hal_reply_seconds, self._gave_up, function, "no answer from the HAL")
        if self.connected:
            wait = self._profile.hal_reply_seconds + self._profile.enumeration_seconds
            self._after("switch", wait, self._gave_up, function, "the host did not enumerate")

    def _gave_up(self, function: str, why: str) -> None:
        """Default functions instead, unless it was charging already; Android 10 puts none here."""
        if function == NONE:
            return
        if self._profile.falls_back_to_default:
            self._journal.note("fallback to the default USB function", why=why, wanted=function)
            self._enable(self.default, why)
        else:
            self._journal.note("fallback to no USB function", why=why, wanted=function)
            self._enable(NONE, why)

    def _unbind(self) -> None:
        self.bound = None
        self._gadget_changed()
        self._cable.present(None)
        self._kernel("DISCONNECTED")

    def _bound(self, function: str) -> None:
        self._cancel("hal")
        self.bound, self.applied = function, True
        self._journal.note("USB function bound", function=function)
        self._gadget_changed()
        self._present()

    def _present(self) -> None:
        if self.bound is None:
            return
        functions = {"adb"} if self.bound == NONE else {self.bound, "adb"}
        model = self._profile.model
        product = _PRODUCTS[self.bound]
        self._cable.present(UsbDevice(_VENDOR, product, "Lab", model, frozenset(functions)))

    def _after(self, name: str, seconds: float, action: Callable[..., None], *arguments: object) -> None:
        self._cancel(name)

        def fire() -> None:
            del self._timers[name]
            action(*arguments)

        self._timers[name] = self._clock.later(seconds, fire)

    def _cancel(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()
