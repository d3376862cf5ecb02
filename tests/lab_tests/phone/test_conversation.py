# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real adb server speaks with the phone."""

from __future__ import annotations

import asyncio
import hashlib
import random
from pathlib import Path

import adbutils
import pytest

from .rig import Rig

LARGE = random.Random(14).randbytes(3_000_000)


def test_adb_connects_and_knows_the_model(rig: Rig) -> None:
    assert rig.adb_state() == "device"
    assert "model:Lab_Phone_14" in rig.adb("devices", "-l").output
    assert rig.device.prop.model == "Lab Phone 14"
    assert "shell_v2" in rig.device.get_features()


def test_a_host_waits_until_the_user_allows_it(phone_alone: Rig) -> None:
    phone_alone.control("set authorised false")
    assert "failed to authenticate" in phone_alone.adb("connect", phone_alone.phone.serial).output
    assert phone_alone.adb_state() == "unauthorized"
    assert "device unauthorized" in phone_alone.shell("id").errors
    phone_alone.control("set authorised true")
    phone_alone.until(lambda: phone_alone.adb_state() == "device")
    assert phone_alone.shell("echo let in").output == "let in\n"


def test_a_silent_phone_is_offline_and_comes_back(rig: Rig) -> None:
    rig.control("set offline true")
    rig.until(lambda: rig.adb_state() == "offline")
    assert "device offline" in rig.shell("id").errors
    rig.control("set offline false")
    assert rig.on_phone("wait-for-device").status == 0
    assert rig.shell("echo here").output == "here\n"


def test_streams_and_exit_code_are_kept_apart(rig: Rig) -> None:
    said = rig.shell("read line; echo out $line; echo err >&2; exit 42", given=b"typed\n")
    assert (said.output, said.errors, said.status) == ("out typed\n", "err\n", 42)
    result = rig.device.shell2("echo out; echo err >&2; exit 7", v2=True)
    assert (result.stdout, result.stderr, result.returncode) == ("out\n", "err\n", 7)
    assert rig.on_phone("exec-out", "echo both; echo in one >&2").output == "both\nin one\n"


def test_a_killed_command_says_so_by_its_exit_code(rig: Rig) -> None:
    assert rig.shell("kill -9 $$").status == 137


def test_a_terminal_for_who_wants_to_look_around(rig: Rig) -> None:
    said = rig.on_phone("shell", "-tt", "tty; echo $TERM; exit 3")
    assert said.output.startswith("/dev/pts/")
    assert said.status == 3


def test_the_shell_is_nobody_special(rig: Rig) -> None:
    assert rig.shell("id").output.startswith("uid=2000(shell) gid=2000(shell)")
    assert "Permission denied" in rig.shell("ls /data/adb").errors
    assert "Permission denied" in rig.shell("echo x > /data/x").errors
    assert "Read-only file system" in rig.shell("echo x > /system/x").errors
    assert rig.shell("echo x > /sdcard/x; cat /storage/emulated/0/x").output == "x\n"


def test_files_arrive_and_return_byte_for_byte(rig: Rig, tmp_path: Path) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(LARGE)
    target = "/data/local/tmp/new/directory/file"
    assert rig.on_phone("push", str(there), target).status == 0
    assert rig.shell(f"sha256sum {target}").output.split()[0] == hashlib.sha256(LARGE).hexdigest()
    assert rig.on_phone("pull", target, str(back)).status == 0
    assert back.read_bytes() == LARGE
    assert rig.device.sync.read_bytes(target) == LARGE
    assert [entry.path for entry in rig.device.sync.list("/data/local/tmp/new")] == [".", "..", "directory"]


def test_a_pushed_script_finds_itself_where_it_was_put(rig: Rig) -> None:
    rig.device.sync.push(b'echo "$0 $1" >>/data/local/tmp/log\n', "/data/local/tmp/x.sh", 0o755)
    assert rig.shell("sh /data/local/tmp/x.sh one; /data/local/tmp/x.sh two").status == 0
    log = rig.device.sync.read_text("/data/local/tmp/log")
    assert log == "/data/local/tmp/x.sh one\n/data/local/tmp/x.sh two\n"
    # adbd gives group and others what the user gets.
    assert rig.device.sync.stat("/data/local/tmp/x.sh").mode & 0o777 == 0o777


def test_a_missing_file_has_no_mode_and_no_content(rig: Rig, tmp_path: Path) -> None:
    assert rig.device.sync.stat("/data/local/tmp/none").mode == 0
    said = rig.on_phone("pull", "/data/local/tmp/none", str(tmp_path / "none"))
    assert "No such file or directory" in said.errors + said.output


def test_a_full_storage_takes_nothing_and_keeps_what_it_has(rig: Rig, tmp_path: Path) -> None:
    source = tmp_path / "large"
    source.write_bytes(LARGE)
    rig.device.sync.push(b"before", "/data/local/tmp/before")
    rig.control("set storage full")
    assert "No space left on device" in rig.on_phone("push", str(source), "/data/local/tmp/x").errors
    assert "No space left on device" in rig.shell("echo x > /data/local/tmp/y").errors
    assert rig.device.sync.stat("/data/local/tmp/x").mode == 0
    assert rig.shell("cat /data/local/tmp/before").output == "before"
    rig.control("set storage ok")
    assert rig.on_phone("push", str(source), "/data/local/tmp/x").status == 0


def test_a_read_only_directory_refuses_a_push(rig: Rig, tmp_path: Path) -> None:
    source = tmp_path / "file"
    source.write_text("x")
    rig.control("set tmp ro")
    assert "Read-only file system" in rig.on_phone("push", str(source), "/data/local/tmp/x").errors
    rig.control("set tmp rw")
    assert rig.on_phone("push", str(source), "/data/local/tmp/x").status == 0


def test_a_transport_dropped_in_mid_command_comes_back_by_itself(rig: Rig) -> None:
    rig.control("set drop_at 1")
    with pytest.raises(EOFError):
        rig.device.shell2("echo begun; sleep 600", v2=True)
    # adbd hangs up on who it served.
    rig.until(lambda: not rig.runs("echo begun"))
    assert rig.on_phone("wait-for-device").status == 0
    assert rig.shell("echo again").output == "again\n"


def test_a_client_that_goes_takes_its_command_along(rig: Rig) -> None:
    with rig.device.open_transport() as connection:
        connection.send_command("shell,v2,raw:echo begun; sleep 610")
        connection.check_okay()
        rig.until(lambda: rig.runs("/sleep 610"))
    rig.until(lambda: not rig.runs("echo begun"))


def test_so_does_one_that_goes_while_the_command_is_being_started(rig: Rig) -> None:
    async def start_and_go() -> None:
        group = await rig.phone._sandbox.group("shell")
        starting = asyncio.create_task(group.spawn(["/system/bin/sh", "-c", "sleep 620; :"]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert group.channel._asked
        starting.cancel()
        # One after the other: when this one has started, so has that.
        await (await group.spawn(["/system/bin/sh", "-c", ":"])).status

    rig.wait_for(start_and_go())
    rig.until(lambda: not rig.runs("620; :"))


def test_a_careless_ampersand_keeps_the_client_waiting(rig: Rig) -> None:
    """The and-list's subshell keeps the output open; with the redirection inside parentheses nobody does."""
    careful = "( cd / && exec setsid sleep 62 ) </dev/null >/dev/null 2>&1 &"
    assert rig.shell(careful).status == 0
    with pytest.raises(adbutils.AdbTimeout):
        rig.device.shell2("cd / && setsid sleep 600 </dev/null >/dev/null 2>&1 &", timeout=0.3, v2=True)


def test_what_adbd_does_not_offer_is_closed_or_refused(rig: Rig) -> None:
    assert "cannot run as root in production builds" in rig.on_phone("root").output
    with rig.device.open_transport() as connection:
        connection.send_command("jdwp:1")
        with pytest.raises(adbutils.AdbError, match="closed"):
            connection.check_okay()
    assert rig.state()["adb"]["requests"] > 0
