# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One Android version, on one made-up phone."""

    release: str
    model: str
    device: str
    properties: Mapping[str, str]
    functions: frozenset[str]
    """What the gadget can bind besides adb."""
    gadget: str
    """``hal``, or ``legacy``: init switches by ``sys.usb.config``, and adbd ends and starts with each switch."""
    functions_verb: str
    """How ``svc usb`` calls it: ``setFunction`` up to 8.1, ``setFunctions`` since."""
    verbs: frozenset[str]
    """The other verbs that ``svc usb`` has."""
    svc_names: frozenset[str]
    """The functions that it knows by name; another is an exception."""
    svc_tells_operation: bool
    """Whether setting says the number of the operation on standard output."""
    dump_format: str
    """``fields`` of the dump shared with the protocol buffer, or ``lines`` as before that."""
    dump_names: Mapping[str, str]
    """How dumpsys spells a function."""
    tethering_dump: tuple[str, ...]
    """What asks for the tethering state."""
    tether_on_request: bool
    """Whether the function alone gives an interface without an address, and tethering has to be asked for."""
    tether_call: int | None
    """Number of setUsbTethering in ``service call connectivity``, where that still exists."""
    fixed_subnet: bool
    """Whether the tether is always 192.168.42.0/24 with the phone at 129."""
    disconnect_locked_seconds: float
    disconnect_unlocked_seconds: float
    hal_reply_seconds: float
    """How long the framework waits for the gadget HAL."""
    enumeration_seconds: float
    """How much longer it waits for the host after that."""
    falls_back_to_default: bool
    """After either wait the default function comes, else none."""
    locksettings_wants_secret: bool
    """Of a phone with a PIN ``locksettings`` wants that for each of its commands, get-disabled among them."""
    tether_function: str
    """What the Settings switch binds unless ``tether_force_usb_functions`` says otherwise."""


# dumpFunctions() uses the toString() of version 1.0 of the HAL's enumeration, which has no NCM and prints its bit.
FIRST_HAL_NAMES = {"mtp": "MTP", "ptp": "PTP", "midi": "MIDI", "rndis": "RNDIS", "ncm": "0x400"}

OLD_FUNCTIONS = frozenset({"mtp", "ptp", "midi", "rndis"})
NEW_FUNCTIONS = OLD_FUNCTIONS | {"ncm"}
"""NCM came with version 1.2 of the gadget HAL."""
NO_TETHER = frozenset({"adb", "accessory", "audio_source"})
"""Functions that have a name and cannot be set."""


def properties(release: str, sdk: int, patch: str) -> dict[str, str]:
    """The properties of a phone of this version."""
    short = release.replace(".", "")
    whole = f"{release}.0" if "." in release else release
    device, model = f"labphone{short}", f"Lab Phone {release}"
    return {
        "dev.bootcomplete": "1",
        "gsm.operator.alpha": "Lab Mobile",
        "gsm.sim.state": "LOADED",
        "init.svc.adbd": "running",
        "ro.build.fingerprint": f"lab/{device}/{device}:{whole}/LAB1.240101.001/1:user/release-keys",
        "ro.build.type": "user",
        "ro.build.version.release": whole,
        "ro.build.version.sdk": str(sdk),
        "ro.build.version.security_patch": patch,
        "ro.debuggable": "0",
        "ro.product.brand": "lab",
        "ro.product.cpu.abi": "arm64-v8a",
        "ro.product.device": device,
        "ro.product.manufacturer": "Lab",
        "ro.product.model": model,
        "ro.product.name": device,
        # What is nobody's business: serial number and the SIM's, as some makers have it among the properties. A guess.
        "ril.iccid.sim1": "89490200000000000014",
        "ro.boot.serialno": f"LAB{short}000001",
        "ro.serialno": f"LAB{short}000001",
        # The HAL handler does not keep these two up to date (UsbDeviceManager.java, UsbHandlerHal); legacy does.
        "sys.usb.config": "adb",
        "sys.usb.state": "adb",
    }
