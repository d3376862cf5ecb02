# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole tasks against a router that remembers, with the requests counted."""

from __future__ import annotations

from functools import partial

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt import _dualwan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    NotActivated,
    NotCapable,
    NotStored,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, DeviceError
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.builders import AN_UNMARKED_PHONE, a_backup_router, a_router, task_options
from unit.fake_router import FakeRouter

WANTED = {
    "state": "enabled",
    "secondary": "usb",
    "failback": True,
    "detection": {"ping_target": "1.1.1.1", "failover_count": 4},
}


@pytest.fixture
def run(monkeypatch):
    def run_on(router, *, check_mode=False, **options):
        monkeypatch.setattr(_dualwan, "Session", partial(Session, transport=router.transport))
        return _dualwan.run(task_options(**options), Here(check_mode, router.clock))

    return run_on


def test_a_router_as_wanted_is_read_once_and_left_alone(run):
    router = FakeRouter(a_backup_router(wandog_maxfail="4"))
    result = run(router, **WANTED)
    assert router.asked == ["login", "read", "logout"]
    assert (result["changed"], result["activation"], result["rebooted"]) == (False, "none", False)
    assert result["before"] == result["after"]
    assert result["diff"] == {"before": {}, "after": {}}


def test_a_live_change_is_one_write_and_one_look_more(run):
    router = FakeRouter(a_backup_router())
    result = run(router, **WANTED)
    assert router.asked == ["login", "read", "write", "read", "logout"]
    assert router.written == [{"wandog_maxfail": "4"}]
    assert router.services == []
    assert result["changed"]
    assert result["after"]["detection"]["failover_count"] == 4
    assert set(result["diff"]["after"]) == {"detection"}


def test_the_second_run_writes_nothing(run):
    router = FakeRouter(a_router())
    assert run(router, **WANTED)["changed"]
    router.asked.clear()
    assert not run(router, **WANTED)["changed"]
    assert router.asked == ["login", "read", "logout"]


def test_check_mode_promises_what_happens_and_writes_nothing(run):
    router = FakeRouter(a_router())
    promised = run(router, check_mode=True, **WANTED)
    assert router.asked == ["login", "read", "logout"]
    done = run(router, **WANTED)
    for name in ("changed", "before", "after", "diff", "activation", "activation_reason", "timing"):
        assert promised[name] == done[name]
    assert not promised["rebooted"]


def test_usb_as_secondary_takes_the_light_service_and_waits_for_its_end(run):
    router = FakeRouter(a_router())
    result = run(router, **WANTED)
    assert router.services == ["start_multipath"]
    assert result["activation"] == "start_multipath"
    assert router.nvram["rc_service"] == ""
    assert router.asked.count("login") == 1


def test_a_service_that_is_not_seen_to_end_leaves_stored_values_that_are_not_true_yet(run):
    router = FakeRouter(a_router())
    router.services_end = False
    with pytest.raises(NotActivated, match="start_multipath"):
        run(router, **WANTED)
    assert router.nvram["wans_dualwan"] == "wan usb"


def test_a_reboot_is_waited_for_and_the_router_asked_anew(run):
    router = FakeRouter(a_router(**AN_UNMARKED_PHONE))
    result = run(router, **WANTED)
    assert router.services == ["reboot"]
    assert (result["activation"], result["rebooted"]) == ("reboot", True)
    # The reads: how long it runs, whether rc took the reboot up, whether it runs from anew, and what it has.
    assert router.asked == ["login", "read", "read", "write", "read", "login", "read", "read", "logout"]


def test_the_reply_to_a_reboot_may_be_lost(run):
    router = FakeRouter(a_router(**AN_UNMARKED_PHONE))
    router.loses_the_reply_to_a_reboot = True
    assert run(router, **WANTED)["rebooted"]


def test_nothing_is_activated_where_the_user_does_that(run):
    router = FakeRouter(a_router(**AN_UNMARKED_PHONE))
    result = run(router, **WANTED, activation="none")
    assert router.services == []
    assert result["changed"]
    assert "pending: reboot" in result["activation_reason"]


def test_a_busy_router_is_waited_for_before_the_write(run):
    router = FakeRouter(a_router(rc_service="restart_wan"))
    router.clock.after(3, lambda: router.nvram.update(rc_service=""))
    run(router, **WANTED)
    assert router.asked.index("write") > 3
    assert router.services == ["start_multipath"]


def test_a_write_without_a_service_need_not_wait_for_another(run):
    router = FakeRouter(a_backup_router(rc_service="restart_wan"))
    run(router, **WANTED)
    assert router.asked == ["login", "read", "write", "read", "logout"]


def test_a_value_dropped_in_silence_fails_with_what_was_kept(run):
    router = FakeRouter(a_backup_router())
    router.drops = {"wandog_maxfail"}
    with pytest.raises(NotStored, match="wandog_maxfail is '12', not '4'") as failed:
        run(router, **WANTED)
    assert failed.value.as_result()["kept"] == {"wandog_maxfail": "12"}
    assert router.asked == ["login", "read", "write", "read", "logout"]


def test_a_value_dropped_beside_new_lines_is_not_activated_twice(run):
    router = FakeRouter(a_router(**AN_UNMARKED_PHONE))
    router.drops = {"wandog_maxfail"}
    with pytest.raises(NotStored):
        run(router, **WANTED)
    assert router.services == ["reboot"]
    assert router.writes == 1


def test_a_line_that_was_switched_off_when_last_in_use_is_switched_on_again(run):
    # httpd stores a line's settings by its type, and brings the former ones of usb along.
    router = FakeRouter(a_router())
    router.stored_by_type["usb"] = {"wan1_enable": "0"}
    result = run(router, **WANTED)
    assert router.written[1:] == [{"wan1_enable": "1"}]
    assert router.nvram["wan1_enable"] == "1"
    assert result["changed"]
    assert router.services == ["start_multipath", "start_multipath"]


def test_a_line_that_is_off_and_known_by_its_unit_only_is_switched_on_by_that(run):
    router = FakeRouter(a_router(wan1_enable="0"))
    router.drops = {"wan1_enable"}

    def by_the_unit(fields):
        if "wan_enable" in fields:
            router.nvram[f"wan{fields['wan_unit']}_enable"] = fields["wan_enable"]

    router.when_written = by_the_unit
    assert run(router, **WANTED)["changed"]
    assert router.written[1:] == [{"wan1_enable": "1"}, {"wan_unit": "1", "wan_enable": "1"}]
    assert router.nvram["wan1_enable"] == "1"


def test_the_automatic_backup_becomes_a_configured_one(run):
    router = FakeRouter(a_backup_router(wans_usb_bk_act="1", wandog_maxfail="4"))
    result = run(router, **WANTED)
    assert router.written == [{"wans_usb_bk_act": "0"}]
    assert (result["before"]["state"], result["after"]["state"]) == ("disabled", "enabled")


def test_what_the_router_cannot_do_is_refused_before_a_write(run):
    router = FakeRouter(a_router(wans_cap="wan lan"))
    with pytest.raises(NotCapable):
        run(router, **WANTED)
    assert router.asked == ["login", "read", "logout"]


def test_what_cannot_be_is_refused_before_a_login(run):
    router = FakeRouter(a_router())
    with pytest.raises(BadWish):
        run(router, primary="usb", secondary="usb")
    assert router.asked == []


@pytest.mark.parametrize("blank", ["username", "password"])
def test_blanks_are_not_tried_as_each_failure_brings_the_lock_nearer(run, blank):
    router = FakeRouter(a_router())
    with pytest.raises(BadWish, match=blank):
        run(router, **WANTED, **{blank: ""})
    assert router.asked == []


def test_rules_arrive_as_they_were_meant(run):
    router = FakeRouter(a_backup_router(wans_mode="lb"))
    rules = [{"source": "192.168.50.20", "destination": "all", "wan": "secondary"}]
    result = run(router, routing_rules=rules)
    assert router.nvram["wans_routing_rulelist"] == "<192.168.50.20>all>1"
    assert result["after"]["routing_rules"] == rules


def test_a_missing_phone_and_a_missing_probe_are_warned_of(run):
    warnings = run(FakeRouter(a_router()), state="enabled")["warnings"]
    assert len(warnings) == 2
    assert "ping" in warnings[0]
    assert "not seen on the router's USB port" in warnings[1]


def test_nothing_to_warn_of_with_phone_and_probe(run):
    assert run(FakeRouter(a_backup_router()), **WANTED)["warnings"] == []


def test_nothing_to_warn_of_while_off(run):
    assert run(FakeRouter(a_router()), state="disabled")["warnings"] == []


def test_what_load_balance_took_with_it_is_in_the_diff(run):
    router = FakeRouter(a_backup_router(wans_mode="lb"))
    diff = run(router, mode="failover", check_mode=True)["diff"]
    assert diff["before"]["load_balance_ratio"] == "3:1"
    assert "load_balance_ratio" not in diff["after"] or diff["after"]["load_balance_ratio"] is None


def test_every_failure_is_one_of_the_family(run):
    router = FakeRouter(a_backup_router())
    router.drops = {"wandog_maxfail"}
    with pytest.raises(DeviceError) as failed:
        run(router, **WANTED)
    assert failed.value.cure
