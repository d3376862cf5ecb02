# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine that watches the phone by a real adb: what it does about a drop, and how it comes back to the phone."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integration.house import House
from integration.machine import Machine, Run, watches

GONE, ON = "the tether is gone, setting the USB function rndis", "the tether is on again"
AS_NCM = GONE.replace("rndis", "ncm")
IDLE = "the tether is gone and its USB function still set, setting none and then rndis"
PAUSED = "/data/local/tmp/homelab.dualwan/paused"


@pytest.fixture
def machine(house: House, tmp_path: Path) -> Machine:
    made = Machine(house, tmp_path)
    made.furnish(house.lab.serial)
    return made


@pytest.fixture
def run(house: House, machine: Machine) -> Iterator[Run]:
    """Of a machine that has just brought the tether up, and watches it."""
    with machine.looking() as run:
        house.until(lambda: ON in run.said, "the tether")
        house.until(lambda: watches(house), "a watch")
        yield run


def drop(house: House) -> None:
    with house.tether_lost():
        house.shell("svc usb setFunctions")


def looks(house: House) -> int:
    """How often the watch has asked Android, which it does only where the tether does not serve."""
    return int(house.phone_state()["asked"].get("dumpsys", 0))


@contextmanager
def another_watch(house: House) -> Iterator[None]:
    """In the place of the one that what is done within ends, be it later."""
    before = watches(house)
    yield
    house.until(lambda: watches(house) not in ([], before), "another watch")


def uptime() -> float:
    return float(Path("/proc/uptime").read_text().split()[0])


def restart_adbd(house: House) -> None:
    with another_watch(house):
        house.lab.ctl("phone", "restart-adbd")


def mended(house: House, run: Run, times: int) -> None:
    house.until(lambda: run.said.count(ON) == times, "its word in the journal")
    assert house.serving()
    assert run.said.splitlines() == [GONE, ON] * times
    assert house.lab.serial not in run.said


def test_a_healthy_phone_is_watched_by_one_shell_and_nothing_is_said(house: House, run: Run) -> None:
    there, asked, said = watches(house), house.phone_state()["adb"]["requests"], run.said
    time.sleep(2)
    state = house.phone_state()
    assert (watches(house), state["adb"]["requests"], run.said) == (there, asked, said)
    assert [one["pid"] for one in state["processes"] if "homelab.dualwan" in str(one["command"])] == there


def test_a_watch_that_has_lasted_is_followed_by_the_next_and_nothing_is_said(house: House, machine: Machine) -> None:
    with machine.looking(REARM_WATCH_SECONDS="2") as run:
        house.until(lambda: ON in run.said, "the tether")
        said, asked = run.said, house.phone_state()["adb"]["requests"]
        house.until(lambda: house.phone_state()["adb"]["requests"] >= asked + 3, "three more")
        assert run.said == said


def test_a_drop_is_mended_in_the_same_run(house: House, run: Run) -> None:
    drop(house)
    mended(house, run, 2)


def test_one_that_is_back_by_itself_is_left_alone(house: House, run: Run) -> None:
    there, looked = watches(house), looks(house)
    house.lab.ctl("phone", "set", "svc", "mute")
    with house.tether_lost():
        house.lab.ctl("phone", "set", "tether_error", "11")
    house.until(lambda: looks(house) > looked, "a look at it")
    house.lab.ctl("phone", "set", "tether_error", "0")
    house.lab.ctl("cable", "wiggle", "0.2")
    house.until(house.serving, "the tether")
    house.until(lambda: watches(house) not in ([], there), "the next watch")
    assert run.said.count(GONE) == 1


@pytest.mark.parametrize("gadget", ["hal", "legacy"])
def test_a_function_that_is_set_without_a_tether_is_set_anew(house: House, run: Run, gadget: str) -> None:
    """Without a HAL adbd ends at the first of the two switches."""
    house.lab.ctl("phone", "set", "gadget", gadget)
    house.lab.ctl("phone", "set", "data_saver", "true")
    house.until(lambda: not house.serving(), "a tether that is gone")
    house.lab.ctl("phone", "set", "data_saver", "false")
    house.until(lambda: run.said.count(ON) == 2, "its word in the journal")
    assert house.serving()
    assert run.said.splitlines() == [GONE, ON, IDLE, ON]


def test_after_adbd_was_restarted_it_watches_again(house: House, run: Run) -> None:
    restart_adbd(house)
    drop(house)
    mended(house, run, 2)


def test_after_a_reboot_of_the_phone_it_brings_the_tether_up(house: House, run: Run) -> None:
    house.lab.ctl("phone", "reboot")
    house.until(lambda: house.phone_state()["boots"] == 2, "the reboot")
    mended(house, run, 2)


@pytest.fixture
def a_server_of_the_lab_again(house: House, machine: Machine) -> Iterator[None]:
    """Afterwards, when no run is left that would start another in its place."""
    yield
    adb = [str(machine.programs / "adb"), "-P", str(house.lab.adb_server_port), "kill-server"]
    subprocess.run(adb, capture_output=True, check=False)
    house.lab.ctl("adb-server", "start")


@pytest.mark.usefixtures("a_server_of_the_lab_again")
def test_where_adb_s_server_was_ended_it_has_one_again(house: House, run: Run) -> None:
    with another_watch(house):
        house.lab.ctl("adb-server", "kill")
    drop(house)
    mended(house, run, 2)


def test_by_usb_adb_s_server_says_when_the_phone_is_back(house: House, machine: Machine) -> None:
    """Without a serial number adb takes the one phone that it has."""
    house.shell("true")
    with machine.looking(ANDROID_SERIAL="") as run:
        mended(house, run, 1)
        restart_adbd(house)
        drop(house)
        mended(house, run, 2)


def test_paused_it_waits_for_the_pause_to_end(house: House, run: Run) -> None:
    house.shell(f"mkdir -p {Path(PAUSED).parent}; touch {PAUSED}")
    drop(house)
    time.sleep(2)
    assert run.said.count(GONE) == 1
    assert house.phone_state()["usb"]["function"] == "none"
    house.shell(f"rm {PAUSED}")
    mended(house, run, 2)


def test_nothing_plugged_in_is_left_alone_until_it_is(house: House, run: Run) -> None:
    house.lab.ctl("cable", "pull")
    house.until(lambda: not house.phone_state()["usb"]["connected"], "the disconnection")
    looked = looks(house)
    house.until(lambda: looks(house) >= looked + 3, "some looks at it")
    assert run.said.count(GONE) == 1
    assert house.phone_state()["usb"]["function"] == "none"
    house.lab.ctl("cable", "plug", "router")
    mended(house, run, 2)


def test_a_phone_that_refuses_is_tried_ever_more_seldom(house: House, machine: Machine) -> None:
    house.lab.ctl("phone", "set", "svc", "mute")
    with machine.looking() as run:
        house.until(lambda: "next try in 15 s" in run.said, "a try in vain")
        house.until(lambda: "next try in 30 s" in run.said, "another")
        assert run.said.count(GONE) == 2
        assert machine.waiting[1] == 60
    machine.waits(600)
    with machine.looking() as run:
        house.until(lambda: "next try in 600 s" in run.said, "a try in vain")
    assert machine.waiting[1] == 600


def test_what_was_in_vain_with_other_settings_is_no_reason_to_wait(house: House, machine: Machine) -> None:
    house.lab.ctl("phone", "set", "svc", "mute")  # what took would be forgotten at once
    machine.waits(600)
    settings = machine.directory / "rearm.env"
    settings.write_text(settings.read_text().replace("rndis", "ncm"))
    with machine.looking() as run:
        house.until(lambda: "next try in 15 s" in run.said, "a try in vain")
        assert machine.waiting[1] == 30
        assert run.said.count(AS_NCM) == 1


def test_one_that_refused_and_is_plugged_in_anew_is_tried_at_once(house: House, machine: Machine) -> None:
    house.lab.ctl("phone", "set", "svc", "mute")
    machine.waits(600)
    with machine.looking(REARM_WATCH_SECONDS="3") as run:
        house.until(lambda: "next try in 600 s" in run.said, "a try in vain")
        tried = machine.waiting[0] - 600
        house.until(lambda: uptime() > tried + 20, "the end of what is taken for the switch's own doing")
        house.lab.ctl("cable", "pull")
        house.until(lambda: not house.phone_state()["usb"]["connected"], "the disconnection")
        asked = house.phone_state()["adb"]["requests"]
        house.until(lambda: house.phone_state()["adb"]["requests"] >= asked + 2, "a watch that saw it")
        house.lab.ctl("phone", "set", "svc", "ok")
        house.lab.ctl("cable", "plug", "router")
        house.until(lambda: ON in run.said, "its word in the journal")
        assert run.said.count(GONE) == 2


def test_a_phone_without_rndis_gets_ncm(house: House, machine: Machine) -> None:
    house.lab.ctl("phone", "set", "functions", "mtp,ptp,ncm")
    with machine.looking(REARM_FUNCTION="auto") as run:
        house.until(lambda: ON in run.said, "its word in the journal")
        assert run.said.splitlines() == [GONE, "the phone did not take it; next try in 15 s", AS_NCM, ON]
        drop(house)
        house.until(lambda: run.said.count(ON) == 2, "its word in the journal")
        assert run.said.splitlines()[4:] == [AS_NCM, ON]


def test_the_default_at_plug_in_tells_the_function_to_set(house: House, machine: Machine) -> None:
    house.shell("svc usb setScreenUnlockedFunctions ncm")
    house.until(house.serving, "the tether")
    drop(house)
    with machine.looking(REARM_FUNCTION="auto") as run:
        house.until(lambda: ON in run.said, "its word in the journal")
        assert run.said.splitlines() == [AS_NCM, ON]


def test_one_that_refused_and_was_then_put_right_is_told_of(house: House, machine: Machine) -> None:
    house.lab.ctl("phone", "set", "svc", "mute")
    with machine.looking() as run:
        house.until(lambda: "next try in 15 s" in run.said, "a try in vain")
        house.lab.ctl("phone", "set", "svc", "ok")
        house.shell("svc usb setFunctions rndis")
        house.until(lambda: ON in run.said, "its word in the journal")
        house.until(lambda: not (machine.kept / "homelab.dualwan-rearm").exists(), "an end of the waiting")
        assert run.said.count(GONE) == 1


def test_a_phone_that_is_away_is_no_failure_and_told_of_once(machine: Machine) -> None:
    assert machine.look(ANDROID_SERIAL="127.0.0.1:1") == "the phone does not answer by adb\n"
    assert machine.look(ANDROID_SERIAL="127.0.0.1:1") == ""


def test_one_that_answers_again_is_told_of_too(house: House, machine: Machine) -> None:
    (machine.kept / "homelab.dualwan-rearm-away").touch()
    with machine.looking() as run:
        house.until(lambda: "the phone answers again" in run.said, "its word in the journal")


def test_started_by_udev_it_waits_until_the_phone_has_settled_and_then_ends(house: House, machine: Machine) -> None:
    house.lab.ctl("cable", "wiggle", "2")
    assert machine.look(REARM_INTERVAL="0").splitlines() == [GONE, ON]
    house.until(house.serving, "the tether")
    assert machine.look(REARM_INTERVAL="0") == ""


def test_started_by_udev_it_tries_once(house: House, machine: Machine) -> None:
    house.lab.ctl("phone", "set", "svc", "mute")
    assert machine.look(REARM_INTERVAL="0").splitlines() == [GONE, "the phone did not take it"]
