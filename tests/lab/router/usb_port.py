# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router's USB port and what hotplug makes of it (dual-WAN facts 3.3 and 3.5)."""

from __future__ import annotations

from ..cable import UsbDevice
from ..clock import Clock, Timer
from .lines import USB_INTERFACE, AuxState, Lines, State, SubState
from .nvram import Nvram

HOTPLUG_SECONDS = 4.0
"""The sleeps of hotplug_net (3.3)."""

_MODEM_TYPES = {"rndis": "rndis", "ncm": "ncm"}
_OF_A_DEVICE = ("", "_vid", "_pid", "_manufacturer", "_product", "_speed", "_act")
_OF_A_MODEM = ("type", "dev", "path", "vid", "pid")


class UsbPort:
    """One of the cable's hosts."""

    def __init__(self, clock: Clock, nvram: Nvram, lines: Lines) -> None:
        self.powered = True
        self.device: UsbDevice | None = None
        self._clock = clock
        self._nvram = nvram
        self._lines = lines
        self._settling: Timer | None = None

    def device_arrived(self, device: UsbDevice) -> None:
        self.device = device
        modem = self._modem_type(device)
        # Only a network interface makes it a modem. What usb_path1 says of a phone that offers nothing but adb or
        # files is not known from the firmware; here it stays empty, even with modem_android=1.
        self._nvram.set("usb_path1", "modem" if modem else "")
        self._nvram.set("usb_path1_vid", f"{device.vendor_id:04x}")
        self._nvram.set("usb_path1_pid", f"{device.product_id:04x}")
        self._nvram.set("usb_path1_manufacturer", device.manufacturer)
        self._nvram.set("usb_path1_product", device.product)
        self._nvram.set("usb_path1_speed", "480")
        if modem:
            self._settling = self._clock.later(HOTPLUG_SECONDS, self._interface_added, device, modem)

    def device_left(self) -> None:
        if self._settling is not None:
            self._settling.cancel()
            self._settling = None
        had_interface = self.device is not None and self._modem_type(self.device) is not None
        self.device = None
        self.forget()
        if had_interface:
            self._interface_removed()

    def forget(self) -> None:
        """Marks gone, as after a boot or an unplugging."""
        for suffix in _OF_A_DEVICE:
            self._nvram.set("usb_path1", "") if suffix == "" else self._nvram.unset(f"usb_path1{suffix}")
        for suffix in _OF_A_MODEM:
            self._nvram.unset(f"usb_modem_act_{suffix}")

    def _modem_type(self, device: UsbDevice) -> str | None:
        return next((_MODEM_TYPES[name] for name in sorted(device.functions) if name in _MODEM_TYPES), None)

    def _interface_added(self, device: UsbDevice, modem: str) -> None:
        self._settling = None
        if self._nvram.get("sw_mode") != "1":
            return
        self._back_up_by_itself()
        unit = self._lines.unit_of("usb")
        if unit is None:
            # Ignored for good: a phone that tethered before usb was a WAN stays unseen until it is plugged again.
            return
        for suffix, value in (
            ("type", modem),
            ("dev", USB_INTERFACE),
            ("path", "1-1"),
            ("vid", str(device.vendor_id)),
            ("pid", str(device.product_id)),
        ):
            self._nvram.set(f"usb_modem_act_{suffix}", value)
        self._nvram.set("usb_path1_act", USB_INTERFACE)
        self._nvram.set(f"wan{unit}_ifname", USB_INTERFACE)
        if unit != self._lines.active:
            self._lines.record(unit, State.INITIALIZING, SubState.NONE, AuxState.NONE)
        booting = self._nvram.get("success_start_service") != "1"
        if booting and (unit == self._lines.active or self._nvram.get("wans_mode") == "lb"):
            self._lines.start(unit)

    def _interface_removed(self) -> None:
        unit = self._lines.unit_of("usb")
        if unit is None:
            return
        self._nvram.set(f"wan{unit}_ifname", "")
        if self._lines.state(unit) != State.INITIALIZING:
            self._lines.stop(unit)
            self._lines.record(unit, State.DISCONNECTED, SubState.NONE, AuxState.NO_PHY)
        first, second = self._lines.types()
        given = self._nvram.get("wans_usb_bk") == "1" and self._nvram.get("wans_usb_bk_act") == "1"
        if given and second == "usb" and first != "usb":
            self._nvram.set("wans_dualwan", f"{first} none")
            self._nvram.set("wans_usb_bk_act", "0")

    def _back_up_by_itself(self) -> None:
        """Auto USB Backup WAN: turned on by a phone's mere appearance, and never committed (3.5)."""
        words = self._nvram.get("rc_support").split()
        if "usb_bk" not in words or "mtwancfg" in words:
            # Multi-WAN firmware changes wans_mt_ioport instead, and this lab knows too little of that one.
            return
        first, second = self._lines.types()
        if self._nvram.get("wans_usb_bk") == "1" and second == "none" and first not in ("usb", "none"):
            self._nvram.set("wans_dualwan", f"{first} usb")
            self._nvram.set("wans_usb_bk_act", "1")
