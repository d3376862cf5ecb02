# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is on the phone to the wish, and the commands for it, run in a real shell."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import (
    DIRECTORY,
    Keepalive,
    KeepaliveWish,
    commands,
    keepalive_from,
    plan,
)

REARM = "svc usb setFunctions rndis"
OLD = "0" * 64


def wish(state="started", interval=10, command=REARM, as_root=False):
    return KeepaliveWish(state, interval, command, as_root)


def on_the_phone(installed=None, running=None):
    return Keepalive(installed, "", running, ())


WISH = wish()
NEW = WISH.version
NOTHING = on_the_phone()


def steps(planned):
    names = ("stop", "remove", "install", "start")
    return " ".join(name for name in names if getattr(planned, name))


@pytest.mark.parametrize(
    ("state", "now", "expected"),
    [
        pytest.param("started", NOTHING, "install start", id="from nothing"),
        pytest.param("started", on_the_phone(NEW, NEW), "", id="as wanted"),
        pytest.param("started", on_the_phone(NEW), "start", id="died"),
        pytest.param("started", on_the_phone(OLD, OLD), "stop install start", id="another script"),
        pytest.param("started", on_the_phone(NEW, OLD), "stop start", id="an outdated loop"),
        pytest.param("started", on_the_phone(OLD, NEW), "install", id="a changed file"),
        pytest.param("stopped", NOTHING, "install", id="kept ready"),
        pytest.param("stopped", on_the_phone(NEW, NEW), "stop", id="stopped"),
        pytest.param("stopped", on_the_phone(NEW, OLD), "stop", id="stopped, outdated"),
        pytest.param("stopped", on_the_phone(NEW), "", id="stopped already"),
        pytest.param("absent", on_the_phone(NEW, NEW), "stop remove", id="removed"),
        pytest.param("absent", on_the_phone(None, OLD), "stop", id="a loop without a file"),
        pytest.param("absent", NOTHING, "", id="absent"),
    ],
)
def test_the_steps(state, now, expected):
    assert steps(plan(wish(state), now)) == expected


def test_where_the_steps_lead_to_none_is_left():
    states, versions = ("started", "stopped", "absent"), (None, OLD, NEW)
    for state, installed, running in itertools.product(states, versions, versions):
        planned = plan(wish(state), on_the_phone(installed, running))
        left_file = None if planned.remove else NEW if planned.install else installed
        left_loop = NEW if planned.start else None if planned.stop else running
        assert not plan(wish(state), on_the_phone(left_file, left_loop)).changes


@pytest.mark.parametrize(
    "other",
    [wish(interval=20), wish(command="svc usb setFunctions ncm"), wish(as_root=True)],
    ids=["interval", "command", "root"],
)
def test_every_option_makes_another_script(other):
    assert other.version != NEW


def test_being_stopped_is_no_other_script():
    assert wish("stopped").version == NEW


def sections(process="", total="", script="", log=""):
    return {
        "keepalive_sum": total,
        "keepalive_script": script,
        "keepalive_process": process,
        "keepalive_log": log,
    }


def test_a_running_loop_tells_its_script():
    found = keepalive_from(
        sections(f"sh {DIRECTORY}/keepalive.sh {NEW} ", f"{NEW}  {DIRECTORY}/keepalive.sh", log="a\nb")
    )
    assert (found.installed, found.running, found.log) == (NEW, NEW, ("a", "b"))
    assert found.as_result() == {"installed": True, "running": True, "outdated": False, "log": ["a", "b"]}


@pytest.mark.parametrize("process", ["", "/system/bin/surfaceflinger", "sh", "com.android.phone 1 2"])
def test_another_process_with_its_number_is_not_the_loop(process):
    assert keepalive_from(sections(process)).running is None


def test_a_loop_of_another_script_is_outdated():
    found = keepalive_from(sections(f"sh {DIRECTORY}/keepalive.sh {OLD}", f"{NEW}  x"))
    assert found.as_result()["outdated"]


# The commands themselves, in the phone's shell, with the phone's directory under a temporary one.


@pytest.fixture
def sh(tmp_path):
    mksh = shutil.which("mksh")
    if mksh is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have mksh")
        pytest.skip("mksh, which is Android's shell, is not installed")

    def run(script):
        return subprocess.run(
            [mksh, "-c", script.replace(DIRECTORY, f"{tmp_path}/kept")],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )

    return run


def test_the_file_on_the_phone_is_the_script(sh, tmp_path):
    asked = wish("stopped", command="echo \"$HOME\" 'a b' `id` \\ $(id)")
    assert sh(commands(plan(asked, NOTHING), asked)).returncode == 0
    kept = (tmp_path / "kept/keepalive.sh").read_text()
    assert kept == asked.script.replace(DIRECTORY, f"{tmp_path}/kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["keepalive.sh"]


def test_a_command_cannot_end_the_file_early(sh, tmp_path):
    asked = wish("stopped", command="true\nEND-OF-KEEPALIVE\ntouch /nowhere/at/all")
    assert sh(commands(plan(asked, NOTHING), asked)).returncode == 0
    assert "touch" in (tmp_path / "kept/keepalive.sh").read_text()


def test_what_is_removed_is_gone(sh, tmp_path):
    asked = wish("stopped")
    sh(commands(plan(asked, NOTHING), asked))
    for name in ("log", "log.old", "pid"):
        (tmp_path / "kept" / name).touch()
    gone = sh(commands(plan(wish("absent"), on_the_phone(NEW)), wish("absent")))
    assert (gone.returncode, gone.stderr) == (0, "")
    assert not (tmp_path / "kept").exists()


def test_a_write_that_was_cut_short_does_not_keep_it_from_being_removed(sh, tmp_path):
    asked = wish("stopped")
    sh(commands(plan(asked, NOTHING), asked))
    (tmp_path / "kept/keepalive.new").touch()
    assert sh(commands(plan(wish("absent"), on_the_phone(NEW)), wish("absent"))).returncode == 0
    assert not (tmp_path / "kept").exists()


def test_a_directory_that_cannot_be_made_is_said(sh, tmp_path):
    (tmp_path / "kept").touch()
    said = sh(commands(plan(wish(), NOTHING), wish()))
    assert said.returncode != 0
    assert "kept" in said.stderr
