# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Android 14 with a gadget HAL of version 1.x, as on the usual phones of 2021 to 2023."""

from __future__ import annotations

from .profile import Profile

PROFILE = Profile(
    release="14",
    model="Lab Phone 14",
    device="labphone14",
    properties={
        "dev.bootcomplete": "1",
        "gsm.operator.alpha": "Lab Mobile",
        "gsm.sim.state": "LOADED",
        "init.svc.adbd": "running",
        "ro.build.fingerprint": "lab/labphone14/labphone14:14/LAB1.240101.001/1:user/release-keys",
        "ro.build.type": "user",
        "ro.build.version.release": "14",
        "ro.build.version.sdk": "34",
        "ro.build.version.security_patch": "2024-01-05",
        "ro.debuggable": "0",
        "ro.product.brand": "lab",
        "ro.product.cpu.abi": "arm64-v8a",
        "ro.product.device": "labphone14",
        "ro.product.manufacturer": "Lab",
        "ro.product.model": "Lab Phone 14",
        "ro.product.name": "labphone14",
        "ro.serialno": "LAB14000001",
        "sys.boot_completed": "1",
        # The HAL handler of 14 does not keep these two up to date (UsbDeviceManager.java, UsbHandlerHal).
        "sys.usb.config": "adb",
        "sys.usb.state": "adb",
    },
    functions=frozenset({"mtp", "ptp", "midi", "rndis", "ncm"}),
    # dumpFunctions() uses the toString() of version 1.0 of the HAL's enumeration, which has no NCM and prints its bit.
    dump_names={"mtp": "MTP", "ptp": "PTP", "midi": "MIDI", "rndis": "RNDIS", "ncm": "0x400"},
    # DEVICE_STATE_UPDATE_DELAY and …_EXT; SET_FUNCTIONS_TIMEOUT_MS and ENUMERATION_TIME_OUT_MS.
    disconnect_locked_seconds=1.0,
    disconnect_unlocked_seconds=3.0,
    hal_reply_seconds=3.0,
    enumeration_seconds=2.0,
    tether_function="rndis",
)
