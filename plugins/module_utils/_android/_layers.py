# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers that keep a tether on, and which of them a phone is given. Pure.

| layer | survives the cable and the router | survives the phone's reboot | needs |
| default_usb | yes | yes | Android 9, no secure lock |
| root_service | yes | yes | root for the shell |
| loop | where adbd does | no | Android 9, or su |
| automate | as its privileged service does | with root | LlamaLab Automate, and a flow that a person made |
| host | yes | where adb does | Android 9, and another machine |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import (
    ROOT_GRANTED,
    ROOT_NONE,
    Abilities,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import FIRST_WITH_DEFAULT

AUTO = "auto"
DEFAULT, ROOT, SCRIPT, AUTOMATE, HOST = "default_usb", "root_service", "loop", "automate", "host"
LAYERS = (DEFAULT, ROOT, SCRIPT, AUTOMATE, HOST)
LOCKED = "a secure lock screen defeats it: the phone gives tethering up at the next disconnect while it is locked"


@dataclass(frozen=True)
class Wanted:
    """What of the options the choice goes by."""

    strategy: tuple[str, ...]
    """``auto`` alone, or layers by name."""
    through_su: bool = False
    """The loop's cures go through ``su``."""
    flow: bool = False
    """The user has named a flow of Automate."""

    @property
    def auto(self) -> bool:
        """Whether the phone's abilities decide."""
        return self.strategy == (AUTO,)


@dataclass(frozen=True)
class Choice:
    """A layer, whether the phone gets it, and why or why not."""

    layer: str
    chosen: bool
    why: str


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
    warnings: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    """What nobody can do but a hand on the phone, or on another machine."""


def choose(wanted: Wanted, abilities: Abilities) -> tuple[Choice, ...]:
    """What the strategy comes to on this phone."""
    if wanted.auto:
        return tuple(_of_itself(layer, abilities, wanted) for layer in LAYERS)
    named = wanted.strategy
    return tuple(Choice(layer, layer in named, "asked for" if layer in named else "not asked for") for layer in LAYERS)


def refusal(layer: str, abilities: Abilities, *, through_su: bool) -> str | None:
    """Why a phone cannot have a layer, or None."""
    if layer == DEFAULT and abilities.sdk < FIRST_WITH_DEFAULT:
        return "Android has a default USB configuration from 9 on"
    if layer == ROOT and abilities.root != ROOT_GRANTED:
        return "it has no su" if abilities.root == ROOT_NONE else "its su does not give root to the shell"
    if layer == SCRIPT and abilities.sdk < FIRST_WITH_DEFAULT and not through_su:
        return "up to Android 8 only root can ask for tethering"
    if layer == AUTOMATE and not abilities.automate:
        return "LlamaLab Automate is not installed"
    if layer == HOST and abilities.sdk < FIRST_WITH_DEFAULT:
        return "what another machine asks for by adb is a tether from Android 9 on"
    return None


def _of_itself(layer: str, abilities: Abilities, wanted: Wanted) -> Choice:
    # An app that nobody spoke of is no reason for a why of its own.
    if layer == AUTOMATE and not wanted.flow:
        return Choice(layer, False, "no automate_flow was given")
    if layer == ROOT and abilities.out_of_reach:
        return Choice(layer, True, "it runs, and without root for the shell it stays as it is")
    cannot = refusal(layer, abilities, through_su=wanted.through_su)
    return Choice(layer, False, cannot) if cannot else _CHOICE[layer](abilities)


def _of_default(abilities: Abilities) -> Choice:
    return Choice(DEFAULT, True, LOCKED if abilities.locks else "Android tethers by itself at plug-in and at boot")


def _of_loop(abilities: Abilities) -> Choice:
    if abilities.root == ROOT_GRANTED or abilities.out_of_reach:
        return Choice(SCRIPT, False, "the root service does the same, and survives a reboot and adbd's end")
    if abilities.gadget == "legacy":
        return Choice(
            SCRIPT, False, "this phone has no gadget HAL, so adbd ends at each switch and takes the loop along"
        )
    return Choice(SCRIPT, True, "best effort: it ends with adbd and with a reboot")


_CHOICE: dict[str, Callable[[Abilities], Choice]] = {
    DEFAULT: _of_default,
    ROOT: lambda _abilities: Choice(ROOT, True, "it starts at boot and is no child of adbd"),
    SCRIPT: _of_loop,
    AUTOMATE: lambda _abilities: Choice(AUTOMATE, True, "a flow of Automate was named"),
    HOST: lambda _abilities: Choice(HOST, False, "it is for another machine, by the role's tasks_from: host"),
}
