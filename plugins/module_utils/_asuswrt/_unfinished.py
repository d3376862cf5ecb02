# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an earlier run left behind, judged by what the router has now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import INTERNET
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import Unfinished
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import NONE, RANK

NAMES = ("lan_hwaddr",)
OUTLIVED_SECONDS = 86400.0
"""An internet that is away so long after a change began is hardly its doing. Others may have looked after the router
since, from control nodes of their own, whose looks end no note of this one."""


@dataclass(frozen=True)
class Leftover:
    """What to do about it."""

    owed: str = NONE
    """The service that still has to run."""
    told: str = ""
    """For the person; empty where there was nothing."""
    restore: bool = False
    """The former values are to be written again: the time ran out without internet."""
    watch: float = 0.0
    """For how many seconds more the earlier run would have looked whether the internet stays or comes back."""
    well: bool = False
    """There is internet with it, after all the time in which it would have been taken back."""

    @property
    def lines(self) -> list[str]:
        return [self.told] if self.told else []


def outlived(change: Unfinished, now: float) -> bool:
    """Whether it began too long ago to be taken back."""
    return now - change.begun > OUTLIVED_SECONDS


def judge(change: Unfinished | None, nvram: Nvram, now: float, since_boot: int | None) -> Leftover:
    """``now`` is in seconds since 1970, ``since_boot`` in seconds or None where the router does not say."""
    if change is None:
        return Leftover()
    age = now - change.begun
    # One that has just booted has its time, too. A clock that was set back makes no time longer than it was.
    since = age if since_boot is None else min(age, since_boot)
    watch = min(max(change.rollback_seconds - since, 0.0), float(change.rollback_seconds))
    gone = change.wanted and not _any_stored(change.wanted, nvram)
    undone = gone and change.undoing and _any_stored(change.former, nvram)
    past = outlived(change, now)
    if change.undoing or past:
        watch = 0.0  # its time ran out already
    if gone and not undone:
        return Leftover(told="An earlier run ended before its change reached the router")
    late = change.undoing or age > change.rollback_seconds
    lost = change.rollback_seconds and late and not undone and nvram["link_internet"] != INTERNET
    if lost and not past:
        return Leftover(
            restore=True,
            watch=watch,
            told=f"An earlier run ended in the middle of its change {age:.0f} s ago, and the internet is not back",
        )
    well = 0 < change.rollback_seconds < since and nvram["link_internet"] == INTERNET
    owed = change.service if change.service in RANK else NONE
    if since_boot is not None and since_boot < age:
        owed = NONE  # a boot makes everything true that is stored
    spared = ". That was more than a day ago, so it is not taken back, though the internet is not there" if lost else ""
    if owed == NONE:
        told = f"An earlier run ended in the middle of its change; the router has it all{spared}"
        return Leftover(told=told, watch=watch, well=well)
    stored = "wrote the former values again" if undone else "stored settings"
    told = f"An earlier run {stored} and did not see {owed} through, which is owed{spared}"
    return Leftover(owed=owed, told=told, watch=watch, well=well)


def _any_stored(values: Mapping[str, str], nvram: Nvram) -> bool:
    return any(nvram.get(name) == value for name, value in values.items())
