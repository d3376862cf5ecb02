# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer that is the phone's own default USB configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import FunctionRefused, NotStored
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
    now = usb
    if outcome.changed:
        now = _set(phone, wanted)
        if wanted is not None and usb.function is not None and now.locked:
            now = _keep(phone, usb.function)
    return _with_what_defeats_it(outcome, wanted, now, locks=locks, settled=True)


def _set(phone: Phone, wanted: str | None) -> Usb:
    doing = "setting the default USB configuration"
    command = f"svc usb setScreenUnlockedFunctions {wanted or ''}".strip()

    def arrived(found: Usb) -> bool:
        # The default is taken at once, but by a locked phone.
        return found.default == wanted and (wanted is None or found.locked or found.function is not None)

    now = _tell(phone, command, arrived, lambda found: found.default == wanted, doing=doing)
    if now.default != wanted:
        raise NotStored(
            f"The phone kept {now.default or 'none'} as its default USB configuration",
            doing=doing,
            cure="Look whether its settings offer USB tethering at all; function may name the other kind",
        )
    return now


def _keep(phone: Phone, function: str) -> Usb:
    """Have the function that the phone had before: a locked phone drops it when it is told its default.

    It is set in any case. Android does one thing after the other, so the drop may be yet to come.
    """
    doing = f"setting the USB function {function} again"

    def arrived(found: Usb) -> bool:
        return found.function == function

    now = _tell(phone, f"svc usb setFunctions {function}", arrived, arrived, doing=doing)
    if not arrived(now):
        raise FunctionRefused(
            f"The phone, which is locked, dropped the USB function {function} and did not take it again",
            doing=doing,
            cure="Unlock the phone, then run again, which is safe",
        )
    return now


def _tell(
    phone: Phone, command: str, arrived: Callable[[Usb], bool], heard: Callable[[Usb], bool], *, doing: str
) -> Usb:
    """Give the command, once more where the connection broke and it was not heard. Returns the phone's state then."""
    reply = phone.shell_through_a_switch(command, doing=doing)
    now = wait_until(phone, arrived)
    if not heard(now) and reply is None:
        phone.shell_through_a_switch(command, doing=doing)
        now = wait_until(phone, arrived)
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
