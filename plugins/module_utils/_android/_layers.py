# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers that keep a tether on, and which of them a phone is given. Pure.

| layer | survives the cable and the router | survives the phone's reboot | needs |
| default_usb | yes | yes | Android 9, no secure lock |
| root_service | yes | yes | root for the shell |
| loop | where adbd does | no | Android 9, or su |
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import (
    ROOT_GRANTED,
    ROOT_NONE,
    Abilities,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import FIRST_WITH_DEFAULT

LAYERS = ("default_usb", "root_service", "loop")
AUTO = "auto"
LOCKED = "a secure lock screen defeats it: the phone gives tethering up at the next disconnect while it is locked"


@dataclass(frozen=True)
class Choice:
    """A layer, whether the phone gets it, and why or why not."""

    layer: str
    chosen: bool
    why: str


def choose(strategy: tuple[str, ...], abilities: Abilities, *, through_su: bool) -> tuple[Choice, ...]:
    """What ``strategy`` comes to on this phone: ``auto``, or the layers by name."""
    if strategy == (AUTO,):
        return tuple(_of_itself(layer, abilities, through_su) for layer in LAYERS)
    return tuple(
        Choice(layer, layer in strategy, "asked for" if layer in strategy else "not asked for") for layer in LAYERS
    )


def refusal(layer: str, abilities: Abilities, *, through_su: bool) -> str | None:
    """Why a phone cannot have a layer, or None."""
    if layer == "default_usb" and abilities.sdk < FIRST_WITH_DEFAULT:
        return "Android has a default USB configuration from 9 on"
    if layer == "root_service" and abilities.root != ROOT_GRANTED:
        return "it has no su" if abilities.root == ROOT_NONE else "its su does not give root to the shell"
    if layer == "loop" and abilities.sdk < FIRST_WITH_DEFAULT and not through_su:
        return "up to Android 8 only root can ask for tethering"
    return None


def _of_itself(layer: str, abilities: Abilities, through_su: bool) -> Choice:
    cannot = refusal(layer, abilities, through_su=through_su)
    if cannot:
        return Choice(layer, False, cannot)
    if layer == "default_usb":
        return Choice(layer, True, LOCKED if abilities.locked else "Android tethers by itself at plug-in and at boot")
    if layer == "root_service":
        return Choice(layer, True, "it starts at boot and is no child of adbd")
    if abilities.root == ROOT_GRANTED:
        return Choice(layer, False, "the root service does the same, and survives a reboot and adbd's end")
    if abilities.gadget == "legacy":
        return Choice(
            layer, False, "this phone has no gadget HAL, so adbd ends at each switch and takes the loop along"
        )
    return Choice(layer, True, "best effort: it ends with adbd and with a reboot")
