# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to write, and the least that makes it true. Pure: wish and stored values in, plan out."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import (
    SETTINGS,
    Effect,
    Setting,
    wanted_lines,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._usb_port import phone_on
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

NONE = "none"
MULTIPATH = "start_multipath"
REBOOT = "reboot"


@dataclass(frozen=True)
class Change:
    """One nvram variable that is to differ."""

    setting: Setting
    before: str
    after: str


@dataclass(frozen=True)
class Activation:
    """What makes stored values true."""

    service: str
    """``none``, ``start_multipath`` or ``reboot``."""
    reason: str


@dataclass(frozen=True)
class Plan:
    """What to store and how to make it true."""

    changes: tuple[Change, ...]
    activation: Activation

    @property
    def values(self) -> dict[str, str]:
        """nvram names and what they are to be."""
        return {change.setting.nvram: change.after for change in self.changes}


def plan(wish: Wish, nvram: Nvram, router: Capabilities, activation: str) -> Plan:
    """The changes from ``nvram`` to ``wish``. ``activation`` is the user's: auto, reboot or none.

    Raises BadWish for a value that the router would drop in silence for its length.
    """
    changes = tuple(_changes(wish, nvram, router))
    needed = _needed(changes, nvram, "usb" in wanted_lines(wish, nvram))
    if not changes or activation == "auto":
        return Plan(changes, needed)
    if activation == "none":
        pending = "" if needed.service == NONE else f"; pending: {needed.service}, as {needed.reason}"
        return Plan(changes, Activation(NONE, f"activation: none{pending}"))
    return Plan(changes, Activation(REBOOT, "activation: reboot"))


def _changes(wish: Wish, nvram: Nvram, router: Capabilities) -> list[Change]:
    changes = []
    for setting in SETTINGS:
        value = setting.write(wish, nvram, router)
        if value is None or value == nvram[setting.nvram]:
            continue
        if len(value) > setting.maximum:
            raise BadWish(
                f"{setting.nvram} would be {len(value)} characters long, and the router keeps {setting.maximum}",
                cure="Shorten it: the router drops a longer value in silence",
            )
        changes.append(Change(setting, nvram[setting.nvram], value))
    return changes


def _needed(changes: tuple[Change, ...], nvram: Nvram, usb_line: bool) -> Activation:
    if not changes:
        return Activation(NONE, "nothing changed")
    phone = phone_on(nvram)
    unmarked = usb_line and phone.plugged and not phone.interface
    return max((_needed_by(change, unmarked) for change in changes), key=lambda need: _RANK[need.service])


_RANK = {NONE: 0, MULTIPATH: 1, REBOOT: 2}


def _needed_by(change: Change, unmarked: bool) -> Activation:
    name, effect = change.setting.nvram, change.setting.effect
    if name == "wans_dualwan":
        return _for_lines(change, unmarked)
    if name == "wans_mode" and "lb" in (change.before, change.after):
        return Activation(REBOOT, "load balance is set up at boot")
    if effect is Effect.REBOOT:
        return Activation(REBOOT, f"{name} is read at boot")
    if effect is Effect.LINES:
        return Activation(MULTIPATH, f"{name} switches a line on")
    if effect is Effect.AT_PLUG and unmarked:
        return Activation(REBOOT, f"{name} is read when a phone appears, and the one plugged in has already done so")
    if effect is Effect.AT_PLUG:
        return Activation(NONE, f"{name} is read when a phone's tether appears")
    return Activation(NONE, "the failover daemon takes the change up while it runs")


def _for_lines(change: Change, unmarked: bool) -> Activation:
    """httpd's own choice between the light service and a reboot (382 web.c, strings of 386)."""
    before, after = change.before.split(), change.after.split()
    if before[:1] != after[:1] or {before[-1], after[-1]} != {"none", "usb"}:
        return Activation(REBOOT, f"the ports change from {change.before} to {change.after}")
    if after[-1] == "usb" and unmarked:
        return Activation(REBOOT, "a phone was plugged in before usb was a WAN, and the router missed it")
    return Activation(MULTIPATH, f"usb is {'added' if after[-1] == 'usb' else 'removed'} as secondary")
