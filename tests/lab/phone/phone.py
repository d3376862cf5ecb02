# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One phone, put together: switched on, off and over again."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from pathlib import Path

from ..cable import Cable, Lease, NetworkCable
from ..clock import Clock, Timer
from . import commands, profiles
from .adb.daemon import Daemon
from .adb.real import RealDaemon
from .automate import SOCKET, Automate
from .battery import Battery
from .commands import Handset
from .controls import CONTROLS
from .ethernet import Ethernet
from .journal import Journal
from .radio import Radio
from .sandbox import ENVIRONMENT, Group, Sandbox
from .screen import Screen
from .standins import SCRIPT, Answer, Call, StandIns
from .storage import Properties, Settings
from .sys_files import SysFiles
from .tether import Tether
from .usb import LEGACY_BIND_SECONDS, NONE, Usb

SHUTDOWN_SECONDS = 2.0
BOOT_SECONDS = 25.0
"""From a reboot's order to darkness, and on to BOOT_COMPLETED. Guesses at a quick phone."""
SERVICES_SECONDS = 10.0
"""Of these, how long adb over the network answers already while system_server starts. A guess."""

ADB_RETURNS_SECONDS = 1.0
"""How long after the host has enumerated it adb over USB is there again; together with binding, 1 to 3 s."""

_FIRST_TO_FORGET_KEYS = 30
_DAY = 24 * 3600 * 1000
_KEY_LASTS = 7 * _DAY
"""Milliseconds: Settings.Global.DEFAULT_ADB_ALLOWED_CONNECTION_TIME; 0 is for ever (AdbDebuggingManager.java)."""

_ROOT_ENVIRONMENT = {**ENVIRONMENT, "USER": "root", "LOGNAME": "root", "HOME": "/data"}
_SERVICES = "/data/adb/service.d"


class Phone:
    """A :class:`lab.cable.Gadget` with an adbd. ``root`` is a directory that is the phone's alone.

    ``adbd`` is where :mod:`lab.real_adbd` put a real one, to be run instead of the simulated.
    """

    def __init__(
        self,
        clock: Clock,
        cable: Cable,
        *,
        profile: str,
        adb_port: int,
        root: Path,
        adbd: Path | None = None,
        network_cable: NetworkCable | None = None,
    ) -> None:
        self._clock = clock
        self._cable = cable
        self._network_cable = network_cable
        self._root = root
        self.adb_port = adb_port
        self._profile = self._first_profile = profiles.load(profile)
        self._journal = Journal(clock)
        self._busy = asyncio.Lock()
        self._may_serve = asyncio.Event()
        self._may_serve.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._magisk: Group | None = None
        self._starting: Timer | None = None
        programs = dict.fromkeys((*commands.PROGRAMS, *commands.ABSENT), SCRIPT)
        # Only a rooted phone has su, and it comes and goes while the system is read-only: see set_root.
        del programs["su"]
        if clock.speed == 1:
            # Then toybox's own is as good, and needs no simulator.
            del programs["sleep"]
        self._sandbox = Sandbox(root, programs, adbd)
        self._standins = StandIns(root / "calls", self._respond)
        self._asked: Counter[str] = Counter()
        self._files = SysFiles(self._sandbox.classes, self._sandbox.power)
        self._new()
        self._adb: Daemon | RealDaemon
        if adbd is None:
            self._adb = Daemon(self._sandbox, self._journal, self._profile, self._service)
        else:
            self._adb = RealDaemon(self._sandbox, self._journal, self._profile)
        self.adb_over = "network"
        self.storage = "ok"
        self.tmp = "rw"
        self.powered = False
        self.booted = False
        self.boots = 0

    @property
    def serial(self) -> str:
        """What ``adb connect`` takes."""
        return f"127.0.0.1:{self.adb_port}"

    @property
    def handset(self) -> Handset:
        """The parts that the programs on the phone see."""
        return self._handset

    @property
    def adb(self) -> Daemon | RealDaemon:
        return self._adb

    @property
    def journal(self) -> Journal:
        return self._journal

    async def start(self) -> None:
        """Make the phone and have it booted, without waiting. Raises NotSimulated where this machine has no place."""
        await self._sandbox.start()
        self.set_root("none")
        self._standins.start()
        await self._adb.listen(self.adb_port)
        self.adb_port = self._adb.port
        await self._boot()

    async def stop(self) -> None:
        """Everything off and gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._die("the lab ends")
        await self._adb.unlisten()
        await self._standins.stop()
        await self._sandbox.stop()
        for name in ("calls", "xbin", "class", "power", "root"):
            shutil.rmtree(self._root / name, ignore_errors=True)

    async def reset(self, version: str | None = None) -> None:
        """As at the start, or as another Android version: default settings and an empty storage."""
        profile = self._first_profile if version is None else profiles.load(version)
        self.hold_services(False)
        async with self._busy:
            self._profile = self._adb.profile = profile
            await self._die("reset")
            if self.storage != "ok":
                await self.set_storage("ok")
            if self.tmp == "ro":
                await self.set_tmp("rw")
            await self._sandbox.ask("empty")
            self._new()
            self.set_root("none")
            self._adb.authorised, self._adb.offline, self._adb.drop_at = True, False, None
            self._adb.requests = 0
            self._adb.appointments.clear()
            self.adb_over = "network"
            self.boots = 0
            self._asked.clear()
            self._journal.forget()
            await self._boot()

    def reboot(self, why: str) -> None:
        """Begin a reboot; it takes its time."""
        self._journal.note("reboot", why=why)
        task = asyncio.create_task(self._reboot(why))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def control(self, argv: list[str]) -> object:
        """Do what follows ``ctl phone``. Raises ValueError for what there is not."""
        if not argv or argv[0] not in CONTROLS:
            raise ValueError(f"phone: one of {', '.join(CONTROLS)} is wanted, not {' '.join(argv) or 'nothing'}")
        return await CONTROLS[argv[0]](self, argv[1:])

    def state(self) -> dict[str, object]:
        """The phone at a glance; processes are in ``ctl phone state`` only, since they have to be asked for."""
        usb, tether, screen = self._handset.usb, self._handset.tether, self._handset.screen
        return {
            "android": self._profile.release,
            "powered": self.powered,
            "booted": self.booted,
            "boots": self.boots,
            "usb": {
                "function": usb.current,
                "applied": usb.applied,
                "default": usb.default,
                "connected": usb.connected,
                "configured": usb.configured,
                "kernel_state": usb.kernel_state,
                "adb": self.booted and usb.bound is not None,
                "supported": sorted(usb.supported),
                "gadget": usb.gadget,
                "maker": usb.maker,
            },
            "tether": {
                "serving": tether.serving,
                "interface": tether.interface,
                "address": str(tether.subnet.phone) if tether.serving else None,
                "network": str(tether.subnet.network),
                "error": tether.error,
                "upstream": tether.upstream_interface(),
                "reaches_internet": tether.reaches_internet(),
            },
            "ethernet": {
                "adapter": self._handset.ethernet.present,
                "switched_on": self._handset.ethernet.switched_on,
                "serving": self._handset.ethernet.serving,
                "upstream": self._handset.ethernet.upstream_interface(),
            },
            "lock": "secure" if screen.secure else "none",
            "screen": "locked" if screen.keyguard else "unlocked",
            "mobile_data": tether.mobile_data,
            "wifi": tether.wifi,
            "battery": {"level": self._handset.battery.level, "temperature": self._handset.battery.temperature},
            "root": self._handset.root,
            "automate": {
                "installed": self._handset.automate.installed,
                "privileged": self._handset.automate.privileged,
                "runs": self._handset.automate.runs,
                "exempt": self._handset.automate.exempt,
                "starts": self._handset.automate.starts,
            },
            "wake_lock": self._files.wake_lock() if self.powered else None,
            "asked": dict(self._asked),
            "storage": self.storage,
            "tmp": self.tmp,
            "adb": {
                "requests": self._adb.requests,
                "authorised": self._adb.authorised,
                "offline": self._adb.offline,
                "appointments": len(self._adb.appointments),
                "over": self.adb_over,
                "key_life": self._handset.settings.get("global", "adb_allowed_connection_time"),
            },
        }

    async def processes(self) -> list[dict[str, object]]:
        """Who is alive in the phone, by the numbers that its own ``ps`` shows."""
        found: list[dict[str, object]] = await self._sandbox.ask("processes")
        # A real adbd is one of them, as the simulated is not.
        return [process for process in found if "/lab/adbd/" not in str(process["command"])]

    def vbus(self, present: bool) -> None:
        if self.booted:
            self._handset.usb.vbus(present)
        if not present:
            self._usb_adb_left("unplugged")

    def configured(self) -> None:
        self._handset.usb.enumerated()
        if self.adb_over == "usb" and self._cable.plugged == "computer":
            self._starting = self._clock.later(ADB_RETURNS_SECONDS, self._adb.reachable, True, "enumerated")

    def lease(self) -> Lease | None:
        return self._handset.tether.lease()

    def upstream(self) -> bool:
        return self._handset.tether.reaches_internet()

    def set_root(self, root: str) -> None:
        """With or without Magisk, and what its user answers."""
        self._handset.root = root
        self._handset.root_answered.set()
        if root == "asks":
            self._handset.root_answered = asyncio.Event()
        program = self._sandbox.extra_programs / "su"
        program.unlink(missing_ok=True)
        if root != "none":
            program.write_text(SCRIPT)
            program.chmod(0o755)

    async def set_storage(self, storage: str) -> None:
        await self._sandbox.ask("protect", path="/data", protect=False)
        await self._sandbox.ask("full", full=storage == "full")
        await self._sandbox.ask("protect", path="/data", protect=storage == "ro")
        self.storage = storage

    async def set_tmp(self, tmp: str) -> None:
        await self._sandbox.ask("protect", path="/data/local/tmp", protect=tmp == "ro")
        self.tmp = tmp

    async def days_away(self, days: int) -> None:
        """No host connects for so many days: from Android 11 on its key is forgotten then, unless told otherwise."""
        allowed = self._handset.settings.get("global", "adb_allowed_connection_time")
        lasts = _KEY_LASTS if allowed is None else int(allowed)
        sdk = int(self._profile.properties["ro.build.version.sdk"])
        if sdk >= _FIRST_TO_FORGET_KEYS and lasts and days * _DAY > lasts:
            await self._adb.allow(False, "the key has expired")
        else:
            self._adb.drop("a host that was away")

    def set_adb_over(self, over: str) -> None:
        """By network the transport outlives a re-enumeration; by USB it is part of the device that leaves."""
        self.adb_over = over
        usb = self._handset.usb
        there = over == "network" or (self._cable.plugged == "computer" and usb.kernel_state == "CONFIGURED")
        self._adb.reachable(self.powered and there, f"adb over {over}")

    def hold_services(self, late: bool) -> None:
        """Have the next boot stay where adb answers and Android's services do not, until told otherwise."""
        if late:
            self._may_serve.clear()
        else:
            self._may_serve.set()

    def _new(self) -> None:
        tether = Tether(self._clock, self._journal, self._profile, self._show)
        usb = Usb(
            self._clock,
            self._cable,
            self._journal,
            self._profile,
            state_changed=lambda: tether.usb_state(usb.connected, usb.configured),
            gadget_changed=self._gadget_changed,
            kernel_changed=self._files.usb,
            adbd_restarts=lambda why: self._restart_adbd(why, LEGACY_BIND_SECONDS),
        )
        ethernet = self._new_ethernet(tether)
        self._handset = Handset(
            clock=self._clock,
            journal=self._journal,
            profile=self._profile,
            usb=usb,
            tether=tether,
            ethernet=ethernet,
            screen=Screen(),
            battery=Battery(self._files.battery),
            radio=Radio(),
            automate=Automate(self._clock, self._journal, usb, ethernet, self._listen),
            settings=Settings(),
            properties=Properties(self._profile),
            reboot=self.reboot,
            run_as_root=self._run_as_root,
            power=lambda: self._cable.power,
        )

    def _new_ethernet(self, tether: Tether) -> Ethernet:
        """With an adapter where the cable says so."""
        network = self._network_cable
        ethernet = Ethernet(
            self._clock, self._journal, self._profile, tether, lambda: network is not None and network.link
        )
        if network is not None:
            network.attach_peer(ethernet)
            ethernet.present = network.plugged
        return ethernet

    def _gadget_changed(self) -> None:
        usb = self._handset.usb
        bound = usb.bound
        self._handset.tether.gadget_changed(bound)
        if usb.gadget == "legacy":
            functions = "adb" if bound in (None, NONE) else f"{bound},adb"
            for name in ("sys.usb.config", "sys.usb.state"):
                self._handset.properties.set(name, functions)
        if bound is None:
            self._usb_adb_left("re-enumeration")

    def _show(self) -> None:
        """Have the tether's interface where programs and the kernel of the phone tell of it."""
        tether = self._handset.tether
        address = str(tether.subnet.phone) if tether.serving else None
        self._files.interface(tether.interface, tether.serving)
        self._sandbox.tell(
            "interface", name=tether.interface, address=address, netmask=str(tether.subnet.network.netmask)
        )

    def _listen(self, there: bool) -> None:
        """Have a socket of Automate's privileged service in the kernel's list."""
        self._sandbox.tell("listen", name=SOCKET, there=there)

    def _usb_adb_left(self, why: str) -> None:
        if self._starting is not None:
            self._starting.cancel()
            self._starting = None
        if self.adb_over == "usb":
            self._adb.reachable(False, why)

    async def _boot(self) -> None:
        """Power on, all the way to BOOT_COMPLETED."""
        await self._power_on()
        await self._complete_boot()

    async def _power_on(self) -> None:
        """The kernel, init and adbd: there is a shell, and nobody to ask for a service."""
        handset = self._handset
        self._magisk = await self._sandbox.group("root")
        await self._adb.start()
        self._files.booted()
        handset.properties.booted()
        handset.tether.booted()
        self.powered = True
        self._adb.reachable(self.adb_over == "network", "init started adbd")

    async def _complete_boot(self) -> None:
        handset = self._handset
        self.booted = handset.services = True
        handset.properties.set("sys.boot_completed", "1")
        self.boots += 1
        handset.settings.put("global", "boot_count", str(self.boots))
        self._journal.note("booted", boots=self.boots)
        handset.usb.boot_completed(handset.screen.locked)
        if handset.root != "none":  # whatever the shell is told: the root manager itself runs them
            await self._sandbox.ask("make_directory", path=_SERVICES)
            for script in await self._sandbox.ask("executables", path=_SERVICES):
                await self._spawn_as_root(["/system/bin/sh", script])

    async def _reboot(self, why: str) -> None:
        async with self._busy:
            await self._clock.sleep(SHUTDOWN_SECONDS)
            await self._die(why)
            await self._clock.sleep(BOOT_SECONDS - SERVICES_SECONDS)
            self._handset.screen.booted()
            await self._power_on()
            await self._clock.sleep(SERVICES_SECONDS)
            await self._may_serve.wait()
            await self._complete_boot()

    async def _die(self, why: str) -> None:
        """Power is gone: so are all processes, while /data stays."""
        self._switch_off()
        await self._adb.stop(why)
        if self._magisk is not None:
            await self._magisk.kill()
            self._magisk = None

    def _switch_off(self) -> None:
        self.powered = self.booted = self._handset.services = False
        self._usb_adb_left("switched off")
        self._adb.reachable(False, "switched off")
        self._handset.usb.powered_off()
        self._handset.automate.powered_off()
        self._handset.ethernet.powered_off()
        self._handset.tether.gadget_changed(None)
        self._cable.present(None)

    async def _respond(self, call: Call) -> Answer:
        self._asked[call.program] += 1
        return await commands.run(self._handset, call)

    async def _run_as_root(self, call: Call, argv: list[str]) -> int:
        """Run with the caller's files but under Magisk's daemon; its exit code."""
        return await self._spawn_as_root(argv, borrow=call.pid)

    async def _spawn_as_root(self, argv: list[str], *, borrow: int | None = None) -> int:
        if self._magisk is None:
            return 1
        argv = ["/lab/bin/unshare", "--user", "--map-root-user", "--", *argv]
        running = await self._magisk.spawn(argv, (), _ROOT_ENVIRONMENT, borrow=borrow)
        if borrow is None:
            return 0
        status = await running.status
        return 128 - status if status < 0 else status

    async def _service(self, name: str) -> str:
        """The services of adbd that act on the phone itself."""
        service, _mark, argument = name.partition(":")
        loop = asyncio.get_running_loop()
        if service == "root":
            return "adbd cannot run as root in production builds\n"
        if service == "reboot" and not argument:
            loop.call_soon(self.reboot, "adb reboot")
            return ""
        if service == "tcpip":
            loop.call_later(0.02, self._restart_adbd, "adb tcpip")
            return f"restarting in TCP mode port: {argument}\n"
        if service == "usb":
            loop.call_later(0.02, self._restart_adbd, "adb usb")
            self.adb_over = "usb"
            return "restarting in USB mode\n"
        raise LookupError(name)

    def _restart_adbd(self, why: str, pause: float = 0.0) -> None:
        task = asyncio.create_task(self.restart_adbd(why, pause))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def restart_adbd(self, why: str, pause: float = 0.0) -> None:
        """What ``adb tcpip`` does, and a function switch on a phone without a gadget HAL."""
        async with self._busy:
            await self._adb.stop(why)
            self._handset.automate.adbd_ended()
            await self._clock.sleep(pause)
            await self._adb.start()
            self.set_adb_over(self.adb_over)
