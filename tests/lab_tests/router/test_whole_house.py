# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Router, phone and cable together: a real adb turns the tether on, and the router fails over to it."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import adbutils
import pytest

from lab.client import LabClient, running


@pytest.fixture
def adb(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """A private adb server, with keys of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])

    def run(*words: str) -> str:
        done = subprocess.run(
            [adbutils.adb_path(), "-P", port, *words],
            env={**os.environ, "HOME": str(tmp_path), "ANDROID_USER_HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout

    run("start-server")
    yield run
    run("kill-server")


def wait(house: LabClient, name: str, value: str, within: float = 120) -> None:
    give_up = time.monotonic() + within
    while (found := house.ctl("router", "nvram", name)[name]) != value:
        assert time.monotonic() < give_up, f"{name} is {found!r}"
        time.sleep(0.05)


def test_a_house_loses_its_line_and_stays_online(adb: Callable[..., str]) -> None:
    with running(speed=20) as house:
        house.ctl("router", "set", "wans_dualwan", "wan usb")
        house.ctl("router", "set", "wandog_interval", "1")
        house.ctl("router", "set", "wandog_maxfail", "2")
        adb("connect", house.serial)
        adb("-s", house.serial, "wait-for-device")
        adb("-s", house.serial, "shell", "svc usb setFunctions rndis")
        wait(house, "link_wan1", "1")
        house.ctl("wan", "link", "0", "down")
        wait(house, "wan_primary", "1")
        wait(house, "link_internet", "2")
        assert house.ctl("router", "nvram", "wan1_gateway")["wan1_gateway"].startswith("192.168.")
        # Whoever pulls the one cable that carries it has no line at all.
        house.ctl("cable", "pull")
        wait(house, "link_internet", "1")
        house.ctl("wan", "link", "0", "up")
        wait(house, "wan_primary", "0")
        wait(house, "link_internet", "2")
