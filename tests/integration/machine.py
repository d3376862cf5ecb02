# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine in the house that looks after the phone, as the role makes it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from integration.house import House, Report
from lab.adb_server import adb_program
from tools.rearm_script import script_in

ADB, LOOK, TIMER = "homelab.dualwan-adb.service", "homelab.dualwan-rearm.service", "homelab.dualwan-rearm.timer"
UNITS = [ADB, LOOK, TIMER]


class Machine:
    """This one, with all that the role writes in a directory of its own."""

    def __init__(self, house: House, path: Path) -> None:
        self._house = house
        self._path = path
        self.directory, self.units, self.kept = path / "homelab.dualwan", path / "units", path / "run"
        self.rules, self.programs = path / "rules", path / "bin"
        for made in (self.units, self.rules, self.kept, self.programs):
            made.mkdir()
        (self.programs / "adb").symlink_to(adb_program())

    def play(
        self, tasks_from: str, *arguments: str, environment: dict[str, str] | None = None, **variables: Any
    ) -> Report:
        where = {
            "phone_rearm_directory": str(self.directory),
            "phone_rearm_unit_directory": str(self.units),
            "phone_rearm_udev_directory": str(self.rules),
            "phone_rearm_start": False,
            "phone_rearm_user": "root" if os.getuid() == 0 else str(os.getuid()),
        }
        role = {"name": "homelab.dualwan.phone", "tasks_from": tasks_from}
        task = {"name": "Host", "ansible.builtin.import_role": role, "vars": {**where, **variables}}
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}
        play["environment"] = environment or {}
        play["vars"] = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        path = self._path / "play.yml"
        path.write_text(yaml.safe_dump([play]))
        return self._house.play(path, *arguments)

    def furnish(self, serial: str) -> None:
        """With the script alone, as the role would write it."""
        script_in(self.directory)
        (self.directory / "rearm.env").write_text(f"ANDROID_SERIAL={serial}\nREARM_FUNCTION=rndis\nREARM_INTERVAL=5\n")

    @property
    def waiting(self) -> tuple[int, int]:
        """After a try in vain: when the next may come, by the uptime, and the seconds from that to the one after."""
        first, second, *_settings = (self.kept / "homelab.dualwan-rearm").read_text().split()
        return int(first), int(second)

    def waits(self, seconds: int) -> None:
        """As after many tries in vain: the next may come now, and the one after it so much later."""
        written = f"{self._house.lab.serial} rndis\n"
        settings = subprocess.check_output(["cksum"], input=written.encode())
        (self.kept / "homelab.dualwan-rearm").write_text(f"0 {seconds} {settings.decode()}")

    @contextmanager
    def looking(self, **settings: str) -> Iterator[Run]:
        """A run of the script, as the timer starts it; ended with the block if it has not ended by itself."""
        written = dict(line.split("=", 1) for line in (self.directory / "rearm.env").read_text().splitlines())
        journal = self._path / "journal"
        environment = {
            **written,
            "PATH": f"{self.programs}:/usr/bin:/bin",
            "HOME": str(self._path),
            "ANDROID_ADB_SERVER_PORT": str(self._house.lab.adb_server_port),
            "RUNTIME_DIRECTORY": str(self.kept),
            **settings,
        }
        with (
            journal.open("wb") as output,
            subprocess.Popen(
                [str(self.directory / "rearm.sh")],
                env={name: value for name, value in environment.items() if value},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ) as process,
        ):
            try:
                yield Run(process, journal)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)

    def look(self, **settings: str) -> str:
        """A run that ends by itself; what came into the journal."""
        with self.looking(**settings) as run:
            run.process.wait(300)
            return run.said


@dataclass(frozen=True)
class Run:
    """One of the script."""

    process: subprocess.Popen[bytes]
    _journal: Path

    @property
    def said(self) -> str:
        """What came into the journal."""
        return self._journal.read_text()


def watches(house: House) -> list[int]:
    """What machines run on the phone to watch it, by its numbers there."""
    return [one["pid"] for one in house.phone_state()["processes"] if one["leads"] and "lasts=" in str(one["command"])]
