# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What httpd stores of a post: everything in its table that fits, and nothing else is ever complained about.

382 web.c validate_apply as told in web API facts 4.2 and dual-WAN facts 2.2; seen to be all there is (facts 9).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from .nvram import Nvram
from .profiles import GLOBAL_DESPITE_PREFIX, PER_UNIT_PREFIX, Profile

_REBOOT_IF_CHANGED = frozenset(
    "wans_mode wandog_interval wandog_maxfail wandog_enable wans_lb_ratio wans_routing_enable".split()
)
_NO_GENERIC_BIT = frozenset({"wans_dualwan", "wans_mode"})


@dataclass
class Stored:
    """What changed, and the flags that ``start_apply.htm`` picks its script by (dual-WAN facts 2.2)."""

    changed: list[str] = field(default_factory=list)
    swapped: int = 0
    generic: bool = False
    add_usb: bool = False
    remove_usb: bool = False
    reboot: bool = False


def store(posted: Mapping[str, str], nvram: Nvram, profile: Profile, dropped: Collection[str] = ()) -> Stored:
    """Write what a post changes and commit if it did. ``dropped`` are names that the lab was told to lose."""
    stored = Stored()
    unit_posted = posted.get("wan_unit", nvram.get("wan_unit"))
    unit = int(unit_posted) if unit_posted in ("0", "1") else 0
    units = range(min(2, len(nvram.get("wan_ifnames").split())))
    for row in profile.settings:
        if row.startswith(PER_UNIT_PREFIX) and row not in GLOBAL_DESPITE_PREFIX:
            suffix = row.removeprefix(PER_UNIT_PREFIX)
            candidates = [(row, f"wan{unit}_{suffix}"), *((f"wan{each}_{suffix}",) * 2 for each in units)]
        else:
            candidates = [(row, row)]
        for name, target in candidates:
            if name in posted and name not in dropped and target not in dropped:
                _store_one(target, posted[name], nvram, profile, stored)
    if stored.changed:
        nvram.commit()
    return stored


def _store_one(name: str, value: str, nvram: Nvram, profile: Profile, stored: Stored) -> None:
    row = nvram.row(name)
    if name in profile.refused_by_apply:
        return
    length = len(value.encode("utf-8", "surrogateescape"))
    if row is None or row.max_length == 0 or length > row.max_length or nvram.get(name) == value:
        return
    if name == "wans_dualwan":
        _note_reorder(nvram.get(name), value, stored)
        stored.swapped = _swap(nvram.get(name), value, nvram, profile)
    stored.reboot = stored.reboot or name in _REBOOT_IF_CHANGED
    stored.generic = stored.generic or name not in _NO_GENERIC_BIT
    nvram.set(name, value)
    stored.changed.append(name)


def _note_reorder(old: str, new: str, stored: Stored) -> None:
    before, after = _pair(old), _pair(new)
    same_first = before[0] == after[0]
    if same_first and before[1] == "none" and after[1] == "usb":
        stored.add_usb = True
    elif same_first and before[1] == "usb" and after[1] == "none":
        stored.remove_usb = True
    else:
        stored.reboot = True


def _swap(old: str, new: str, nvram: Nvram, profile: Profile) -> int:
    """Save each unit's settings by the type it had, then load those of its new type, if there are any (facts 11)."""
    moved = [unit for unit in (0, 1) if _pair(old)[unit] != _pair(new)[unit]]
    skipped = {row.removeprefix(PER_UNIT_PREFIX) for row in profile.swap.skipped_rows}
    suffixes = [suffix for suffix in profile.per_unit if suffix not in skipped]
    copies = 0
    for unit in moved:
        if (kind := _pair(old)[unit]) in profile.swap.skipped_types:
            continue
        for suffix in suffixes:
            nvram.set(f"{kind}_wan_{suffix}", nvram.get(f"wan{unit}_{suffix}"))
            copies += 1
    for unit in moved:
        if (kind := _pair(new)[unit]) in profile.swap.skipped_types:
            continue
        for suffix in suffixes:
            kept = f"{kind}_wan_{suffix}"
            if nvram.has(kept):
                nvram.set(f"wan{unit}_{suffix}", nvram.get(kept))
                if profile.swap.forgets_copies:
                    nvram.unset(kept)
    return copies


def _pair(dualwan: str) -> tuple[str, str]:
    words = [*dualwan.split(), "none", "none"]
    return words[0], words[1]
