# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands on the router: what each fault does there, and how it is undone. Every write is noted before it is sent."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import Debt
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadReply, Unreachable
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import PLAIN, TEXT
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settle import (
    FAILOVER_ONLY,
    WITH_FAILBACK,
    give_back,
    lend,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan_change import (
    Work,
    dial_the_other,
    request,
    store,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wan_plan import WanWish, wan_plan
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import DeviceError
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._faults import Fault
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._switches import PRIMARY, SECONDARY
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here

DIAL_SECONDS = 60.0
"""For the backup to be connected before the primary is switched off."""
LOOK_SECONDS = 1.0
LINKED = "1"
_ADDRESSES = tuple(f"wan{unit}_{name}" for unit in (0, 1) for name in ("primary", "realip_ip", "ipaddr"))


class NobodyThere(DeviceError):
    """A person was asked to do something, and it was not seen to be done in time."""

    reason = "nobody_there"


@dataclass(frozen=True)
class Ground:
    """Where a drill takes place."""

    fault: Fault
    session: Session
    here: Here
    nvram: Nvram
    """As it was before."""
    ask: Callable[[], str | None] | None
    """For the address that the internet sees; None for the router's word."""
    person_seconds: float = 120.0
    """How long a person may take."""
    phone: Phone | None = None


class RouterHands:
    """Of any fault: looks, and gives back. By itself it is the fault ``watch``, which does nothing."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.fault = ground.fault
        self.session = ground.session
        self.here = ground.here
        self.nvram = ground.nvram
        self._ask = ground.ask
        self.debt = Debt(
            identity=ground.nvram["lan_hwaddr"],
            fault=ground.fault.name,
            begun=ground.here.clock.epoch(),
            pid=os.getpid(),
            traffic=PRIMARY if dashboard(ground.nvram).active == PRIMARY else "",
        )

    def inject(self) -> float | None:
        return None

    def mend(self) -> float | None:
        return None

    def give_back(self) -> None:
        noted = self.session.debts.read(self.debt.identity)
        for line in give_back(self.session, noted or self.debt, self.here):
            self.here.tell(line)

    def active(self) -> str | None:
        with suppress(Unreachable, BadReply):
            nvram = self.session.read(("wan0_primary", "wan1_primary"))
            return PRIMARY if nvram["wan0_primary"] == "1" else SECONDARY if nvram["wan1_primary"] == "1" else None
        return None

    def address(self) -> str | None:
        """By whoever is asked out there; by the router's word where nobody is."""
        if self._ask is not None:
            return self._ask()
        with suppress(Unreachable, BadReply):
            nvram = self.session.read(_ADDRESSES)
            unit = 1 if nvram["wan1_primary"] == "1" else 0
            return nvram[f"wan{unit}_realip_ip"] or nvram[f"wan{unit}_ipaddr"] or None
        return None

    def reserve(self) -> bool | None:
        with suppress(Unreachable, BadReply):
            return dashboard(self.session.read(PLAIN, TEXT)).wans[1].in_order
        return None

    def note(self, debt: Debt) -> None:
        """On disk from here on."""
        self.debt = debt
        self.session.debts.note(debt)

    def let_return(self) -> None:
        """A router without failback would keep the traffic on the backup: it is lent failback for the return."""
        nvram = self.session.read_back(("wans_mode",))
        if nvram["wans_mode"] == FAILOVER_ONLY:
            self.debt = lend(self.session, self.debt, {"wans_mode": WITH_FAILBACK}, nvram)


class PrimaryOff(RouterHands):
    """As ``asus_wan``: the backup is connected first, as the daemon never leaves a line that is switched off."""

    def inject(self) -> float | None:
        wish = WanWish(0, "disabled")
        nvram = self.session.read_back(PLAIN, TEXT)  # the backup may have gone since the first look
        planned = wan_plan(wish, nvram)
        former, lent = {wish.setting: nvram[wish.setting]}, {wish.setting: "0"}
        self.note(replace(self.debt, line=0, former=former, lent=lent))
        work = Work(self.session, self.here, wish, DIAL_SECONDS)
        if planned.dial:
            self.here.tell("Connecting the backup, which was not dialled yet")
            dial_the_other(work, planned)
        began = self.here.clock.now()
        store(work, planned)
        if planned.hand_over:
            request(work, {}, planned.hand_over)
        return began

    def mend(self) -> float | None:
        self.let_return()
        wish = WanWish(0, "enabled")
        planned = wan_plan(wish, self.session.read_back(PLAIN, TEXT))
        ended = self.here.clock.now()
        if planned.service:
            store(Work(self.session, self.here, wish, 0), planned)
        return ended


class TargetUnreachable(RouterHands):
    """The daemon takes the values up by itself, and counts from its next probe on."""

    def inject(self) -> float | None:
        nvram = self.session.read_back(PLAIN, TEXT)  # what somebody has set since the first look is to come back
        began = self.here.clock.now()
        self.debt = lend(self.session, self.debt, self.fault.lends(nvram), nvram)
        return began

    def mend(self) -> float | None:
        self.let_return()
        nvram = self.session.read_back(PLAIN, TEXT)
        ended = self.here.clock.now()
        ours = {name: value for name, value in self.debt.former.items() if nvram[name] == self.debt.lent[name]}
        ours.pop("wans_mode", None)  # until the traffic has returned
        if ours:
            self.session.carry_out(ours, "")
        return ended


class PullCable(RouterHands):
    """A person is the hand."""

    def inject(self) -> float | None:
        self.note(self.debt)
        self._asked("Pull the cable of the primary WAN out of the router now", linked=False)
        return None

    def mend(self) -> float | None:
        self.let_return()
        return self._asked("Plug the cable of the primary WAN in again now", linked=True)

    def _asked(self, what: str, *, linked: bool) -> float:
        """When the router saw it, which is up to one of its rounds late."""
        start = told = self.here.clock.now()
        self.here.tell(f"{what}. Waiting for up to {self.ground.person_seconds:.0f} s")
        while (self._link() == LINKED) != linked:
            now = self.here.clock.now()
            if now - start > self.ground.person_seconds:
                raise NobodyThere(
                    f"The router did not see it within {self.ground.person_seconds:.0f} s",
                    doing=f"waiting for a person ({what})",
                    cure="Look whether that cable is in the router's WAN port, and drill again",
                )
            if now - told >= 5:
                told = now
                self.here.tell(f"{what}: {now - start:.0f} s of {self.ground.person_seconds:.0f} s")
            self.here.clock.sleep(LOOK_SECONDS)
        return self.here.clock.now()

    def _link(self) -> str:
        with suppress(Unreachable, BadReply):
            return self.session.read(("link_wan",))["link_wan"]
        return ""
