# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Android 10 with a gadget HAL of version 1.0, which has no NCM."""

from __future__ import annotations

from .profile import FIRST_HAL_NAMES, NO_TETHER, OLD_FUNCTIONS, Profile, properties

PROFILE = Profile(
    release="10",
    model="Lab Phone 10",
    device="labphone10",
    properties=properties("10", 29, "2020-08-05"),
    functions=OLD_FUNCTIONS,
    gadget="hal",
    functions_verb="setFunctions",
    verbs=frozenset({"getFunctions", "setScreenUnlockedFunctions"}),
    svc_names=OLD_FUNCTIONS | NO_TETHER,
    svc_tells_operation=False,
    dump_format="fields",
    dump_names=FIRST_HAL_NAMES,
    tethering_dump=("connectivity", "tethering"),
    tether_on_request=False,
    # Counted in IConnectivityManager.aidl of 10; it takes the caller's package as well.
    tether_call=33,
    fixed_subnet=True,
    disconnect_locked_seconds=1.0,
    disconnect_unlocked_seconds=1.0,
    hal_reply_seconds=3.0,
    enumeration_seconds=2.0,
    # UsbDeviceManager.java of 10: FUNCTION_NONE after either time-out. From which release on it is the default is not
    # known, but for 14.
    falls_back_to_default=False,
    locksettings_wants_secret=True,
    tether_function="rndis",
)
