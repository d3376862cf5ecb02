# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C at any point, and a second run that finishes the job."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from integration.house import House, keepalives

ENDED_BY_THE_USER = 99
"""What ansible-playbook exits with after Ctrl-C."""


def requests(number: int) -> Callable[[House], bool]:
    return lambda house: len(house.kinds()) >= number


def written(house: House) -> bool:
    return "write" in house.kinds()


def tether_asked_for(house: House) -> bool:
    return house.phone_state()["usb"]["function"] == "rndis"


def default_set(house: House) -> bool:
    return house.phone_state()["usb"]["default"] == "rndis"


def loop_started(house: House) -> bool:
    return bool(house.phone_state()["processes"])


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(requests(1), id="router login"),
        pytest.param(requests(2), id="router read"),
        pytest.param(written, id="router write"),
        pytest.param(tether_asked_for, id="tether switch"),
        pytest.param(default_set, id="default set"),
        pytest.param(loop_started, id="loop start"),
    ],
)
def test_what_was_interrupted_is_finished_by_the_next_run(
    house: House, playbooks: Path, moment: Callable[[House], bool]
) -> None:
    with subprocess.Popen(
        house.command(playbooks / "site.yml"),
        env=house.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as run:
        house.until(lambda: moment(house), "the moment to interrupt at")
        os.killpg(run.pid, signal.SIGINT)
        run.wait(120)
    assert run.returncode in (ENDED_BY_THE_USER, 1, -signal.SIGINT)

    report = house.play(playbooks / "site.yml")
    assert report.code == 0, report.output
    assert house.nvram("wans_dualwan")["wans_dualwan"] == "wan usb"
    phone = house.phone_state()
    assert (phone["usb"]["function"], phone["usb"]["default"]) == ("rndis", "rndis")
    assert len(keepalives(phone)) == 1
    assert house.play(playbooks / "site.yml").changed == []
