# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""At which end a rule looks: it says nothing where that end was not reached. Pure."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import PhoneSeen, RouterSeen, Scene

Look = Callable[[Scene], "str | None"]


def at_router(look: Callable[[RouterSeen], str | None]) -> Look:
    """At what the router said."""
    return lambda scene: None if scene.router is None else look(scene.router)


def at_phone(look: Callable[[PhoneSeen], str | None]) -> Look:
    """At what the phone said."""
    return lambda scene: None if scene.phone is None else look(scene.phone)


def at_usb_phone(look: Callable[[PhoneSeen], str | None]) -> Look:
    """The same of a phone whose cable is its USB, and matters."""
    return lambda scene: None if scene.by_ethernet or scene.no_line else at_phone(look)(scene)


def at_ethernet_phone(look: Callable[[PhoneSeen], str | None]) -> Look:
    """The same of a phone on an Ethernet adapter."""
    return lambda scene: at_phone(look)(scene) if scene.by_ethernet else None


def at_both(look: Callable[[RouterSeen, PhoneSeen], str | None]) -> Look:
    """At both, where both were reached."""
    return lambda scene: None if scene.router is None or scene.phone is None else look(scene.router, scene.phone)


def shown_if(condition: object, evidence: str) -> str | None:
    """The evidence, if so."""
    return evidence if condition else None
