# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m lab``: labs that start, answer, live side by side, and leave nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.client import LabClient, LabError, running

TESTS = Path(__file__).resolve().parents[2]


def lab(*arguments: str, temp: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(TESTS), **({"TMPDIR": str(temp)} if temp else {})}
    return subprocess.run(
        [sys.executable, "-m", "lab", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def eventually(happens: Callable[[], bool], within: float = 60) -> None:
    give_up = time.monotonic() + within
    while not happens():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_two_labs_side_by_side_and_down_ends_just_one() -> None:
    with running(speed=50) as one, running(speed=50) as other:
        assert one.password != other.password
        assert (one.state_dir.stat().st_mode & 0o777, (one.state_dir / "lab.json").stat().st_mode & 0o777) == (
            0o700,
            0o600,
        )
        one.ctl("router", "set", "wandog_target", "192.0.2.1")
        assert one.ctl("router", "nvram", "wandog_target") == {"wandog_target": "192.0.2.1"}
        assert other.ctl("router", "nvram", "wandog_target") == {"wandog_target": ""}
        assert lab("down", "--state-dir", str(one.state_dir)).returncode == 0
        assert not one.state_dir.exists()
        assert other.ctl("clock")["speed"] == 50
        assert json.loads(lab("status", "--state-dir", str(other.state_dir)).stdout)["running"] is True
    # Ending what has ended is no mistake.
    assert lab("down", "--state-dir", str(one.state_dir)).returncode == 0
    assert json.loads(lab("status", "--state-dir", str(one.state_dir)).stdout) == {"running": False}


def test_the_door_wants_its_token_and_its_words() -> None:
    with running() as house:
        bare = urllib.request.Request(f"http://127.0.0.1:{house.control_port}/", data=b'{"argv": ["reset"]}')
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            urllib.request.urlopen(bare)
        refused.value.close()
        said = lab("ctl", "--state-dir", str(house.state_dir), "wan", "state")
        assert json.loads(said.stdout)["0"] == {"upstream": "up", "link": "up", "path": "up"}
        unsaid = lab("ctl", "--state-dir", str(house.state_dir), "router", "explode")
        assert (unsaid.returncode, unsaid.stderr.startswith("lab ctl: router nvram")) == (1, True)


def test_a_reset_is_a_lab_as_it_was(tmp_path: Path) -> None:
    with running(speed=100, state_dir=tmp_path) as house:
        before = house.ctl("router", "nvram")
        house.ctl("router", "set", "wans_mode", "lb")
        house.ctl("router", "fault", "silent-drop", "wandog_target")
        house.ctl("wan", "upstream", "0", "silent")
        house.ctl("cable", "plug", "computer")
        house.ctl("router", "reboot")
        house.ctl("reset")
        after = house.ctl("router", "nvram")
        assert {name: value for name, value in after.items() if name != "wan0_expires"} == {
            name: before.get(name, "") for name in after if name != "wan0_expires"
        }
        assert house.ctl("cable", "state")["plugged"] == "router"
        state = house.ctl("router", "state")
        assert (state["up"], state["boots"], state["services"], state["faults"]) == (True, 1, [], [])
        with urllib.request.urlopen(f"http://127.0.0.1:{house.http_port}/httpd_check.xml") as page:
            assert b"OK" in page.read()
    # A directory that was there before stays, with the log.
    assert [path.name for path in tmp_path.iterdir()] == ["lab.log"]


def test_a_failed_start_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    for arguments in (("--firmware", "999"), ("--android", "999"), ("--speed", "0")):
        failed = lab("up", *arguments, temp=tmp_path)
        assert (failed.returncode, failed.stdout) == (1, "")
        assert "999" in failed.stderr or "speed" in failed.stderr
        assert "Traceback" not in failed.stderr
    with running() as house:
        failed = lab("up", "--http-port", str(house.http_port), temp=tmp_path)
        assert f"port {house.http_port}" in failed.stderr
        twice = lab("up", "--state-dir", str(house.state_dir))
        assert "already" in twice.stderr
        assert house.ctl("clock")
    assert list(tmp_path.iterdir()) == []


def test_a_lab_ends_with_its_directory_or_its_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    orphan = LabClient(json.loads(lab("up", "--parent-pid", str(parent.pid)).stdout)["state_dir"])
    homeless = LabClient(json.loads(lab("up").stdout)["state_dir"])
    parent.communicate(b"\n")
    eventually(lambda: not orphan.state_dir.exists())
    (homeless.state_dir / "lab.json").unlink()
    eventually(lambda: not homeless.state_dir.exists())
    for gone in (orphan, homeless):
        with pytest.raises(LabError, match="does not answer"):
            gone.ctl("clock")


def test_in_the_foreground_it_stays_until_interrupted(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "lab", "up", "--foreground", "--state-dir", str(tmp_path / "new")],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    house = json.loads(process.stdout.readline())
    assert house["pid"] == process.pid
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert not (tmp_path / "new").exists()
