# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated adbd answers as a real one does, among the same files and processes."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.real_adbd import NoAdbd, fetch
from tools.checkout import BUILD

from .conftest import missing
from .rig import Rig, Said

FILE = random.Random(34).randbytes(300_000)
TARGET = "/data/local/tmp/deep/down/file"


@pytest.fixture
def real(tmp_path: Path, adb_server_port: int) -> Iterator[Rig]:
    """A phone with Debian's adbd, connected."""
    try:
        adbd = fetch(BUILD / "adbd")
    except NoAdbd as problem:
        missing(str(problem))
    rig = Rig(tmp_path / "real", adb_server_port, adbd)
    rig.directory.mkdir()
    try:
        rig.switch_on()
        rig.connect()
        yield rig
    finally:
        rig.put_away()


COMMANDS = (
    "echo out; echo err >&2; exit 42",
    "id",
    "kill -9 $$",
    "pwd; echo $HOME; umask",
    "cat /nonexistent",
    "getprop ro.product.model; svc usb getFunctions",
    "su -c id",
    "( exec setsid sleep 63 ) </dev/null >/dev/null 2>&1 &",
    "ls /data/adb",
    "dumpsys usb",
)


def alike(said: Said) -> tuple[str, str, int]:
    """Without what tells the builds apart: Debian's takes the shell by another name and has init set no groups."""
    return re.sub(r" groups=.*", "", said.output), said.errors.replace("/system/bin/sh", "/bin/sh"), said.status


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_the_same(rig: Rig, real: Rig, command: str) -> None:
    for phone in (rig, real):
        phone.until(lambda phone=phone: phone.state()["usb"]["applied"])
    assert alike(rig.shell(command)) == alike(real.shell(command))


def test_a_file_arrives_and_returns_the_same(rig: Rig, real: Rig, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(FILE)
    source.chmod(0o644)
    for phone in (rig, real):
        assert phone.on_phone("push", str(source), TARGET).status == 0
        assert phone.shell(f"sha256sum {TARGET}").output.split()[0] == hashlib.sha256(FILE).hexdigest()
        assert phone.device.sync.read_bytes(TARGET) == FILE
        assert phone.device.sync.stat("/data/local/tmp/none").mode == 0
    assert rig.device.sync.stat(TARGET).mode == real.device.sync.stat(TARGET).mode
    assert rig.shell(f"ls -l {TARGET}").output.split()[0] == real.shell(f"ls -l {TARGET}").output.split()[0]


@pytest.mark.parametrize("words", ["set storage full", "set tmp ro"])
def test_a_push_that_fails_leaves_nothing(rig: Rig, real: Rig, tmp_path: Path, words: str) -> None:
    source = tmp_path / "source"
    source.write_bytes(FILE)
    for phone in (rig, real):
        phone.control(words)
        said = phone.on_phone("push", str(source), "/data/local/tmp/x")
        assert said.status != 0
        assert re.search("No space left|Read-only", said.errors + said.output)
        assert phone.device.sync.stat("/data/local/tmp/x").mode == 0


def test_both_take_their_children_along_when_init_kills_them(rig: Rig, real: Rig) -> None:
    for phone in (rig, real):
        phone.shell("( exec setsid nohup sleep 64 ) </dev/null >/dev/null 2>&1 &")
        phone.until(lambda phone=phone: phone.runs("sleep 64"))
        phone.control("restart-adbd")
        assert not phone.runs("sleep 64")
        assert phone.on_phone("wait-for-device").status == 0
        assert phone.shell("echo again").output == "again\n"


def test_both_are_hung_up_on_by_a_client_that_goes(rig: Rig, real: Rig) -> None:
    for phone in (rig, real):
        with phone.device.open_transport() as connection:
            connection.send_command("shell,v2,raw:echo begun; sleep 65")
            connection.check_okay()
            phone.until(lambda phone=phone: phone.runs("sleep 65"))
        phone.until(lambda phone=phone: not phone.runs("echo begun"))


def test_what_the_real_one_cannot_be_is_said(real: Rig) -> None:
    for words in ("set authorised false", "set drop_at 1"):
        with pytest.raises(NotImplementedError, match="not simulated"):
            real.control(words)
