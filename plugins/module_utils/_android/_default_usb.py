# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer that is the phone's own default USB configuration."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NotStored
from ansible_collections.homelab.dualwan.plugins.module_utils._android._layers import DEFAULT, LOCKED, Outcome
from ansible_collections.homelab.dualwan.plugins.module_utils._android._tether import wait_until
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import Usb

UNLOCK = "set the phone's screen lock to None or Swipe"


def bring_default(phone: Phone, wanted: str | None, usb: Usb, *, locks: bool, check_mode: bool) -> Outcome:
    """Have ``wanted`` as what the phone does at plug-in, None for no tether. Raises PhoneError.

    ``locks``: a secure lock screen will come up, which is what the phone is judged by and not whether it is up now.
    """
    before = usb.default or "none"
    after = wanted or "none"
    outcome = Outcome(
        DEFAULT,
        changed=usb.default != wanted,
        before=before,
        after=after,
        diff={"before": f"default USB configuration: {before}\n", "after": f"default USB configuration: {after}\n"},
    )
    if outcome.changed and check_mode:
        return _with_what_defeats_it(outcome, wanted, usb, locks=locks, settled=False)
    now = _set(phone, wanted) if outcome.changed else usb
    return _with_what_defeats_it(outcome, wanted, now, locks=locks, settled=True)


def _set(phone: Phone, wanted: str | None) -> Usb:
    doing = "setting the default USB configuration"
    command = f"svc usb setScreenUnlockedFunctions {wanted or ''}".strip()

    def arrived(found: Usb) -> bool:
        # The default is taken at once, but by a locked phone.
        return found.default == wanted and (wanted is None or found.locked or found.function is not None)

    reply = phone.shell_through_a_switch(command, doing=doing)
    now = wait_until(phone, arrived)
    if now.default != wanted and reply is None:  # it may not have been heard
        phone.shell_through_a_switch(command, doing=doing)
        now = wait_until(phone, arrived)
    if now.default != wanted:
        raise NotStored(
            f"The phone kept {now.default or 'none'} as its default USB configuration",
            doing=doing,
            cure="Look whether its settings offer USB tethering at all; function may name the other kind",
        )
    return now


def _with_what_defeats_it(outcome: Outcome, wanted: str | None, now: Usb, *, locks: bool, settled: bool) -> Outcome:
    if wanted is None:
        return outcome
    if now.locked or locks:
        return replace(outcome, warnings=(f"{DEFAULT}: {LOCKED}",), by_hand=(UNLOCK,))
    if settled and now.applied and now.function is None:
        # Android stores a default that the gadget has not, and says so in its log alone (setEnabledFunctions).
        unused = (
            f"{DEFAULT}: the phone has {wanted} as its default and does not use it. If a replug changes nothing, its "
            "USB gadget cannot do it, and function may name the other kind"
        )
        return replace(outcome, warnings=(unused,))
    return outcome
