# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to write, and the least that makes it true. Pure: wish and stored values in, plan out."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import wanted_lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import (
    Effect,
    Setting,
    checked,
    differing,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._usb_port import phone_on
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish

NONE = "none"
MULTIPATH = "start_multipath"
REBOOT = "reboot"

RANK = {NONE: 0, MULTIPATH: 1, REBOOT: 2}
"""The dearest decides."""

MULTIPATH_SECONDS = 10
"""What httpd tells its page to wait for ``start_multipath`` (382 web.c)."""


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
    owed: str = NONE
    """What is still needed when this has been carried out, as ``activation: none`` left it to the user."""

    @property
    def empty(self) -> bool:
        """Nothing to store and nothing to ask for."""
        return not self.changes and self.activation.service == NONE

    def downtime_seconds(self, router: Capabilities) -> int:
        """For how long the lines will be down, by the router's own reckoning."""
        return {NONE: 0, MULTIPATH: MULTIPATH_SECONDS, REBOOT: router.reboot_seconds}[self.activation.service]

    @property
    def values(self) -> dict[str, str]:
        """nvram names and what they are to be."""
        return {change.setting.nvram: change.after for change in self.changes}


def plan(wish: Wish, nvram: Nvram, router: Capabilities, activation: str, owed: str = NONE) -> Plan:
    """The changes from ``nvram`` to ``wish``. ``activation`` is the user's: auto, reboot or none.

    ``owed`` is what an earlier run did not bring to an end. Raises BadWish for a value that the router would drop in
    silence for its length, or that it should never see.
    """
    changes = tuple(
        Change(setting, nvram[setting.nvram], checked(setting, value, router))
        for setting, value in differing(wish, nvram, router)
    )
    needed = _needed(changes, nvram, "usb" in wanted_lines(wish, nvram))
    if RANK[owed] > RANK[needed.service]:
        needed = Activation(owed, "an earlier run stored settings, and this is still owed to make them true")
    if activation == "none":
        pending = "" if needed.service == NONE else f"; pending: {needed.service}, as {needed.reason}"
        told = f"activation: none{pending}" if changes or pending else needed.reason
        return Plan(changes, Activation(NONE, told), owed=needed.service)
    if activation == "reboot" and (changes or needed.service != NONE):
        return Plan(changes, Activation(REBOOT, "activation: reboot"))
    return Plan(changes, needed)


def _needed(changes: tuple[Change, ...], nvram: Nvram, usb_line: bool) -> Activation:
    if not changes:
        return Activation(NONE, "nothing changed")
    phone = phone_on(nvram)
    unmarked = usb_line and phone.plugged and not phone.interface
    return max((_needed_by(change, unmarked) for change in changes), key=lambda need: RANK[need.service])


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
