# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated house as the tests see it: run a task or a playbook in it, and look at what the devices saw."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import Address
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import WallClock
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Tell, nobody
from integration.lab_clock import LabClock
from lab.client import LabClient
from lab.inventory import inventory
from tools.checkout import link_tree

PLAYBOOK_SECONDS = 600
EVENT_SECONDS = 120


@dataclass(frozen=True)
class Outcome:
    """What a task returned."""

    result: Mapping[str, Any]

    @property
    def failed(self) -> bool:
        return bool(self.result.get("failed"))

    @property
    def message(self) -> str:
        return str(self.result.get("msg", ""))

    def __getitem__(self, name: str) -> Any:
        return self.result[name]


@dataclass(frozen=True)
class Report:
    """A playbook's end."""

    code: int
    output: str
    tasks: list[dict[str, Any]]

    @property
    def changed(self) -> list[str]:
        """The tasks that said they changed something."""
        return [task["task"] for task in self.tasks if task["result"].get("changed")]

    def of(self, action: str) -> list[dict[str, Any]]:
        """The results of one module's tasks."""
        return [task["result"] for task in self.tasks if task["action"] == f"homelab.dualwan.{action}"]


class House:
    """One lab and one home directory."""

    def __init__(self, lab: LabClient, home: Path) -> None:
        self.lab = lab
        self.home = home
        self._no_configuration = home / "ansible.cfg"
        self._no_configuration.touch()
        self.inventory = inventory(lab, home / "inventory.json", router_rollback_timeout=0)
        """Without the watch over the internet, which is ten seconds on the wall: the tests of it say so themselves."""
        self.clock = LabClock(lab.ctl("clock")["speed"])

    @property
    def router(self) -> dict[str, Any]:
        """The options that reach the router."""
        return {
            "host": "127.0.0.1",
            "port": self.lab.https_port,
            "certificate_fingerprint": self.lab.certificate_fingerprint,
            "username": self.lab.username,
            "password": self.lab.password,
        }

    @property
    def phone(self) -> dict[str, Any]:
        """The options that reach the phone."""
        return {"serial": self.lab.serial, "adb_server_port": self.lab.adb_server_port}

    def reach(self, module: str) -> dict[str, Any]:
        """The connection options of a module: of one end, or of the link as a whole."""
        if module.startswith("backup_link"):
            return self.router | self.phone
        return self.router if module.startswith("asus") else self.phone

    def run(self, module: str, *, check_mode: bool = False, tell: Tell = nobody, **options: Any) -> Outcome:
        """Run a task as both doors do, with the house's connection options where none are given.

        ``tell`` hears what a person would who waits.
        """
        task = importlib.import_module(f"ansible_collections.homelab.dualwan.plugins.modules.{module}").TASK
        checked = ArgumentSpecValidator(task.argument_spec, **task.constraints).validate(
            {**self.reach(module), **options}
        )
        if checked.error_messages:
            return Outcome({"failed": True, "msg": "; ".join(checked.error_messages)})
        # The adb server between the collection and the phone is a real one, and knows the wall's clock only. A drill is
        # about the router's time.
        of_the_router = module.startswith("asus") or module == "backup_link_drill"
        clock = self.clock if of_the_router else WallClock()
        return Outcome(task.outcome(checked.validated_parameters, Here(check_mode, clock, tell)))

    def play(self, playbook: Path, *arguments: str, inventory: Path | None = None) -> Report:
        """Run a playbook as a person would, and return what each task said."""
        told = self.home / "told.jsonl"
        told.write_text("")
        done = subprocess.run(
            self.command(playbook, *arguments, inventory=inventory),
            env=self.environment(
                ANSIBLE_CALLBACK_PLUGINS=str(Path(__file__).parent / "callback"),
                ANSIBLE_CALLBACKS_ENABLED="told",
                TOLD=str(told),
            ),
            capture_output=True,
            text=True,
            timeout=PLAYBOOK_SECONDS,
            check=False,
        )
        tasks = [json.loads(line) for line in told.read_text().splitlines()]
        return Report(done.returncode, done.stdout + done.stderr, tasks)

    def command(self, playbook: Path, *arguments: str, inventory: Path | None = None) -> list[str]:
        """The command line that a person would type."""
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        return [program, "--inventory", str(inventory or self.inventory), str(playbook), *arguments]

    def environment(self, **settings: str) -> dict[str, str]:
        """Of the person, without what is set for other runs of Ansible."""
        foreign = ("ANSIBLE_", "ASUSWRT_", "ANDROID_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return {
            **inherited,
            "HOME": str(self.home),
            "ANSIBLE_HOME": str(self.home / "ansible"),
            "ANSIBLE_ASYNC_DIR": str(self.home / "async"),
            "ANSIBLE_COLLECTIONS_PATH": str(link_tree()),
            "ANSIBLE_CONFIG": str(self._no_configuration),
            **settings,
        }

    def shell(self, command: str) -> str:
        """Run something on the phone, as a person would by adb; what it printed."""
        address = Address(self.lab.serial, "127.0.0.1", self.lab.adb_server_port, EVENT_SECONDS)
        return Phone(address).shell(command, doing="looking around").output

    def kinds(self) -> list[str]:
        """What was sent to the router since the start or the last ``forget``, by kind."""
        return [request["kind"] for request in self.lab.ctl("router", "requests")]

    def forget(self) -> None:
        self.lab.ctl("router", "forget-requests")

    def nvram(self, *names: str) -> dict[str, str]:
        found: dict[str, str] = self.lab.ctl("router", "nvram", *names)
        return found

    def phone_state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.lab.ctl("phone", "state")
        return found

    def serving(self) -> bool:
        """Whether the phone's tether serves."""
        return bool(self.phone_state()["tether"]["serving"])

    @contextmanager
    def tether_lost(self) -> Iterator[None]:
        """By what is done within. It may be back before anybody looks; the phone's journal keeps that it was gone."""
        before = self._losses()
        yield
        self.until(lambda: self._losses() > before, "the tether gone")

    def _losses(self) -> int:
        return sum(entry["what"] == "tether down" for entry in self.lab.ctl("phone", "log"))

    def keepalives(self) -> list[str]:
        """The loops that run on the phone, by their command lines."""
        return keepalives(self.phone_state())

    def until(self, seen: Callable[[], Any], what: str) -> Any:
        """Wait for something to become true in the house, and return it."""
        return until(seen, what)


def keepalives(phone: Mapping[str, Any]) -> list[str]:
    """Of a phone's state. A loop leads a session; what it has just forked looks like it, and does not."""
    loops = [process["command"] for process in phone["processes"] if process["leads"]]
    return [command for command in loops if "keepalive.sh" in command]


def until(seen: Callable[[], Any], what: str) -> Any:
    """Wait for something to become true, and return it."""
    deadline = time.monotonic() + EVENT_SECONDS
    while not (found := seen()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen within {EVENT_SECONDS} s: {what}")
        time.sleep(0.05)
    return found
