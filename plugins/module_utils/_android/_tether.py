# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``android_usb_tether``: read, plan, switch, and read back from what the system says, never from exit codes."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import POLL_SECONDS, Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import address_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import FunctionRefused, NotSupported
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections, read
from ansible_collections.homelab.dualwan.plugins.module_utils._android._tether_plan import (
    TetherPlan,
    TetherWish,
    candidates,
    commands,
    plan,
    reached,
    settled,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import FIRST_WITH_DEFAULT, Usb, usb_from
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Params, Result

SWITCH_SECONDS = 8.0
"""Android gives the gadget 3 s and the host 5 s, then falls back by itself; what is not there by then was refused."""


def run(params: Params, check_mode: bool) -> Result:
    """Bring the phone's tether to the wish. Raises PhoneError, and BadWish before anything is touched."""
    wish = TetherWish(params["state"] == "enabled", params["function"], params["plug_in_default"])
    phone = Phone(address_from(params))
    sections = read(phone)
    _require_support(phone, sections)
    before = usb_from(sections)
    choices = candidates(wish, before)
    planned = plan(wish, before, choices[0])
    if check_mode or not planned.changes:
        return _result(before, before, planned, predicted=check_mode)
    tried: list[str] = []
    for function in choices:
        planned = plan(wish, before, function)
        after, said = _switch(phone, planned)
        if reached(planned, after):
            return _result(before, after, planned)
        tried.append(f"{function or 'none'} ({said})" if said else str(function or "none"))
    raise FunctionRefused(
        f"{phone.address.name.capitalize()} did not take the USB function {', nor '.join(tried)}",
        doing="switching USB tethering",
        cure="Look whether its settings offer USB tethering at all: some carriers and work profiles forbid it"
        + ("" if wish.function == "auto" else ", and function: auto tries the other kind"),
        before=before.as_result(),
        after=after.as_result(),
    )


def _require_support(phone: Phone, sections: Sections) -> None:
    if sections["sdk"].isdigit() and int(sections["sdk"]) < FIRST_WITH_DEFAULT:
        raise NotSupported(
            f"{phone.address.name.capitalize()} runs Android {sections['android']}, which cannot tether by default",
            doing="switching USB tethering",
            cure="Use a phone with Android 9 or later",
        )


def _switch(phone: Phone, planned: TetherPlan) -> tuple[Usb, str]:
    """Set, wait until the phone has settled, and return its state and what it complained of."""
    doing = "switching USB tethering"
    reply = phone.shell_through_a_switch(commands(planned), doing=doing)
    said = _complaint(reply.errors) if reply else ""
    start = phone.clock.now()
    while True:
        phone.await_return(doing=doing)
        usb = usb_from(read(phone))
        waited = phone.clock.now() - start
        if settled(planned, usb) or waited > phone.address.timeout:
            return usb, said
        if not reached(planned, usb) and (said or waited > SWITCH_SECONDS):
            return usb, said
        phone.clock.sleep(POLL_SECONDS)


def _complaint(errors: str) -> str:
    """The last line of what ``svc`` wrote: an exception's own text."""
    lines = [line.strip() for line in errors.splitlines() if "Exception" in line or "rror" in line]
    return lines[0] if lines else ""


def _result(before: Usb, after: Usb, planned: TetherPlan, *, predicted: bool = False) -> Result:
    was, becomes = before.as_result(), after.as_result()
    if predicted:
        becomes |= {"function": planned.function, "plug_in_default": planned.default}
    names = [name for name in ("function", "plug_in_default") if was[name] != becomes[name]]
    return {
        "changed": planned.changes,
        "before": was,
        "after": becomes,
        "diff": {"before": {name: was[name] for name in names}, "after": {name: becomes[name] for name in names}},
        "serving": after.serving,
        "warnings": [] if predicted else _warnings(after, planned),
    }


def _warnings(usb: Usb, planned: TetherPlan) -> list[str]:
    found = []
    if planned.function and usb.locked:
        found.append(
            "The phone's screen is locked securely: it gives tethering up at the next wiggle of the cable. "
            "Set its screen lock to none"
        )
    if planned.function and usb.connected and not usb.serving:
        found.append(f"The tether is on and does not serve yet (lastError {usb.error})")
    return found
