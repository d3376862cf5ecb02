# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a script can read without starting a program."""

from __future__ import annotations

from .rig import Rig

STATE = "/sys/class/android_usb/android0/state"


def lines(rig: Rig, path: str, as_root: bool = False) -> list[str]:
    """By the shell's own means."""
    script = f"while read -r line; do echo $line; done <{path}"
    said = rig.shell(f"su -c '{script}'" if as_root else script)
    assert not as_root or not said.errors
    return said.output.splitlines()


def test_the_route_of_the_tether_is_there_while_it_serves(rig: Rig) -> None:
    def route() -> list[str]:
        return [line for line in lines(rig, "/proc/net/route") if line.startswith("rndis0 ")]

    assert route() == []
    rig.tether()
    assert len(rig.until(route)) == 1
    rig.do(rig.cable.pull)
    rig.until(lambda: not route())


def test_the_interface_comes_and_goes_with_the_gadget(rig: Rig) -> None:
    rig.tether()
    assert rig.shell("ls /sys/class/net").output == "rndis0\n"
    assert lines(rig, "/sys/class/net/rndis0/carrier") == []
    rig.control("set root granted")
    assert lines(rig, "/sys/class/net/rndis0/carrier", as_root=True) == ["1"]
    rig.shell("svc usb setFunctions none")
    rig.until(lambda: rig.shell("ls /sys/class/net").output == "")


def test_the_kernel_s_word_on_usb_is_for_root(rig: Rig) -> None:
    rig.control("set root granted")
    assert "Permission denied" in rig.shell(f"cat {STATE}").errors
    assert lines(rig, STATE, as_root=True) == ["DISCONNECTED"]
    rig.plug()
    rig.until(lambda: lines(rig, STATE, as_root=True) == ["CONFIGURED"])


def test_the_battery_is_for_everybody(rig: Rig) -> None:
    rig.control("set temperature 455")
    assert lines(rig, "/sys/class/power_supply/battery/temp") == ["455"]


def test_a_wake_lock_is_held_until_it_is_given_back_or_the_phone_reboots(rig: Rig) -> None:
    rig.control("set root granted")
    assert "Permission denied" in rig.shell("echo mine >/sys/power/wake_lock").errors
    rig.shell("su -c 'echo mine >/sys/power/wake_lock'")
    assert rig.state()["wake_lock"] == "mine"
    rig.shell("su -c 'echo mine >/sys/power/wake_unlock'")
    assert rig.state()["wake_lock"] is None
    rig.shell("su -c 'echo mine >/sys/power/wake_lock'")
    rig.control("reboot")
    rig.until(lambda: rig.state()["boots"] == 2)
    assert rig.state()["wake_lock"] is None


def test_a_terminal_that_nobody_opens_is_waited_at_without_a_program(rig: Rig) -> None:
    said = rig.shell("exec 9</dev/ptmx || exit; read -r -t 1 line <&9; echo $?")
    assert (said.output.strip() not in ("", "0"), said.errors) == (True, "")
