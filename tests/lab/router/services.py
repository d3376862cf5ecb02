# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the services do that the lab knows (dual-WAN facts 2.3; durations are guesses)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..clock import Clock
from .lines import UNITS, Lines, State
from .multipath import plan
from .nvram import Nvram

_SECONDS = {"wan": 4.0, "wan_if": 2.0, "wan_line": 1.0, "multipath": 3.0, "httpd": 1.0, "reboot": 2.0}
_UNKNOWN_SECONDS = 1.0


class Services:
    """``perform`` is what rc calls."""

    def __init__(
        self,
        clock: Clock,
        nvram: Nvram,
        lines: Lines,
        reboot: Callable[[], Awaitable[None]],
        restart_httpd: Callable[[], Awaitable[None]],
    ) -> None:
        self._clock = clock
        self._nvram = nvram
        self._lines = lines
        self._reboot = reboot
        self._restart_httpd = restart_httpd

    async def perform(self, words: list[str]) -> bool:
        """Run ``start_x``, ``stop_x`` or ``restart_x`` with its parameters; False if x is not simulated."""
        action, _mark, name = words[0].partition("_")
        if words[0] == "reboot":
            action, name = "start", "reboot"
        known = action in ("start", "stop", "restart") and name in _SECONDS
        await self._clock.sleep(_SECONDS.get(name, _UNKNOWN_SECONDS) if known else _UNKNOWN_SECONDS)
        if not known:
            return False
        if name == "reboot":
            await self._reboot()
        elif name == "httpd":
            if action == "stop":
                return False
            await self._restart_httpd()
        elif name == "wan_if":
            return self._wan_if(action, words[1:])
        elif name == "wan":
            self._all_wans(action)
        elif name == "wan_line":
            # wan_up again: routes and resolvers, of which the lab has none.
            return action != "stop"
        else:
            self._multipath()
        return True

    def _multipath(self) -> None:
        """Whatever the action was. The routes of the line taken are set again, of which the lab has none."""
        lines = self._lines
        todo = plan(self._nvram.get("wans_mode"), lines.active, (lines.counts(0), lines.counts(1)))
        lines.make_active(todo.active)
        for unit in todo.stop:
            lines.stop(unit)
        for unit in todo.restart:
            lines.stop(unit)
            lines.start(unit)

    def _wan_if(self, action: str, parameters: list[str]) -> bool:
        if not parameters or not parameters[0].isdigit() or int(parameters[0]) not in UNITS:
            return False
        unit = int(parameters[0])
        if action != "start":
            self._lines.stop(unit)
        if action != "stop":
            self._lines.start(unit)
        return True

    def _all_wans(self, action: str) -> None:
        for unit in UNITS:
            if action != "start" and self._lines.state(unit) != State.INITIALIZING:
                self._lines.stop(unit)
            running = unit == self._lines.active or (self._lines.dual and self._nvram.get("wans_mode") == "lb")
            if action != "stop" and running:
                self._lines.start(unit)
