# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Android 14 prints, built from what is to be said. A repeated field is a list over lines, an empty one is left
out, and what the first gadget HAL had no name for is a number (NCM is 0x400)."""

from __future__ import annotations


def dumpsys_usb(
    *,
    current=("ADB",),
    default=(),
    applied=True,
    locked=False,
    connected=True,
    configured=True,
    port_connected=True,
):
    """``connected`` is the gadget's: a host enumerated it. ``port_connected`` is the socket's: a charger does that."""
    fields = [
        *_functions("current_functions", current),
        f"current_functions_applied={_word(applied)}",
        *_functions("screen_unlocked_functions", default),
        f"screen_locked={_word(locked)}",
        f"connected={_word(connected)}",
        f"configured={_word(configured)}",
        "host_connected=false",
        "source_power=false",
        "sink_power=true",
        "usb_charging=false",
        "hide_usb_notification=false",
        "audio_accessory_connected=false",
        f"kernel_state={'CONFIGURED' if configured else 'DISCONNECTED'}",
    ]
    handler = "".join(f"      {line}\n" for field in fields for line in field.split("\n"))
    port = (
        "  port_manager={\n    is_simulation_active=false\n    usb_ports={\n      port={\n        id=port0\n"
        "        supported_modes=dual\n      }\n      status={\n"
        f"        connected={_word(port_connected)}\n"
        "        current_mode=ufp\n        power_role=sink\n        data_role=device\n      }\n    }\n  }\n"
    )
    return (
        f"USB MANAGER STATE (dumpsys usb):\n{{\n  device_manager={{\n    handler={{\n{handler}    }}\n  }}\n{port}}}\n"
    )


def dumpsys_tethering(*, interface="rndis0", state="TetheredState", error=0, upstream="[rmnet_data2]"):
    line = f"    {interface} - {state} - lastError = {error}\n" if interface else ""
    return (
        "Tethering:\n  Configuration:\n    tetherableUsbRegexs: [usb\\d, rndis\\d]\n"
        "    mUsbTetheringFunction: RNDIS\n  Tether state:\n"
        "    wlan1 - AvailableState - lastError = 5\n"
        f"{line}    Upstream wanted: true\n    Current upstream interface(s): {upstream}\n"
    )


def ip_addresses(interface="rndis0", address="192.168.42.129/24"):
    own = f"24: {interface}    inet {address} brd 192.168.42.255 scope global {interface}\\       valid_lft forever\n"
    return (
        "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n"
        "17: rmnet_data2    inet 10.62.91.4/29 scope global rmnet_data2\\       valid_lft forever\n"
    ) + (own if address else "")


def a_phone(**usb):
    """All sections that the USB state is read from; a phone on a host, serving nobody."""
    return {
        "usb": dumpsys_usb(**usb),
        "tethering": dumpsys_tethering(interface=None, upstream="null"),
        "addresses": ip_addresses(address=None),
    }


def a_serving_phone(**usb):
    """One that tethers by RNDIS."""
    return {
        "usb": dumpsys_usb(**{"current": ("ADB", "RNDIS"), "default": ("RNDIS",), **usb}),
        "tethering": dumpsys_tethering(),
        "addresses": ip_addresses(),
    }


def _functions(name, functions):
    if not functions:
        return []
    if len(functions) == 1:
        return [f"{name}={functions[0]}"]
    return [f"{name}=[", *(f"  {function}" for function in functions), "]"]


def _word(truth):
    return "true" if truth else "false"


UNHEARD = 2147483647
OTHERS = (
    f"mCdma=CellSignalStrengthCdma: cdmaDbm={UNHEARD} cdmaEcio={UNHEARD} evdoDbm={UNHEARD} evdoEcio={UNHEARD} "
    f"evdoSnr={UNHEARD} level=0,mGsm=CellSignalStrengthGsm: rssi={UNHEARD} ber={UNHEARD} mTa={UNHEARD} mLevel=0,"
    f"mWcdma=CellSignalStrengthWcdma: ss={UNHEARD} ber={UNHEARD} rscp={UNHEARD} ecno={UNHEARD} level=0,"
    f"mTdscdma=CellSignalStrengthTdscdma: rssi={UNHEARD} ber={UNHEARD} rscp={UNHEARD} level=0"
)
"""What comes before LTE in the line of any phone, also of one that hears nothing of it."""


def lte(rsrp=-95, level=3):
    return (
        f"CellSignalStrengthLte: rssi=-65 rsrp={rsrp} rsrq=-11 rssnr=12 cqiTableIndex={UNHEARD} cqi={UNHEARD} "
        f"ta={UNHEARD} level={level} parametersUseForLevel=0"
    )


def nr(rsrp=UNHEARD, level=0):
    """5G is printed in another style."""
    return (
        f"CellSignalStrengthNr:{{ csiRsrp = {UNHEARD} csiRsrq = {UNHEARD} csiCqiTableIndex = {UNHEARD} "
        f"csiCqiReport = [] ssRsrp = {rsrp} ssRsrq = -11 ssSinr = 13 level = {level} parametersUseForLevel = 0 "
        f"timingAdvance = {UNHEARD} }}"
    )


LTE, NO_NR = lte(), nr()


def signal(*, lte=LTE, nr=NO_NR, primary="Lte", others=OTHERS, after=""):
    """A line of ``dumpsys telephony.registry``."""
    return f"mSignalStrength=SignalStrength:{{{others},mLte={lte},mNr={nr}{after},primary=CellSignalStrength{primary}}}"


A_PIXEL = {
    **a_serving_phone(),
    "boot_completed": "1",
    "model": "Pixel 4a",
    "maker": "Google",
    "android": "14",
    "sdk": "34",
    "mobile_data": "1",
    "adb_key_life": "0",
    "battery": "Current Battery Service state:\n  USB powered: true\n  health: 2\n  level: 83\n  temperature: 312\n",
    "su": "",
    "gadget": "V1_2",
    "sim": "LOADED",
    "operator": "Lab Mobile",
    "signal": signal(),
}
"""A phone that serves, by all that every task asks of one."""
