# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine runs on the phone, in the shells that it may meet: when it ends, by which word, and what it costs."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest

from unit.android.test_keepalive import SHELLS
from unit.keepalive_world import BOOTED, OWN_ROUTE, ROUTES, WATCH, World, shell_command
from unit.traced import calls_of_some_looks, need_strace


@pytest.fixture(params=SHELLS)
def world(request, tmp_path):
    return World(tmp_path, request.param)


@pytest.fixture
def phone(tmp_path):
    """In Android's shell only, where another would add nothing."""
    return World(tmp_path)


def questions(world):
    return len(world.asked("dumpsys"))


def test_a_healthy_phone_is_asked_nothing_and_the_machine_leaves_its_trace_once(world):
    assert world.watch() == "serving rndis"
    assert world.uptime in range(300, 303)
    assert world.asked("dumpsys") == []
    assert world.asked("setprop") == [f"debug.homelab.dualwan {BOOTED} 305"]


def test_a_lost_function_ends_it_at_once(world):
    world.at(20, world.lost())
    assert world.watch() == "gone"
    assert world.uptime in range(20, 23)
    assert questions(world) == 1


def test_one_that_was_gone_before_it_began_ends_it_too(phone):
    phone.at_once(phone.lost())
    assert phone.watch() == "gone"
    assert phone.uptime == 0


def test_a_switch_in_flight_is_waited_for(world):
    world.at(20, world.switching())
    world.at(30, world.lost())
    assert world.watch() == "gone"
    assert world.uptime in range(30, 33)


@pytest.mark.parametrize(("current", "said"), [(("RNDIS",), "idle rndis"), ((), "gone")])
def test_one_that_never_ends_is_not(world, current, said):
    world.at(20, world.switching(current))
    assert world.watch() == said
    assert world.uptime in range(50, 54)


def test_until_the_next_cure_one_that_never_ends_is_no_news_and_then_at_once(phone):
    phone.at_once(phone.switching())
    assert phone.watch(was="idle", hold=120) == "idle rndis"
    assert phone.uptime in range(120, 127)


def test_one_that_never_ends_is_not_taken_for_a_phone_that_was_plugged_in_anew(phone):
    phone.at_once(phone.away())
    phone.at(6, phone.switching())
    assert phone.watch(was="idle", hold=120) == "idle rndis"
    assert phone.uptime in range(120, 127)


def test_a_tether_that_is_back_by_itself_ends_it(world):
    world.at(20, world.away())
    world.at(40, world.serving())
    assert world.watch() == "serving rndis"
    assert world.uptime in range(40, 43)


def test_one_that_the_machine_knew_as_gone_is_news_when_it_serves(world):
    world.at_once(world.lost())
    world.at(10, world.serving())
    assert world.watch(was="gone", wait=60) == "serving rndis"
    assert world.uptime in range(10, 13)


def test_after_a_cure_nobody_is_asked_before_the_time(world):
    world.at_once(world.lost())
    assert world.watch(was="gone", wait=40) == "gone"
    assert world.uptime in range(40, 43)
    assert questions(world) == 1


def test_until_the_next_cure_a_loss_is_no_news_and_asked_for_seldom(world):
    world.at_once(world.lost())
    assert world.watch(was="gone", hold=100) == "gone"
    assert world.uptime in range(100, 106)
    assert questions(world) in range(17, 23)


def test_but_one_that_was_plugged_in_anew_is_news_at_once(world):
    world.at_once(world.lost())
    world.at(20, world.away())
    world.at(40, world.lost())
    assert world.watch(was="gone", hold=600) == "gone again"
    assert world.uptime in range(40, 47)


def test_one_that_the_machine_knew_as_away_was_plugged_in_anew(phone):
    phone.at_once(phone.away())
    phone.at(40, phone.refused())
    assert phone.watch(was="away", hold=600) == "idle rndis again"


def test_a_tether_that_serves_again_ends_the_hold(phone):
    phone.at_once(phone.lost())
    phone.at(30, phone.serving("ncm0"))
    assert phone.watch(was="gone", hold=600) == "serving ncm"
    assert phone.uptime in range(30, 33)


@pytest.mark.parametrize(("default", "said"), [(("NCM",), "gone ncm"), (("RNDIS",), "gone rndis"), ((), "gone")])
def test_of_a_lost_function_it_tells_the_default_at_plug_in(world, default, said):
    world.at(20, world.lost(default=default))
    assert world.watch() == said


def test_a_function_by_its_number_is_told_by_its_name(phone):
    phone.at_once(phone._is(usb={"current": ("0x400",), "default": ("RNDIS",)}))
    assert phone.watch() == "idle ncm"


def test_a_wait_that_is_longer_than_the_watch_says_so(phone):
    phone.at_once(phone.lost())
    assert phone.watch(was="gone", wait=600) == "waiting"
    assert questions(phone) == 0
    assert phone.watch(was="waiting", hold=600) == "waiting"


def test_with_nothing_plugged_in_it_asks_ever_more_seldom(world):
    world.at_once(world.away())
    assert world.watch() == "away"
    assert world.uptime in range(300, 303)
    # Every second for a minute, by this world's clock, and then every five.
    assert questions(world) in range(100, 116)


def test_where_nothing_was_plugged_in_before_it_asks_seldom_from_the_begin(phone):
    phone.at_once(phone.away())
    assert phone.watch(was="away", every=30) == "away"
    assert questions(phone) in range(10, 13)


def test_paused_it_asks_nobody_until_the_pause_ends(world):
    (world.kept / "paused").touch()
    world.at_once(world.lost())
    assert world.watch() == "paused"
    assert questions(world) == 0
    world.at(world.uptime + 20, f"rm {world.kept}/paused\n")
    assert world.watch(was="paused") == "gone"


def test_where_the_table_of_routes_says_nothing_android_is_believed(world):
    world.at_once(world.route_says_nothing())
    assert world.watch() == "on rndis"
    # Once it can no longer be one that is just starting.
    assert world.uptime in range(6, 12)


def test_and_is_then_asked_every_few_seconds(world):
    world.at_once(world.route_says_nothing())
    world.at(200, world.lost())
    assert world.watch(was="on", every=10) == "gone"
    assert world.uptime in range(200, 213)
    # For USB and for the tether.
    assert questions(world) in range(36, 46)


@pytest.mark.parametrize("error", [0, 11])
def test_a_function_without_a_tether_ends_it_once_it_can_no_longer_be_one_that_is_just_starting(world, error):
    world.at(20, world.refused(error))
    assert world.watch() == "idle rndis"
    assert world.uptime in range(26, 32)
    assert world.asked("dumpsys").count("tethering") == 1


def test_one_that_android_alone_told_of_ends_it_too_when_android_no_longer_does(world):
    world.at_once(world.route_says_nothing())
    world.at(100, world.refused(11))
    assert world.watch(was="on") == "idle rndis"
    assert world.uptime in range(106, 118)


def test_up_to_android_10_connectivity_tells_of_the_tether(tmp_path):
    phone = World(tmp_path, sdk=29)
    phone.at_once(phone.route_says_nothing())
    assert phone.watch() == "on rndis"
    assert "connectivity tethering" in phone.asked("dumpsys")


def test_a_tether_that_is_just_starting_is_left_alone(world):
    world.at(20, world.route_says_nothing())
    world.at(24, world.serving())
    assert world.watch() == "serving rndis"


@pytest.mark.parametrize("dump", ["", "Can't find service: usb\n"])
def test_a_dumpsys_that_says_nothing_is_no_reason_to_act(phone, dump):
    phone.at_once(phone.lost() + f"printf %s {dump!r} >{phone.here}/usb\n")
    assert phone.watch() == "away"


def test_nor_is_one_that_says_nothing_of_the_tether(phone):
    phone.at_once(phone.refused() + f": >{phone.here}/tethering\n")
    assert phone.watch() == "starting rndis"


SITUATIONS = {
    "rndis0": lambda world: world.serving(),
    "ncm0": lambda world: world.serving("ncm0"),
    "usb0": lambda world: world.serving("usb0"),
    "another interface": lambda world: world._is(usb={"current": ()}, route=OWN_ROUTE.format("rndisx")),
    "lost": lambda world: world.lost(),
    "locked": lambda world: world.lost(locked=True),
    "files": lambda world: world._is(usb={"current": ("MTP", "ADB")}),
    "a number": lambda world: world._is(usb={"current": ("0x4",)}),
    "refused by nobody": lambda world: world.refused(0),
    "refused by the provider": lambda world: world.refused(11),
    "no interface": lambda world: world._is(usb={"current": ("RNDIS",)}),
    "a default that is none": lambda world: world._is(usb={"current": (), "default": ("RNDIS",)}),
    "the route alone": lambda world: world.route_says_nothing(),
    "NCM, without a route": lambda world: world._is(usb={"current": ("NCM", "ADB")}, tethering={"error": 0}),
    "0x400, without a route": lambda world: world._is(usb={"current": ("0x400",)}, tethering={"error": 0}),
    "switching": lambda world: world.switching(),
    "away": lambda world: world.away(),
    "a charger": lambda world: world._is(
        usb={"current": (), "connected": False, "configured": False, "port_connected": True}
    ),
    "nothing said of tethers": lambda world: world.refused(0) + f": >{world.here}/tethering\n",
    "no service": lambda world: world.lost() + f'echo "Can\'t find service: usb" >{world.here}/usb\n',
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_it_calls_for_a_cure_where_the_keepalive_script_acts_and_nowhere_else(tmp_path, situation, shell):
    """Two texts that look in the same way, see the head of watch.sh."""
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    keepalive, watching = World(tmp_path / "one", shell), World(tmp_path / "other", shell)
    for world in (keepalive, watching):
        world.at_once(SITUATIONS[situation](world))
    keepalive.live(20)
    assert (watching.watch(lasts=20).split()[0] in ("gone", "idle")) is bool(keepalive.cures)


@pytest.mark.parametrize("shell", ["mksh", "busybox ash"])
def test_a_watch_of_a_healthy_phone_starts_no_process_at_all(tmp_path, shell):
    """By the kernel's word, at the real pace: some looks, of which strace sees no fork and no exec."""
    need_strace()
    (tmp_path / "route").write_text(ROUTES + OWN_ROUTE.format("rndis0"))
    text = WATCH.read_text().replace("/proc/net/route", str(tmp_path / "route"))
    begun = tmp_path / "begun"
    told = f"setprop() {{ echo >{begun}; }}; lasts=600 trace=605 every=5 wait=0 hold=0 was=serving\n"
    watch = subprocess.Popen([*shell_command(shell), "-c", told + text], stdin=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + 60
        while not begun.exists():
            assert time.monotonic() < give_up
            time.sleep(0.05)
        calls = calls_of_some_looks(watch, tmp_path / "trace")
    finally:
        # As adbd does when the machine has gone.
        watch.send_signal(signal.SIGHUP)
        # mksh lets the signal end its read, and says so by its exit code.
        assert watch.wait(60) in (-signal.SIGHUP, 128 + signal.SIGHUP)
    assert not any(name in calls for name in ("fork", "clone", "exec"))
