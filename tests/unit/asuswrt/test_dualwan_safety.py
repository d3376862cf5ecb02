# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody is locked out: a change is noted, watched, taken back, and found again by the next run."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt import _dualwan, _memory, _wan_info
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotActivated, RolledBack
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, DeviceError
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.builders import A_PHONE, CONNECTION, a_backup_router, a_router, task_options
from unit.fake_router import FakeRouter

ON = {"state": "enabled", "failback": True, "detection": {"ping_target": "1.1.1.1"}}


@pytest.fixture
def run(monkeypatch):
    def run_on(router, *, check_mode=False, heard=None, **options):
        monkeypatch.setattr(_dualwan, "Session", partial(Session, transport=router.transport))
        here = Here(check_mode, router.clock, (heard if heard is not None else []).append)
        return _dualwan.run(task_options(**options), here)

    return run_on


@pytest.fixture
def look(monkeypatch):
    def look_at(router, *, check_mode=False):
        monkeypatch.setattr(_wan_info, "Session", partial(Session, transport=router.transport))
        options = {**CONNECTION, "wait_seconds": 0.0, "as_variables": False}
        return _wan_info.run(options, Here(check_mode, router.clock))

    return look_at


def loses_the_internet(router, seconds=None):
    """From the next write on, for so many seconds."""

    def happen(_changes):
        router.nvram["link_internet"] = "1"
        if seconds:
            router.clock.after(seconds, lambda: router.nvram.update(link_internet="2"))

    router.when_written = happen


def test_an_internet_that_stays_away_brings_the_former_values_back(run):
    router = FakeRouter(a_router())
    loses_the_internet(router)
    heard = []
    with pytest.raises(RolledBack, match="internet was not back") as failed:
        run(router, **ON, rollback_timeout=120, heard=heard)
    assert router.nvram["wans_dualwan"] == "wan none"
    assert router.nvram["wandog_target"] == ""
    result = failed.value.as_result()
    assert (result["reason"], result["rolled_back"], result["internet"]) == ("rolled_back", True, False)
    assert "not back" in result["why"]
    assert "written again" in heard[-1]
    assert router.services == ["start_multipath", "start_multipath"]


def test_they_come_back_with_a_disk_that_is_full_by_then(run, monkeypatch):
    router = FakeRouter(a_router())
    loses_the_internet(router)
    happen = router.when_written

    def with_it_the_disk_is_full(changes):
        happen(changes)
        monkeypatch.setattr(_memory, "keep_private", lambda _path, _content: Path("/dev/full/none").touch())

    router.when_written = with_it_the_disk_is_full
    with pytest.raises(RolledBack, match="internet was not back"):
        run(router, **ON, rollback_timeout=120)
    assert router.nvram["wans_dualwan"] == "wan none"


class LosesTheWayBack(FakeRouter):
    """One that does not end the service which it is asked for with the former values."""

    def _start(self, service):
        self.services_end = self.nvram["wans_dualwan"] != "wan none"
        super()._start(service)


def a_roll_back_whose_service_was_lost(run):
    router = LosesTheWayBack(a_router())
    loses_the_internet(router)
    with pytest.raises(NotActivated, match="has not finished start_multipath"):
        run(router, **ON, rollback_timeout=60)
    assert router.nvram["wans_dualwan"] == "wan none"
    router._end_service()
    router._start = super(LosesTheWayBack, router)._start
    router.services_end = True
    router.services.clear()
    return router


def test_the_service_of_a_roll_back_that_was_lost_is_asked_for_by_the_next_run(run):
    router = a_roll_back_whose_service_was_lost(run)
    foretold = run(router, state="disabled", check_mode=True)
    assert (foretold["changed"], foretold["activation"]) == (True, "start_multipath")
    result = run(router, state="disabled", rollback_timeout=60)
    assert router.services == ["start_multipath"]
    assert result["warnings"][0].startswith("An earlier run wrote the former values again and did not see")
    assert not run(router, state="disabled")["changed"]


def test_who_wishes_the_change_again_has_both_as_one(run):
    router = a_roll_back_whose_service_was_lost(run)
    router.when_written = lambda _changes: router.nvram.update(link_internet="2")
    result = run(router, **ON, rollback_timeout=60)
    assert (result["after"]["state"], router.services) == ("enabled", ["start_multipath"])
    assert not run(router, **ON)["changed"]


def test_a_roll_back_that_did_not_reach_the_router_is_begun_again_by_the_next_run(run):
    router = FakeRouter(a_router())
    loses_the_internet(router)
    takes = router._applyapp

    def is_killed(request, fields):
        if fields.get("wans_dualwan") == "wan none":
            raise KeyboardInterrupt
        return takes(request, fields)

    router._applyapp = is_killed
    with pytest.raises(KeyboardInterrupt):
        run(router, **ON, rollback_timeout=60)
    assert router.nvram["wans_dualwan"] == "wan usb"
    router._applyapp = takes
    with pytest.raises(RolledBack):
        run(router, **ON, rollback_timeout=60)
    assert router.nvram["wans_dualwan"] == "wan none"


def test_an_internet_that_comes_back_in_time_keeps_the_change(run):
    router = FakeRouter(a_router())
    loses_the_internet(router, seconds=40)
    result = run(router, **ON, rollback_timeout=120)
    assert result["after"]["state"] == "enabled"
    assert router.writes == 1


def test_a_dns_probe_alone_is_given_the_rounds_that_it_takes_to_tell(run):
    router = FakeRouter(a_backup_router(wandog_enable="0", dns_probe="1"))

    def happen(_changes):
        # Two rounds that are skipped and two misses that do not count, of 5 s with up to 3 s of waiting.
        router.clock.after(4 * 8, lambda: router.nvram.update(link_internet="1"))

    router.when_written = happen
    with pytest.raises(RolledBack):
        run(router, detection={"dns_query": {"hostname": "nowhere.example"}}, rollback_timeout=60)


def test_an_internet_that_was_not_there_before_is_not_waited_for(run):
    router = FakeRouter(a_router(link_internet="1"))
    assert run(router, **ON, rollback_timeout=120)["changed"]
    assert router.writes == 1


def test_without_a_timeout_nothing_is_taken_back(run):
    router = FakeRouter(a_router())
    loses_the_internet(router)
    assert run(router, **ON)["changed"]
    assert router.nvram["wans_dualwan"] == "wan usb"


def test_an_internet_of_yesterday_does_not_count_while_the_daemon_pauses(run):
    router = FakeRouter(a_router())

    def pause(_changes):
        router.nvram["freeze_duck"] = "15"
        router.clock.after(15, lambda: router.nvram.update(freeze_duck="0", link_internet="1"))

    router.when_written = pause
    with pytest.raises(RolledBack):
        run(router, **ON, rollback_timeout=60)


def test_a_pause_that_never_ends_does_not_take_a_good_change_back(run):
    router = FakeRouter(a_router())
    router.when_written = lambda _changes: router.nvram.update(freeze_duck="15")
    assert run(router, **ON, rollback_timeout=60)["changed"]


def test_what_the_router_made_of_a_value_is_not_taken_for_somebody_else_s(run):
    router = FakeRouter(a_router())

    def happen(changes):
        if changes.get("wandog_target"):
            router.nvram |= {"link_internet": "1", "wandog_target": "001.1.1.1"}

    router.when_written = happen
    with pytest.raises(RolledBack) as failed:
        run(router, **ON, rollback_timeout=30)
    assert router.nvram["wandog_target"] == ""
    assert "left alone" not in failed.value.happened


def test_what_cannot_be_taken_back_whole_says_what_is_left(run):
    router = FakeRouter(a_router())

    def happen(_changes):
        router.nvram["link_internet"] = "1"
        router.drops = {"wandog_target"}

    router.when_written = happen
    with pytest.raises(RolledBack, match="not all in place: wandog_target") as failed:
        run(router, **ON, rollback_timeout=30)
    assert failed.value.as_result()["rolled_back"] is False


def test_a_router_that_comes_back_too_late_has_its_former_values_again(run):
    router = FakeRouter(a_backup_router())
    router.away_seconds = 400
    router.when_written = lambda _changes: router.clock.after(10, lambda: setattr(router, "away_seconds", 60))
    with pytest.raises(RolledBack, match="not seen through in time"):
        run(router, mode="load_balance", rollback_timeout=300)
    assert router.nvram["wans_mode"] == "fb"


def test_a_router_that_does_not_come_back_is_taken_back_by_the_run_that_finds_it(run):
    router = FakeRouter(a_backup_router())
    router.away_seconds = 4000
    with pytest.raises(NotActivated, match="cannot be reached to take the change back") as failed:
        run(router, mode="load_balance", rollback_timeout=60)
    assert failed.value.as_result()["rolled_back"] is False

    router.clock.sleep(4000)
    router.away_seconds = 60
    router.nvram["link_internet"] = "1"
    with pytest.raises(RolledBack, match="ended in the middle"):
        run(router, mode="load_balance", rollback_timeout=60)
    assert router.nvram["wans_mode"] == "fb"


def test_a_router_that_has_just_booted_is_given_its_time_before_the_change_is_taken_back(run):
    router = FakeRouter(a_backup_router())
    router.away_seconds = 4000
    with pytest.raises(NotActivated):
        run(router, mode="load_balance", rollback_timeout=60)
    router.nvram["link_internet"] = "1"
    while router.nvram["rc_service"]:
        router.clock.sleep(1)  # until it is back
    router.clock.after(20, lambda: router.nvram.update(link_internet="2"))
    result = run(router, mode="load_balance", rollback_timeout=60)
    assert any("has it all" in warning for warning in result["warnings"])
    assert router.nvram["wans_mode"] == "lb"
    assert router.services == ["reboot"]


class Killed(BaseException):
    """As a play that dies: nothing of ours runs any more."""


def dies_while_waiting(router):
    def happen(_changes):
        router.clock.after(1, _kill)

    def _kill():
        raise Killed

    router.when_written = happen


def test_a_play_that_died_is_told_of_and_what_it_owed_is_done(run):
    router = FakeRouter(a_router())
    dies_while_waiting(router)
    with pytest.raises(Killed):
        run(router, **ON)
    router.when_written = lambda _changes: None
    router.services.clear()
    router.clock.sleep(10)

    foretold = run(router, check_mode=True, **ON)
    assert (foretold["activation"], router.services) == ("start_multipath", [])
    result = run(router, **ON)
    assert result["changed"]
    assert router.services == ["start_multipath"]
    assert any("earlier run" in warning for warning in result["warnings"])
    third = run(router, **ON)
    assert not third["changed"]
    assert not any("earlier run" in warning for warning in third["warnings"])


def test_a_play_that_died_and_left_no_internet_is_taken_back(run):
    router = FakeRouter(a_router())
    dies_while_waiting(router)
    with pytest.raises(Killed):
        run(router, **ON, rollback_timeout=60)
    router.when_written = lambda _changes: None
    router.nvram["link_internet"] = "1"
    router.clock.sleep(61)
    assert any("earlier run" in warning for warning in run(router, check_mode=True, **ON)["warnings"])
    with pytest.raises(RolledBack):
        run(router, **ON, rollback_timeout=60)
    assert router.nvram["wans_dualwan"] == "wan none"


def left_in_the_middle_of_its_watch(run, router, **wish):
    """All of it done, and Ctrl-C while the internet is watched."""

    class AtTheWatch:
        def append(self, line):
            if line.startswith("The change is made"):
                raise Killed

    with pytest.raises(Killed):
        run(router, **wish, rollback_timeout=180, heard=AtTheWatch())


NEW_TARGET = {"detection": {"ping_target": "9.9.9.9"}}
# Whether a service is owed by the note, which is written before it runs.
LEFT = [
    pytest.param(a_router, ON, {"wans_dualwan": "wan usb"}, ["start_multipath"], id="a service"),
    pytest.param(a_backup_router, NEW_TARGET, {"wandog_target": "9.9.9.9"}, [], id="no service"),
]


@pytest.mark.parametrize(("found", "wish", "values", "owed"), LEFT)
def test_what_was_seen_to_be_well_is_not_taken_back_in_an_outage_of_a_later_day(run, look, found, wish, values, owed):
    router = FakeRouter(found())
    left_in_the_middle_of_its_watch(run, router, **wish)
    router.clock.sleep(300)
    assert look(router)["internet"] is True
    router.services.clear()
    router.clock.sleep(30 * 86400)
    router.nvram["link_internet"] = "1"
    began = router.clock.now()
    run(router, **wish, rollback_timeout=180)
    assert {name: router.nvram[name] for name in values} == values
    assert router.services == owed
    assert router.clock.now() - began < 60  # nor is it waited for


@pytest.mark.parametrize("seen", ["by nobody", "too early", "in check mode", "offline", "and not noted"])
def test_what_was_not_seen_to_be_well_still_is(run, look, monkeypatch, seen):
    router = FakeRouter(a_router())
    left_in_the_middle_of_its_watch(run, router, **ON)
    router.clock.sleep(100 if seen == "too early" else 300)
    router.nvram["link_internet"] = "1" if seen == "offline" else "2"
    with monkeypatch.context() as broken:
        if seen == "and not noted":
            broken.setattr(_memory, "keep_private", lambda _path, _content: Path("/dev/full/none").touch())
        if seen != "by nobody":
            look(router, check_mode=seen == "in check mode")
    router.clock.sleep(300)
    router.nvram["link_internet"] = "1"
    with pytest.raises(RolledBack, match="ended in the middle"):
        run(router, **ON, rollback_timeout=180)
    assert router.nvram["wans_dualwan"] == "wan none"


@pytest.mark.parametrize(("found", "wish", "values", "owed"), LEFT)
@pytest.mark.parametrize("just_booted", [False, True], ids=["up for long", "just booted"])
def test_what_nobody_saw_to_be_well_is_not_taken_back_in_an_outage_of_a_later_day(
    run, found, wish, values, owed, just_booted
):
    """As with a second control node, whose looks end no note of this one."""
    router = FakeRouter(found())
    left_in_the_middle_of_its_watch(run, router, **wish)
    router.services.clear()
    router.clock.sleep(2 * 86400)
    if just_booted:
        router.booted = router.clock.now() - 5
    router.nvram["link_internet"] = "1"
    told = run(router, check_mode=True, **wish)["warnings"]
    assert any("more than a day ago" in warning for warning in told)
    began = router.clock.now()
    assert run(router, **wish, rollback_timeout=180)["warnings"][0] in told
    assert {name: router.nvram[name] for name in values} == values
    assert router.services == ([] if just_booted else owed)
    assert router.clock.now() - began < 60  # nor is the internet waited for
    assert not any("earlier run" in warning for warning in run(router, **wish)["warnings"])


def test_what_was_set_to_something_else_since_is_left_alone_and_told(run):
    router = FakeRouter(a_router())
    left_in_the_middle_of_its_watch(run, router, **ON)
    router.clock.sleep(3600)
    router.nvram |= {"link_internet": "1", "wandog_target": "8.8.4.4"}
    with pytest.raises(RolledBack, match="something else since, and left alone: wandog_target") as failed:
        run(router, **ON, rollback_timeout=180)
    assert (router.nvram["wans_dualwan"], router.nvram["wandog_target"]) == ("wan none", "8.8.4.4")
    assert all("wandog_target" not in written for written in router.written[1:])
    result = failed.value.as_result()
    assert (result["rolled_back"], result["stored"]) == (True, "nothing")


def test_what_httpd_swapped_in_for_a_line_goes_back_with_the_line(run):
    router = FakeRouter(a_router(wan1_enable="0"))
    left_in_the_middle_of_its_watch(run, router, **ON)
    router.clock.sleep(3600)
    router.nvram |= {"link_internet": "1", "wan1_enable": ""}
    with pytest.raises(RolledBack) as failed:
        run(router, **ON, rollback_timeout=180)
    assert (router.nvram["wans_dualwan"], router.nvram["wan1_enable"]) == ("wan none", "0")
    assert "left alone" not in failed.value.happened


def dies_without_internet(router):
    def happen(_changes):
        router.nvram["link_internet"] = "1"
        router.clock.after(1, _kill)

    def _kill():
        raise Killed

    router.when_written = happen


def run_again_after(router, seconds):
    router.when_written = lambda _changes: None
    router.clock.sleep(seconds)


def test_a_play_that_is_run_again_at_once_asks_for_what_is_owed_and_keeps_the_way_back(run):
    router = FakeRouter(a_router())
    dies_without_internet(router)
    with pytest.raises(Killed):
        run(router, **ON, rollback_timeout=180)
    run_again_after(router, 20)
    with pytest.raises(RolledBack) as failed:
        run(router, **ON, rollback_timeout=180)
    assert router.services == ["start_multipath"] * 3  # the first run's, the one owed, the one that takes it back
    assert router.nvram["wans_dualwan"] == "wan none"
    assert failed.value.as_result()["rolled_back"] is True


def test_a_play_that_is_run_again_at_once_goes_on_looking_for_the_internet(run):
    router = FakeRouter(a_backup_router())
    dies_without_internet(router)
    new_target = {"detection": {"ping_target": "9.9.9.9"}}
    with pytest.raises(Killed):
        run(router, **new_target, rollback_timeout=180)
    run_again_after(router, 20)
    with pytest.raises(RolledBack, match="internet is not back"):
        run(router, **new_target, rollback_timeout=180)
    assert router.nvram["wandog_target"] == "1.1.1.1"


def test_an_internet_that_comes_back_while_the_second_run_looks_keeps_the_change(run):
    router = FakeRouter(a_backup_router())
    dies_without_internet(router)
    new_target = {"detection": {"ping_target": "9.9.9.9"}}
    with pytest.raises(Killed):
        run(router, **new_target, rollback_timeout=180)
    run_again_after(router, 20)
    router.clock.after(60, lambda: router.nvram.update(link_internet="2"))
    result = run(router, **new_target, rollback_timeout=180)
    assert (result["changed"], router.nvram["wandog_target"]) == (False, "9.9.9.9")
    began = router.clock.now()
    assert run(router, **new_target, rollback_timeout=180)["warnings"] == []
    assert router.clock.now() == began  # the note is gone: nothing is looked at for long


def test_an_internet_that_comes_back_by_the_phone_while_the_second_run_looks_is_not_given_up(run):
    router = FakeRouter(a_backup_router())
    dies_without_internet(router)
    with pytest.raises(Killed):
        run(router, **NEW_TARGET, rollback_timeout=180)
    run_again_after(router, 300)
    router.booted = router.clock.now()
    by_the_phone = {"link_internet": "2", "wan0_auxstate_t": "1", "wan0_primary": "0", "wan1_primary": "1"}
    router.clock.after(20, lambda: router.nvram.update(by_the_phone))
    with pytest.raises(BadWish, match="carries the traffic"):
        run(router, state="disabled", rollback_timeout=180)
    assert (router.nvram["wans_dualwan"], router.services) == ("wan usb", [])


def test_a_clock_that_was_set_back_makes_no_wait_longer(run):
    router = FakeRouter(a_backup_router())
    dies_without_internet(router)
    new_target = {"detection": {"ping_target": "9.9.9.9"}}
    with pytest.raises(Killed):
        run(router, **new_target, rollback_timeout=180)
    run_again_after(router, 20)
    epoch = router.clock.epoch
    router.clock.epoch = lambda: epoch() - 1_000_000
    began = router.clock.now()
    with pytest.raises(RolledBack):
        run(router, **new_target, rollback_timeout=180)
    assert router.clock.now() - began < 200


def test_what_activation_none_left_goes_back_with_the_service_that_was_owed(run):
    router = FakeRouter(a_router())
    assert run(router, **ON, activation="none", rollback_timeout=180)["pending"] == "start_multipath"
    loses_the_internet(router)
    with pytest.raises(RolledBack) as failed:
        run(router, **ON, rollback_timeout=180)
    assert failed.value.as_result()["rolled_back"] is True
    assert (router.nvram["wans_dualwan"], router.nvram["wandog_target"]) == ("wan none", "")


def test_what_somebody_has_set_since_does_not_go_back_with_it(run):
    router = FakeRouter(a_router())
    run(router, **ON, activation="none", rollback_timeout=180)
    router.nvram["wandog_target"] = "8.8.4.4"
    loses_the_internet(router)
    with pytest.raises(RolledBack):
        run(router, state="enabled", rollback_timeout=180)
    assert (router.nvram["wans_dualwan"], router.nvram["wandog_target"]) == ("wan none", "8.8.4.4")


def test_with_activation_none_nothing_is_requested_to_take_a_change_back_either(run):
    router = FakeRouter(a_backup_router())
    loses_the_internet(router)
    with pytest.raises(RolledBack):
        run(router, mode="load_balance", activation="none", rollback_timeout=60)
    assert (router.nvram["wans_mode"], router.services) == ("fb", [])


def test_what_activation_none_left_is_done_by_the_next_run_that_may(run):
    router = FakeRouter(a_router())
    assert run(router, **ON, activation="none")["pending"] == "start_multipath"
    again = run(router, **ON, activation="none")
    assert (again["changed"], again["pending"]) == (False, "start_multipath")
    assert run(router, **ON)["activation"] == "start_multipath"
    assert router.services == ["start_multipath"]


def test_a_reboot_that_somebody_else_made_is_not_owed_any_more(run):
    router = FakeRouter(a_backup_router())
    assert run(router, mode="load_balance", activation="none")["pending"] == "reboot"
    router.clock.sleep(100)
    router.booted = router.clock.now()
    router.clock.sleep(100)
    assert run(router, mode="load_balance")["changed"] is False
    assert router.services == []


@pytest.mark.parametrize("seconds", [-1, 180_000, 10**400], ids=["none", "milliseconds", "no float"])
def test_a_wait_that_makes_no_sense_is_refused_before_anybody_is_asked(run, seconds):
    router = FakeRouter(a_router())
    with pytest.raises(BadWish, match="rollback_timeout"):
        run(router, **ON, rollback_timeout=seconds)
    assert router.asked == []


def test_an_effect_that_does_not_show_is_told(run):
    router = FakeRouter(a_router(**{**A_PHONE, "link_wan1": "0"}))
    result = run(router, **ON)
    assert result["effect"]["seen"] is False
    assert any("does not show yet" in warning for warning in result["warnings"])


def test_an_effect_that_shows_a_little_later_is_waited_for(run):
    router = FakeRouter(a_router(**{**A_PHONE, "link_wan1": "0"}))
    router.when_written = lambda _changes: router.clock.after(12, lambda: router.nvram.update(link_wan1="1"))
    assert run(router, **ON)["effect"]["seen"] is True


def test_what_it_costs_is_said_before_and_in_the_diff(run):
    router = FakeRouter(a_backup_router())
    foretold = run(router, check_mode=True, mode="load_balance")
    assert foretold["downtime_seconds"] == 70
    assert foretold["diff"]["prepared"].startswith("activation: reboot, the line is down for about 70 s")
    assert run(router, check_mode=True, detection={"interval": 9})["diff"]["prepared"].startswith(
        "activation: none, no line goes down"
    )


def test_the_settings_are_kept_before_the_first_write_and_never_without_one(run, tmp_path):
    router = FakeRouter(a_router(http_enable="2"))
    wish = {**ON, "backup": True, "backup_directory": str(tmp_path / "kept")}
    result = run(router, **wish)
    assert router.asked.index("download") < router.asked.index("write")
    (file,) = (tmp_path / "kept").iterdir()
    assert result["backup_file"] == str(file)
    assert b"wans_dualwan=wan none" in file.read_bytes()
    router.asked.clear()
    assert run(router, **wish)["backup_file"] is None
    assert router.asked == ["login", "read", "logout"]


def test_check_mode_keeps_no_settings(run, tmp_path):
    router = FakeRouter(a_router())
    run(router, check_mode=True, **ON, backup=True, backup_directory=str(tmp_path / "kept"))
    assert "download" not in router.asked


def test_a_router_whose_settings_cannot_be_kept_is_not_changed(run, tmp_path):
    router = FakeRouter(a_router())
    blocked = tmp_path / "a file"
    blocked.touch()
    with pytest.raises(DeviceError):
        run(router, **ON, backup=True, backup_directory=str(blocked / "kept"))
    assert router.writes == 0


def test_a_file_that_cannot_be_read_keeps_the_change_from_being_made(run, tmp_path):
    router = FakeRouter(a_router())  # without a login in it, as a file that was cut
    with pytest.raises(DeviceError, match="before the first write") as failed:
        run(router, **ON, backup=True, backup_directory=str(tmp_path))
    assert "backup: false" in failed.value.cure
    assert router.writes == 0
    assert router.nvram["wans_dualwan"] == "wan none"


def test_no_file_to_keep_is_refused_before_anybody_is_asked(run):
    router = FakeRouter(a_router())
    with pytest.raises(BadWish, match="keep is 0"):
        run(router, **ON, backup=True, backup_keep=0)
    assert router.asked == []
