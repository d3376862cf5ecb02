# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is on the phone to the wish, and the commands for it, run in a real shell."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import (
    FILES,
    LOOP,
    NO_ROOT,
    ROOT_SERVICE,
    Keepalive,
    KeepalivePlan,
    KeepaliveWish,
    commands,
    keepalive_from,
    plan,
    whichever_runs,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import DIRECTORY
from tools.needs import unavailable
from unit.keepalive_world import SCRIPT

OLD = "0" * 64


def wish(state="started", **settings):
    return KeepaliveWish(state, replace(SCRIPT, **settings))


def on_the_phone(installed=None, running=None, *, paused=False):
    return Keepalive(LOOP, installed, "", "", running, paused, (), None)


WISH = wish()
NEW = WISH.script.checksum
NOTHING = on_the_phone()


def steps(planned):
    names = ("stop", "remove", "install", "pause", "resume", "start")
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
        pytest.param("started", on_the_phone(NEW, NEW, paused=True), "resume", id="resumed"),
        pytest.param("paused", NOTHING, "install pause start", id="paused from nothing"),
        pytest.param("paused", on_the_phone(NEW, NEW), "pause", id="paused"),
        pytest.param("paused", on_the_phone(NEW, NEW, paused=True), "", id="paused already"),
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
    states, versions = ("started", "paused", "stopped", "absent"), (None, OLD, NEW)
    for state, installed, running, paused in itertools.product(states, versions, versions, (False, True)):
        planned = plan(wish(state), on_the_phone(installed, running, paused=paused))
        left_file = None if planned.remove else NEW if planned.install else installed
        left_loop = NEW if planned.start else None if planned.stop else running
        left_pause = planned.pause or (paused and not planned.resume and not planned.remove)
        assert not plan(wish(state), on_the_phone(left_file, left_loop, paused=left_pause)).changes


@pytest.mark.parametrize(
    "other",
    [
        wish(interval=20),
        wish(function="ncm"),
        wish(cures=("function",)),
        wish(hottest=0),
        wish(command="svc usb setFunctions ncm"),
        wish(through_su=True),
    ],
    ids=["interval", "function", "cures", "temperature", "command", "root"],
)
def test_every_option_makes_another_script(other):
    assert other.script.checksum != NEW


def test_being_stopped_is_no_other_script():
    assert wish("stopped").script.checksum == NEW


def sections(process="", total="", *, script="", log="", heartbeat="", paused="", uptime="5000.10 9.00"):
    return {
        "keepalive_heartbeat": heartbeat,
        "keepalive_paused": paused,
        "uptime": uptime,
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
    assert found.as_result() == {
        "layer": "loop",
        "installed": True,
        "running": True,
        "outdated": False,
        "paused": False,
        "checksum": NEW,
        "health": None,
        "log": ["a", "b"],
    }


@pytest.mark.parametrize("process", ["", "/system/bin/surfaceflinger", "sh", "com.android.phone 1 2"])
def test_another_process_with_its_number_is_not_the_loop(process):
    assert keepalive_from(sections(process)).running is None


def test_a_loop_of_another_script_is_outdated():
    found = keepalive_from(sections(f"sh {DIRECTORY}/keepalive.sh {OLD}", f"{NEW}  x"))
    assert found.as_result()["outdated"]


BEAT = """\
version=x
pid=7
user=shell
source=route
since=2026-11-25T14:40:00Z
now=4900
interval=2
state=serving
drops=2
last_drop=2026-11-25T15:00:00Z
last_drop_why=function lost, screen locked
cures=3
last_cure=default
last_cure_at=2026-11-25T15:00:08Z
recoveries=2
last_recovery_seconds=9
end"""
RUNNING = f"sh {DIRECTORY}/keepalive.sh {NEW} "


def test_the_heartbeat_is_read():
    health = keepalive_from(sections(RUNNING, heartbeat=BEAT)).as_result()["health"]
    assert health == {
        "state": "serving",
        "user": "shell",
        "source": "route",
        "since": "2026-11-25T14:40:00Z",
        "drops": 2,
        "last_drop": "2026-11-25T15:00:00Z",
        "last_drop_why": "function lost, screen locked",
        "cures": 3,
        "last_cure": "default",
        "last_cure_at": "2026-11-25T15:00:08Z",
        "recoveries": 2,
        "last_recovery_seconds": 9,
        "late": False,
    }


def test_one_of_a_loop_that_had_nothing_to_do_yet():
    idle = BEAT.replace("2026-11-25T15:00:00Z", "").replace("seconds=9", "seconds=")
    health = keepalive_from(sections(RUNNING, heartbeat=idle)).as_result()["health"]
    assert (health["last_drop"], health["last_recovery_seconds"]) == (None, None)


@pytest.mark.parametrize("uptime", ["5501.99 1", "5503.00 1"])
def test_a_loop_that_says_nothing_for_long_is_late(uptime):
    late = keepalive_from(sections(RUNNING, heartbeat=BEAT, uptime=uptime)).as_result()["health"]["late"]
    assert late is (uptime > "5502.")


def test_a_loop_that_did_not_say_good_bye_has_died():
    assert keepalive_from(sections(heartbeat=BEAT)).as_result()["health"]["state"] == "died"
    ended = BEAT.replace("state=serving", "state=ended")
    assert keepalive_from(sections(heartbeat=ended)).as_result()["health"]["state"] == "ended"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version=x\npid",
        BEAT.removesuffix("end"),
        BEAT.replace("drops=2", "drops=many"),
        "end",
        BEAT.replace("now", "n"),
    ],
    ids=["empty", "cut", "half written", "no number", "nothing", "another script's"],
)
def test_what_is_no_heartbeat_is_none(text):
    assert keepalive_from(sections(RUNNING, heartbeat=text)).heartbeat is None


# The commands themselves, in the phone's shell, with the phone's directory under a temporary one.


@pytest.fixture
def sh(tmp_path):
    mksh = shutil.which("mksh")
    if mksh is None:
        unavailable("mksh, which is Android's shell")

    def run(script):
        return subprocess.run(
            [mksh, "-c", script.replace(DIRECTORY, f"{tmp_path}/kept")],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_the_file_on_the_phone_is_the_script(sh, tmp_path):
    asked = wish("stopped", command="echo \"$HOME\" 'a b' `id` \\ $(id)")
    assert sh(commands(plan(asked, NOTHING), asked)).returncode == 0
    kept = (tmp_path / "kept/keepalive.sh").read_text()
    assert kept == asked.script.text.replace(DIRECTORY, f"{tmp_path}/kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["keepalive.sh"]


def test_a_command_cannot_end_the_file_early(sh, tmp_path):
    asked = wish("stopped", command="true\nEND-OF-KEEPALIVE\ntouch /nowhere/at/all")
    assert sh(commands(plan(asked, NOTHING), asked)).returncode == 0
    assert "touch" in (tmp_path / "kept/keepalive.sh").read_text()


def test_what_is_removed_is_gone(sh, tmp_path):
    asked = wish("stopped")
    sh(commands(plan(asked, NOTHING), asked))
    for name in FILES:
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


def test_a_loop_that_is_stopped_has_said_its_last_word_before_its_directory_goes(sh, tmp_path):
    kept = tmp_path / "kept"
    sh(commands(plan(wish("stopped"), NOTHING), wish("stopped")))
    loop = kept / "keepalive.sh"
    loop.write_text(
        f"trap 'sleep 0.3; echo bye >{kept}/log; exit' TERM\necho $$ >{kept}/pid\nwhile :; do sleep 0.1; done"
    )
    running = subprocess.Popen(["/bin/sh", str(loop)], start_new_session=True)
    while not (kept / "pid").exists() or not (kept / "pid").read_text():
        assert running.poll() is None
    threading.Thread(target=running.wait).start()  # as init does: else it would stay in /proc
    try:
        gone = sh(commands(plan(wish("absent"), on_the_phone(NEW, NEW)), wish("absent")))
    finally:
        running.wait(60)
    assert (gone.returncode, gone.stderr) == (0, "")
    assert not kept.exists()


@pytest.mark.parametrize("left", [None, "99999999", "", "x y"], ids=["no file", "dead", "empty", "rubbish"])
def test_a_loop_that_died_meanwhile_is_stopped_all_the_same(sh, tmp_path, left):
    sh(commands(plan(wish("stopped"), NOTHING), wish("stopped")))
    if left is not None:
        (tmp_path / "kept/pid").write_text(f"{left}\n")
    said = sh(commands(KeepalivePlan(stop=True), wish("stopped")))
    assert (said.returncode, said.stderr) == (0, "")
    assert not (tmp_path / "kept/pid").exists()


def test_what_would_end_every_process_is_not_signalled(sh, tmp_path):
    """``kill -1`` is all of them, so here a function stands in for it."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/pid").write_text("1\n")
    sh(f'kill() {{ echo "$*" >>{tmp_path}/asked; return 1; }}\n' + commands(KeepalivePlan(stop=True), wish("stopped")))
    assert not (tmp_path / "asked").exists()


@pytest.mark.parametrize("state", ["stopped", "absent", "started"])
def test_mobile_data_that_a_dead_loop_left_off_is_put_on(state):
    found = keepalive_from(sections(paused=f"{DIRECTORY}/data_off"))
    assert plan(wish(state), found).stop
    assert not found.paused


def test_one_that_lives_puts_mobile_data_on_itself():
    found = keepalive_from(sections(RUNNING, f"{NEW}  x", paused=f"{DIRECTORY}/data_off"))
    assert not plan(wish(), found).changes


PROGRAMS = """\
svc() {{ echo "$*" >>{0}/asked; }}
settings() {{ [ "$3" != mobile_data ] || cat {0}/mobile_data; }}
sleep() {{ echo {1} >{0}/mobile_data; }}
"""
"""``svc``; and ``settings``, which say another word after a while."""


@pytest.mark.parametrize(("before", "after"), [("1", "1"), ("0", "1"), ("null", "null")])
def test_stopping_it_does_not_leave_mobile_data_off(sh, tmp_path, before, after):
    sh(commands(plan(wish("stopped"), NOTHING), wish("stopped")))
    (tmp_path / "kept/data_off").touch()
    (tmp_path / "mobile_data").write_text(before)
    said = sh(PROGRAMS.format(tmp_path, after) + commands(KeepalivePlan(stop=True), wish("stopped")))
    assert (said.returncode, said.stderr) == (0, "")
    assert (tmp_path / "asked").read_text() == "data enable\n"
    assert not (tmp_path / "kept/data_off").exists()


def test_mobile_data_that_does_not_come_on_stays_noted(sh, tmp_path):
    sh(commands(plan(wish("stopped"), NOTHING), wish("stopped")))
    (tmp_path / "kept/data_off").touch()
    (tmp_path / "mobile_data").write_text("0")
    said = sh(PROGRAMS.format(tmp_path, 0) + commands(KeepalivePlan(stop=True, start=True), wish("stopped")))
    assert (said.returncode, said.stderr) == (0, "")
    assert (tmp_path / "kept/data_off").exists()


def test_nothing_is_removed_while_mobile_data_does_not_come_on(sh, tmp_path):
    sh(commands(plan(wish("stopped"), NOTHING), wish("stopped")))
    (tmp_path / "kept/data_off").touch()
    (tmp_path / "mobile_data").write_text("0")
    found = replace(on_the_phone(NEW), data_off=True)
    said = sh(PROGRAMS.format(tmp_path, 0) + commands(plan(wish("absent"), found), wish("absent")))
    assert said.returncode != 0
    assert "switch it on on the phone" in said.stderr
    assert {"data_off", "keepalive.sh"} <= {path.name for path in (tmp_path / "kept").iterdir()}


def test_what_root_left_does_not_keep_the_loop_from_starting():
    """As a user who is not root, for whom a file of root's is one that may not be written."""
    mksh = shutil.which("mksh")
    if mksh is None:
        unavailable("mksh, which is Android's shell")
    with tempfile.TemporaryDirectory() as directory:
        kept = Path(directory)
        for name in FILES:
            (kept / name).touch(0o444)
        (kept / "keepalive.sh").write_text(f"echo $$ >{kept}/pid && echo hello >{kept}/log")
        user = 65534 if os.geteuid() == 0 else None
        if user is not None:
            os.chown(kept, user, -1)
        script = commands(KeepalivePlan(start=True), wish()).replace(DIRECTORY, directory) + "\nwait"
        said = subprocess.run([mksh, "-c", script], user=user, capture_output=True, text=True, timeout=60, check=False)
        assert (said.returncode, said.stderr) == (0, "")
        assert (kept / "log").read_text() == "hello\n"
        assert not (kept / "heartbeat").exists()
        assert (kept / "paused").exists()


def test_pausing_and_resuming_is_one_file(sh, tmp_path):
    sh(commands(plan(wish("stopped"), NOTHING), wish("stopped")))
    sh(commands(plan(wish("paused"), on_the_phone(NEW, NEW)), wish("paused")))
    assert (tmp_path / "kept/paused").exists()
    sh(commands(plan(wish(), on_the_phone(NEW, NEW, paused=True)), wish()))
    assert not (tmp_path / "kept/paused").exists()


# The root service, with a su that is the shell itself.


@pytest.fixture
def rooted(tmp_path):
    mksh = shutil.which("mksh")
    if mksh is None:
        unavailable("mksh, which is Android's shell")
    (tmp_path / "bin").mkdir()
    (tmp_path / "adb/service.d").mkdir(parents=True)
    su = tmp_path / "bin/su"
    su.write_text(f'#!/bin/sh\necho "$2" >>{tmp_path}/asked\nexec {mksh} -c "$2"\n')
    su.chmod(0o755)

    def run(planned, asked):
        script = commands(planned, asked).replace(DIRECTORY, f"{tmp_path}/kept").replace("/data/adb", f"{tmp_path}/adb")
        return subprocess.run(
            [mksh, "-c", script],
            env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def service(state="stopped", **settings):
    return replace(wish(state, **settings), place=ROOT_SERVICE)


AT_ROOT = replace(NOTHING, place=ROOT_SERVICE)


def test_the_service_is_a_script_and_what_starts_it_at_boot(rooted, tmp_path):
    said = rooted(KeepalivePlan(install=True), service("started"))
    assert (said.returncode, said.stderr) == (0, "")
    assert (tmp_path / "adb/homelab.dualwan/keepalive.sh").exists()
    launcher = tmp_path / "adb/service.d/homelab.dualwan.sh"
    assert launcher.stat().st_mode & 0o777 == 0o755
    assert f"keepalive.sh {NEW}" in launcher.read_text()
    # What the shell user shall own root makes at boot alone, and gives it away.
    kept = tmp_path / "kept"
    assert f"mkdir -p {kept} && chown 2000:2000 {kept}\n" in launcher.read_text()
    assert (tmp_path / "asked").read_text().count(f"mkdir -p {kept}") == 1


def test_stopped_the_service_is_not_started_at_boot_either(rooted, tmp_path):
    rooted(KeepalivePlan(install=True), service("started"))
    there = replace(AT_ROOT, installed=NEW, launcher=service("started").launcher.strip())
    said = rooted(plan(service(), there), service())
    assert (said.returncode, said.stderr) == (0, "")
    assert not (tmp_path / "adb/service.d/homelab.dualwan.sh").exists()
    assert (tmp_path / "adb/homelab.dualwan/keepalive.sh").exists()
    assert not plan(service(), replace(there, launcher="")).changes
    assert steps(plan(service("started"), replace(there, launcher=""))) == "install start"


def test_removed_the_service_is_gone_and_what_others_have_at_boot_stays(rooted, tmp_path):
    rooted(KeepalivePlan(install=True), service("started"))
    (tmp_path / "adb/service.d/other.sh").touch()
    there = replace(AT_ROOT, installed=NEW, launcher=service("started").launcher)
    said = rooted(plan(service("absent"), there), service("absent"))
    assert (said.returncode, said.stderr) == (0, "")
    assert [path.name for path in (tmp_path / "adb").rglob("*")] == ["service.d", "other.sh"]
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(("goes", "stays"), [(LOOP, ROOT_SERVICE), (ROOT_SERVICE, LOOP)], ids=["loop", "service"])
def test_one_that_is_removed_leaves_the_other_s_which_runs_its_own(rooted, tmp_path, goes, stays):
    """A script whose number is not in the file pid ends."""
    for place in (goes, stays):
        rooted(KeepalivePlan(install=True), replace(service("started"), place=place))
    (tmp_path / "kept/pid").write_text("4242\n")
    kind = "keepalive" if goes is LOOP else "root"
    there = sections(f"sh {stays.script} {NEW} ") | {f"{kind}_sum": f"{NEW}  x", "root_uid": "0"}
    asked = replace(service("absent"), place=goes)
    said = rooted(plan(asked, keepalive_from(there, goes)), asked)
    assert (said.returncode, said.stderr) == (0, "")
    assert (tmp_path / "kept/pid").read_text() == "4242\n"
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("keepalive.sh")}
    assert left == {"kept/keepalive.sh" if stays is LOOP else "adb/homelab.dualwan/keepalive.sh"}


def test_where_both_are_removed_nothing_is_left(rooted, tmp_path):
    for place in (ROOT_SERVICE, LOOP):
        rooted(KeepalivePlan(install=True), replace(service("started"), place=place))
    there = sections(f"sh {ROOT_SERVICE.script} {NEW} ", f"{NEW}  x") | {"root_sum": f"{NEW}  x", "root_uid": "0"}
    for place in (ROOT_SERVICE, LOOP):
        asked = replace(service("absent"), place=place)
        assert rooted(plan(asked, keepalive_from(there, place)), asked).returncode == 0
    assert not (tmp_path / "kept").exists()
    assert list((tmp_path / "adb").rglob("*")) == [tmp_path / "adb/service.d"]


def test_another_launcher_is_another_service():
    there = replace(AT_ROOT, installed=NEW, running=NEW, launcher=service("started").launcher.strip())
    assert not plan(service("started"), there).changes
    assert plan(service("started"), replace(there, launcher="#!/bin/sh")).install


def test_a_failing_step_of_root_s_is_told(rooted, tmp_path):
    (tmp_path / "adb/homelab.dualwan").touch()
    said = rooted(plan(service(), AT_ROOT), service())
    assert said.returncode != 0
    assert "homelab.dualwan" in said.stderr


@pytest.mark.parametrize("su", ["echo Permission denied >&2; exit 1", "exec sleep 60"], ids=["refuses", "hangs"])
def test_a_su_that_gives_no_root_after_all_is_told_from_a_step_that_fails(rooted, tmp_path, su):
    (tmp_path / "bin/su").write_text(f"#!/bin/sh\n{su}\n")
    before = sorted(tmp_path.rglob("*"))
    said = rooted(KeepalivePlan(stop=True, install=True), service("started"))
    assert (said.returncode, sorted(tmp_path.rglob("*"))) == (NO_ROOT, before)


def test_whichever_runs_is_told_of():
    root = f"/system/bin/sh {ROOT_SERVICE.script} {NEW} "
    assert whichever_runs(sections(root)).as_result()["layer"] == "root_service"
    assert whichever_runs(sections(RUNNING)).as_result()["layer"] == "loop"
    assert whichever_runs(sections()).as_result()["layer"] == "loop"


def test_shellcheck_has_nothing_to_say_of_the_launcher():
    if shutil.which("shellcheck") is None:
        unavailable("the program shellcheck")
    said = subprocess.run(
        ["shellcheck", "-s", "sh", "-"],
        input=service("started").launcher,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert said.stdout == ""
