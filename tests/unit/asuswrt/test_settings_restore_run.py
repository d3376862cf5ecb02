# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restoring settings files, against a router that remembers, with the requests counted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt import _settings_restore
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    BadBackup,
    NotActivated,
    NotKept,
    NotStored,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import Memory, Unfinished
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit.builders import A_PHONE, CONNECTION, ON_THE_PHONE
from unit.settings_file import hdr1
from unit.settings_task import PASSWORD, a_whole_router, contents, settings_task

CONFIRMED = {"state": "restored", "confirm": "restore RT-AX53U"}
READ = ["login", "read", "logout"]


@pytest.fixture
def run(monkeypatch):
    return settings_task(monkeypatch)


@pytest.fixture
def directory():
    """Where files are kept by default."""
    return Path(os.environ["XDG_STATE_HOME"]) / "homelab.dualwan" / "backups"


@pytest.fixture
def saved(tmp_path):
    """Write a settings file of the router, with what is named otherwise, and give its path."""

    def write(router, form=hdr1, **values):
        path = tmp_path / "saved.CFG"
        path.write_bytes(form({**router.nvram, **values}))
        return str(path)

    return write


def takes_what_is_uploaded(router, **values):
    """The file's values become its own, as far as a test cares for them."""
    router.when_uploaded = lambda: router.nvram.update(values)


def test_the_file_goes_up_as_it_is_and_the_reboot_is_waited_for(run, saved, directory):
    router = a_whole_router()
    path = saved(router, wandog_target="9.9.9.9", wl0_ssid="as it was")
    takes_what_is_uploaded(router, wandog_target="9.9.9.9", wl0_ssid="as it was")
    result = run(router, **CONFIRMED, file=path)
    before_it, after_it = ["login", "read", "download", "read"], ["login", "read", "read", "download", "logout"]
    assert router.asked == [*before_it, "upload", *after_it]
    assert router.uploads == [Path(path).read_bytes()]
    assert result["changed"]
    assert result["differs"] == ["wandog_target", "wl0_ssid"]
    assert result["diff"]["before"] == {"wandog_target": "1.1.1.1"}
    assert result["diff"]["after"] == {"wandog_target": "9.9.9.9"}
    assert (result["not_restored"], result["warnings"], result["read_back"]) == ({}, [], True)
    assert result["seconds"] >= 60
    before = Path(result["before_restore"])
    assert before.parent == directory / "before-restore"
    assert b"\0wandog_target=1.1.1.1\0" in before.read_bytes()


def test_who_waits_for_the_reboot_hears_of_it(run, saved):
    router = a_whole_router()
    takes_what_is_uploaded(router, wandog_target="9.9.9.9")
    heard = []
    run(router, tell=heard.append, **CONFIRMED, file=saved(router, wandog_target="9.9.9.9"))
    assert "went down to reboot" in heard[0]
    assert "is back after" in heard[-1]


def test_nothing_is_uploaded_where_nothing_would_change(run, saved, directory):
    router = a_whole_router()
    path = saved(router, wan0_ipaddr="203.0.113.1", buildno="386", extendno="1234")
    result = run(router, **CONFIRMED, file=path)
    assert router.asked == ["login", "read", "download", "logout"]
    assert (result["changed"], result["differs"], result["before_restore"]) == (False, [], None)
    assert result["diff"] == {"before": {}, "after": {}}
    assert contents(directory) == []


def test_a_setting_that_the_file_does_not_know_stays_and_is_no_change(run, saved):
    router = a_whole_router()
    path = saved(router)
    router.nvram["a_new_setting"] = "1"
    assert not run(router, **CONFIRMED, file=path)["changed"]


def test_the_newest_file_of_this_router_is_found_and_a_second_run_leaves_it_at_that(run):
    router = a_whole_router()
    other = a_whole_router(lan_hwaddr="00:00:5E:00:53:99", wl0_ssid="not this one")
    newest = run(router)["file"]
    router.clock.sleep(5)
    other.clock.sleep(500)
    run(other)
    router.nvram["wandog_target"] = "9.9.9.9"
    takes_what_is_uploaded(router, wandog_target="1.1.1.1")
    first = run(router, **CONFIRMED, file="newest")
    assert (first["file"], first["changed"]) == (newest, True)
    second = run(router, **CONFIRMED, file="newest")
    assert (second["file"], second["changed"]) == (newest, False)
    assert "upload" not in router.asked


def test_a_restore_can_be_undone_by_the_file_from_before(run, saved):
    router = a_whole_router()
    takes_what_is_uploaded(router, wandog_target="9.9.9.9")
    before = run(router, **CONFIRMED, file=saved(router, wandog_target="9.9.9.9"), keep=1)["before_restore"]
    takes_what_is_uploaded(router, wandog_target="1.1.1.1")
    run(router, **CONFIRMED, file=before, keep=1)
    assert router.nvram["wandog_target"] == "1.1.1.1"
    assert Path(before).exists()


def test_values_that_the_router_has_otherwise_are_told(run, saved):
    router = a_whole_router()
    result = run(router, **CONFIRMED, file=saved(router, wandog_target="9.9.9.9"))
    assert result["not_restored"] == {"wandog_target": "1.1.1.1"}
    assert "wandog_target" in result["warnings"][0]


def writes_anew_at_each_boot(router, name):
    router.when_done = lambda service: service == "reboot" and router.nvram.update({name: str(router.clock.now())})


def test_what_the_router_writes_at_each_boot_does_not_reboot_it_at_each_run(run, saved):
    router = a_whole_router(foo_seen="1")
    path = saved(router, foo_seen="0", wandog_target="9.9.9.9")
    takes_what_is_uploaded(router, foo_seen="0", wandog_target="9.9.9.9")
    writes_anew_at_each_boot(router, "foo_seen")
    first = run(router, **CONFIRMED, file=path)
    assert first["differs"] == ["foo_seen", "wandog_target"]

    second = run(router, **CONFIRMED, file=path)
    assert (second["changed"], second["differs"], len(router.uploads)) == (False, [], 1)
    taken_for_states = [
        "Names that are otherwise than in the file since it was restored, and are taken for states: foo_seen"
    ]
    assert (first["warnings"], second["warnings"]) == (taken_for_states, taken_for_states)

    # A setting that somebody changes since is put back all the same, and so is another file.
    router.nvram["wandog_target"] = "8.8.8.8"
    assert run(router, **CONFIRMED, file=path)["differs"] == ["wandog_target"]
    another = saved(router, foo_seen="0", wandog_target="9.9.9.9", wl0_ssid="another")
    assert run(router, **CONFIRMED, file=another)["differs"] == ["foo_seen", "wl0_ssid"]
    assert len(router.uploads) == 3


def test_a_router_that_took_nothing_of_the_file_is_told_of(run, saved):
    router = a_whole_router(foo="1", bar="1")
    path = saved(router, foo="0", bar="0")
    takes_what_is_uploaded(router)
    assert any("took nothing of the file" in warning for warning in run(router, **CONFIRMED, file=path)["warnings"])
    another = saved(router, foo="0", bar="2")
    takes_what_is_uploaded(router, bar="2")
    assert not any("nothing" in warning for warning in run(router, **CONFIRMED, file=another)["warnings"])


def test_a_setting_of_dual_wan_that_is_not_taken_is_never_a_state(run, saved):
    router = a_whole_router()
    path = saved(router, wandog_target="9.9.9.9")
    for _run in range(2):
        result = run(router, **CONFIRMED, file=path)
        assert (result["differs"], result["not_restored"]) == (["wandog_target"], {"wandog_target": "1.1.1.1"})
    assert len(router.uploads) == 2


def test_where_states_cannot_be_told_the_restore_is_done_all_the_same(run, saved):
    router = a_whole_router()
    path = saved(router, wandog_target="9.9.9.9", foo_seen="0")
    takes_what_is_uploaded(router, wandog_target="9.9.9.9")
    whole = router.settings_file
    router.settings_file = lambda nvram: whole(nvram) if not router.uploads else b"half a file"
    result = run(router, **CONFIRMED, file=path)
    assert (result["changed"], result["not_restored"]) == (True, {})
    assert "was not seen: What the router sent" in result["warnings"][0]
    router.settings_file = whole
    assert run(router, **CONFIRMED, file=path)["differs"] == ["foo_seen"]


HELD_BY_THE_AUTOMATIC = {**A_PHONE, "wans_dualwan": "wan usb", "wans_usb_bk": "1", "wans_usb_bk_act": "1"}
BEFORE_THE_PHONE = {"wans_dualwan": "wan none", "wans_usb_bk_act": "0"}


def test_a_line_that_the_router_adds_by_itself_is_no_difference(run, saved):
    router = a_whole_router(**HELD_BY_THE_AUTOMATIC)
    path = saved(router, **BEFORE_THE_PHONE)
    assert run(router, check_mode=True, **CONFIRMED, file=path)["changed"] is False
    assert run(router, **CONFIRMED, file=path)["changed"] is False
    assert router.uploads == []


def test_it_may_come_back_after_a_restore_of_something_else(run, saved):
    router = a_whole_router(**HELD_BY_THE_AUTOMATIC)
    path = saved(router, **BEFORE_THE_PHONE, wandog_target="9.9.9.9")
    foretold = run(router, check_mode=True, **CONFIRMED, file=path)
    takes_what_is_uploaded(router, wandog_target="9.9.9.9")  # and the phone was there at boot
    result = run(router, **CONFIRMED, file=path)
    assert result["differs"] == foretold["differs"] == ["wandog_target"]
    assert result["diff"]["after"] == foretold["diff"]["after"] == {"wandog_target": "9.9.9.9"}
    assert (result["not_restored"], result["warnings"]) == ({}, [])


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_file_without_the_line_that_carries_the_house_is_refused(run, saved, directory, check_mode):
    router = a_whole_router(**ON_THE_PHONE)
    path = saved(router, wans_dualwan="wan none")
    with pytest.raises(BadWish, match=r"has wans_dualwan wan none\. The secondary WAN \(usb\) carries") as refused:
        run(router, check_mode=check_mode, **CONFIRMED, file=path)
    assert "accept_no_internet: true" in refused.value.cure
    assert (router.uploads, contents(directory)) == ([], [])


@pytest.mark.parametrize(
    ("stored", "wanted", "options"),
    [
        pytest.param(ON_THE_PHONE, {"wans_dualwan": "wan none"}, {"accept_no_internet": True}, id="accepted"),
        pytest.param(ON_THE_PHONE, {"wandog_target": "9.9.9.9"}, {}, id="with that line"),
        pytest.param({**ON_THE_PHONE, "link_internet": "1"}, {"wans_dualwan": "wan none"}, {}, id="offline"),
        pytest.param(
            {**HELD_BY_THE_AUTOMATIC, **ON_THE_PHONE},
            {**BEFORE_THE_PHONE, "wandog_target": "9.9.9.9"},
            {},
            id="the automatic brings it back",
        ),
    ],
)
def test_where_the_house_is_not_cut_off_it_is_restored(run, saved, stored, wanted, options):
    router = a_whole_router(**stored)
    path = saved(router, **wanted)
    takes_what_is_uploaded(router, **wanted)
    assert run(router, check_mode=True, **CONFIRMED, file=path, **options)["changed"]
    assert run(router, **CONFIRMED, file=path, **options)["changed"]


def test_a_line_that_was_given_back_before_is_the_one_that_carries(run, saved, monkeypatch):
    router = a_whole_router(**ON_THE_PHONE)
    path = saved(router, wans_dualwan="wan none")

    def gives_back(_session, _nvram, _here):
        router.nvram |= {"link_wan": "1", "wan0_state_t": "2", "wan0_auxstate_t": "0", "wan0_primary": "1"}
        router.nvram["wan1_primary"] = "0"
        return ["The line was given back"]

    monkeypatch.setattr(_settings_restore, "settle", gives_back)
    takes_what_is_uploaded(router, wans_dualwan="wan none")
    assert run(router, **CONFIRMED, file=path)["changed"]


def test_a_file_that_switches_the_automatic_off_does_not_bring_the_line_back(run, saved):
    router = a_whole_router(**HELD_BY_THE_AUTOMATIC, **ON_THE_PHONE)
    path = saved(router, **BEFORE_THE_PHONE, wans_usb_bk="0")
    with pytest.raises(BadWish, match="carries the traffic"):
        run(router, **CONFIRMED, file=path)


@pytest.mark.parametrize("others", [{}, {"lan_ipaddr": "192.168.1.1"}], ids=["the same way in", "another"])
def test_a_change_that_was_left_half_done_is_over_once_a_file_was_taken(run, saved, others):
    router = a_whole_router()
    memory = Memory(router_from(CONNECTION))
    change = Unfinished(
        router.nvram["lan_hwaddr"], router.clock.epoch(), {"wans_mode": "fo"}, {"wans_mode": "fb"}, "none", 180
    )
    memory.begin(change)
    path = saved(router, wandog_target="9.9.9.9", **others)
    router.refuses_uploads = True
    with pytest.raises(NotStored):
        run(router, **CONFIRMED, file=path, accept_new_login_and_address=True)
    assert memory.unfinished(change.identity) == change
    router.refuses_uploads = False
    run(router, **CONFIRMED, file=path, accept_new_login_and_address=True)
    assert memory.unfinished(change.identity) is None


def test_check_mode_reads_only_and_shows_values_of_dual_wan_alone(run, saved, directory):
    router = a_whole_router()
    path = saved(router, wandog_target="9.9.9.9", wl0_wpa_psk="an older key")
    result = run(router, check_mode=True, **CONFIRMED, file=path)
    assert router.asked == READ
    assert result["changed"]
    assert result["differs"] == ["wandog_target"]
    assert result["diff"]["after"] == {"wandog_target": "9.9.9.9"}
    assert "settings of Dual WAN only" in result["msg"]
    assert "an older key" not in str(result)
    assert contents(directory) == []


@pytest.mark.parametrize("confirm", ["", "yes", "restore", "restore rt-ax53u", "restore RT-AX88U", "RT-AX53U"])
def test_anything_but_the_word_and_the_model_is_refused_before_a_login(run, saved, confirm):
    router = a_whole_router()
    with pytest.raises(BadWish, match='confirm: "restore RT-AX53U"'):
        run(router, state="restored", file=saved(router), confirm=confirm)
    assert router.asked == []


def test_with_the_newest_file_it_is_refused_after_a_read(run):
    router = a_whole_router()
    run(router)
    with pytest.raises(BadWish, match='confirm: "restore RT-AX53U"'):
        run(router, state="restored", file="newest", confirm="restore")
    assert router.asked == READ


def test_the_newest_of_none_is_an_error_that_says_where_it_looked(run, directory):
    router = a_whole_router()
    with pytest.raises(BadWish, match="has no settings file whose name begins with RT-AX53U_00005E005307_"):
        run(router, **CONFIRMED, file="newest")
    assert router.asked == READ


def test_a_file_that_is_not_there_or_not_whole_is_refused_before_a_login(run, tmp_path):
    router = a_whole_router()
    with pytest.raises(NotKept, match="No such file"):
        run(router, **CONFIRMED, file=str(tmp_path / "none.CFG"))
    (tmp_path / "some.CFG").write_bytes(b"something else")
    with pytest.raises(BadBackup, match=r"some\.CFG does not begin"):
        run(router, **CONFIRMED, file=str(tmp_path / "some.CFG"))
    assert router.asked == []


def test_another_model_s_file_is_refused(run, saved):
    router = a_whole_router()
    path = saved(router, productid="RT-AX88U")
    with pytest.raises(BadBackup, match="is of a RT-AX88U, and this router is a RT-AX53U"):
        run(router, state="restored", confirm="restore RT-AX88U", file=path)
    assert router.asked == READ


def test_another_model_s_file_is_refused_before_a_login_where_this_one_is_confirmed(run, saved):
    router = a_whole_router()
    with pytest.raises(BadWish, match="is of a RT-AX88U"):
        run(router, **CONFIRMED, file=saved(router, productid="RT-AX88U"))
    assert router.asked == []


def test_a_host_name_that_gets_lost_is_warned_of(run, saved):
    router = a_whole_router(ddns_hostname_x="house.example.net")
    path = saved(router, ddns_hostname_x="", wandog_target="9.9.9.9")
    takes_what_is_uploaded(router, wandog_target="9.9.9.9")
    assert "ddns_hostname_x" in run(router, check_mode=True, **CONFIRMED, file=path)["warnings"][0]
    assert "ddns_hostname_x" in run(router, **CONFIRMED, file=path)["warnings"][0]


def test_another_firmware_is_warned_of(run, saved):
    router = a_whole_router()
    path = saved(router, buildno="384", wandog_target="1.1.1.1")
    warning = run(router, check_mode=True, **CONFIRMED, file=path)["warnings"]
    assert "384" in warning[0]
    assert "386" in warning[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("http_username", "root"),
        ("http_username", ""),
        ("http_enable", "1"),
        ("http_lanport", "8080"),
        ("lan_ipaddr", "192.168.1.1"),
        ("lan_netmask", "255.255.0.0"),
        ("sw_mode", "3"),
    ],
)
def test_a_file_that_would_lock_the_task_out_is_refused_by_name_before_a_file_is_made(run, saved, name, value):
    router = a_whole_router()
    with pytest.raises(BadWish, match=name) as refused:
        run(router, **CONFIRMED, file=saved(router, **{name: value}))
    assert refused.value.facts == {"closed": [name]}
    assert router.asked == READ
    assert router.nvram["asus_device_list"]


def test_another_password_is_refused_and_not_shown(run, saved, directory):
    router = a_whole_router()
    path = saved(router, http_passwd="the one before")
    with pytest.raises(BadWish, match="http_passwd") as refused:
        run(router, **CONFIRMED, file=path)
    assert "upload" not in router.asked
    assert contents(directory) == []
    foretold = run(router, check_mode=True, **CONFIRMED, file=path)
    assert "http_passwd" in foretold["warnings"][0]
    for text in (str(refused.value.as_result()), str(foretold)):
        assert "the one before" not in text
        assert PASSWORD not in text


def test_a_password_that_is_encrypted_in_all_files_is_the_present_one(run, saved):
    router = a_whole_router(http_passwd="@enc@1234")
    path = saved(router, wandog_target="9.9.9.9")
    takes_what_is_uploaded(router, wandog_target="9.9.9.9")
    assert run(router, **CONFIRMED, file=path)["changed"]


@pytest.mark.parametrize("others", [{"http_enable": "0"}, {"https_lanport": "9443"}], ids=str)
def test_a_way_in_that_the_task_does_not_use_may_change(run, saved, others):
    router = a_whole_router()
    assert not run(router, check_mode=True, **CONFIRMED, file=saved(router, **others))["warnings"]


def test_a_new_address_that_is_accepted_is_sent_and_nobody_logs_in_with_the_old_one(run, saved):
    router = a_whole_router()
    path = saved(router, lan_ipaddr="192.168.1.1", http_passwd="the one before")
    result = run(router, **CONFIRMED, file=path, accept_new_login_and_address=True)
    assert router.asked == ["login", "read", "download", "read", "upload", "logout"]
    assert (result["changed"], result["read_back"], result["seconds"]) == (True, False, None)
    assert "lan_ipaddr, http_passwd are others" in result["warnings"][0]


def test_a_router_that_refuses_the_file_is_named_at_once(run, saved):
    router = a_whole_router()
    router.refuses_uploads = True
    with pytest.raises(NotStored, match="did not take"):
        run(router, **CONFIRMED, file=saved(router, wandog_target="9.9.9.9"))
    assert router.clock.slept == []


def test_a_session_that_ends_before_the_upload_is_renewed_first(run, saved):
    router = a_whole_router()
    path = saved(router, wandog_target="9.9.9.9")
    serve = router.settings_file

    def serve_and_forget(nvram):
        router._known.clear()
        return serve(nvram)

    router.settings_file = serve_and_forget
    takes_what_is_uploaded(router, wandog_target="9.9.9.9")
    assert run(router, **CONFIRMED, file=path)["not_restored"] == {}
    assert router.asked.count("login") == 3


def test_a_router_that_does_not_reboot_took_nothing(run, saved, monkeypatch):
    router = a_whole_router()
    monkeypatch.setattr(router, "_start", lambda _service: None)
    with pytest.raises(NotActivated, match="A file of settings was sent"):
        run(router, **CONFIRMED, file=saved(router, wandog_target="9.9.9.9"))


def test_a_busy_router_is_waited_for_before_the_file_is_sent(run, saved):
    router = a_whole_router(rc_service="restart_wan")
    router.clock.after(5, router._end_service)
    takes_what_is_uploaded(router, wandog_target="9.9.9.9")
    run(router, **CONFIRMED, file=saved(router, wandog_target="9.9.9.9"))
    assert router.asked[:3] == ["login", "read", "download"]
    assert router.asked.index("upload") > 4
