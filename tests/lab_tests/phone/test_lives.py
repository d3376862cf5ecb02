# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dies when, and what stays."""

from __future__ import annotations

from .rig import Rig

LOOP = "( exec setsid nohup sh -c 'while :; do sleep 63; done' ) </dev/null >/dev/null 2>&1 &"


def alive(rig: Rig) -> bool:
    return rig.runs("sleep 63")


def start_loop(rig: Rig) -> None:
    assert rig.shell(LOOP).status == 0
    rig.until(lambda: alive(rig))


def test_a_detached_loop_outlives_its_client_and_a_function_switch(rig: Rig) -> None:
    rig.plug()
    start_loop(rig)
    rig.shell("svc usb setFunctions rndis")
    rig.until(lambda: rig.state()["usb"]["configured"] and rig.state()["usb"]["applied"])
    rig.tether()
    assert alive(rig)
    # The transport by network never noticed.
    assert not rig.log("adb transports dropped")


def test_it_dies_with_adbd_in_spite_of_setsid_and_nohup(rig: Rig) -> None:
    start_loop(rig)
    assert "restarting in TCP mode" in rig.on_phone("tcpip", "5555").output
    rig.until(lambda: rig.log("adbd killed with all that it started"))
    assert rig.commands() == []
    assert rig.on_phone("wait-for-device").status == 0
    assert rig.shell("echo new adbd").output == "new adbd\n"


def test_a_reboot_leaves_only_what_is_stored(rig: Rig) -> None:
    rig.plug()
    start_loop(rig)
    rig.device.sync.push(b"kept", "/data/local/tmp/file")
    rig.shell("setprop debug.lab 1; settings put global adb_allowed_connection_time 0")
    rig.shell("svc usb setScreenUnlockedFunctions rndis")
    rig.on_phone("reboot")
    rig.until(lambda: not rig.state()["powered"])
    assert rig.router.functions == set()
    rig.until(lambda: rig.state()["boots"] == 2)
    assert rig.on_phone("wait-for-device").status == 0
    assert rig.commands() == []
    assert rig.shell("cat /data/local/tmp/file; settings get global adb_allowed_connection_time").output == "kept0\n"
    assert rig.shell("getprop debug.lab").output == "\n"
    rig.until(lambda: rig.state()["tether"]["serving"])
    assert rig.router.functions == {"rndis", "adb"}


def test_at_a_boot_adb_is_there_before_the_services_are(rig: Rig) -> None:
    rig.control("set services late")
    rig.control("reboot")
    rig.until(lambda: not rig.state()["powered"])
    rig.until(lambda: rig.state()["powered"])
    assert rig.on_phone("wait-for-device").status == 0
    assert rig.shell("getprop sys.boot_completed").output == "\n"
    usb = rig.shell("dumpsys usb")
    assert (usb.output, usb.errors, usb.status) == ("", "Can't find service: usb\n", 0)
    assert "Can't find service: settings" in rig.shell("settings get global mobile_data").errors
    assert rig.state()["booted"] is False
    rig.control("set services ok")
    rig.until(lambda: rig.state()["boots"] == 2)
    assert rig.shell("getprop sys.boot_completed").output == "1\n"
    assert "current_functions_applied" in rig.shell("dumpsys usb").output


def test_a_reset_ends_a_boot_that_is_held(rig: Rig) -> None:
    rig.control("set services late")
    rig.control("reboot")
    rig.wait_for(rig.phone.reset())
    assert (rig.state()["booted"], rig.state()["boots"]) == (True, 1)


def test_root_lives_outside_of_adbd_and_starts_again_at_boot(rig: Rig) -> None:
    assert rig.shell("su -c id").status == 127
    rig.control("set root denied")
    assert rig.shell("su -c id").errors == "Permission denied\n"
    rig.control("set root granted")
    assert rig.shell("su -c 'id; exit 5'").output.startswith("uid=0(root)")
    assert rig.shell("su -c 'exit 5'").status == 5
    assert rig.shell("su", given=b"echo piped; echo $USER\n").output == "piped\nroot\n"
    service = "/data/adb/service.d/keep.sh"
    write = f'mkdir -p /data/adb/service.d; echo "{LOOP.replace(chr(34), "")}" > {service}; chmod 755 {service}'
    assert rig.shell(f"su -c '{write}'".replace("sh -c 'while :; do sleep 63; done'", "sleep 63")).status == 0
    assert rig.shell(f"su -c 'sh {service}'").status == 0
    rig.until(lambda: alive(rig))
    rig.control("restart-adbd")
    assert alive(rig)
    rig.control("set root denied")  # to the shell: the root manager is there all the same
    rig.control("reboot")
    rig.until(lambda: rig.state()["boots"] == 2)
    rig.until(lambda: alive(rig))


def test_root_that_nobody_grants_keeps_waiting(rig: Rig) -> None:
    rig.control("set root hangs")
    said = rig.shell("timeout 0.3 su -c id; echo $?")
    assert said.output in ("143\n", "124\n")


def test_adb_over_usb_is_there_only_at_the_computer(rig: Rig) -> None:
    rig.control("set adb_over usb")
    rig.until(lambda: rig.adb_state() != "device")
    rig.plug("router")
    rig.until(lambda: rig.router.functions == {"adb"})
    assert rig.adb_state() != "device"
    rig.plug("computer")
    assert rig.on_phone("wait-for-device").status == 0
    rig.shell("( sleep 0.1; svc usb setFunctions rndis ) </dev/null >/dev/null 2>&1 &")
    rig.until(lambda: len(rig.log("adb transports dropped")) == 2)
    assert rig.on_phone("wait-for-device").status == 0
    assert rig.computer.functions == {"rndis", "adb"}


def test_a_reset_forgets_everything(rig: Rig) -> None:
    rig.tether()
    rig.control("set root granted")
    rig.control("set lock secure")
    rig.control("set storage full")
    start_loop(rig)
    rig.wait_for(rig.phone.reset())
    assert rig.on_phone("wait-for-device").status == 0
    state = rig.state()
    assert (state["usb"]["function"], state["lock"], state["storage"], state["root"]) == ("none", "none", "ok", "none")
    assert rig.shell("ls -A /data/local/tmp; command -v su").output == ""
    assert not alive(rig)
