# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script itself, in the shells that it may meet: when it acts, when it does not, and what it leaves to read."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import CURES, DIRECTORY
from tools.needs import unavailable
from unit.dumps import dumpsys_usb
from unit.keepalive_world import BOOTED, OWN_ROUTE, ROUTES, SCRIPT, World, shell_command
from unit.traced import calls_of_some_looks, need_strace

# Android's own; Debian's; the one of Magisk and KernelSU.
SHELLS = ("mksh", "dash", "busybox ash")
REARM = "usb setFunctions rndis"
NONE = "usb setFunctions"
DEFAULT = "usb setScreenUnlockedFunctions rndis"


@pytest.fixture(params=SHELLS)
def world(request, tmp_path):
    return World(tmp_path, request.param)


@pytest.fixture
def phone(tmp_path):
    """In Android's shell only, where another would add nothing."""
    return World(tmp_path)


def test_a_healthy_phone_is_asked_nothing(world):
    world.live(900)
    assert world.asked("dumpsys") == []
    assert world.asked("svc") == []
    assert world.log == [f"started as {world.heartbeat['user']}, looking every 2 s", "ended: told to"]


@pytest.mark.parametrize("interface", ["rndis0", "ncm0", "usb0"])
def test_whatever_the_interface_is_called(phone, interface):
    phone.at_once(phone.serving(interface))
    phone.live(60)
    assert phone.asked("dumpsys") == []


def test_a_lost_function_is_set_again_and_the_drop_has_its_reason(world):
    world.at(20, world.lost())
    world.when_svc_is_called(world.serving())
    world.live(60)
    assert [words for _at, words in world.cures] == [REARM]
    assert 20 <= world.cures[0][0] <= 22
    assert world.log[1:4] == ["tether gone: function lost", "cure: function", "serving again after 1 s, after function"]
    beat = world.heartbeat
    assert (beat["drops"], beat["last_drop_why"], beat["last_cure"]) == ("1", "function lost", "function")
    assert (beat["recoveries"], beat["last_recovery_seconds"], beat["state"]) == ("1", "1", "ended")


def test_it_notices_a_lock_that_the_phone_lost_its_tether_to(phone):
    phone.at(20, phone.lost(locked=True))
    phone.live(30)
    assert "tether gone: function lost, screen locked" in phone.log


def test_a_locked_phone_keeps_its_default_as_setting_that_takes_the_function_away(phone):
    phone.at_once(phone.lost(locked=True))
    phone.live(120)
    assert [words for _at, words in phone.cures][:2] == [REARM, "usb resetUsbGadget"]
    assert DEFAULT not in [words for _at, words in phone.cures]


def test_where_the_default_alone_may_cure_it_waits_for_the_lock_to_open(phone):
    phone.at_once(phone.lost(locked=True))
    phone.at(60, phone.lost())
    phone.live(80, cures=("default",))
    assert [(at in range(60, 70), words) for at, words in phone.cures][:1] == [(True, DEFAULT)]


def test_a_switch_in_flight_is_left_alone(world):
    world.at(20, world.switching())
    world.at(30, world.serving())
    world.live(60)
    assert world.asked("svc") == []


def test_one_that_never_ends_is_not(phone):
    phone.at(20, phone.switching())
    phone.live(60)
    assert next(at for at, _words in phone.cures) in range(50, 54)
    assert "tether gone: stuck: the host did not take the function" in phone.log


def test_cures_come_in_their_order_and_ever_more_slowly(world):
    world.at_once(world.lost())
    world.live(900)
    stages = [words for _at, words in world.cures]
    once = [REARM, DEFAULT, "usb resetUsbGadget", "data disable", "data enable"]
    assert stages[: len(once) + 1] == [*once, REARM]
    times = [at for at, words in world.cures if words != "data enable"]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert pauses[0] in range(6, 9)
    for pause, least in zip(pauses, (6, 12, 24, 48, 96, 192, 300), strict=False):
        assert least <= pause <= least + 6


def test_after_success_it_begins_anew(phone):
    phone.at(10, phone.lost())
    phone.at(40, phone.serving())
    phone.at(60, phone.lost())
    phone.live(70)
    early, late = ([words for at, words in phone.cures if low < at < low + 30] for low in (9, 58))
    assert early[:2] == [REARM, DEFAULT]
    assert late[0] == REARM


def test_a_replug_is_a_new_begin(world):
    """As where the router was switched off and on, since its port hung."""
    world.at_once(world.lost())
    world.at(500, world.away())
    world.at(520, world.lost())
    world.live(530)
    assert [(at in range(520, 528), words) for at, words in world.cures if at > 450] == [(True, REARM), (True, DEFAULT)]


def test_a_cure_that_takes_the_phone_off_the_bus_is_no_replug(phone):
    """As root sees each of them do."""
    phone.at_once(phone.lost() + phone.kernel_says("CONFIGURED"))
    off = phone.kernel_says("DISCONNECTED")
    back = f"echo 'echo CONFIGURED >{phone.here}/state' >{phone.here}/events/$((${{t%.*}} + 4))-back\n"
    phone.when_svc_is_called(off + back)
    phone.live(400, cures=("function", "reset"))
    assert "host back: function lost" in phone.log
    assert [words for _at, words in phone.cures[:3]] == [REARM, "usb resetUsbGadget", REARM]
    assert len(phone.cures) in range(6, 9)


def test_nor_is_one_after_which_the_host_does_not_take_it(phone):
    """As a port of the router that hangs."""
    phone.at_once(phone.lost() + phone.kernel_says("CONFIGURED"))
    off = phone.kernel_says("DISCONNECTED")
    stuck = f"{phone.switching()}{phone.kernel_says('CONNECTED')}"
    back = f"cat >{phone.here}/events/$((${{t%.*}} + 4))-back <<'END'\n{stuck}END\n"
    phone.when_svc_is_called(off + back)
    phone.live(900, cures=("function", "reset"))
    assert "host back: stuck: the host did not take the function" in phone.log
    cures = [(at, words) for at, words in phone.cures if words != NONE]
    assert [words for _at, words in cures[:3]] == [REARM, "usb resetUsbGadget", REARM]
    pauses = [later - earlier for earlier, later in pairwise(at for at, _words in cures)]
    assert pauses == sorted(pauses)
    assert pauses[-1] > 150


def test_with_nothing_plugged_in_it_keeps_still(world):
    world.at(10, world.away())
    world.live(300)
    assert world.asked("svc") == []
    # Every second for a minute, which is when a wiggled cable is back; then every ten.
    assert len(world.asked("dumpsys")) in range(78, 90)
    assert "tether gone: host gone" in world.log


def test_root_needs_nobody_to_know_that_nothing_is_plugged_in(world):
    world.at_once(world.kernel_says("CONFIGURED"))
    world.at(10, world.away() + world.kernel_says("DISCONNECTED"))
    world.at(100, world.lost() + world.kernel_says("CONFIGURED"))
    world.when_svc_is_called(world.serving())
    world.live(120)
    assert [words for _at, words in world.cures] == [REARM]
    assert world.asked("dumpsys") == ["usb", "battery"]
    assert world.cures[0][0] in range(100, 103)


def test_a_host_that_returns_with_the_tether_on_needs_no_cure(phone):
    phone.at(10, phone.away())
    phone.at(20, phone.serving())
    phone.live(60)
    assert "serving again after 10 s, by itself" in phone.log


def test_a_refused_tether_says_by_which_error(world):
    world.at(10, world.refused(11))
    world.live(60)
    assert "tether gone: tether refused, lastError 11" in world.log
    # The default would be none for a function that is set.
    assert [words for _at, words in world.cures][:3] == [NONE, REARM, "usb resetUsbGadget"]


def test_a_function_without_a_tether_is_taken_away_before_it_is_set(world):
    """As Android sets no function that is set already."""
    world.at(10, world.refused(0))
    world.live(20)
    assert [words for _at, words in world.cures] == [NONE, REARM]
    assert {at in range(16, 20) for at, _words in world.cures} == {True}
    assert "tether gone: tether not started" in world.log
    assert world.heartbeat["source"] == "route"


def test_a_tether_by_another_function_is_replaced_at_once(phone):
    phone.at_once(phone._is(usb={"current": ("NCM",)}, tethering={"interface": "ncm0", "state": "AvailableState"}))
    phone.live(10)
    assert [words for _at, words in phone.cures] == [REARM]


def test_where_the_table_of_routes_says_nothing_dumpsys_is_asked_every_ten_seconds(world):
    world.at_once(world.route_says_nothing())
    world.at(200, world.lost())
    world.live(220)
    assert any("asking dumpsys from now on" in line for line in world.log)
    assert world.heartbeat["source"] == "dumpsys"
    assert len([line for line in world.asked("dumpsys") if line == "usb"]) in range(18, 42)
    assert [words for _at, words in world.cures] == [REARM, DEFAULT]


def test_after_nothing_was_plugged_in_dumpsys_is_not_asked_more_often(phone):
    phone.at_once(phone.route_says_nothing())
    phone.at(20, phone.away())
    phone.at(32, phone.route_says_nothing())
    phone.live(332)
    # Ten for the start, twenty while it was away, thirty for the five minutes after that.
    assert len([line for line in phone.asked("dumpsys") if line == "usb"]) in range(40, 64)


def test_where_dumpsys_alone_tells_it_is_asked_whether_the_tether_serves(phone):
    phone.at_once(phone.route_says_nothing())
    phone.at(100, phone.refused(11))
    phone.live(130)
    assert "tether gone: tether refused, lastError 11" in phone.log
    assert 106 <= phone.cures[0][0] <= 120


def test_a_table_of_routes_that_tells_after_all_is_believed_again(world):
    world.at_once(world.route_says_nothing())
    world.at(100, world.serving() + f"rm {world.here}/asked.dumpsys\n")
    world.live(400)
    assert world.asked("dumpsys") == []
    assert world.heartbeat["source"] == "route"


@pytest.mark.parametrize("dump", ["", "Can't find service: usb\n"])
def test_a_dumpsys_that_says_nothing_is_no_reason_to_act(phone, dump):
    phone.at_once(phone.lost() + f"printf %s {dump!r} >{phone.here}/usb\n")
    phone.live(60)
    assert phone.asked("svc") == []


@pytest.mark.parametrize("current", [("ADB",), ("MTP", "ADB"), ("0x4",)], ids=["adb", "files", "a number"])
def test_other_functions_are_no_tether(phone, current):
    phone.at_once(phone._is(usb={"current": current}))
    phone.live(4)
    assert [words for _at, words in phone.cures] == [REARM]


@pytest.mark.parametrize("current", [("ADB", "RNDIS"), ("0x400",), ("NCM", "ADB")])
def test_a_tether_that_is_just_starting_is_left_alone(phone, current):
    phone.at(10, phone._is(usb={"current": current}))
    phone.at(16, phone.serving())
    phone.live(40)
    assert phone.asked("svc") == []


def test_a_charger_is_no_host(phone):
    phone.at_once(phone._is(usb={"current": (), "connected": False, "configured": False, "port_connected": True}))
    phone.live(60)
    assert phone.asked("svc") == []


def test_paused_it_looks_and_does_nothing(world):
    (world.kept / "paused").touch()
    world.at(10, world.lost())
    world.at(60, f"rm {world.kept}/paused\n")
    world.live(70)
    assert world.cures[0][0] in range(60, 64)


def test_a_hot_battery_gets_no_cure_before_it_has_cooled(world):
    world.at_once(f"echo 451 >{world.here}/temp")
    world.at(10, world.lost())
    world.at(40, f"echo 425 >{world.here}/temp\n")
    world.at(80, f"echo 415 >{world.here}/temp\n")
    world.live(84)
    assert world.cures[0][0] in range(80, 84)
    hot = [line for line in world.log if "battery" in line]
    assert hot == ["battery at 451 tenths of a degree: no cure before it has cooled"]


@pytest.mark.parametrize(("hottest", "acts"), [(312, False), (313, True), (0, True)], ids=["at", "below", "no limit"])
def test_without_the_battery_s_file_dumpsys_is_asked_before_acting(phone, hottest, acts):
    phone.at_once(phone.lost())
    phone.live(4, hottest=hottest)
    assert bool(phone.cures) is acts


@contextlib.contextmanager
def other_loop():
    """The process number of one that looks like a loop."""
    with subprocess.Popen(
        ["/bin/sh", "-c", "read -r nothing", "homelab.dualwan/keepalive.sh"], stdin=subprocess.PIPE
    ) as other:
        yield other.pid


def test_two_are_one_too_many(world):
    with other_loop() as other:
        (world.kept / "pid").write_text(f"{other}\n")
        assert world.live(60).returncode == 1
    assert world.log == [f"not started: process {other} keeps the tether on already"]
    assert (world.kept / "pid").read_text() == f"{other}\n"


@pytest.mark.parametrize("left", ["999999", "1", "", "x y"], ids=["dead", "another program", "empty", "rubbish"])
def test_what_a_dead_one_left_does_not_keep_it_from_starting(world, left):
    (world.kept / "pid").write_text(f"{left}\n")
    world.live(10)
    assert world.log[0].startswith("started as ")


@pytest.mark.parametrize("then", ["rm {}", "echo 1 >{}", "echo >{}"], ids=["removed", "another's", "emptied"])
def test_whoever_takes_its_number_away_ends_it(world, then):
    for name in ("wake_lock", "wake_unlock"):
        (world.here / "power" / name).touch()
    world.at(20, then.format(world.kept / "pid"))
    assert world.live(3600).returncode == 0
    assert world.log[-1] == "ended: its number is not in the file pid"
    assert world.heartbeat["state"] == "ended"
    assert (world.here / "power/wake_unlock").read_text() == "homelab.dualwan\n"


def test_one_that_took_over_keeps_the_phone_awake_and_the_heartbeat_its_own(world):
    for name in ("wake_lock", "wake_unlock"):
        (world.here / "power" / name).touch()
    with other_loop() as other:
        world.at(20, f"echo {other} >{world.kept}/pid")
        assert world.live(3600).returncode == 0
    assert world.log[-1] == f"ended: process {other} took over"
    assert world.heartbeat["state"] == "serving"
    assert (world.here / "power/wake_unlock").read_text() == ""
    assert (world.kept / "pid").read_text() == f"{other}\n"


def test_one_that_is_told_to_end_in_a_cure_does_so_as_well_where_another_was_started_meanwhile(world):
    for name in ("wake_lock", "wake_unlock"):
        (world.here / "power" / name).touch()
    world.at_once(world.lost())
    with other_loop() as other:
        world.when_svc_is_called(f"kill -TERM $(cat {world.kept}/pid)\necho {other} >{world.kept}/pid\n")
        assert world.live(3600).returncode == 0
    assert world.log[-1] == f"ended: process {other} took over"
    assert world.heartbeat["state"] != "ended"
    assert (world.here / "power/wake_unlock").read_text() == ""


def test_one_whose_directory_is_gone_lets_the_phone_sleep(world):
    for name in ("wake_lock", "wake_unlock"):
        (world.here / "power" / name).touch()
    world.at(20, f"rm -r {world.kept}\n")
    assert world.live(3600).returncode == 0
    assert (world.here / "power/wake_unlock").read_text() == "homelab.dualwan\n"


def test_a_log_that_grew_is_put_aside(phone):
    (phone.kept / "log").write_text("x" * 70000)
    phone.live(10)
    assert (phone.kept / "log.old").stat().st_size == 70000
    assert phone.log[0].startswith("started")


def test_a_full_storage_does_not_end_it(phone):
    (phone.kept / "heartbeat").mkdir()
    (phone.kept / "log").mkdir()
    phone.at(20, phone.lost())
    phone.live(30)
    assert phone.cures[0][1] == REARM


def test_android_8_tells_in_lines_and_is_asked_by_number(tmp_path):
    world = World(tmp_path, sdk=27)
    dump = "USB Manager State:\n  USB Device State:\n    mCurrentFunctions: {}\n    mCurrentFunctionsApplied: true\n"
    dump += "    mConnected: true\n    mConfigured: true\n    mHostConnected: false\n"
    world.at_once(world.lost() + f"printf %s '{dump.format('adb')}' >{world.here}/usb\n")
    world.live(30)
    assert world.asked("service")[0] == "call connectivity 34 i32 1"
    # Neither a default nor a reset of the gadget.
    assert [words for _at, words in world.cures] == ["data disable", "data enable"]


@pytest.mark.parametrize(("sdk", "known"), [(29, ("default",)), (31, ("default", "reset")), (36, ("default", "reset"))])
def test_what_an_android_does_not_have_is_not_tried(tmp_path, sdk, known):
    world = World(tmp_path, sdk=sdk)
    world.at_once(world.lost())
    world.live(120)
    tried = [line.removeprefix("cure: ") for line in world.log if line.startswith("cure: ")]
    assert tried[: len(known) + 2] == ["function", *known, "data"]


@pytest.mark.parametrize(("up", "reboots"), [(3500, False), (3700, True)])
def test_a_reboot_is_never_within_an_hour_of_the_last(phone, up, reboots):
    (phone.here / "uptime").write_text(f"{up}.00 1.00\n")
    phone.at_once(phone.lost())
    phone.live(up - BOOTED + 60, cures=("function", "reboot"))
    assert ("power reboot" in [words for _at, words in phone.cures]) is reboots
    assert ("cure: reboot" in phone.log) is reboots
    assert int(phone.heartbeat["cures"]) == len(phone.cures)


def test_where_a_reboot_is_the_only_cure_it_waits_for_the_hour(phone):
    (phone.here / "uptime").write_text("3500.00 1.00\n")
    phone.at_once(phone.lost())
    phone.live(3590 - BOOTED, cures=("reboot",))
    assert (phone.cures, phone.heartbeat["cures"], phone.heartbeat["last_cure"]) == ([], "0", "")
    phone.live(3640 - BOOTED, cures=("reboot",))
    assert [words for _at, words in phone.cures][:1] == ["power reboot"]


def test_told_to_end_while_it_has_mobile_data_off_it_puts_that_on_first(world):
    world.at_once(world.lost())
    world.at(4, f'kill -TERM "$PPID" "$(cat {world.kept}/pid)"')
    world.live(60, cures=("data",))
    assert [words for _at, words in world.cures] == ["data disable", "data enable"]
    assert world.log[-1] == "ended: told to"
    assert not (world.kept / "data_off").exists()


def test_mobile_data_that_a_killed_one_left_off_is_put_on_by_the_next(world):
    world.at_once(world.lost())
    world.at(4, world.serving() + f'kill -KILL "$PPID" "$(cat {world.kept}/pid)"')
    world.live(60, cures=("data",))
    assert [words for _at, words in world.cures] == ["data disable"]
    world.live(60, cures=("data",))
    assert [words for _at, words in world.cures] == ["data disable", "data enable"]
    assert not (world.kept / "data_off").exists()


@pytest.mark.parametrize(
    ("settings", "tried"),
    [
        ({"mobile_data": 0}, False),
        ({"multi_sim_data_call": 2, "mobile_data2": 0}, False),
        ({"multi_sim_data_call": 2, "mobile_data1": 0, "mobile_data2": 1}, True),
        ({"multi_sim_data_call": 1, "mobile_data": 0, "mobile_data1": 1}, True),
        ({"mobile_data": "null"}, True),
        ({"mobile_data": ""}, True),
    ],
    ids=["off", "off of two SIMs", "the other SIM off", "the factory said off", "no such setting", "no word"],
)
def test_mobile_data_that_is_off_stays_off(phone, settings, tried):
    phone.at_once(phone.lost() + phone.has_set(**settings))
    phone.live(60, cures=("data",))
    assert ("data disable" in [words for _at, words in phone.cures]) is tried
    assert ("cure: data" in phone.log) is tried
    assert tried or phone.cures == []


def test_mobile_data_that_does_not_come_on_is_told_again_while_the_tether_serves(world):
    world.at_once(world.lost())
    world.when_svc_is_called(world.has_set(mobile_data=0) + world.serving())
    world.at(90, f"rm {world.here}/on_svc\n")
    world.live(80, cures=("data",))
    assert "mobile data was told to come on again, and is off" in world.log
    assert (world.kept / "data_off").exists()
    assert [words for _at, words in world.cures] == ["data disable", "data enable", "data enable", "data enable"]
    world.live(140, cures=("data",))
    assert not (world.kept / "data_off").exists()
    assert (world.here / "settings/mobile_data").read_text() == "1\n"


def test_mobile_data_stays_on_where_no_note_of_it_can_be_left(phone):
    (phone.kept / "data_off").mkdir()
    phone.at_once(phone.lost())
    phone.live(60, cures=("data",))
    assert "data disable" not in [words for _at, words in phone.cures]


def test_root_keeps_the_phone_awake_and_lets_it_sleep_at_the_end(world):
    for name in ("wake_lock", "wake_unlock"):
        (world.here / "power" / name).touch()
    world.live(10)
    assert (world.here / "power/wake_lock").read_text() == "homelab.dualwan\n"
    assert (world.here / "power/wake_unlock").read_text() == "homelab.dualwan\n"


def test_a_failing_cure_is_logged_with_what_it_said(phone):
    phone.at_once(phone.lost())
    phone.live(4, command="echo no such thing >&2; exit 3")
    assert "no such thing" in (phone.kept / "log").read_text()
    assert "function ended with 3" in phone.log


@pytest.mark.parametrize(
    ("hangs", "code"),
    [("setsid sh -c 'read -r _' <{0} & read -r _ <{0}", 124), ("trap '' TERM; read -r _ <{0}", 137)],
    ids=["its child lives on and has its output", "deaf"],
)
def test_a_cure_that_hangs_is_given_up(phone, hangs, code):
    phone._program("timeout", f'[ "$1 $2 $3" = "-k 5 30" ] && shift 3 && exec {shutil.which("timeout")} -k 1 5 "$@"')
    phone.at_once(phone.lost())
    os.mkfifo(phone.here / "hole")
    with (phone.here / "hole").open("r+b", buffering=0):  # what ends, at the end, whoever reads from it
        phone.live(10, command=hangs.format(phone.here / "hole"))
    assert f"function ended with {code}" in phone.log
    assert "cure: default" in phone.log


@pytest.mark.parametrize(
    "command",
    [
        'svc "a b" \'c  d\' "$((1 + 1))" e\\ f',
        "svc a\nsvc b",
        "svc '{x}' '%s' '%%'",
        "svc 'two\nlines'",
        "if true; then svc yes; fi",
    ],
    ids=["quotes", "two lines", "braces", "a quote over two lines", "a condition"],
)
def test_an_own_command_means_what_it_means_in_a_shell(phone, tmp_path, command):
    expected = tmp_path / "expected"
    function = f'svc() {{ echo "$*" >>{expected}; }}\n{command}'
    subprocess.run([*shell_command("mksh"), "-c", function], check=True, timeout=60)
    phone.at_once(phone.lost())
    phone.live(4, command=command, cures=("function",))
    said = "\n".join(line.split(" ", 1)[1] if line[:4].isdigit() else line for line in phone.asked("svc"))
    assert said == expected.read_text().rstrip()


@pytest.mark.parametrize("command", ["setprop sys.usb.config rndis,adb", "echo 'it'\\''s' \"$(id)\"", "echo a; echo b"])
def test_su_gets_a_command_whole(phone, command):
    phone.at_once(phone.lost())
    phone.live(4, command=command, cures=("function",), through_su=True)
    assert "\n".join(phone.asked("su")) == command


@pytest.mark.parametrize(
    "settings",
    [{}, {"through_su": True}, {"command": "svc usb setFunctions ncm"}, {"cures": CURES}],
    ids=["plain", "su", "own command", "all cures"],
)
def test_shellcheck_has_nothing_to_say(settings):
    if shutil.which("shellcheck") is None:
        unavailable("the program shellcheck")
    text = replace(SCRIPT, **settings).text
    said = subprocess.run(
        ["shellcheck", "-s", "sh", "-"], input=text, capture_output=True, text=True, timeout=120, check=False
    )
    assert said.stdout == ""
    assert "shellcheck" not in text


@pytest.mark.parametrize("shell", ["mksh", "busybox ash"])
def test_a_healthy_look_starts_no_process_at_all(tmp_path, shell):
    """By the kernel's word, at the real pace: some looks, of which strace sees no fork and no exec."""
    need_strace()
    (tmp_path / "route").write_text(ROUTES + OWN_ROUTE.format("rndis0"))
    (tmp_path / "homelab.dualwan").mkdir()
    text = replace(SCRIPT, interval=1).text.replace(DIRECTORY, f"{tmp_path}/homelab.dualwan")
    script = tmp_path / "homelab.dualwan/keepalive.sh"
    script.write_text(text.replace("/proc/net/route", str(tmp_path / "route")))
    loop = subprocess.Popen(
        [*shell_command(shell), str(script), "x"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        beat = tmp_path / "homelab.dualwan/heartbeat"
        give_up = time.monotonic() + 60
        while not (beat.exists() and "state=serving" in beat.read_text()):
            assert time.monotonic() < give_up
            time.sleep(0.05)
        calls = calls_of_some_looks(loop, tmp_path / "trace")
    finally:
        os.kill(loop.pid, signal.SIGTERM)
        loop.wait(60)
    assert not any(name in calls for name in ("fork", "clone", "exec"))


def test_the_dump_of_a_newer_android_is_read(phone):
    """With a default that is a tether, while the function is none."""
    phone.at_once(phone.lost() + f"cat >{phone.here}/usb <<'EOF'\n{dumpsys_usb(current=(), default=('RNDIS',))}EOF\n")
    phone.live(4)
    assert phone.cures
