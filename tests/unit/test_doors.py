# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process door gives what the module would: the same options, the same defaults, and no secrets."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleError
from ansible.module_utils.basic import env_fallback

from ansible_collections.homelab.dualwan.plugins.action import (
    android_backup_phone,
    android_info,
    android_tether_keepalive,
    android_usb_tether,
    asus_dualwan,
    asus_settings_backup,
    asus_wan,
    asus_wan_info,
    backup_link_doctor,
    backup_link_drill,
    backup_link_report,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, MissingLibrary
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Task
from ansible_collections.homelab.dualwan.plugins.modules import asus_dualwan as asus_dualwan_module
from ansible_collections.homelab.dualwan.plugins.plugin_utils._in_process import InProcess

WORD = "correct horse"
SPEC = {
    "host": {"type": "str", "required": True, "fallback": (env_fallback, ["ASUSWRT_HOST"])},
    "port": {"type": "int", "default": 80},
    "state": {"type": "str", "choices": ["on", "off"]},
    "word": {"type": "str", "no_log": True},
}


class Door(InProcess):
    """The door of a task that only notes how it was called."""

    def __init__(self, task, transport="local"):
        connection = SimpleNamespace(transport=transport, _shell=SimpleNamespace(tmpdir=None))
        super().__init__(task, connection, SimpleNamespace(), None, None, None)
        self.calls = []
        self.modules = []
        self.answer = {"changed": False}
        self.failing = []
        self.spec = Task(run=self._note, argument_spec=SPEC, host_variables={"host": "lab_host", "port": "lab_port"})
        self._templar = SimpleNamespace(template=lambda value: value.replace("{{ home }}", "192.0.2.1"))

    def _note(self, params, here):
        self.calls.append((dict(params), here.check_mode))
        for error in self.failing:
            raise error
        return self.answer

    def _execute_module(self, **how):
        self.modules.append(how)
        return {"changed": True}


@pytest.fixture
def door():
    def make(transport="local", *, check_mode=False, async_val=0, delegate_to=None, **args):
        task = SimpleNamespace(
            args=args, action="a", check_mode=check_mode, async_val=async_val, delegate_to=delegate_to, diff=False
        )
        return Door(task, transport)

    return make


def test_options_are_converted_and_have_their_defaults(door):
    opened = door(host="r", port="8080")
    opened.run(None, {})
    assert opened.calls == [({"host": "r", "port": 8080, "state": None, "word": None}, False)]
    assert opened.modules == []


def test_the_environment_fills_in(door, monkeypatch):
    monkeypatch.setenv("ASUSWRT_HOST", "from the environment")
    opened = door()
    opened.run(None, {})
    assert opened.calls[0][0]["host"] == "from the environment"


def test_the_host_s_variables_fill_in_before_the_environment(door, monkeypatch):
    monkeypatch.setenv("ASUSWRT_HOST", "from the environment")
    opened = door(port=8080)
    opened.run(None, {"lab_host": "{{ home }}", "lab_port": "1"})
    assert (opened.calls[0][0]["host"], opened.calls[0][0]["port"]) == ("192.0.2.1", 8080)


def test_the_module_gets_the_host_s_variables_too(door):
    opened = door(async_val=60)
    opened.run(None, {"lab_host": "r"})
    assert opened._task.args == {"host": "r"}


def test_what_is_given_comes_first(door, monkeypatch):
    monkeypatch.setenv("ASUSWRT_HOST", "from the environment")
    opened = door(host="given")
    opened.run(None, {})
    assert opened.calls[0][0]["host"] == "given"


@pytest.mark.parametrize(
    "args",
    [{}, {"host": "r", "port": "many"}, {"host": "r", "state": "perhaps"}, {"host": "r", "prot": 80}],
    ids=["missing", "no number", "no choice", "unknown"],
)
def test_bad_options_never_reach_the_task(door, monkeypatch, args):
    monkeypatch.delenv("ASUSWRT_HOST", raising=False)
    opened = door(**args)
    with pytest.raises(AnsibleError):
        opened.run(None, {})
    assert opened.calls == []


def test_check_mode_is_passed_on(door):
    opened = door(host="r", check_mode=True)
    opened.run(None, {})
    assert opened.calls[0][1] is True


def test_secrets_are_taken_out_of_whatever_a_task_returns(door):
    opened = door(host="r", word=WORD)
    opened.answer = {"changed": False, "said": f"It is {WORD}.", "list": [WORD], "dict": {"deep": {"deeper": WORD}}}
    assert WORD not in str(opened.run(None, {}))


def test_and_out_of_its_failures(door):
    opened = door(host="r", word=WORD)
    opened.failing = [BadWish(f"it said {WORD}", cure="Try another")]
    result = opened.run(None, {})
    assert result["failed"]
    assert WORD not in str(result)


def test_an_empty_secret_hides_nothing(door):
    opened = door(host="r", word="")
    opened.answer = {"changed": False, "said": "all of it"}
    assert opened.run(None, {})["said"] == "all of it"


def test_a_failure_of_the_device_fails_the_task_with_its_reason(door):
    opened = door(host="r")
    opened.failing = [BadWish("this cannot be", cure="Try that")]
    result = opened.run(None, {})
    assert (result["failed"], result["msg"], result["reason"]) == (True, "this cannot be. Try that", "bad_wish")


def test_a_missing_library_is_named_with_its_least_version(door):
    opened = door(host="r")
    opened.failing = [MissingLibrary("httpx", "0.27", ImportError("No module named 'httpx'"))]
    result = opened.run(None, {})
    assert (result["failed"], result["reason"]) == (True, "missing_library")
    assert "httpx >= 0.27" in result["msg"]


def test_a_task_for_another_machine_goes_by_module(door):
    opened = door("ssh", delegate_to="elsewhere", host="r")
    assert opened.run(None, {"a": 1})["changed"]
    assert opened.calls == []
    assert opened.modules == [{"task_vars": {"a": 1}, "wrap_async": 0}]


def test_one_delegated_to_here_does_not(door):
    opened = door("local", delegate_to="localhost", host="r")
    opened.run(None, {})
    assert opened.modules == []


def test_one_in_the_background_does(door):
    opened = door(host="r", async_val=60)
    opened.run(None, {})
    assert opened.calls == []
    assert opened.modules[0]["wrap_async"] == 60


@pytest.mark.parametrize(
    "action",
    [
        android_backup_phone,
        android_info,
        android_tether_keepalive,
        android_usb_tether,
        asus_dualwan,
        asus_settings_backup,
        asus_wan,
        asus_wan_info,
        backup_link_doctor,
        backup_link_drill,
        backup_link_report,
    ],
)
def test_every_action_has_a_task(action):
    task = action.ActionModule.spec
    assert isinstance(task, Task)
    assert all("type" in option for option in task.argument_spec.values())


def test_both_doors_open_the_same_task():
    assert asus_dualwan.ActionModule.spec is asus_dualwan_module.TASK


@pytest.mark.parametrize("action", [asus_dualwan, asus_settings_backup, asus_wan, asus_wan_info, backup_link_doctor])
def test_router_options_are_found_in_the_environment(action):
    spec = action.ActionModule.spec.argument_spec
    for name in ("host", "port", "tls", "validate_certs", "username", "password"):
        assert spec[name]["fallback"] == (env_fallback, [f"ASUSWRT_{name.upper()}"])
    assert spec["password"]["no_log"]
