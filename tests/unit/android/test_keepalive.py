# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop itself, in Android's shell, with stand-ins for the phone's programs: when it acts, and when it does not."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import DIRECTORY, KeepaliveWish
from unit.dumps import dumpsys_usb

REARM = "svc usb setFunctions rndis"


def needs(program):
    found = shutil.which(program)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must have {program}")
        pytest.skip(f"{program} is not installed")
    return found


class Loop:
    """One look: ``sleep`` ends the loop when the look is over."""

    def __init__(self, tmp_path, dump, command, as_root):
        self.directory = tmp_path / "kept"
        self.directory.mkdir()
        programs = tmp_path / "bin"
        programs.mkdir()
        (tmp_path / "dump").write_text(dump)
        stand_ins = {
            "dumpsys": f'[ "$*" = usb ] && cat {tmp_path}/dump',
            "svc": f'echo "$*" >>{tmp_path}/svc',
            "su": f'[ "$1" = -c ] && echo "$2" >>{tmp_path}/su && exec sh -c "$2"',
            "sleep": f'echo "$1" >>{tmp_path}/slept\n[ "$1" = 8 ] || kill "$PPID"',
        }
        for name, text in stand_ins.items():
            (programs / name).write_text(f"#!/bin/sh\n{text}\n")
            (programs / name).chmod(0o755)
        script = KeepaliveWish("started", 10, command, as_root).script.replace(DIRECTORY, str(self.directory))
        (self.directory / "keepalive.sh").write_text(script)
        self.path = tmp_path
        self.said = subprocess.run(
            [needs("mksh"), str(self.directory / "keepalive.sh"), "version"],
            env={"PATH": f"{programs}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )

    def asked(self, program="svc"):
        file = self.path / program
        return file.read_text().splitlines() if file.exists() else []

    @property
    def log(self):
        return (self.directory / "log").read_text()


@pytest.fixture
def look(tmp_path):
    def once(command=REARM, *, as_root=False, dump=None, **usb):
        return Loop(tmp_path, dumpsys_usb(**usb) if dump is None else dump, command, as_root)

    return once


def test_a_tether_that_is_gone_on_a_host_is_brought_back(look):
    loop = look(current=("ADB",), default=("RNDIS",))
    assert loop.asked() == ["usb setFunctions rndis"]
    assert "tether gone" in loop.log


def test_after_that_android_is_left_alone_for_a_while(look):
    assert look(current=("ADB",)).asked("slept") == ["8", "10"]


@pytest.mark.parametrize("current", [("RNDIS",), ("ADB", "RNDIS"), ("0x400",), ("ADB", "0x400"), ("NCM", "ADB")])
def test_a_tether_that_is_there_is_left_alone(look, current):
    loop = look(current=current)
    assert loop.asked() == []
    assert loop.asked("slept") == ["10"]


@pytest.mark.parametrize("current", [(), ("ADB",), ("MTP", "ADB"), ("0x4",)], ids=["none", "adb", "files", "number"])
def test_anything_else_is_no_tether(look, current):
    assert look(current=current).asked() == ["usb setFunctions rndis"]


@pytest.mark.parametrize(
    "usb",
    [
        pytest.param({"connected": False, "configured": False, "port_connected": False}, id="nothing plugged in"),
        pytest.param({"connected": False, "configured": False, "port_connected": True}, id="a charger"),
        pytest.param({"applied": False}, id="a switch in flight"),
        pytest.param({"dump": ""}, id="dumpsys says nothing"),
        pytest.param({"dump": "Can't find service: usb\n"}, id="no usb service"),
    ],
)
def test_it_keeps_still(look, usb):
    assert look(**usb).asked() == []


def test_its_pid_and_its_log_are_where_they_are_looked_for(look):
    loop = look()
    assert (loop.directory / "pid").read_text().strip().isdigit()
    assert "started, looking every 10 s" in loop.log


def test_a_failing_command_is_logged(look):
    assert "the command failed with 3" in look("exit_with() { return 3; }; exit_with").log


def test_what_a_command_says_is_logged(look):
    assert "no such thing" in look("echo no such thing >&2").log


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
def test_a_command_means_what_it_means_in_a_shell(look, tmp_path, command):
    expected = tmp_path / "expected"
    function = f'svc() {{ echo "$*" >>{expected}; }}\n{command}'
    subprocess.run([needs("mksh"), "-c", function], check=True, timeout=10)
    assert look(command).asked() == expected.read_text().splitlines()


@pytest.mark.parametrize("command", ["setprop sys.usb.config rndis,adb", "echo 'it'\\''s' \"$(id)\"", "echo a; echo b"])
def test_as_root_su_gets_the_command_whole(look, command):
    loop = look(command, as_root=True)
    assert "\n".join(loop.asked("su")) == command


def test_a_log_that_grew_is_put_aside(look, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/log").write_text("x" * 70000)
    shutil.move(tmp_path / "kept", tmp_path / "grown")
    script = KeepaliveWish("started", 10, REARM, False).script.replace(DIRECTORY, str(tmp_path / "grown"))
    say = script.partition("# gone:")[0] + '\nsay "a line"\n'
    subprocess.run([needs("mksh"), "-c", say], check=True, timeout=10)
    assert (tmp_path / "grown/log.old").stat().st_size == 70000
    assert (tmp_path / "grown/log").read_text().endswith("a line\n")


@pytest.mark.parametrize("as_root", [False, True], ids=["shell", "root"])
def test_shellcheck_has_nothing_to_say(as_root):
    script = KeepaliveWish("started", 10, REARM, as_root).script
    said = subprocess.run(
        [needs("shellcheck"), "-s", "sh", "-"], input=script, capture_output=True, text=True, timeout=30, check=False
    )
    assert said.stdout == ""
