# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Primary and secondary: what is stored, and what a task makes of it."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish


def lines(nvram: Nvram) -> tuple[str, str]:
    """Primary and secondary as stored; the secondary is ``none`` while Dual WAN is off."""
    stored = [*nvram["wans_dualwan"].split(), "none", "none"]
    return stored[0], stored[1]


def is_enabled(nvram: Nvram) -> bool:
    """Whether Dual WAN was switched on by someone. ``wan usb`` that Auto USB Backup wrote by itself
    (``wans_usb_bk_act``) goes away with the phone and does not count."""
    return "none" not in lines(nvram) and nvram["wans_usb_bk_act"] != "1"


def names_lines(wish: Wish) -> bool:
    """Whether the task says anything of the lines; else they are left alone, whatever they are."""
    return wish.enabled is not None or wish.primary is not None or wish.secondary is not None


def wanted_lines(wish: Wish, nvram: Nvram) -> tuple[str, str]:
    """Primary and secondary after the wish. Raises BadWish where they contradict each other or the state."""
    return paired(wish, *lines(nvram), on=is_enabled(nvram))


def paired(wish: Wish, first: str, second: str, *, on: bool) -> tuple[str, str]:
    """The same from any words for the stored pair, such as those of :func:`._page_ports.page_lines`."""
    if wish.enabled is False:
        # The page rewrites a LAN port that was primary, as it can be WAN only with Dual WAN on.
        alone = "wan" if first == "lan" and second != "none" else first
        return _named(wish.primary or alone, first), "none"
    if wish.enabled is None and not on:
        if wish.secondary is not None:
            raise BadWish(
                f"secondary is {wish.secondary}, and Dual WAN is off on this router",
                cure="Add state: enabled to switch it on",
            )
        if wish.primary is not None and second != "none":
            raise BadWish(
                f"primary is {wish.primary}, and Auto USB Backup WAN has Dual WAN on for the moment",
                cure="Add state: enabled to keep it on, or state: disabled",
            )
        return wish.primary or first, "none"
    primary = _named(wish.primary or first, first)
    secondary = wish.secondary or (second if second != "none" else "usb")
    if primary == secondary and names_lines(wish):
        raise BadWish(
            f"primary and secondary would both be {primary}: the router has {first} and {second}",
            cure="Give both primary and secondary",
        )
    return primary, secondary


def _named(primary: str, stored: str) -> str:
    if primary == "none":
        raise BadWish(f"primary is left out, and the router has {stored}", cure="Give primary, such as wan")
    return primary
