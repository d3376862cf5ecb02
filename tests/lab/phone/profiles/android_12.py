# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Android 12 with a gadget HAL of version 1.2."""

from __future__ import annotations

from .profile import FIRST_HAL_NAMES, NEW_FUNCTIONS, NO_TETHER, Profile, properties

PROFILE = Profile(
    release="12",
    model="Lab Phone 12",
    device="labphone12",
    properties=properties("12", 31, "2022-03-05"),
    functions=NEW_FUNCTIONS,
    gadget="hal",
    functions_verb="setFunctions",
    verbs=frozenset(
        {"getFunctions", "setScreenUnlockedFunctions", "resetUsbGadget", "getUsbSpeed", "getGadgetHalVersion"}
    ),
    svc_names=NEW_FUNCTIONS | NO_TETHER,
    svc_tells_operation=False,
    dump_format="fields",
    dump_names=FIRST_HAL_NAMES,
    tethering_dump=("tethering",),
    tether_on_request=False,
    tether_call=None,
    fixed_subnet=False,
    # DEVICE_STATE_UPDATE_DELAY and …_EXT; SET_FUNCTIONS_TIMEOUT_MS and ENUMERATION_TIME_OUT_MS, as in 14: a guess.
    disconnect_locked_seconds=1.0,
    disconnect_unlocked_seconds=3.0,
    hal_reply_seconds=3.0,
    enumeration_seconds=2.0,
    falls_back_to_default=True,
    locksettings_wants_secret=True,
    tether_function="rndis",
)
