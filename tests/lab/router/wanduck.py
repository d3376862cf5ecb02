# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The failover daemon: dual-WAN facts 4, with 12 (what the genuine one of 386.69061 was seen to do) above it.

What other generations do otherwise is in their profile's ``monitor``."""

from __future__ import annotations

from enum import Enum, auto

from ..clock import Clock
from .lines import SECOND_PORTS, UNITS, AuxState, Lines, State, SubState
from .nvram import Nvram
from .outside import Outside
from .probes import Finding, Probes
from .profiles import Monitor
from .rc import Rc

FREEZE_SECONDS = 15

NO_INTERNET = 1
INTERNET = 2


class Verdict(Enum):
    GOOD = auto()
    BAD = auto()
    CABLE_OUT = auto()
    USB_GONE = auto()
    NOT_COUNTED = auto()
    """Same subnet as the LAN or switched off (4.3); or still asking for an address, which is a guess."""


class Wanduck:
    """Everything it goes by is read from nvram again in each round, so settings need no restart (2.3, seen in 12)."""

    def __init__(self, clock: Clock, nvram: Nvram, lines: Lines, outside: Outside, rc: Rc, monitor: Monitor) -> None:
        self._clock = clock
        self._nvram = nvram
        self._lines = lines
        self._outside = outside
        self._rc = rc
        self._monitor = monitor
        self._failures = 0
        self._returns = 0
        self._links: dict[int, bool] = {}
        self._watched: dict[int, Probes] = {}
        self.not_simulated: set[str] = set()

    async def run(self) -> None:
        """Round after round until cancelled."""
        await self._sleep_for("wandog_delay")
        while True:
            while self._nvram.number("freeze_duck") > 0:
                await self._clock.sleep(1)
                self._nvram.set("freeze_duck", max(0, self._nvram.number("freeze_duck") - 1))
            await self._round()
            # What the genuine one does with an interval of 0 or less, which httpd stores, is not known.
            await self._clock.sleep(max(1, self._nvram.number("wandog_interval")))

    async def _round(self) -> None:
        just_lost = await self._look_at_links()
        if self._nvram.get("sw_mode") != "1":
            self.not_simulated.add("wanduck: sw_mode other than 1")
            return
        if "mtwancfg" in self._nvram.get("rc_support").split():
            self.not_simulated.add("wanduck: Multi-WAN profiles")
            return
        if not self._lines.dual:
            if self._lines.active != 0:
                await self._switch(0, line_lost=True, restart_left=False)
            self._report(await self._judge(0), 0)
            return
        mode = self._nvram.get("wans_mode")
        if mode == "lb":
            await self._balance()
        elif mode in ("fo", "fb"):
            await self._watch(mode, just_lost)
        else:
            self.not_simulated.add(f"wanduck: wans_mode {mode!r}")

    async def _look_at_links(self) -> set[int]:
        """Record the links; a line whose cable is back is started. Returns the units that lost theirs just now."""
        lost = set()
        for unit in UNITS:
            kind = self._lines.types()[unit]
            link = self._lines.link(unit)
            self._nvram.set("link_wan1" if unit else "link_wan", int(link))
            if kind == "usb":
                self._nvram.set(f"wan{unit}_is_usb_modem_ready", int(link))
            wanted = kind == "wan" or kind in SECOND_PORTS or (self._lines.dual and unit == self._lines.active)
            before = self._links.get(unit, link)
            self._links[unit] = link
            if before and not link:
                lost.add(unit)
                if kind == "wan" or kind in SECOND_PORTS:
                    self._lines.lost_link(unit)
            elif link and wanted and self._lines.state(unit) == State.DISCONNECTED:
                await self._rc.notify_and_wait(f"restart_wan_if {unit}", "wanduck")
        return lost

    async def _watch(self, mode: str, just_lost: set[int]) -> None:
        active = self._lines.active
        other = 1 - active
        verdict = await self._judge(active)
        self._report(verdict, active)
        if await self._count_failure(verdict, active, other, just_lost):
            line_lost = verdict in (Verdict.CABLE_OUT, Verdict.USB_GONE)
            await self._switch(other, line_lost=line_lost, restart_left=verdict is not Verdict.USB_GONE)
            return
        if mode == "fb" and active == 1 and await self._is_back(0):
            await self._switch(0, line_lost=False, restart_left=False)
            return
        standby_wanted = self._nvram.get("wans_standby") == "1" and self._can_take_over(other)
        if standby_wanted and self._lines.state(other) == State.INITIALIZING:
            await self._rc.notify_and_wait(f"restart_wan_if {other}", "wanduck")

    async def _count_failure(self, verdict: Verdict, active: int, other: int, just_lost: set[int]) -> bool:
        """Whether it is time to leave the active line (4.3)."""
        if verdict in (Verdict.GOOD, Verdict.NOT_COUNTED) or not self._can_take_over(other):
            self._failures = 0
            return False
        if verdict is Verdict.USB_GONE:
            return True
        if verdict is Verdict.CABLE_OUT and active in just_lost:
            # The round that notices does not count yet: with half of 3 and an interval of 2, 2.6 s were seen.
            self._failures = 0
            return False
        self._failures += 1
        limit = self._nvram.number("wandog_maxfail")
        if verdict is Verdict.CABLE_OUT:
            limit //= 2
        return self._failures >= max(1, limit)

    def _can_take_over(self, unit: int) -> bool:
        return self._lines.enabled(unit) and self._lines.link(unit)

    async def _is_back(self, unit: int) -> bool:
        """Link, lease and, from 386 on, the path as well (12), for as many rounds as wandog_fb_count."""
        back = self._can_take_over(unit) and self._lines.connected(unit)
        if back and self._monitor.returns_by_path:
            finding = await self._look(unit)
            back = finding.alive and not finding.dns_missed
            if self._monitor.returns_by_every_probe:
                back = back and finding.every
        self._returns = self._returns + 1 if back else 0
        return self._returns >= max(1, self._nvram.number("wandog_fb_count"))

    async def _judge(self, unit: int) -> Verdict:
        if not self._lines.link(unit):
            return Verdict.USB_GONE if self._lines.types()[unit] == "usb" else Verdict.CABLE_OUT
        if self._nvram.number(f"wan{unit}_sbstate_t") == SubState.INVALID_ADDRESS:
            return Verdict.NOT_COUNTED
        if self._lines.state(unit) in (State.CONNECTING, State.DISABLED):
            return Verdict.NOT_COUNTED
        if not self._lines.connected(unit):
            return Verdict.BAD
        finding = await self._look(unit)
        if self._lines.connected(unit):
            missed = finding.dns_missed or not finding.alive
            self._lines.record(unit, None, None, AuxState.NO_INTERNET if missed else AuxState.NONE)
            if finding.alive and finding.dns_missed:
                self._nvram.set("link_internet", NO_INTERNET)
        return Verdict.GOOD if finding.alive else Verdict.BAD

    async def _look(self, unit: int) -> Finding:
        if unit not in self._watched:
            self._watched[unit] = Probes(self._clock, self._nvram, self._lines, self._outside, unit, self._monitor)
        return await self._watched[unit].look()

    def _report(self, verdict: Verdict, unit: int) -> None:
        missed = self._nvram.number(f"wan{unit}_auxstate_t") == AuxState.NO_INTERNET
        self._nvram.set("link_internet", INTERNET if verdict is Verdict.GOOD and not missed else NO_INTERNET)
        if verdict in (Verdict.CABLE_OUT, Verdict.USB_GONE):
            self._lines.record(unit, State.DISCONNECTED, None, AuxState.NO_PHY)

    async def _switch(self, to: int, *, line_lost: bool, restart_left: bool) -> None:
        """Names first, then rc: ``restart_wan_if`` of the line left, ``restart_wan_line`` of the one taken (12).

        A return, and a phone that is gone, restart nothing: USB is stopped then, and an Ethernet line stays as it is,
        connected, in cold standby too (382 wanduck.c, switch_wan_line).
        """
        left = 1 - to
        self._failures = self._returns = 0
        self._watched.clear()
        self._lines.make_active(to)
        self._nvram.set("link_internet", NO_INTERNET)
        kind = self._lines.types()[left]
        if restart_left:
            await self._rc.notify_and_wait(f"restart_wan_if {left}", "wanduck")
        elif kind == "usb":
            await self._rc.notify_and_wait(f"stop_wan_if {left}", "wanduck")
        if not self._lines.connected(to):
            await self._rc.notify_and_wait(f"restart_wan_if {to}", "wanduck")
        elif not line_lost:
            await self._rc.notify_and_wait(f"restart_wan_line {to}", "wanduck")
        await self._sleep_for(self._monitor.delay_after_switch)

    async def _balance(self) -> None:
        """Both lines up, no switching. Ping is off in this mode (4.2); DNS is left out here too, as 3006 does."""
        for unit in UNITS:
            startable = self._lines.link(unit) and self._lines.enabled(unit)
            if startable and self._lines.state(unit) in (State.INITIALIZING, State.DISCONNECTED):
                await self._rc.notify_and_wait(f"restart_wan_if {unit}", "wanduck")
        any_up = any(self._lines.connected(unit) and self._lines.link(unit) for unit in UNITS)
        self._nvram.set("link_internet", INTERNET if any_up else NO_INTERNET)

    async def _sleep_for(self, setting: str) -> None:
        await self._clock.sleep(max(0, self._nvram.number(setting)))
