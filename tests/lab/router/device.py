# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The router as a whole: power, boot, and how its parts hang together."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Coroutine
from typing import Any

from ..cable import Cable, UsbDevice
from ..clock import Clock
from .apply_pages import ApplyPages
from .door import Door
from .faults import Faults
from .happenings import Happenings
from .hooks import Hooks
from .httpd import Httpd
from .journal import Journal
from .lines import UNITS, Lines
from .nvram import Nvram
from .outside import PLUG, Outside
from .profiles import by_name
from .rc import Rc
from .restoring import Restoring
from .services import Services
from .settings_file import SettingsFile
from .site import Site
from .usb_port import UsbPort
from .wanduck import Wanduck

HTTPD_RESTART_SECONDS = 2.0
RUNNING_SECONDS = 3600.0
"""For how long a router has been up that a lab begins with."""
USB_DARK_SHARE = 0.4
"""Part of a reboot during which the USB port has no power: until the kernel is back. A guess."""


class Router:
    """Also one of the cable's hosts: its USB port is the router's end."""

    def __init__(
        self,
        clock: Clock,
        cable: Cable,
        *,
        firmware: str,
        username: str,
        password: str,
        http_port: int = 0,
        https_port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._cable = cable
        self._profile = by_name(firmware)
        self._username = username
        self._password = password
        self.nvram = Nvram(self._profile)
        self.outside = Outside(cable)
        self.lines = Lines(clock, self.nvram, cable, self.outside)
        self.usb = UsbPort(clock, self.nvram, self.lines)
        self.faults = Faults(clock)
        self.journal = Journal()
        services = Services(clock, self.nvram, self.lines, self.reboot, self.crash_httpd)
        self.rc = Rc(clock, self.nvram, services.perform)
        self.wanduck = Wanduck(clock, self.nvram, self.lines, self.outside, self.rc, self._profile.monitor)
        hooks = Hooks(self._profile, self.nvram, self.lines, lambda: clock.now() - self.booted)
        apply_pages = ApplyPages(self.nvram, self._profile, self.rc, self.faults, hooks.reboot_time)
        site = Site(
            nvram=self.nvram,
            profile=self._profile,
            lines=self.lines,
            hooks=hooks,
            apply_pages=apply_pages,
            settings_file=SettingsFile(self.nvram, self._profile),
            restoring=Restoring(self.nvram, self._profile, self.rc),
            faults=self.faults,
        )
        self._servers: list[Httpd] = []
        self.happenings = Happenings(
            clock,
            nvram=self.nvram,
            lines=self.lines,
            outside=self.outside,
            rc=self.rc,
            servers=self._servers,
            errand=self._errand,
        )
        self.happenings.add("crash", self.crash_httpd)
        self.happenings.add("reboot", self.reboot)
        self._servers.append(self._server(site, http_port, None))
        if tls is not None:
            self._servers.append(self._server(site, https_port, tls))
        self._reboot_time = hooks.reboot_time
        self._daemon: asyncio.Task[None] | None = None
        self._errands: set[asyncio.Task[None]] = set()
        self.boots = 0
        self.booted = 0.0
        self.up = False
        self.hung = False
        self._factory()

    @property
    def http_port(self) -> int:
        return self._servers[0].port

    @property
    def https_port(self) -> int:
        return self._servers[-1].port

    @property
    def powered(self) -> bool:
        return self.usb.powered

    def device_arrived(self, device: UsbDevice) -> None:
        self.usb.device_arrived(device)

    def device_left(self) -> None:
        self.usb.device_left()

    async def start(self) -> None:
        """Be a router that has been running for a while: WAN0 connected, the internet there."""
        self._boot()
        self.booted -= RUNNING_SECONDS
        self.lines.connect_now(0)
        self.nvram.set("link_wan", 1)
        self.nvram.set("link_wan1", 0)
        self.nvram.set("link_internet", 2)
        self._services_started()
        for server in self._servers:
            await server.start()

    async def stop(self) -> None:
        """Power off for good."""
        await self._halt()
        for server in self._servers:
            server.close()

    async def reset(self) -> None:
        """As at the start of the lab, on the same ports. The cable is the house's to move."""
        await self.happenings.end()
        await self._halt()
        self.hung = False
        self.faults.clear()
        self.journal.forget()
        self.rc.runs.clear()
        self.wanduck.not_simulated.clear()
        self.lines.not_simulated.clear()
        self.outside.wan_cable = True
        self.outside.second_cable = False
        for line in self.outside.upstream:
            self.outside.set_upstream(line, "up")
        self.boots = 0
        self._factory()
        self.usb.powered = True
        await self.start()

    async def reboot(self) -> None:
        """Go down now; come back after reboot_time."""
        if self.hung:
            raise ValueError("the router did not come back from a reboot: router power-on")
        self._errand(self._reboot())
        await asyncio.sleep(0)

    async def power_on(self) -> None:
        """Plug it in again after a reboot that it did not come back from."""
        if not self.hung:
            raise ValueError("the router has power; only a reboot with the fault no-return ends in need of this")
        self.hung = False
        self._errand(self._come_up(self._reboot_time()))
        await asyncio.sleep(0)

    async def crash_httpd(self) -> None:
        """httpd and httpds die and are started again."""
        if not self.up:
            return
        self._errand(self._crash_httpd())
        await asyncio.sleep(0)

    def state(self) -> dict[str, Any]:
        """What a person standing next to it could find out."""
        device = self.usb.device
        return {
            "up": self.up,
            "hung": self.hung,
            "httpd": self._servers[0].up,
            "boots": self.boots,
            "booted": self.booted,
            "active_wan": self.lines.active,
            "internet": self.nvram.number("link_internet") == 2,
            "links": {
                str(unit): {
                    "type": self.lines.types()[unit],
                    "link": self.lines.link(unit),
                    "connected": self.lines.connected(unit),
                    "state": self.lines.state(unit),
                    "path": self.lines.path(unit),
                }
                for unit in UNITS
            },
            "usb": {
                "powered": self.usb.powered,
                "functions": sorted(device.functions) if device else [],
                "path": self.nvram.get("usb_path1"),
                "interface": self.nvram.get("usb_modem_act_dev"),
                "ready": self.lines.usb_ready(),
            },
            "services": self.rc.as_data(),
            "failed_logins": sum(server.door.failures for server in self._servers),
            "locked_seconds": max(server.door.locked_seconds for server in self._servers),
            "faults": self.faults.as_data(),
            "not_simulated": sorted(self.wanduck.not_simulated | self.lines.not_simulated),
        }

    def _server(self, site: Site, port: int, tls: ssl.SSLContext | None) -> Httpd:
        door = Door(self.nvram, self._clock.now, self._profile.login, tls=tls is not None)
        return Httpd(
            self._clock,
            site=site,
            door=door,
            journal=self.journal,
            faults=self.faults,
            happen=self.happenings.happen,
            port=port,
            tls=tls,
        )

    def _factory(self) -> None:
        self.nvram.factory_reset(
            {
                **self._profile.identity,
                "x_Setting": "1",
                "http_enable": "2",
                "http_username": self._username,
                "http_passwd": self._password,
            }
        )

    def _boot(self) -> None:
        """What init does with nvram before anything is started."""
        self.boots += 1
        self.booted = self._clock.now()
        self.nvram.set("success_start_service", 0)
        self.nvram.set("rc_service", "")
        self.nvram.set("freeze_duck", 0)
        self.nvram.set("link_internet", 0)
        for name in ("link_wan", "link_wan1", "rc_service_pid"):
            self.nvram.unset(name)
        self.lines.forget()

    def _services_started(self) -> None:
        self.up = True
        self.nvram.set("success_start_service", 1)
        self._daemon = asyncio.create_task(self.wanduck.run())

    async def _halt(self) -> None:
        """Everything that runs ends at once."""
        self.up = False
        if self._daemon is not None:
            self._daemon.cancel()
            self._daemon = None
        for errand in list(self._errands):
            if errand is not asyncio.current_task():
                errand.cancel()
        self.rc.stop()
        self.lines.forget()
        for server in self._servers:
            await server.stop()

    async def _reboot(self) -> None:
        seconds = self._reboot_time()
        faults = self.faults.rebooting()
        await self._halt()
        self.usb.powered = False
        self._power_changed()
        self.nvram.power_cycle()
        self.usb.forget()
        if "no-return" in faults:
            self.hung = True
        else:
            await self._come_up(seconds * (faults.get("slow-reboot") or 1))

    async def _come_up(self, seconds: float) -> None:
        """``seconds`` from darkness to a listening httpd."""
        await self._clock.sleep(seconds * USB_DARK_SHARE)
        self._take_other_values()
        self._boot()
        self.usb.powered = True
        self._power_changed()
        await self._clock.sleep(seconds * (1 - USB_DARK_SHARE))
        for unit in UNITS:
            if unit == self.lines.active or (self.lines.dual and self.nvram.get("wans_mode") == "lb"):
                self.lines.start(unit)
        self._services_started()
        for server in self._servers:
            await server.start()

    def _take_other_values(self) -> None:
        """The fault ``other-values-after-reboot``: as if firmware or a hand had changed them meanwhile."""
        values = self.faults.values_after_reboot
        for name, value in values.items():
            self.nvram.set(name, value)
        if values:
            self.nvram.commit()
            values.clear()

    def _power_changed(self) -> None:
        if self._cable.plugged == PLUG:
            self._cable.power_changed()

    async def _crash_httpd(self) -> None:
        for server in self._servers:
            await server.stop()
        await self._clock.sleep(HTTPD_RESTART_SECONDS)
        for server in self._servers:
            await server.start()

    def _errand(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
        return task
