# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone that answers to what the tasks ask, keeps its USB state, and takes a moment to switch."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Reply
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import Address
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import ConnectionLost
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import MARK
from unit.dumps import dumpsys_tethering, dumpsys_usb, ip_addresses
from unit.fake_clock import FakeClock

PRINTED = {"rndis": "RNDIS", "ncm": "0x400"}
SWITCHES_IN_SECONDS = 2.0


class FakePhone:
    def __init__(self, *, function=None, default=None, sdk="34", connected=True, locked=False, takes=("rndis", "ncm")):
        self.address = Address("X1", "127.0.0.1", 5037, 30.0)
        self.clock = FakeClock()
        self.function = function
        self.default = default
        self.sdk = sdk
        self.connected = connected
        self.locked = locked
        self.takes = takes
        self.complains = True
        self.upstream = "[rmnet_data2]"
        self.drops_on_switch = False
        self.reads_lost = 0
        self.adb_goes_by_the_tether = False
        self.answers_in_seconds = 0.0
        self.starts_to_switch_in_seconds = 0.0
        self.drops = 0
        self.switches_lost = 0
        self.reboots_after_switches = 0
        self.lines = []
        self._applied = True

    def shell(self, script, *, doing):
        return self._run(script)

    def read(self, script, *, doing):
        if self.reads_lost:
            self.reads_lost -= 1
            raise self._lost(doing)
        self._require_a_way(doing)
        known = self._sections()
        names = [line.partition(MARK)[2].rstrip("'") for line in script.splitlines() if MARK in line]
        self.clock.sleep(self.answers_in_seconds)
        return Reply("".join(f"{MARK}{name}\n{known[name]}\n" for name in names), "", 0)

    def shell_through_a_switch(self, script, *, doing):
        if self.switches_lost:
            self.switches_lost -= 1
            self.drops += 1
            self.lines.append(script)
            return None
        reply = self._run(script)
        if self.reboots_after_switches:
            self.reboots_after_switches -= 1
            self.drops += 1
            self._switch(self.default)
        self._require_a_way(doing)
        return None if self.drops_on_switch else reply

    def await_return(self, *, doing):
        pass

    def _run(self, script):
        errors = ""
        for line in script.splitlines():
            self.lines.append(line)
            match line.split():
                case ["svc", "usb", "setFunctions", *wanted]:
                    errors += self._set(*wanted)
                case ["svc", "usb", "setScreenUnlockedFunctions", *wanted]:
                    errors += self._set_default(*wanted)
                case ["timeout", _, "su", *_]:
                    return Reply("", "su: not found\n", 127)
                case _:
                    raise AssertionError(line)
        return Reply("", errors, 0)

    def _set(self, wanted=None):
        if wanted and wanted not in self.takes:
            return f"java.lang.IllegalArgumentException: Unknown function {wanted}\n" if self.complains else ""
        self._switch(wanted)
        return ""

    def _set_default(self, wanted=None):
        # Android 12 and later: a new default is taken at once if the screen is unlocked, and any other change of it
        # leaves the port without a function.
        if wanted and wanted not in self.takes:
            return f"java.lang.IllegalArgumentException: Unknown function {wanted}\n" if self.complains else ""
        self.default = wanted
        self._switch(None if self.locked else wanted)
        return ""

    def _switch(self, function):
        if function == self.function:
            return
        if self.starts_to_switch_in_seconds:
            self.clock.after(self.starts_to_switch_in_seconds, lambda: self._start(function))
        else:
            self._start(function)

    def _start(self, function):
        self.function = function
        self._applied = False
        self.clock.after(SWITCHES_IN_SECONDS, self._apply)

    def _apply(self):
        self._applied = True

    def _sections(self):
        serving = bool(self.function and self._applied and self.connected)
        interface = f"{self.function}0" if serving else None
        return {
            "boot_completed": "1",
            "model": "Pixel 4a",
            "maker": "Google",
            "android": {"34": "14", "27": "8.1.0"}.get(self.sdk, "?"),
            "sdk": self.sdk,
            "usb": dumpsys_usb(
                current=("ADB", PRINTED[self.function]) if self.function else ("ADB",),
                default=(PRINTED[self.default],) if self.default else (),
                applied=self._applied,
                locked=self.locked,
                connected=self.connected,
                configured=self.connected and self._applied,
            ),
            "tethering": dumpsys_tethering(interface=interface, upstream=self.upstream if serving else "null"),
            "addresses": ip_addresses(interface, "192.168.42.129/24" if serving else None),
        }

    def _require_a_way(self, doing):
        if self.adb_goes_by_the_tether and not self.function:
            raise self._lost(doing)

    def _lost(self, doing):
        return ConnectionLost("The connection to the phone dropped", doing=doing, cure="Look at the cable")
