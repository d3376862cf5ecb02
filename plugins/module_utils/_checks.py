# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may stand where a name, an address or a number of seconds is asked for, whichever device it is of. Pure."""

from __future__ import annotations

import ipaddress
import re

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

NAME = re.compile(r"(?=.{1,253}$)(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
"""No longer than names can be: the resolver ends a program that asks for a longer one. One that begins with ``-`` would
be an option to whatever command it is handed to."""
MOST_SECONDS = 86400.0


def is_name(text: str) -> bool:
    """Whether it can be the name of a host. An IPv4 address can be one, too."""
    return NAME.fullmatch(text) is not None


def is_ipv4(text: str) -> bool:
    """Whether it is an IPv4 address of four numbers."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def is_ipv6(text: str) -> bool:
    """Whether it is an IPv6 address, without brackets; with a scope or without."""
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def seconds(option: str, given: float, *, zero: bool = False) -> float:
    """For how long; raises BadWish for what nobody could wait. ``zero`` allows none at all."""
    if not (0 < given <= MOST_SECONDS or (zero and given == 0)):  # so that no number is none, either
        some = "some seconds, up to a day; 0 is no wait" if zero else "some seconds, above 0 and up to a day"
        raise BadWish(f"{option} is {given}", cure=f"Give {some}")
    return float(given)
