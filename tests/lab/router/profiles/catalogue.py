# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which firmwares there are. A new one is a module beside this one and a word here."""

from __future__ import annotations

from . import early386, expertwifi, merlin388, nonce3006, old382, rtac88u386, stock386, stock3006
from .profile import Profile

_PROFILES = {
    profile.name: profile
    for profile in (
        old382.PROFILE,
        early386.PROFILE,
        stock386.PROFILE,
        rtac88u386.PROFILE,
        merlin388.PROFILE,
        stock3006.PROFILE,
        nonce3006.PROFILE,
        expertwifi.PROFILE,
    )
}


class UnknownFirmware(ValueError):
    """No such profile; the message says which there are."""


def names() -> tuple[str, ...]:
    """What ``--firmware`` takes."""
    return tuple(_PROFILES)


def by_name(name: str) -> Profile:
    """The profile of a firmware generation."""
    try:
        return _PROFILES[name]
    except KeyError:
        raise UnknownFirmware(f"no firmware {name!r} in the lab; there is {', '.join(names())}") from None
