# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``android_tether_keepalive``: choose the layers, bring each to its state, and read back what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import (
    GADGET,
    LOCK,
    ROOT_GRANTED,
    ROOT_NONE,
    Abilities,
    gadget_from,
    locks_from,
    root_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._automate import (
    AUTOMATE_PROBE,
    NOTE_PROBE,
    automate_from,
    by_hand,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._automate_layer import bring_automate
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import address_from, away
from ansible_collections.homelab.dualwan.plugins.module_utils._android._default_usb import bring_default
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NoPhone, NotSupported
from ansible_collections.homelab.dualwan.plugins.module_utils._android._host_layer import (
    HOST_PROBE,
    bring_host,
    host_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import (
    LOOP,
    PROBE,
    ROOT_PROBE,
    ROOT_SERVICE,
    KeepaliveWish,
    keepalive_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_options import (
    KeepaliveOptions,
    options_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import CURES_FROM
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_scripts import (
    ENDING,
    READING,
    bring_script,
    leave_root_service,
    root_service_stays,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._layers import (
    AUTOMATE,
    DEFAULT,
    HOST,
    Choice,
    Outcome,
    choose,
    refusal,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._pause import PAUSE, bring_pause
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import MODEL, SU, USB, Sections, ask
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import Usb, usb_from
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result


def run(params: Params, here: Here) -> Result:
    """Bring the layers to the wish. Raises PhoneError, and BadWish before anything is touched."""
    options = options_from(params)
    phone = Phone(address_from(params), here.clock)
    everything = {**MODEL, **USB, **SU, **GADGET, **LOCK, **PROBE, **ROOT_PROBE, **NOTE_PROBE, **HOST_PROBE}
    if options.about_automate:
        everything |= AUTOMATE_PROBE
    try:
        found = ask(phone, everything, doing=READING)
    except NoPhone as error:
        return away(error, params)
    usb = usb_from(found)
    abilities = _abilities(found, usb)
    choices = choose(options.wanted, abilities)
    _require_reach(options, choices, found, abilities)
    _require(options, choices, abilities)
    outcomes = _bring(phone, options, choices, found, everything, abilities, check_mode=here.check_mode)
    return _result(options, outcomes, choices, found, abilities)


def _abilities(found: Sections, usb: Usb) -> Abilities:
    return Abilities(
        sdk=_sdk(found),
        root=root_from(found),
        locks=locks_from(found["secure_lock"], up=usb.locked),
        gadget=gadget_from(_sdk(found), found["gadget"]),
        automate=automate_from(found).installed,
        service_runs=keepalive_from(found, ROOT_SERVICE).running is not None,
    )


def _sdk(found: Sections) -> int:
    return int(found["sdk"]) if found["sdk"].isdigit() else 0


def _require_reach(
    options: KeepaliveOptions, choices: tuple[Choice, ...], found: Sections, abilities: Abilities
) -> None:
    """Refuse to end a root service that the shell has no root for, before anything else is touched."""
    if not abilities.out_of_reach:
        return
    for wish in _script_wishes(options, _chosen(choices), found):
        if wish.place is ROOT_SERVICE and wish.state in ENDING:
            or_else = "" if options.state in ENDING else ". Or set strategy to auto, which leaves it as it is"
            raise root_service_stays(or_else)


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
    chosen = _chosen(choices)
    if chosen & _SCRIPTS and not any(abilities.sdk >= CURES_FROM.get(cure, 0) for cure in options.script.cures):
        raise NotSupported(
            f"This phone's Android has none of the cures: {', '.join(options.script.cures)}",
            doing=READING,
            cure="Add another to cures, such as function",
        )
    if options.wanted.auto:
        return
    for choice in choices:
        cannot = refusal(choice.layer, abilities, through_su=options.script.through_su) if choice.chosen else None
        if cannot:
            raise NotSupported(
                f"The phone cannot have the layer {choice.layer}: {cannot}",
                doing=READING,
                cure=_IN_ITS_PLACE.get(choice.layer, "Leave it out")
                + ", or set strategy to auto, which takes what the phone can do",
            )


_IN_ITS_PLACE = {LOOP.layer: "Take root_service in its place, set as_root to true"}
"""The one thing that keeps a phone from the loop is that it has no other way than root's."""
_SCRIPTS = frozenset({ROOT_SERVICE.layer, LOOP.layer})


def _chosen(choices: tuple[Choice, ...]) -> frozenset[str]:
    return frozenset(choice.layer for choice in choices if choice.chosen)


def _bring(
    phone: Phone,
    options: KeepaliveOptions,
    choices: tuple[Choice, ...],
    found: Sections,
    everything: Mapping[str, str],
    abilities: Abilities,
    *,
    check_mode: bool,
) -> list[Outcome]:
    chosen = _chosen(choices)
    absent = options.state == "absent"
    locks = abilities.locks
    default = _wanted_default(options, chosen)
    outcomes = []
    if default and not absent:
        by_default = bring_default(phone, default, usb_from(found), locks=locks, check_mode=check_mode)
        outcomes.append(by_default)
        if by_default.changed and not check_mode:
            # Without a gadget HAL adbd has ended in the switch, and the loop with it.
            found = ask(phone, everything, doing=READING)
    scripts = []
    if ROOT_SERVICE.layer in chosen and abilities.out_of_reach:
        outcomes.append(leave_root_service(found, options.state))
    else:
        wishes = _script_wishes(options, chosen, found)
        scripts = [bring_script(phone, wish, found, check_mode=check_mode) for wish in wishes]
    outcomes += scripts
    if (paused := _wanted_pause(options, chosen, scripts, found)) is not None:
        outcomes.append(bring_pause(phone, paused, found, check_mode=check_mode))
    if default is not None and absent:
        # After the scripts: one that runs takes a function that goes along for a drop, and its cure may be the default.
        if any(script.changed for script in scripts) and not check_mode:
            found = ask(phone, everything, doing=READING)
        outcomes.append(bring_default(phone, None, usb_from(found), locks=locks, check_mode=check_mode))
    ours = options.wanted.auto and absent and automate_from(found).noted
    if AUTOMATE in chosen or ours:
        outcomes.append(bring_automate(phone, options.state, options.flow, found, check_mode=check_mode))
    goes_on = options.wanted.auto and options.state in ("stopped", "absent") and host_from(found, _sdk(found)).looks
    if HOST in chosen or goes_on:
        outcomes.append(bring_host(phone, options.state, found, _sdk(found), check_mode=check_mode))
    return outcomes


def _wanted_default(options: KeepaliveOptions, chosen: frozenset[str]) -> str | None:
    """The function to have at plug-in, an empty one for none, None to leave it alone.

    With ``auto`` its removal is left to ``android_usb_tether``, whose option it is as well.
    """
    if DEFAULT not in chosen or options.state in ("paused", "stopped"):
        return None
    if options.state == "absent":
        return None if options.wanted.auto else ""
    return options.script.function


def _wanted_pause(
    options: KeepaliveOptions, chosen: frozenset[str], scripts: list[Outcome], found: Sections
) -> bool | None:
    """Whether whoever looks after the tether is to leave it alone; None where that is not to be settled here.

    A script's state settles it, and what removes one removes the file. With ``auto`` a machine may look after the
    phone, of which its trace need not tell just now. One layer that goes is no reason to end the pause of another.
    """
    if options.state == "stopped" or any(script.after != "absent" or script.before != "absent" for script in scripts):
        return None
    if not options.wanted.auto and not chosen & {*_SCRIPTS, HOST}:
        return None
    if options.state == "absent" and any(keepalive_from(found, place).installed for place in (ROOT_SERVICE, LOOP)):
        return None
    return options.state == "paused"


def _script_wishes(options: KeepaliveOptions, chosen: frozenset[str], found: Sections) -> list[KeepaliveWish]:
    """At most one of the two runs: whichever is not chosen goes first.

    Where ``auto`` gives the phone neither, a loop that was asked for by name is brought to the state all the same.
    """
    wishes = []
    loop = keepalive_from(found)
    by_name = options.wanted.auto and not chosen & _SCRIPTS and (loop.installed or loop.running)
    for place in (ROOT_SERVICE, LOOP):
        script = replace(options.script, through_su=False) if place is ROOT_SERVICE else options.script
        if place.layer in chosen or (options.wanted.auto and options.state == "absent"):
            wishes.append(KeepaliveWish(options.state, script, place))
        elif options.state != "absent" and chosen & _SCRIPTS:
            wishes.insert(0, KeepaliveWish("absent", script, place))
        elif by_name and place is LOOP:
            wishes.append(KeepaliveWish(options.state, script, place))
    return wishes


def _result(
    options: KeepaliveOptions,
    outcomes: list[Outcome],
    choices: tuple[Choice, ...],
    found: Sections,
    abilities: Abilities,
) -> Result:
    by_layer = {outcome.layer: outcome for outcome in outcomes}
    chosen = _chosen(choices)
    place = ROOT_SERVICE if ROOT_SERVICE.layer in chosen else LOOP
    told = by_layer.get(place.layer) or by_layer.get(PAUSE)
    known = keepalive_from(found, place).as_result()
    was, becomes = (told and told.keepalive) or (known, known)
    hands = [hand for outcome in outcomes for hand in outcome.by_hand]
    if options.wanted.auto and options.flow and AUTOMATE not in by_layer:
        hands += by_hand(options.state, automate_from(found))
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
        "by_hand": hands,
        "diff": [outcome.diff for outcome in outcomes if outcome.changed],
        "warnings": [warning for outcome in outcomes for warning in outcome.warnings]
        + _unnamed(options, chosen, found, out_of_reach=abilities.out_of_reach),
    }


_AFTER_ROOT = "grant root to the shell once more, then "


def _unnamed(options: KeepaliveOptions, chosen: frozenset[str], found: Sections, *, out_of_reach: bool) -> list[str]:
    """Of a script that is there beside the default that was named: it is left alone, and so are its settings."""
    if options.wanted.auto or options.state != "started" or DEFAULT not in chosen or chosen & _SCRIPTS:
        return []
    return [
        f"{place.layer}: strategy does not name it, so that it stays as it is, "
        f"{'running' if there.running else 'not running'}, with the settings that it was given. To take it off: {off}"
        f"state absent with strategy {place.layer}, or phone_keepalive: false for one run"
        for place, off in ((ROOT_SERVICE, _AFTER_ROOT if out_of_reach else ""), (LOOP, ""))
        if (there := keepalive_from(found, place)).installed or there.running
    ]
