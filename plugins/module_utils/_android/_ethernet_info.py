# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``android_ethernet_tether_info``: look, and where wished wait for the hand that switches Ethernet tethering on."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import TRANSIENT, Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import address_from, away
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NoPhone, PhoneError
from ansible_collections.homelab.dualwan.plugins.module_utils._android._ethernet import LINKS, Ethernet, ethernet_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import MODEL, USB, ask
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import OUT_BY_WIFI, by_wifi
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

READING = "reading its Ethernet tether"
LOOK_SECONDS = 2.0
WAITS = range(3601)


def run(params: Params, here: Here) -> Result:
    """Ask the phone until it serves, or for ``wait_seconds``. Raises PhoneError, and BadWish."""
    wait = params["wait_seconds"]
    if wait not in WAITS:
        raise BadWish(f"wait_seconds is {wait}", cure=f"Give {WAITS[0]} to {WAITS[-1]}")
    phone = Phone(address_from(params), here.clock)
    try:
        found = _look(phone)
        if not found.serving and wait and not here.check_mode:
            found = _await_serving(phone, found, wait, here)
    except NoPhone as error:
        return away(error, params)
    return {"changed": False, "present": True, **found.as_result(), "warnings": _warnings(found)}


def _warnings(found: Ethernet) -> list[str]:
    if not found.serving:
        return [f"The phone does not tether by Ethernet: {found.why_not_serving}"]
    return [OUT_BY_WIFI] if by_wifi(found.upstream) else []


def _look(phone: Phone) -> Ethernet:
    return ethernet_from(ask(phone, {**MODEL, **USB, **LINKS}, doing=READING))


def _await_serving(phone: Phone, found: Ethernet, wait: int, here: Here) -> Ethernet:
    deadline = here.clock.now() + wait
    said = None
    lost: PhoneError | None = None
    last = False
    while not found.serving and not last:
        if found.by_hand and found.by_hand[0] != said:
            said = found.by_hand[0]
            here.tell(f"Waiting up to {wait} s for a hand: {said}")
        here.clock.sleep(LOOK_SECONDS)
        last = here.clock.now() >= deadline  # a look that ends late began when there was time
        try:
            found, lost = _look(phone), None
        except TRANSIENT as error:
            # adb may go by a network that changes while somebody plugs.
            lost = error
    if lost is not None:
        raise lost  # what was seen before is not what the phone has
    return found
