# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Android 8.1 without a gadget HAL, as most phones of 2017 were."""

from __future__ import annotations

from .profile import NO_TETHER, OLD_FUNCTIONS, Profile, properties

PROFILE = Profile(
    release="8.1",
    model="Lab Phone 8.1",
    device="labphone81",
    properties=properties("8.1", 27, "2018-12-05"),
    functions=OLD_FUNCTIONS,
    gadget="legacy",
    functions_verb="setFunction",
    verbs=frozenset({"getFunction"}),
    # UsbService of 8.1 takes an unknown name for none, with a line in the log. From memory.
    svc_names=OLD_FUNCTIONS | NO_TETHER,
    svc_tells_operation=False,
    dump_format="lines",
    dump_names={},
    tethering_dump=("connectivity", "tethering"),
    # The change that made the function alone tether (bug 62876645) is taken to be in 9. A guess at 8.1's branch date.
    tether_on_request=True,
    # As users of 8.x found it; which of 8.0 and 8.1 they had is not told.
    tether_call=34,
    fixed_subnet=True,
    # UPDATE_DELAY; there is no second one, and no wait for a HAL.
    disconnect_locked_seconds=1.0,
    disconnect_unlocked_seconds=1.0,
    hal_reply_seconds=3.0,
    enumeration_seconds=2.0,
    falls_back_to_default=False,
    locksettings_wants_secret=True,
    tether_function="rndis",
)
