# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the phone: whether adb reaches it, its SIM, and its tether."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import FIRST_WITH_DEFAULT, by_wifi
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._subnets import lan, same
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._looks import (
    Look,
    at_both,
    at_ethernet_phone,
    at_phone,
    at_usb_phone,
    shown_if,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    ERROR,
    NOTICE,
    PHONE,
    WARNING,
    Rule,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import PhoneSeen, RouterSeen, Scene

WEAK_DBM = -115
"""Reference signal of LTE and 5G from which on little comes through. A guess by common tables of operators."""
LOADED, READY, ABSENT, LOCKED, NOT_READY = "loaded", "ready", "absent", "locked", "not_ready"
FIRST_WITH_LOADED = 28
"""Android 9. A guess: a wrong one shows as ``phone_sim_not_ready`` for nothing, or as none."""
LOCKED_SIMS = frozenset({"pin_required", "puk_required", "network_locked", "perm_disabled"})
"""Words of ``gsm.sim.state`` (IccCardConstants of Android 10 to 16). The others are of a card that is there, or of
which the phone does not know yet: ``ready`` before it has read it, ``not_ready``, ``unknown``, ``card_io_error``."""
MISSING = ("primary_phone_missing", "secondary_phone_missing")
DEAD = ("phone_no_way_out", "phone_no_ethernet", "secondary_disconnected")

NOT_REACHED: Mapping[str, tuple[str, str, str, tuple[str, ...]]] = {
    "unauthorised": (WARNING, "The phone does not let this computer debug it", "adb of Android 16", MISSING),
    "offline": (WARNING, "The phone does not answer adb", "adb of Android 16", MISSING),
    "still_booting": (WARNING, "The phone has not finished booting", "sys.boot_completed of Android 8 to 16", MISSING),
    "adb_server_missing": (WARNING, "No adb server answers here, so the phone was not asked", "adb of Android 16", ()),
    "several_phones": (WARNING, "adb knows several phones, and none was named", "adb of Android 16", ()),
    "no_phone": (
        NOTICE,
        "adb does not reach the phone, so nothing was looked at on it; in the router's port that is normal",
        "complaints 17",
        (),
    ),
    "no_permission": (
        WARNING,
        "adb may not open the phone on this computer's USB, or another one that hides it",
        "adb of Android 16: acquire_one_transport",
        (),
    ),
    "missing_library": (NOTICE, "adbutils is not installed here, so the phone was not asked", "requirements.txt", ()),
    "other": (WARNING, "The phone was asked, and gave no answer that can be read", "adb of Android 16", ()),
}
"""By the reason of the error: how bad, in a clause, from where, what it makes show."""


def _not_reached(reason: str) -> Look:
    def look(scene: Scene) -> str | None:
        error = scene.phone_error
        known = error.reason if error and error.reason in NOT_REACHED else "other"
        return error.happened if error and known == reason else None

    return look


def _cure(scene: Scene) -> str:
    return scene.phone_error.cure if scene.phone_error else "See docs/guides/errors.md"


def _unreached(reason: str) -> Rule:
    severity, what, source, explains = NOT_REACHED[reason]
    name = {"adb_server_missing": "adb_server_missing", "missing_library": "adbutils_missing"}.get(reason)
    name = name or {"no_phone": "phone_away", "other": "phone_unreadable"}.get(reason, f"phone_{reason}")
    return Rule(name, severity, PHONE, what, _not_reached(reason), _cure, source, explains)


def _not_asked(scene: Scene) -> str | None:
    return shown_if(not scene.phone_asked, "phone is false, or no phone of the inventory goes with this router")


def _no_line(scene: Scene) -> str | None:
    stored = scene.router.nvram["wans_dualwan"] if scene.router else ""
    return shown_if(scene.no_line and scene.phone is not None, f"wans_dualwan is {stored}")


def _sims_are(what: str) -> Look:
    return at_phone(lambda phone: shown_if(_all_in_all(phone) == what, f"gsm.sim.state is {', '.join(phone.sims)}"))


def _all_in_all(phone: PhoneSeen) -> str | None:
    """Of all slots together; None where the phone does not tell."""
    sims = phone.sims
    if not sims:
        return None
    # Android 8 has no word beyond ready.
    if LOADED in sims or (phone.sdk < FIRST_WITH_LOADED and READY in sims):
        return LOADED
    if LOCKED_SIMS.intersection(sims):
        return LOCKED
    return ABSENT if set(sims) == {ABSENT} else NOT_READY


def _weak(phone: PhoneSeen) -> str | None:
    dbm = phone.rsrp_dbm
    return shown_if(dbm is not None and dbm < WEAK_DBM, f"{dbm} dBm")


def _refused(phone: PhoneSeen) -> str | None:
    return shown_if(
        phone.usb.error, f"lastError is {phone.usb.error}: {phone.usb.why_not_serving or 'Android refuses'}"
    )


def _off(phone: PhoneSeen) -> str | None:
    return shown_if(phone.usb.function is None and phone.usb.connected, "the USB port does something else than tether")


def _no_host(phone: PhoneSeen) -> str | None:
    return shown_if(not phone.usb.connected, phone.usb.why_not_serving or "no host")


def _stuck(phone: PhoneSeen) -> str | None:
    usb = phone.usb
    stands = usb.connected and usb.function is not None and not usb.error
    return shown_if(stands and not usb.up, usb.why_not_serving or "")


def _no_way_out(phone: PhoneSeen) -> str | None:
    return shown_if(phone.usb.up and phone.usb.upstream is None, phone.usb.why_not_serving or "no upstream")


def _no_default(phone: PhoneSeen) -> str | None:
    kept_by_root = phone.keepalive.place.layer == "root_service" and phone.keepalive.running
    alone = "a keepalive runs" if phone.keepalive.running else "no keepalive runs either"
    return shown_if(
        phone.sdk >= FIRST_WITH_DEFAULT and phone.usb.default is None and not kept_by_root,
        f"dumpsys usb has no tether as screen_unlocked_functions, and {alone}",
    )


def _another_default(phone: PhoneSeen) -> str | None:
    usb = phone.usb
    return shown_if(
        usb.function and usb.default and usb.function != usb.default,
        f"now {usb.function}, at the next plug-in {usb.default}",
    )


def _locked(phone: PhoneSeen) -> str | None:
    return shown_if(phone.usb.locked, "dumpsys usb says screen_locked=true")


def _old(phone: PhoneSeen) -> str | None:
    return shown_if(0 < phone.sdk < FIRST_WITH_DEFAULT, f"Android {phone.sections['android']}")


def _legacy(phone: PhoneSeen) -> str | None:
    alone = phone.keepalive.running and phone.keepalive.place.layer == "loop"
    return shown_if(phone.gadget == "legacy" and alone, "the gadget has no HAL, and the keepalive is a loop")


def _in_the_lan(router: RouterSeen, phone: PhoneSeen) -> str | None:
    home, tether = lan(router.nvram), phone.subnet
    return shown_if(same(home, tether), f"the phone tethers {tether}, and the LAN is {home}")


def _in_a_circle(router: RouterSeen, phone: PhoneSeen) -> str | None:
    home, upstream = lan(router.nvram), phone.usb.upstream
    inside = any(same(home, network) for network in phone.wifi)
    return shown_if(by_wifi(upstream) and inside, f"the phone forwards to {upstream}, in the LAN's {home}")


def _no_ethernet(phone: PhoneSeen) -> str | None:
    return phone.ethernet.why_not_serving


def _ethernet_cure(scene: Scene) -> str:
    return ", ".join(scene.phone.ethernet.by_hand).capitalize() if scene.phone else "Look at the phone"


RULES = (
    *(_unreached(reason) for reason in NOT_REACHED),
    Rule(
        "phone_not_asked",
        NOTICE,
        PHONE,
        "The phone was not asked, so its SIM, tether, battery and keepalive were not looked at",
        _not_asked,
        "Name it with backup_phone (or phone: true and serial), if adb reaches it",
        "complaints 17",
    ),
    Rule(
        "phone_no_line",
        NOTICE,
        PHONE,
        "No line of the router is on USB, so what the phone's USB does was not judged",
        _no_line,
        "Give secondary: usb, or backup_plug: ethernet for a phone on an Ethernet adapter, or leave the phone out",
        "rtstate.h (382): wans_dualwan",
    ),
    Rule(
        "phone_sim_missing",
        ERROR,
        PHONE,
        "The phone has no SIM",
        _sims_are(ABSENT),
        "Put one in, or switch the eSIM on in the phone's settings",
        "complaints 17, OMR#2732; getprop gsm.sim.state",
        DEAD,
    ),
    Rule(
        "phone_sim_locked",
        ERROR,
        PHONE,
        "The SIM waits for its PIN or PUK, as after each restart of the phone",
        _sims_are(LOCKED),
        "Enter it on the phone, and take the PIN off: Settings, Security, SIM lock",
        "complaints 17; getprop gsm.sim.state",
        DEAD,
    ),
    Rule(
        "phone_sim_not_ready",
        WARNING,
        PHONE,
        "The phone has not taken its SIM up",
        _sims_are(NOT_READY),
        "Airplane mode off; just after the phone's boot look again in a minute; switch the eSIM on, if it has no other "
        "SIM; else take the SIM out and put it in again",
        "IccCardConstants of Android 10 to 16; getprop gsm.sim.state",
        DEAD,
    ),
    Rule(
        "phone_no_ethernet",
        ERROR,
        PHONE,
        "The phone does not tether by its Ethernet adapter",
        at_ethernet_phone(_no_ethernet),
        _ethernet_cure,
        "complaints 3; Tethering and EthernetTracker of Android 11 to 15",
        ("secondary_unplugged", "secondary_disconnected", "secondary_stopped"),
    ),
    Rule(
        "phone_tether_refused",
        ERROR,
        PHONE,
        "Android refuses to tether",
        at_usb_phone(_refused),
        "Ask the provider whether the plan allows it, and which APN it takes; a work profile may forbid it",
        "complaints 17; TetheringManager of Android 12 to 15",
        ("phone_tether_stuck", "phone_tether_off", *MISSING, *DEAD),
    ),
    Rule(
        "phone_in_lans_subnet",
        ERROR,
        PHONE,
        "The phone's tether has addresses of the LAN",
        at_both(_in_the_lan),
        "Replug the phone, which takes another network from Android 12 on; or give the LAN another one (LAN, LAN IP)",
        "complaints 16, OMR#1271, forum.openwrt.org 205256",
        ("same_subnet", "secondary_stopped", "secondary_disconnected"),
    ),
    Rule(
        "phone_in_routers_wifi",
        ERROR,
        PHONE,
        "The phone forwards to the router's own Wi-Fi, so a failover leads back into the router",
        at_both(_in_a_circle),
        "Switch Wi-Fi off on the phone: android_backup_phone does, unless adb comes by it; by hand then",
        "complaints 17; upstream choice of the Tethering module",
        ("secondary_disconnected",),
    ),
    Rule(
        "phone_tether_off",
        ERROR,
        PHONE,
        "USB tethering is off on the phone",
        at_usb_phone(_off),
        "Run android_usb_tether with state: enabled and plug_in_default: true, which site.yml does",
        "complaints 14, OMR#1866, OMR#468; UsbDeviceManager of Android 10 to 16",
        MISSING,
    ),
    Rule(
        "phone_without_host",
        ERROR,
        PHONE,
        "Nothing takes the phone at the other end of its cable",
        at_usb_phone(_no_host),
        "Plug it into the router's USB port with a data cable: many cables only charge",
        "complaints 3; dumpsys usb",
        ("phone_charging", *MISSING),
    ),
    Rule(
        "phone_tether_stuck",
        WARNING,
        PHONE,
        "USB tethering is on, and has not come up",
        at_usb_phone(_stuck),
        "Run again in ten seconds; if it stays, replug the phone, or run android_usb_tether with another function",
        "complaints 14; dumpsys usb and tethering",
        MISSING,
    ),
    Rule(
        "phone_no_way_out",
        ERROR,
        PHONE,
        "The phone tethers, and has no way out itself",
        at_usb_phone(_no_way_out),
        "Look at its mobile data and its plan: open a page on the phone with Wi-Fi off",
        "complaints 17, OMR#2732; dumpsys tethering: no upstream",
        ("secondary_disconnected",),
    ),
    Rule(
        "phone_locked",
        WARNING,
        PHONE,
        "The phone is locked securely, and gives tethering up at the next wiggle of the cable",
        at_usb_phone(_locked),
        "Settings, Security, Screen lock: None or Swipe",
        "complaints 14; UsbDeviceManager of Android 10 to 16",
        ("phone_tether_off",),
    ),
    Rule(
        "phone_no_default",
        WARNING,
        PHONE,
        "The phone does not tether by itself when it is plugged in again",
        at_usb_phone(_no_default),
        "Run android_usb_tether with plug_in_default: true, which site.yml does; or Developer options, Default USB "
        "configuration: USB tethering",
        "complaints 14, OMR#1732, OMR#1948",
        ("phone_tether_off",),
    ),
    Rule(
        "phone_another_default",
        NOTICE,
        PHONE,
        "The phone tethers in another way at its next plug-in",
        at_usb_phone(_another_default),
        "Run android_usb_tether with the function that the router takes, and plug_in_default: true",
        "complaints 15; dumpsys usb",
    ),
    Rule(
        "phone_weak_signal",
        WARNING,
        PHONE,
        "The phone's signal is weak",
        at_phone(_weak),
        "Give it another place, such as a window, on a longer cable",
        "complaints 17; dumpsys telephony.registry",
    ),
    Rule(
        "phone_old_android",
        WARNING,
        PHONE,
        "This Android has no default for plug-in, so a wiggle of the cable ends the tether",
        at_usb_phone(_old),
        "Keep it on by root (android_tether_keepalive), or use a phone with Android 9 or later",
        "complaints 14; UsbDeviceManager of Android 8",
    ),
    Rule(
        "phone_legacy_gadget",
        NOTICE,
        PHONE,
        "On this phone a loop over adb dies at each switch of the USB function",
        at_usb_phone(_legacy),
        "Rely on the plug-in default, or on a root service",
        "adbd and init of Android 8 to 15",
    ),
)
