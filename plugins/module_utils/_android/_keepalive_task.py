# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``android_tether_keepalive``: choose the layers, bring each to its state, and read back what is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import (
    GADGET,
    ROOT_GRANTED,
    ROOT_NONE,
    Abilities,
    gadget_from,
    root_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import POLL_SECONDS, Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import address_from, away
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import (
    NoPhone,
    NotStored,
    NotSupported,
    NotWritten,
    PhoneError,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import (
    LOOP,
    PROBE,
    ROOT_PROBE,
    ROOT_SERVICE,
    Keepalive,
    KeepalivePlan,
    KeepaliveWish,
    Place,
    commands,
    keepalive_from,
    plan,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_options import (
    KeepaliveOptions,
    options_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import DIRECTORY
from ansible_collections.homelab.dualwan.plugins.module_utils._android._layers import LOCKED, Choice, choose, refusal
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import MODEL, SU, USB, Sections, ask
from ansible_collections.homelab.dualwan.plugins.module_utils._android._tether import wait_until
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import Usb, usb_from
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

START_SECONDS = 5.0
READING = "reading the keepalive"
DEFAULT = "default_usb"


@dataclass(frozen=True)
class Outcome:
    """What came, or would come, of one layer."""

    layer: str
    changed: bool
    before: str
    after: str
    diff: dict[str, str]
    keepalive: tuple[dict[str, Any], dict[str, Any]] | None = None
    """Of a layer that is a script: all that is known of it, before and after."""


def run(params: Params, here: Here) -> Result:
    """Bring the layers to the wish. Raises PhoneError, and BadWish before anything is touched."""
    options = options_from(params)
    phone = Phone(address_from(params), here.clock)
    everything = {**MODEL, **USB, **SU, **GADGET, **PROBE, **ROOT_PROBE}
    try:
        found = ask(phone, everything, doing=READING)
    except NoPhone as error:
        return away(error, params)
    usb = usb_from(found)
    abilities = _abilities(found, usb)
    choices = choose(options.strategy, abilities, through_su=options.script.through_su)
    _require(options, choices, abilities)
    outcomes = []
    if (default := _wanted_default(options, choices)) is not None:
        outcomes.append(_bring_default(phone, default or None, usb, check_mode=here.check_mode))
    wishes = _script_wishes(options, choices)
    outcomes += [_bring_script(phone, wish, found, check_mode=here.check_mode) for wish in wishes]
    return _result(outcomes, choices, found, usb)


def _abilities(found: Sections, usb: Usb) -> Abilities:
    sdk = int(found["sdk"]) if found["sdk"].isdigit() else 0
    return Abilities(sdk, root_from(found), usb.locked, gadget_from(sdk, found["gadget"]))


def _require(options: KeepaliveOptions, choices: tuple[Choice, ...], abilities: Abilities) -> None:
    """Refuse what was asked for by name, or by ``as_root``, and cannot be."""
    if options.state == "absent":
        return
    if options.script.through_su and abilities.root != ROOT_GRANTED:
        raise NotSupported(
            "The phone gives no root ("
            + ("it has no su)" if abilities.root == ROOT_NONE else "its su refuses, or does not answer)"),
            doing=READING,
            cure="Grant it to the shell in the root manager on the phone, or set as_root to false",
        )
    if options.auto:
        return
    for choice in choices:
        cannot = refusal(choice.layer, abilities, through_su=options.script.through_su) if choice.chosen else None
        if cannot:
            raise NotSupported(
                f"The phone cannot have the layer {choice.layer}: {cannot}",
                doing=READING,
                cure="Leave it out, or set strategy to auto, which takes what the phone can do",
            )


def _wanted_default(options: KeepaliveOptions, choices: tuple[Choice, ...]) -> str | None:
    """The function to have at plug-in, an empty one for none, None to leave it alone.

    With ``auto`` its removal is left to ``android_usb_tether``, whose option it is as well.
    """
    chosen = any(choice.chosen for choice in choices if choice.layer == DEFAULT)
    if not chosen or options.state in ("paused", "stopped"):
        return None
    if options.state == "absent":
        return None if options.auto else ""
    return options.script.function


def _script_wishes(options: KeepaliveOptions, choices: tuple[Choice, ...]) -> list[KeepaliveWish]:
    """At most one of the two runs: whichever is not chosen goes first."""
    chosen = {choice.layer for choice in choices if choice.chosen}
    wishes = []
    for place in (ROOT_SERVICE, LOOP):
        script = replace(options.script, through_su=False) if place is ROOT_SERVICE else options.script
        if place.layer in chosen or (options.auto and options.state == "absent"):
            wishes.append(KeepaliveWish(options.state, script, place))
        elif options.state != "absent" and chosen & {ROOT_SERVICE.layer, LOOP.layer}:
            wishes.insert(0, KeepaliveWish("absent", script, place))
    return wishes


def _bring_default(phone: Phone, wanted: str | None, usb: Usb, *, check_mode: bool) -> Outcome:
    before = usb.default or "none"
    after = wanted or "none"
    outcome = Outcome(
        DEFAULT,
        changed=usb.default != wanted,
        before=before,
        after=after,
        diff={"before": f"default USB configuration: {before}\n", "after": f"default USB configuration: {after}\n"},
    )
    if check_mode or not outcome.changed:
        return outcome
    doing = "setting the default USB configuration"
    command = f"svc usb setScreenUnlockedFunctions {wanted or ''}".strip()
    reply = phone.shell_through_a_switch(command, doing=doing)
    now = wait_until(phone, lambda found: found.default == wanted)
    if now.default != wanted and reply is None:  # it may not have been heard
        phone.shell_through_a_switch(command, doing=doing)
        now = wait_until(phone, lambda found: found.default == wanted)
    if now.default != wanted:
        raise NotStored(
            f"The phone kept {now.default or 'none'} as its default USB configuration",
            doing=doing,
            cure="Look whether its settings offer USB tethering at all; function may name the other kind",
        )
    return outcome


def _bring_script(phone: Phone, wish: KeepaliveWish, found: Sections, *, check_mode: bool) -> Outcome:
    before = keepalive_from(found, wish.place)
    planned = plan(wish, before)
    if check_mode or not planned.changes:
        return _of_script(wish, before, _predicted(wish, before) if check_mode else before.as_result(), planned)
    doing = _doing(planned, wish.place)
    reply = phone.shell(commands(planned, wish), doing=doing)
    if reply.code:
        raise _not_written(reply.errors.strip() or reply.output.strip(), doing, wish.place)
    after = _settle(phone, partial(plan, wish), wish.place)
    if plan(wish, after).changes:
        raise NotStored(
            "The keepalive did not come to the wanted state",
            doing=doing,
            cure=f"Look at {DIRECTORY}/log on the phone, then run again, which is safe",
            before=before.as_result(),
            after=after.as_result(),
        )
    return _of_script(wish, before, after.as_result(), planned)


def _settle(phone: Phone, left: Callable[[Keepalive], KeepalivePlan], place: Place) -> Keepalive:
    """A started loop writes its pid a moment later; a stopped one is gone a moment later."""
    probe = PROBE if place is LOOP else {**PROBE, **ROOT_PROBE}
    deadline = phone.clock.now() + START_SECONDS
    while True:
        sections = ask(phone, probe, doing=READING)
        if place is ROOT_SERVICE and root_from({**sections, "su": "su"}) != ROOT_GRANTED:
            raise _no_longer_root(READING)
        found = keepalive_from(sections, place)
        if not left(found).changes or phone.clock.now() > deadline:
            return found
        phone.clock.sleep(POLL_SECONDS)


def _no_longer_root(doing: str) -> PhoneError:
    return NotSupported(
        "The phone's su no longer gives root to the shell",
        doing=doing,
        cure="Grant it in the root manager on the phone, then run again, which is safe",
    )


def _not_written(said: str, doing: str, place: Place) -> PhoneError:
    if place is ROOT_SERVICE and said == "Permission denied":
        return _no_longer_root(doing)  # a file that is denied has its name before these words
    if "No space left" in said:
        cure = "Free some space on the phone"
    elif "Read-only" in said or "Permission denied" in said:
        cure = "Reboot the phone; if it stays, its maker keeps the shell user from /data/local/tmp"
    elif "syntax error" in said or "unmatched" in said or "unexpected" in said:
        cure = "Correct command: the phone's shell cannot read it"
    else:
        cure = "Run again, which is safe"
    return NotWritten(f"The phone said: {said}", doing=doing, cure=cure)


def _doing(planned: KeepalivePlan, place: Place) -> str:
    if planned.install:
        return f"writing the keepalive to {place.directory}"
    if planned.start:
        return "starting the keepalive"
    if planned.pause or planned.resume:
        return "pausing the keepalive" if planned.pause else "resuming the keepalive"
    return "removing the keepalive" if planned.remove else "stopping the keepalive"


def _predicted(wish: KeepaliveWish, before: Keepalive) -> dict[str, Any]:
    return before.as_result() | {
        "installed": wish.state != "absent",
        "running": wish.state in ("started", "paused"),
        "outdated": False,
        "paused": wish.state == "paused" or (wish.state == "stopped" and before.paused),
        "checksum": None if wish.state == "absent" else wish.script.checksum,
    }


def _of_script(wish: KeepaliveWish, before: Keepalive, becomes: dict[str, Any], planned: KeepalivePlan) -> Outcome:
    was = before.as_result()
    script = "" if wish.state == "absent" else wish.script.text + wish.launcher
    old = "".join(f"{text}\n" for text in (before.script, before.launcher) if text)
    return Outcome(
        wish.place.layer,
        changed=planned.changes,
        before=_state(was),
        after=_state(becomes),
        diff={
            "before_header": f"{wish.place.script} ({_state(was)}{_checksum(was)})",
            "after_header": f"{wish.place.script} ({_state(becomes)}{_checksum(becomes)})",
            "before": old,
            "after": script,
        },
        keepalive=(was, becomes),
    )


def _state(found: dict[str, Any]) -> str:
    if not found["installed"]:
        return "absent"
    return "paused" if found["running"] and found["paused"] else "running" if found["running"] else "stopped"


def _checksum(found: dict[str, Any]) -> str:
    return f", sha256 {found['checksum']}" if found["checksum"] else ""


def _result(outcomes: list[Outcome], choices: tuple[Choice, ...], found: Sections, usb: Usb) -> Result:
    by_layer = {outcome.layer: outcome for outcome in outcomes}
    chosen = {choice.layer for choice in choices if choice.chosen}
    place = ROOT_SERVICE if ROOT_SERVICE.layer in chosen else LOOP
    scripts = by_layer.get(place.layer)
    known = keepalive_from(found, place).as_result()
    was, becomes = (scripts and scripts.keepalive) or (known, known)
    return {
        "changed": any(outcome.changed for outcome in outcomes),
        "present": True,
        "before": was,
        "after": becomes,
        "layers": {
            choice.layer: {
                "chosen": choice.chosen,
                "why": choice.why,
                "before": by_layer[choice.layer].before if choice.layer in by_layer else None,
                "after": by_layer[choice.layer].after if choice.layer in by_layer else None,
            }
            for choice in choices
        },
        "diff": [outcome.diff for outcome in outcomes if outcome.changed],
        "warnings": [f"{DEFAULT}: {LOCKED}"] if DEFAULT in chosen and usb.locked else [],
    }
