# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill that is killed at any of its phases: the line is given back, by itself where it can, else by the next run. So
is a line that is being switched off."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import Debts
from integration.drilling import briefly, debt, lasting, router_of, up
from integration.house import House

END_SECONDS = 300
MOMENTS = [
    pytest.param("Looking how it is", id="baseline"),
    pytest.param("Connecting the backup", id="noted"),
    pytest.param("The fault is there", id="failing"),
    pytest.param("The traffic is on the backup", id="on backup"),
    pytest.param("Ending the fault", id="mending"),
    pytest.param("Looking whether all is", id="after"),
]


THE_PRIMARY_OFF = """
- hosts: asus_routers
  connection: local
  gather_facts: false
  tasks:
    - homelab.dualwan.asus_wan:
        wan: primary
        state: disabled
"""


def a_drill(house: House, playbooks: Path, fault: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """As a person would run it."""
    options = briefly(house) | {"drill_fault": fault}
    return a_run(house, playbooks / "drill.yml", "-e", json.dumps(options))


@contextmanager
def a_run(house: House, playbook: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        house.command(playbook, *arguments),
        env=house.environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as run:
        yield run


def told(run: subprocess.Popen[str], moment: str) -> str:
    """All it says until that line."""
    said = ""
    for line in run.stdout or ():
        said += line
        if line.startswith(moment):
            return said
    raise AssertionError(said)


def family(pid: int) -> list[int]:
    """A process and all that it has started, in whatever session."""
    children: dict[int, list[int]] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # gone meanwhile
        children.setdefault(parent, []).append(int(process.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def kill(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def debts(house: House) -> Debts:
    return Debts(router_of(house))


def in_order(house: House) -> bool:
    return bool(house.run("asus_wan_info")["ready"])


@pytest.mark.parametrize("moment", MOMENTS)
def test_after_sigkill_the_next_check_restores_the_line_and_says_so(house: House, playbooks: Path, moment: str) -> None:
    up(house)
    before = lasting(house)
    with a_drill(house, playbooks, "primary_off") as run:
        told(run, moment)
        kill(family(run.pid), signal.SIGKILL)
    house.until(lambda: debts(house).holder() is None, "the drill dead")

    if debt(house) is not None:
        assert house.run("asus_wan_info")["problems"][0]["id"] == "unfinished_drill"
        check = house.play(playbooks / "check.yml")
        assert "A drill (primary_off) that began" in check.output
    assert debt(house) is None
    assert lasting(house) == before
    house.until(lambda: in_order(house), "the link in order")


@pytest.mark.parametrize("failback", [True, False], ids=["failback", "no failback"])
@pytest.mark.parametrize("moment", ["The fault is there", "The traffic is on the backup", "Ending the fault"])
def test_so_does_any_task_that_writes(house: House, playbooks: Path, moment: str, failback: bool) -> None:
    up(house, failback=failback)
    before = lasting(house)
    with a_drill(house, playbooks, "target_unreachable") as run:
        told(run, moment)
        kill(family(run.pid), signal.SIGKILL)
    house.until(lambda: debts(house).holder() is None, "the drill dead")
    assert debt(house) is not None

    foretold = house.run("asus_wan", check_mode=True, wan="primary", state="enabled")
    assert "has not ended" in foretold["warnings"][0]
    assert debt(house) is not None
    done = house.run("asus_wan", wan="primary", state="enabled")
    assert (done["changed"], "A drill (target_unreachable)" in done["warnings"][0]) == (True, True)
    assert debt(house) is None
    if failback:
        # A probe that was under way when its target was given back still counts as a loss: the traffic may go over once
        # more, and returns by itself.
        house.until(lambda: lasting(house) == before, "the line as it was")
    else:
        assert lasting(house) == before
    house.until(lambda: in_order(house), "the link in order")


def test_what_somebody_has_set_since_is_left_alone(house: House, playbooks: Path) -> None:
    up(house)
    with a_drill(house, playbooks, "target_unreachable") as run:
        told(run, "The fault is there")
        kill(family(run.pid), signal.SIGKILL)
    house.until(lambda: debts(house).holder() is None, "the drill dead")
    house.lab.ctl("router", "set", "wandog_target", "9.9.9.9")
    done = house.run("asus_wan", wan="primary", state="enabled")
    assert "wandog_target was set to something else since" in done["warnings"][0]
    assert house.nvram("wandog_target") == {"wandog_target": "9.9.9.9"}
    assert debt(house) is None


@pytest.mark.parametrize("moment", MOMENTS)
def test_after_ctrl_c_it_gives_the_line_back_by_itself(house: House, playbooks: Path, moment: str) -> None:
    up(house)
    before = lasting(house)
    with a_drill(house, playbooks, "primary_off") as run:
        told(run, moment)
        os.killpg(run.pid, signal.SIGINT)
        run.communicate(timeout=END_SECONDS)
    house.until(lambda: debts(house).holder() is None, "the drill over")
    assert run.returncode != 0
    assert debt(house) is None
    assert lasting(house) == before


def test_a_worker_whose_ansible_is_killed_gives_the_line_back(house: House, playbooks: Path) -> None:
    up(house)
    before = lasting(house)
    with a_drill(house, playbooks, "primary_off") as run:
        told(run, "The traffic is on the backup")
        kill([run.pid], signal.SIGKILL)
        house.until(lambda: debts(house).holder() is None, "the drill over")
    assert debt(house) is None
    assert lasting(house) == before


def test_a_line_that_was_being_switched_off_is_given_back_by_the_next_check(
    house: House, playbooks: Path, tmp_path: Path
) -> None:
    up(house)
    before = lasting(house)
    playbook = tmp_path / "off.yml"
    playbook.write_text(THE_PRIMARY_OFF)
    # The first connects the phone, the second switches the primary off, and the third would move the traffic.
    house.lab.ctl("router", "fault", "slow-reply", "8", "at", "write", "2")
    with a_run(house, playbook) as run:
        house.until(lambda: house.nvram("wan0_enable")["wan0_enable"] == "0", "the primary off")
        kill(family(run.pid), signal.SIGKILL)
    house.until(lambda: debts(house).holder() is None, "the run dead")
    assert debt(house) is not None
    house.until(lambda: not house.lab.ctl("router", "state")["internet"], "the house without internet")

    seen = house.run("asus_wan_info")["problems"]
    assert "unfinished_switch" in [problem["id"] for problem in seen]
    check = house.play(playbooks / "check.yml")
    assert "Switching the primary WAN off (asus_wan) that began" in check.output
    assert debt(house) is None
    assert lasting(house) == before
    house.until(lambda: in_order(house), "the link in order")
