# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole task, on a phone whose root service runs and whose shell has no root, or which has what was not named."""

from __future__ import annotations

import re

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android import _keepalive_task
from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Reply
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NotSupported
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import LOOP, PAUSE_FILE, ROOT_SERVICE
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import DIRECTORY
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import MARK
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.android.test_keepalive_options import OPTIONS as KEEPALIVE_OPTIONS
from unit.fake_phone import FakePhone

OPTIONS = {
    "serial": "X1",
    "adb_server_host": "127.0.0.1",
    "adb_server_port": 5037,
    "timeout": 30.0,
    "may_be_away": False,
    **KEEPALIVE_OPTIONS,
}
OLD = "0" * 64
SU, NO_SU = "/debug_ramdisk/su", ""


class ScriptedPhone(FakePhone):
    """Has what it is given to have. It takes the commands of a pause, and an assertion fails at any other."""

    def __init__(self, *, service="", loop="", su=NO_SU, root=False, data_off=False, default="rndis"):
        super().__init__(function="rndis", default=default)
        script = (service and ROOT_SERVICE.script) or (loop and LOOP.script)
        self.there = {
            "su": su,
            "root_uid": "0" if root else "",
            "root_sum": f"{service}  x" if root and service else "",
            "keepalive_sum": f"{loop}  x" if loop else "",
            "keepalive_process": f"sh {script} {service or loop} " if script else "",
            "keepalive_paused": f"{DIRECTORY}/data_off" if data_off else "",
            "uptime": "5000.10 9.00",
        }

    def read(self, script, *, doing):
        known = {**self._sections(), **self.there}
        names = re.findall(f"^echo '{MARK}([a-z_]+)'$", script, re.MULTILINE)
        return Reply("".join(f"{MARK}{name}\n{known.get(name, '')}\n" for name in names), "", 0)

    def _run(self, script):
        if PAUSE_FILE not in script:
            return super()._run(script)
        self.lines.append(script)
        self.there["keepalive_paused"] = PAUSE_FILE if "touch" in script else ""
        return Reply("", "", 0)


@pytest.fixture
def run(monkeypatch):
    def run_on(phone, *, check_mode=False, **options):
        monkeypatch.setattr(_keepalive_task, "Phone", lambda *_: phone)
        return _keepalive_task.run({**OPTIONS, **options}, Here(check_mode))

    return run_on


def chosen(result):
    return [name for name, layer in result["layers"].items() if layer["chosen"]]


@pytest.mark.parametrize("su", [SU, NO_SU], ids=["a su that gives none", "no su"])
def test_a_service_that_the_shell_has_no_root_for_any_more_is_left_and_told_of(run, su):
    phone = ScriptedPhone(service=OLD, su=su)
    result = run(phone)
    assert (result["changed"], phone.lines) == (False, [])
    assert chosen(result) == ["default_usb", "root_service"]
    assert (result["layers"]["root_service"]["before"], result["layers"]["root_service"]["after"]) == ("running",) * 2
    assert (result["after"]["layer"], result["after"]["running"]) == ("root_service", True)
    assert ["no loop comes beside it" in warning for warning in result["warnings"]] == [True]
    assert ["grant root to the shell once more" in hand for hand in result["by_hand"]] == [True]


def test_it_is_paused_and_resumed_all_the_same(run):
    phone = ScriptedPhone(service=OLD, su=SU)
    for state, after in (("paused", "paused"), ("started", "running")):
        promised = run(phone, state=state, check_mode=True)
        done = run(phone, state=state)
        assert (done["changed"], done["layers"]["root_service"]["after"]) == (True, after)
        assert promised["layers"] == done["layers"]
        assert run(phone, state=state)["changed"] is False


@pytest.mark.parametrize("state", ["stopped", "absent"])
@pytest.mark.parametrize("strategy", ["auto", "root_service"])
@pytest.mark.parametrize("su", [SU, NO_SU], ids=["a su that gives none", "no su"])
def test_who_wants_it_ended_is_told_both_ways_out(run, state, strategy, su):
    phone = ScriptedPhone(service=OLD, su=su)
    with pytest.raises(NotSupported) as refused:
        run(phone, state=state, strategy=[strategy])
    assert phone.lines == []
    for way in ("Grant root to the shell", f"delete {ROOT_SERVICE.launcher} and {ROOT_SERVICE.directory} by hand"):
        assert way in refused.value.message
    assert "auto" not in refused.value.message


def test_who_wants_the_loop_in_its_place_is_told_the_third(run):
    with pytest.raises(NotSupported, match="set strategy to auto, which leaves it as it is"):
        run(ScriptedPhone(service=OLD, su=SU), strategy=["loop"])


def test_with_root_it_is_reached_as_ever(run):
    result = run(ScriptedPhone(service=OLD, su=SU, root=True), check_mode=True)
    assert (result["changed"], result["warnings"], result["by_hand"]) == (True, [], [])


@pytest.mark.parametrize(
    ("phone", "layer"),
    [
        (ScriptedPhone(loop=OLD), "loop"),
        (ScriptedPhone(service=OLD, su=SU, root=True), "root_service"),
        (ScriptedPhone(service=OLD, su=SU), "root_service"),
    ],
    ids=["the loop", "the root service", "the root service without root"],
)
@pytest.mark.parametrize("strategy", [["default_usb"], ["default_usb", "host"]], ids=["alone", "with another"])
def test_a_script_that_is_not_named_beside_the_default_goes_on_and_is_told_of(run, phone, layer, strategy):
    phone.there["adb_key_life"] = "0"
    result = run(phone, strategy=strategy)
    assert (result["changed"], phone.lines) == (False, [])
    (told,) = result["warnings"]
    assert told.startswith(f"{layer}: strategy does not name it, so that it stays as it is, running")
    assert f"state absent with strategy {layer}" in told
    assert ("grant root to the shell once more" in told) is (layer == "root_service" and not phone.there["root_uid"])


def test_one_that_is_there_and_does_not_run_is_told_of_too(run):
    phone = ScriptedPhone(loop=OLD)
    phone.there["keepalive_process"] = ""
    assert ["not running" in warning for warning in run(phone, strategy=["default_usb"])["warnings"]] == [True]


@pytest.mark.parametrize(
    ("loop", "options"),
    [
        (OLD, {"strategy": ["host"]}),
        (OLD, {"strategy": ["default_usb", "loop"]}),
        (OLD, {"strategy": ["default_usb"], "state": "absent"}),
        (OLD, {"strategy": ["default_usb"], "state": "paused"}),
        ("", {"strategy": ["default_usb"]}),
        (OLD, {}),
    ],
    ids=["host", "both by name", "absent", "paused", "none there", "auto"],
)
def test_there_is_nothing_to_tell_where_it_is_named_or_the_default_is_not(run, loop, options):
    assert run(ScriptedPhone(loop=loop), check_mode=True, **options)["warnings"] == []


@pytest.mark.parametrize("strategy", ["auto", "loop"])
def test_mobile_data_that_a_dead_loop_left_off_is_no_reason_to_ask_for_root(run, strategy):
    result = run(ScriptedPhone(data_off=True), strategy=[strategy], check_mode=True)
    assert [diff["before_header"].partition(" ")[0] for diff in result["diff"]] == [LOOP.script]
