# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: what it shows, and that nothing of it is left, however it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integration.house import until
from tools.checkout import ROOT

DEMO_SECONDS = 300


@contextmanager
def a_demo(home: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Started in a process group of its own, as by a shell; its temporary files go to ``home``."""
    with subprocess.Popen(
        [sys.executable, "tests/tools/demo.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "tests", "TMPDIR": str(home), "PYTHONUNBUFFERED": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as demo:
        yield demo


def left_behind(home: Path) -> list[str]:
    """Processes that have the demo's directory on their command line or as their own, and what is in it."""
    found = [str(path) for path in home.iterdir()]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + bytes((process / "cwd").readlink())
        except OSError:
            continue  # gone meanwhile, or somebody else's
        if str(home).encode() in told:
            found.append(process.name)
    return found


def nothing_is_left(home: Path) -> None:
    """The kernel may take a moment to bury the dead."""
    until(lambda: left_behind(home) == [], f"nothing left, instead of {left_behind(home)}")


def test_the_demo_shows_the_link_twice_and_leaves_nothing(tmp_path: Path) -> None:
    with a_demo(tmp_path) as demo:
        output, _errors = demo.communicate(timeout=DEMO_SECONDS)
    assert demo.returncode == 0, output
    assert "changed=0, and the router saw 2 login, 2 read, 2 logout: no write" in output
    assert re.search(r"-> primary +wan +connected", output)
    assert re.search(r"secondary +usb +cold standby +the phone is ready", output)
    nothing_is_left(tmp_path)


@pytest.mark.parametrize("moment", ["first run", "TASK \\[homelab.dualwan.phone", "second run", "dashboard"])
def test_ctrl_c_leaves_nothing_either(tmp_path: Path, moment: str) -> None:
    with a_demo(tmp_path) as demo:
        for line in demo.stdout or ():
            if re.search(moment, line):
                break
        os.killpg(demo.pid, signal.SIGINT)
        output, _errors = demo.communicate(timeout=DEMO_SECONDS)
    assert demo.returncode == 130, output
    assert "interrupted" in output
    nothing_is_left(tmp_path)


def test_a_demo_that_cannot_start_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    with a_demo(tmp_path, ADB="/nowhere/adb") as demo:
        output, _errors = demo.communicate(timeout=DEMO_SECONDS)
    assert demo.returncode == 1
    assert "The demo failed" in output
    assert "/nowhere/adb" in output
    nothing_is_left(tmp_path)
