# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine in the house that looks after the phone, as the role makes it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from integration.house import House, Report
from lab.adb_server import adb_program

ADB, LOOK, TIMER = "homelab.dualwan-adb.service", "homelab.dualwan-rearm.service", "homelab.dualwan-rearm.timer"
UNITS = [ADB, LOOK, TIMER]


class Machine:
    """This one, with all that the role writes in a directory of its own."""

    def __init__(self, house: House, path: Path) -> None:
        self._house = house
        self._path = path
        self.directory, self.units, self.kept = path / "lib", path / "units", path / "run"
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

    def look(self, **settings: str) -> str:
        """One run of the timer; what came into the journal."""
        written = dict(line.split("=", 1) for line in (self.directory / "rearm.env").read_text().splitlines())
        done = subprocess.run(
            [str(self.directory / "rearm.sh")],
            env={
                **written,
                "PATH": f"{self.programs}:/usr/bin:/bin",
                "HOME": str(self._path),
                "ANDROID_ADB_SERVER_PORT": str(self._house.lab.adb_server_port),
                "RUNTIME_DIRECTORY": str(self.kept),
                **settings,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout + done.stderr
