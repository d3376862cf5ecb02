# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``android_usb_tether``: read, plan, switch, and read back from what the system says, never from exit codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import SU_SECONDS
from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import POLL_SECONDS, TRANSIENT, Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import address_from, away
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import (
    ConnectionLost,
    FunctionRefused,
    NoPhone,
    NotSupported,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections, read
from ansible_collections.homelab.dualwan.plugins.module_utils._android._tether_plan import (
    TetherPlan,
    TetherWish,
    candidates,
    next_command,
    plan,
    settled,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import (
    FIRST_WITH_DEFAULT,
    OUT_BY_WIFI,
    Usb,
    by_wifi,
    usb_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import look_until
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

DOING = "switching USB tethering"
OLDEST = 26
"""Android 8.0."""
MOST_STEPS = 4
"""A default taken away, a function, a default set, and the function again, which a locked phone dropped with it."""
MOST_REPEATS = 2
"""Of steps in which the connection dropped; an old phone drops it at each switch."""
SWITCH_SECONDS = 8.0
"""Android gives the gadget 3 s and the host 5 s, then falls back by itself; what is not there by then was refused."""
WENT_ALONG = (
    "adb came by the tether that was to go, and has gone with it, so what the phone has now was not read back. Look at "
    "it by a cable"
)


def run(params: Params, here: Here) -> Result:
    """Bring the phone's tether to the wish. Raises PhoneError, and BadWish before anything is touched."""
    wish = TetherWish(params["state"] == "enabled", params["function"], params["plug_in_default"])
    phone = Phone(address_from(params), here.clock)
    try:
        sections = read(phone)
    except NoPhone as error:
        return away(error, params)
    by_request = _is_old(sections)
    if by_request and wish.enabled:
        _require_support(phone, wish, sections)
    before = usb_from(sections)
    choices = candidates(wish, before, by_request=by_request)
    planned = plan(wish, before, choices[0], by_request=by_request)
    if by_request and not wish.enabled and planned.changes:  # a tether that is off stays so without root
        _require_support(phone, wish, sections)
    if here.check_mode or not planned.changes:
        return _result(before, before, planned, changed=planned.changes, predicted=here.check_mode)
    tried: list[str] = []
    after = before
    for function in choices:
        decide = partial(plan, wish, function=function, by_request=by_request)
        try:
            after, said = _converge(phone, decide, after, host=before.connected)
        except ConnectionLost:
            if function is not None or not before.answers_at(phone.address.host):
                raise
            # Nobody answers at an address of the tether, which is what was wished for.
            return _went_along(before, planned)
        planned = decide(after)
        if not planned.changes:
            return _result(before, after, planned, changed=True)
        tried.append(f"{function or 'none'} ({said})" if said else str(function or "none"))
    raise FunctionRefused(
        f"The phone did not take the USB function {', nor '.join(tried)}",
        doing=DOING,
        cure="Look whether its settings offer USB tethering at all: some carriers and work profiles forbid it"
        + ("" if wish.function == "auto" else ", and function: auto tries the other kind"),
        before=before.as_result(),
        after=after.as_result(),
    )


def _is_old(sections: Sections) -> bool:
    return sections["sdk"].isdigit() and int(sections["sdk"]) < FIRST_WITH_DEFAULT


def _require_support(phone: Phone, wish: TetherWish, sections: Sections) -> None:
    """Of a phone whose Android is older than 9. Raises NotSupported for what cannot work there."""
    name, android = "The phone", sections["android"]
    if int(sections["sdk"]) < OLDEST:
        raise NotSupported(f"{name} runs Android {android}", doing=DOING, cure="Use a phone with Android 8 or later")
    if wish.enabled and wish.plug_in_default:
        raise NotSupported(
            f"{name} runs Android {android}, which has no default USB configuration",
            doing=DOING,
            cure="Set plug_in_default to false, and keep the tether on by android_tether_keepalive's root_service; in "
            "the role phone_plug_in_default: false and phone_keepalive_strategy: [root_service]",
        )
    if wish.enabled and wish.function == "ncm":
        raise NotSupported(f"{name} runs Android {android}, which has no NCM", doing=DOING, cure="Use function: rndis")
    said = phone.shell(f"timeout {SU_SECONDS} su -c 'id -u' </dev/null", doing=DOING).output.strip()
    if said != "0":
        raise NotSupported(
            f"{name} runs Android {android}, where root alone may ask for tethering, and gives no root to the shell",
            doing=DOING,
            cure="Grant it in the root manager on the phone, or "
            + ("use a phone with Android 9 or later" if wish.enabled else "switch it off in the phone's settings"),
        )


def _converge(phone: Phone, decide: Callable[[Usb], TetherPlan], usb: Usb, *, host: bool) -> tuple[Usb, str]:
    """Take step after step until the phone has what it is to have, or does not take one. Returns its state, and what
    it complained of."""

    def left(now: Usb) -> str | None:
        return next_command(decide(now))

    repeated = 0
    for _step in range(MOST_STEPS + MOST_REPEATS):
        command = left(usb)
        if command is None:
            break
        drops = phone.drops
        reply = phone.shell_through_a_switch(command, doing=DOING)
        said = _complaint(reply.errors) if reply else ""
        usb = wait_until(phone, partial(_moved_on, left, command), refused=bool(said))
        if left(usb) == command:
            # Before it was heard the cable may have gone, or after it was done the phone may have rebooted.
            if phone.drops == drops or repeated == MOST_REPEATS:
                return usb, said
            repeated += 1
    return wait_until(phone, lambda now: settled(decide(now), now, host=host)), ""


def _moved_on(left: Callable[[Usb], str | None], command: str, usb: Usb) -> bool:
    return left(usb) != command


def wait_until(phone: Phone, arrived: Callable[[Usb], bool], *, refused: bool = False) -> Usb:
    """Read the phone until it has arrived and finished switching, or will not. Returns what it says then."""
    return look_until(
        lambda usb: refused or (usb.applied and arrived(usb)),
        partial(_look, phone),
        phone.clock,
        seconds=SWITCH_SECONDS,
        pause=POLL_SECONDS,
    )


def _look(phone: Phone) -> Usb:
    """What the phone says, once it is there: a switch drops the connection, and so does a cable."""
    deadline = phone.clock.now() + phone.address.timeout
    while True:
        last = phone.clock.now() >= deadline
        try:
            return usb_from(read(phone))
        except TRANSIENT:
            phone.drops += 1
            if last:
                raise
            phone.await_return(doing=DOING)


def _complaint(errors: str) -> str:
    """What an exception of ``svc`` says, without its stack."""
    lines = [line.strip() for line in errors.splitlines() if "Exception" in line or "rror" in line]
    return lines[0] if lines else ""


def _result(before: Usb, after: Usb, planned: TetherPlan, *, changed: bool, predicted: bool = False) -> Result:
    was, becomes = before.as_result(), after.as_result()
    if predicted:
        becomes |= {"function": planned.function, "plug_in_default": planned.default}
    names = [name for name in ("function", "plug_in_default") if was[name] != becomes[name]]
    return {
        "changed": changed,
        "present": True,
        "before": was,
        "after": becomes,
        "diff": {"before": {name: was[name] for name in names}, "after": {name: becomes[name] for name in names}},
        "serving": after.serving,
        "warnings": [] if predicted else _warnings(before, after, planned),
    }


def _went_along(before: Usb, planned: TetherPlan) -> Result:
    """Of a tether that took adb along: what it was told to come to."""
    gone = replace(before, function=None, default=None, configured=False, interface=None, address=None, upstream=None)
    return {**_result(before, gone, planned, changed=True), "warnings": [WENT_ALONG]}


def _warnings(before: Usb, usb: Usb, planned: TetherPlan) -> list[str]:
    found = []
    if planned.function and usb.locked:
        found.append(
            "The phone's screen is locked securely: it gives tethering up at the next wiggle of the cable. "
            "Set its screen lock to none"
        )
    if planned.function and before.connected and not usb.connected:
        found.append("The tether is on, and who was on the other end of the cable has not taken the phone up again")
    if planned.function and usb.connected and not usb.up:
        found.append(f"The tether is on and does not serve yet (lastError {usb.error})")
    if planned.function and usb.up and not usb.serving:
        found.append("The tether has no internet to forward to. Switch mobile data on, and look at the SIM's plan")
    if planned.function and usb.serving and by_wifi(usb.upstream):
        found.append(OUT_BY_WIFI)
    return found
