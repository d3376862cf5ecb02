# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firmware generations: one module each, with its own table of nvram names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PER_UNIT_PREFIX = "wan_"
"""A row ``wan_proto`` stands for ``wan0_proto`` and ``wan1_proto`` (382 web.c, validate_instance)."""

GLOBAL_DESPITE_PREFIX = frozenset({"wan_unit", "wan_primary"})


@dataclass(frozen=True)
class Setting:
    """A row of ``router_defaults``. A longer value than ``max_length`` is dropped without a word; 0 drops all."""

    default: str
    max_length: int


@dataclass(frozen=True)
class Profile:
    """What differs between firmware generations."""

    name: str
    model: str
    ai_home_level: int
    settings: Mapping[str, Setting]
    identity: Mapping[str, str]
    """What the firmware writes at every boot: model, version, capabilities. Not in ``router_defaults``."""
    signed_char: bool
    """Whether C's char is signed, so that bytes above 127 print as negative numbers (MIPS)."""
    lock_warning_in_errors: bool
    settings_file: Literal["HDR1", "HDR2"]
    """The form of the backup: plain, or with every byte turned by a random one (web API facts 5)."""

    @property
    def per_unit(self) -> tuple[str, ...]:
        """Settings that each WAN unit has for itself, without their prefix."""
        return tuple(
            name.removeprefix(PER_UNIT_PREFIX)
            for name in self.settings
            if name.startswith(PER_UNIT_PREFIX) and name not in GLOBAL_DESPITE_PREFIX
        )


class UnknownFirmware(ValueError):
    """No such profile."""


def by_name(name: str) -> Profile:
    """The profile of a firmware generation; a new one is one module and one row here."""
    from . import stock386

    profiles = {stock386.PROFILE.name: stock386.PROFILE}
    try:
        return profiles[name]
    except KeyError:
        raise UnknownFirmware(f"no firmware {name!r} in the lab; there is {', '.join(sorted(profiles))}") from None
