# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, a row each: the lab's words that begin it and end it, and what a task may say of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """``reasons`` are those a failed task may give, and each message has one of ``said`` in it."""

    name: str
    begin: str
    end: str
    reasons: frozenset[str]
    said: tuple[str, ...]


def _fault(name: str, begin: str, end: str, reasons: str, *said: str) -> Fault:
    return Fault(name, begin, end, frozenset(reasons.split()), said)


_AGAIN = ("then run again", "Look at the cable", "router's port", "Replug its cable")
_ALLOW = "Allow USB debugging?"

CUT = _fault("cable pulled, back at once", "phone drop", "", "connection_lost", *_AGAIN)
CUT_IN_IT = _fault("cable pulled in the middle", "phone set drop_at 1", "", "connection_lost", *_AGAIN)
GONE = _fault(
    "cable pulled for good",
    "phone set adb_over usb",
    "phone set adb_over network",
    "connection_lost no_phone offline",
    *_AGAIN,
)
REVOKED = _fault("unauthorised", "phone set authorised false", "phone set authorised true", "unauthorised", _ALLOW)
EXPIRED = _fault("key expired", "phone set days_away 8", "phone set authorised true", "unauthorised", _ALLOW)
OFFLINE = _fault(
    "offline",
    "phone set offline true",
    "phone set offline false",
    "offline no_phone connection_lost",
    "offline",
)
SERVER = _fault("adb server killed", "adb-server kill", "adb-server start", "adb_server_missing", "adb start-server")
# What both kill may be found missing by the read-back.
_ENDED = "connection_lost no_phone offline not_stored"
REBOOT = _fault("phone reboots", "phone reboot", "", _ENDED, *_AGAIN)
ADBD = _fault("adbd restarts", "phone restart-adbd", "", _ENDED, *_AGAIN)
TWO = _fault("two phones", "second-phone connect", "second-phone disconnect", "several_phones", "Set serial")

FULL = _fault("storage full", "phone set storage full", "phone set storage ok", "not_written", "Free some space")
READ_ONLY = _fault("storage read-only", "phone set storage ro", "phone set storage ok", "not_written", "Reboot")
TMP_READ_ONLY = _fault("/data/local/tmp read-only", "phone set tmp ro", "phone set tmp rw", "not_written", "Reboot")

_ROOT_AGAIN = "phone set root granted"
SU_NONE = _fault("no su", "phone set root none", _ROOT_AGAIN, "not_supported", "no su", "no root")
SU_REFUSES = _fault("su refuses", "phone set root denied", _ROOT_AGAIN, "not_supported", "root manager", "auto")
SU_ASKS = _fault("su asks, nobody answers", "phone set root asks", _ROOT_AGAIN, "not_supported", "root manager", "auto")
SU_HANGS = _fault(
    "su hangs", "phone set root hangs", _ROOT_AGAIN, "not_supported timeout", "root", "asks for something"
)

_REFUSED = "whether its settings offer USB tethering"
SVC_MUTE = _fault(
    "svc says and does nothing", "phone set svc mute", "phone set svc ok", "function_refused not_stored", _REFUSED
)
GADGET = _fault(
    "function refused by the gadget",
    "phone set functions mtp,ptp,midi",
    "phone set functions mtp,ptp,midi,rndis,ncm",
    "function_refused not_stored",
    _REFUSED,
)
HAL_MUTE = _fault("gadget HAL does not answer", "phone set hal mute", "phone set hal ok", "function_refused", _REFUSED)
ANDROID_8 = _fault("Android 8.1", "phone set android 8.1", "phone set android 14", "not_supported", "Android")
ANDROID_10 = _fault("Android 10", "phone set android 10", "phone set android 14", "function_refused", "function: auto")
AM_REFUSES = _fault(
    "am is denied it",
    "phone set am refuses",
    "phone set am ok",
    "not_stored",
    "java.lang.SecurityException: Permission",
)
AM_MUTE = _fault(
    "am says and does nothing", "phone set am mute", "phone set am ok", "not_stored", "Automate does not run"
)
NO_APP = _fault(
    "no Automate", "phone set automate absent", "phone set automate privileged", "not_supported", "not installed"
)
NO_SERVICE = _fault(
    "no privileged service", "phone set automate installed", "phone set automate privileged", "", "privileged service"
)
_NO = "The phone does not tether by Ethernet:"
ADAPTER = _fault(
    "adapter pulled", "cable plug router", "cable plug lan", "", f"{_NO} the phone has no Ethernet adapter"
)
NO_HAND = _fault("not switched on", "phone set ethernet_tether false", "", "", f"{_NO} Ethernet tethering is off")
NO_WAY_OUT = _fault(
    "mobile data off",
    "phone set mobile_data false",
    "phone set mobile_data true",
    "",
    f"{_NO} the tether has no way out",
)
OLDER = _fault("Android 10", ANDROID_10.begin, ANDROID_10.end, "", f"{_NO} Ethernet tethering came with Android 11")
DRIFT = _fault("script edited by hand", "by-hand edit", "", "")
LAUNCHER_DRIFT = _fault("launcher edited by hand", "by-hand launcher", "", "")
