# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``dumpsys``: usb, tethering, battery, the keyguard of window policy, and of telephony.registry the signal."""

from __future__ import annotations

from ..automate import PACKAGE
from ..ethernet import INTERFACE as ETHERNET
from ..standins import Answer, Call, not_simulated
from ..usb import NONE
from .handset import Handset


async def run(handset: Handset, call: Call) -> Answer:
    match call.arguments:
        case ["usb"]:
            return Answer(usb(handset) if handset.profile.dump_format == "fields" else old_usb(handset))
        case [*words] if tuple(words) == handset.profile.tethering_dump:
            return Answer(tethering(handset))
        case ["tethering"]:
            return Answer(errors="Can't find service: tethering\n")
        case ["window", "policy"]:
            return Answer(keyguard(handset))
        case ["activity", "services", package]:
            return Answer(services(handset, package))
        case ["telephony.registry"]:
            return Answer(telephony(handset))
        case ["battery"]:
            return Answer(battery(handset))
        case _:
            return not_simulated(" ".join(["dumpsys", *call.arguments]))


def usb(handset: Handset) -> str:
    """UsbDeviceManager's part, in DualDumpOutputStream's clear text: an empty field is not there at all.

    Of the port manager only what misleads: its port is connected on a mere charger, too.
    """
    state = handset.usb
    names = handset.profile.dump_names
    lines = [f"current_functions={names[state.current]}"] if state.current != NONE else []
    lines.append(f"current_functions_applied={_truth(state.applied)}")
    if state.default != NONE:
        lines.append(f"screen_unlocked_functions={names[state.default]}")
    lines += [
        f"screen_locked={_truth(state.locked)}",
        f"connected={_truth(state.connected)}",
        f"configured={_truth(state.configured)}",
        f"host_connected={_truth(handset.ethernet.present)}",
        "source_power=false",
        f"sink_power={_truth(handset.power())}",
        f"usb_charging={_truth(handset.power())}",
        "hide_usb_notification=false",
        "audio_accessory_connected=false",
        f"kernel_state={state.kernel_state}",
    ]
    handler = "".join(f"      {line}\n" for line in lines)
    port = f"      status={{\n        connected={_truth(handset.power())}\n      }}\n"
    return (
        "USB MANAGER STATE (dumpsys usb):\n{\n"
        f"  device_manager={{\n    handler={{\n{handler}    }}\n  }}\n"
        f"  port_manager={{\n    is_simulation_active=false\n    usb_ports={{\n{port}    }}\n  }}\n"
        "}\n"
    )


def keyguard(handset: Handset) -> str:
    """Of the window manager's policy the part that asks whether there is a lock."""
    lines = [
        f"showing={_truth(handset.usb.locked)}",
        "inputRestricted=false",
        "occluded=false",
        f"secure={_truth(handset.screen.secure)}",
        "dreaming=false",
        "systemIsReady=true",
    ]
    return "    KeyguardServiceDelegate\n" + "".join(f"      {line}\n" for line in lines)


def old_usb(handset: Handset) -> str:
    """UsbDeviceManager's part up to 8.1: lines, with adb among the functions; nothing of a default or of the lock."""
    state = handset.usb
    functions = "adb" if state.current == NONE else f"{state.current},adb"
    lines = [
        "USB Device State:",
        f"  mCurrentFunctions: {functions}",
        "  mCurrentOemFunctions: null",
        f"  mCurrentFunctionsApplied: {_truth(state.applied)}",
        f"  mConnected: {_truth(state.connected)}",
        f"  mConfigured: {_truth(state.configured)}",
        "  mUsbDataUnlocked: false",
        "  mCurrentAccessory: null",
        "  mHostConnected: false",
        "  mSourcePower: false",
        f"  mSinkPower: {_truth(handset.power())}",
        f"  mUsbCharging: {_truth(handset.power())}",
        f"  Kernel state: {state.kernel_state}",
        f"  Kernel function list: {functions}",
    ]
    return "USB Manager State:\n" + "".join(f"  {line}\n" for line in lines)


def tethering(handset: Handset) -> str:
    """The lines of Tethering.doDump() that tell of USB, and its log, which names the interface again.

    Its other sections are left out.
    """
    tether = handset.tether
    forced = handset.settings.get("global", "tether_force_usb_functions")
    function = {"0": "RNDIS", "1": "NCM"}.get(forced or "", handset.profile.tether_function.upper())
    text = (
        "Tethering:\n  Configuration:\n"
        "    tetherableUsbRegexs: [usb\\d, rndis\\d, ncm\\d]\n"
        f"    mUsbTetheringFunction: {function}\n"
        "  Tether state:\n"
    )
    if tether.interface is not None:
        name = "TetheredState" if tether.serving else "AvailableState"
        text += f"    {tether.interface} - {name} - lastError = {tether.error}\n"
    ethernet = handset.ethernet
    if ethernet.switched_on:
        name = "TetheredState" if ethernet.serving else "AvailableState"
        text += f"    {ETHERNET} - {name} - lastError = {tether.error}\n"
    upstream = tether.upstream_interface() or ethernet.upstream_interface()
    text += f"    Upstream wanted: {_truth(tether.serving or ethernet.serving)}\n"
    text += f"    Current upstream interface(s): {'null' if upstream is None else f'[{upstream}]'}\n"
    return text + "  Log:\n" + "".join(f"    {line}\n" for line in tether.log)


def services(handset: Handset, package: str) -> str:
    """ActiveServices' dump of one package's services."""
    head = "ACTIVITY MANAGER SERVICES (dumpsys activity services)\n"
    if package != PACKAGE or not handset.automate.runs:
        return head + "  (nothing)\n"
    return f"{head}  User 0 active services:\n  * ServiceRecord{{3c9f1d2 u0 {PACKAGE}/.AutomateService}}\n"


def telephony(handset: Handset) -> str:
    """TelephonyRegistry's dump of Android 10 and later, but for most of it; the numbers are nobody's."""
    radio = handset.radio
    slots = [(radio.rsrp, radio.level)] + ([(-108, 2)] if radio.second is not None else [])
    return "last known state:\n" + "".join(_slot(slot, *signal) for slot, signal in enumerate(slots))


_NOT_HEARD = {
    "Cdma": "cdmaDbm={0} cdmaEcio={0} evdoDbm={0} evdoEcio={0} evdoSnr={0} level=0",
    "Gsm": "rssi={0} ber={0} mTa={0} mLevel=0",
    "Wcdma": "ss={0} ber={0} rscp={0} ecno={0} level=0",
    "Tdscdma": "rssi={0} ber={0} rscp={0} level=0",
}
"""What toString() of CellSignalStrength says of each older network where there is none."""
_UNAVAILABLE = 2147483647
_NR = ":{{ csiRsrp = {0} csiRsrq = {0} csiSinr = {0} ssRsrp = {0} ssRsrq = {0} ssSinr = {0} level = 0 }}"
"""CellSignalStrengthNr has a style of its own."""


def _slot(slot: int, rsrp: int, level: int) -> str:
    older = "".join(f"m{kind}=CellSignalStrength{kind}: {said}," for kind, said in _NOT_HEARD.items())
    lte = f"rssi=-65 rsrp={rsrp} rsrq=-11 rssnr=12 cqi={_UNAVAILABLE} ta={_UNAVAILABLE} level={level}"
    return (
        f"  Phone Id={slot}\n"
        "  mCallState=0\n"
        f"  mCallIncomingNumber=+1555555010{slot}\n"
        f"  mSignalStrength=SignalStrength:{{{older.format(_UNAVAILABLE)}mLte=CellSignalStrengthLte: {lte},"
        f"mNr=CellSignalStrengthNr{_NR.format(_UNAVAILABLE)},primary=CellSignalStrengthLte}}\n"
    )


def battery(handset: Handset) -> str:
    """BatteryService's dump."""
    power = handset.power()
    level = handset.battery.level
    status = 5 if power and level == 100 else 2 if power else 3
    return (
        "Current Battery Service state:\n"
        "  AC powered: false\n"
        f"  USB powered: {_truth(power)}\n"
        "  Wireless powered: false\n"
        "  Dock powered: false\n"
        f"  status: {status}\n"
        "  health: 2\n"
        "  present: true\n"
        f"  level: {level}\n"
        "  scale: 100\n"
        f"  temperature: {handset.battery.temperature}\n"
        "  technology: Li-ion\n"
    )


def _truth(value: bool) -> str:
    return "true" if value else "false"
