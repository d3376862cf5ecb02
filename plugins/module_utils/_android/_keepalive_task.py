# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``android_tether_keepalive``: push, start, stop and remove the loop, and read back what is there."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import POLL_SECONDS, Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import address_from, away
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import (
    NoPhone,
    NotStored,
    NotSupported,
    NotWritten,
    PhoneError,
    TookTooLong,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import (
    PROBE,
    Keepalive,
    KeepalivePlan,
    KeepaliveWish,
    commands,
    keepalive_from,
    plan,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import (
    DIRECTORY,
    KeepaliveScript,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import ask
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

INTERVALS = range(1, 3601)
"""Above an hour nobody is helped."""
TEMPERATURES = range(20, 81)
"""Degrees Celsius; phones switch themselves off below the last."""
START_SECONDS = 5.0
STEP_SECONDS = 10.0
COMMAND_BYTES = 4096


def run(params: Params, here: Here) -> Result:
    """Bring the loop to the wish. Raises PhoneError, and BadWish before anything is touched."""
    wish = _wish(params)
    phone = Phone(address_from(params), here.clock)
    try:
        before = _read(phone)
    except NoPhone as error:
        return away(error, params)
    planned = plan(wish, before)
    if here.check_mode or not planned.changes:
        return _result(before, before, planned, wish, predicted=here.check_mode)
    if wish.script.through_su and planned.start:
        _require_root(phone)
    reply = phone.shell(commands(planned, wish), doing=_doing(planned))
    if reply.code:
        raise _not_written(reply.errors.strip() or reply.output.strip(), planned)
    after = _settle(phone, wish)
    left = plan(wish, after)
    if left.changes:
        raise NotStored(
            "The keepalive did not come to the wanted state",
            doing=_doing(planned),
            cure=f"Look at {DIRECTORY}/log on the phone, then run again, which is safe",
            before=before.as_result(),
            after=after.as_result(),
        )
    return _result(before, after, planned, wish)


def _wish(params: Params) -> KeepaliveWish:
    interval, hottest = params["interval"], params["max_battery_temperature"]
    command = None if params["command"] is None else params["command"].strip()
    if interval not in INTERVALS:
        raise BadWish(f"interval is {interval}", cure=f"Give {INTERVALS[0]} to {INTERVALS[-1]} seconds")
    if hottest and int(hottest) not in TEMPERATURES:
        raise BadWish(
            f"max_battery_temperature is {hottest}",
            cure=f"Give {TEMPERATURES[0]} to {TEMPERATURES[-1]} degrees Celsius, or 0 for no limit",
        )
    if command is not None and (not command or len(command.encode()) > COMMAND_BYTES or "\0" in command):
        raise BadWish("command is empty or too long", cure=f"Give one of at most {COMMAND_BYTES} bytes")
    if not params["cures"]:
        raise BadWish("cures is empty", cure="Name one at least, such as function")
    script = KeepaliveScript(
        interval=interval,
        function=params["function"],
        cures=tuple(dict.fromkeys(params["cures"])),
        hottest=round(hottest * 10),
        command=command,
        through_su=params["as_root"],
    )
    return KeepaliveWish(params["state"], script)


def _read(phone: Phone) -> Keepalive:
    return keepalive_from(ask(phone, PROBE, doing="reading the keepalive"))


def _settle(phone: Phone, wish: KeepaliveWish) -> Keepalive:
    """A started loop writes its pid a moment later; a stopped one is gone a moment later."""
    deadline = phone.clock.now() + START_SECONDS
    while True:
        found = _read(phone)
        if not plan(wish, found).changes or phone.clock.now() > deadline:
            return found
        phone.clock.sleep(POLL_SECONDS)


def _require_root(phone: Phone) -> None:
    cure = "Grant it to the shell in the root manager on the phone, or set as_root to false"
    doing = "looking whether the phone gives root"
    try:
        reply = phone.shell(f"timeout {STEP_SECONDS:.0f} su -c 'id -u'", doing=doing)
    except TookTooLong as error:
        raise NotSupported("The phone's su does not answer", doing=doing, cure=cure) from error
    if reply.code or reply.output.strip() != "0":
        said = reply.errors.strip() or f"exit code {reply.code}"
        raise NotSupported(f"The phone gives no root ({said})", doing=doing, cure=cure)


def _not_written(said: str, planned: KeepalivePlan) -> PhoneError:
    if "No space left" in said:
        cure = "Free some space on the phone"
    elif "Read-only" in said or "Permission denied" in said:
        cure = "Reboot the phone; if it stays, its maker keeps the shell user from /data/local/tmp"
    elif "syntax error" in said or "unmatched" in said or "unexpected" in said:
        cure = "Correct command: the phone's shell cannot read it"
    else:
        cure = "Run again, which is safe"
    return NotWritten(f"The phone said: {said}", doing=_doing(planned), cure=cure)


def _doing(planned: KeepalivePlan) -> str:
    if planned.install:
        return f"writing the keepalive to {DIRECTORY}"
    if planned.start:
        return "starting the keepalive"
    if planned.pause or planned.resume:
        return "pausing the keepalive" if planned.pause else "resuming the keepalive"
    return "removing the keepalive" if planned.remove else "stopping the keepalive"


def _result(
    before: Keepalive, after: Keepalive, planned: KeepalivePlan, wish: KeepaliveWish, *, predicted: bool = False
) -> Result:
    was, becomes = before.as_result(), after.as_result()
    if predicted:
        becomes |= {
            "installed": wish.state != "absent",
            "running": wish.state in ("started", "paused"),
            "outdated": False,
            "paused": wish.state == "paused" or (wish.state == "stopped" and before.paused),
            "checksum": None if wish.state == "absent" else wish.script.checksum,
        }
    script = "" if wish.state == "absent" else wish.script.text
    return {
        "changed": planned.changes,
        "present": True,
        "before": was,
        "after": becomes,
        "diff": {
            "before_header": f"{DIRECTORY}/keepalive.sh ({_state(was)})",
            "after_header": f"{DIRECTORY}/keepalive.sh ({_state(becomes)})",
            "before": before.script + "\n" if before.script else "",
            "after": script,
        },
    }


def _state(found: dict[str, object]) -> str:
    if not found["installed"]:
        return "absent"
    how = "paused" if found["running"] and found["paused"] else "running" if found["running"] else "stopped"
    return f"{how}, sha256 {found['checksum']}"
