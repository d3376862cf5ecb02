# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping settings files, against a router that remembers, with the requests counted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadBackup, BadReply, NotKept
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit.settings_file import hdr1, hdr2
from unit.settings_task import PASSWORD, WIFI_KEY, a_whole_router, contents, settings_task

KEPT = ["login", "read", "download", "logout"]
READ = ["login", "read", "logout"]


@pytest.fixture
def run(monkeypatch):
    return settings_task(monkeypatch)


@pytest.fixture
def directory():
    """Where files are kept by default."""
    return Path(os.environ["XDG_STATE_HOME"]) / "homelab.dualwan" / "backups"


@pytest.mark.parametrize("form", [hdr1, hdr2])
def test_the_first_file_is_kept_as_it_came(run, directory, form):
    router = a_whole_router()
    router.settings_file = form
    result = run(router)
    assert router.asked == KEPT
    assert router.downloads == ["/Settings_RT-AX53U.CFG?path=0&remove_passwd=0"]
    path = Path(result["file"])
    assert path.read_bytes() == form(router.nvram)
    assert (path.parent, contents(directory)) == (directory, [path.name])
    assert path.name.startswith("RT-AX53U_00005E005307_2027")
    assert result["changed"]
    assert (result["form"], result["names"]) == (form.__name__.upper(), len(router.nvram))
    assert (result["kept"], result["removed"], result["differs"]) == ([str(path)], [], [])


def test_a_second_run_adds_nothing(run, directory):
    router = a_whole_router()
    first = run(router)
    router.clock.sleep(3600)
    router.nvram |= {"wan0_ipaddr": "203.0.113.99", "wan0_lease": "7200", "asus_device_list": "<3>b"}
    second = run(router)
    assert router.asked == KEPT
    assert not second["changed"]
    assert (second["file"], second["date"]) == (first["file"], first["date"])
    assert second["diff"] == {"before": {}, "after": {}}
    assert len(contents(directory)) == 1


def test_a_changed_setting_makes_a_new_file_and_only_its_name_is_told(run, directory):
    router = a_whole_router()
    first = run(router)
    router.clock.sleep(1)
    router.nvram["wl0_wpa_psk"] = "an even better key"
    second = run(router)
    assert second["changed"]
    assert second["differs"] == ["wl0_wpa_psk"]
    assert second["diff"] == {
        "before": {"file": first["file"]},
        "after": {"file": second["file"], "differs": ["wl0_wpa_psk"]},
    }
    assert second["kept"] == [second["file"], first["file"]]
    for secret in (PASSWORD, WIFI_KEY, "an even better key"):
        assert secret not in str(first) + str(second)


def test_the_oldest_go_first_and_another_router_s_stay(run, directory):
    other = a_whole_router(lan_hwaddr="00:00:5E:00:53:99")
    others = run(other)["file"]
    router = a_whole_router()
    files = []
    for ssid in "abc":
        router.clock.sleep(1)
        router.nvram["wl0_ssid"] = ssid
        result = run(router, keep=2)
        files.append(result["file"])
    assert result["removed"] == files[:1]
    assert contents(directory) == sorted(Path(path).name for path in (others, *files[1:]))


def test_a_smaller_number_is_kept_to_without_a_new_file(run):
    router = a_whole_router()
    for ssid in "ab":
        router.clock.sleep(1)
        router.nvram["wl0_ssid"] = ssid
        run(router)
    result = run(router, keep=1)
    assert result["changed"]
    assert len(result["removed"]) == 1
    assert result["kept"] == [result["file"]]


def test_a_damaged_file_does_not_count_as_a_backup(run):
    router = a_whole_router()
    first = Path(run(router)["file"])
    first.write_bytes(first.read_bytes()[:-1])
    router.clock.sleep(1)
    assert run(router)["file"] != str(first)


def test_check_mode_fetches_nothing_and_says_that_there_is_no_file(run, directory):
    router = a_whole_router()
    result = run(router, check_mode=True)
    assert router.asked == READ
    assert router.nvram["asus_device_list"]
    assert (result["changed"], result["file"], contents(directory)) == (True, None, [])
    assert "There is no file yet" in result["msg"]


def test_check_mode_compares_what_can_be_read(run):
    router = a_whole_router()
    run(router)
    assert not run(router, check_mode=True)["changed"]
    router.nvram["wandog_target"] = "9.9.9.9"
    result = run(router, check_mode=True)
    assert router.asked == READ
    assert (result["changed"], result["differs"]) == (True, ["wandog_target"])


@pytest.mark.parametrize(
    ("answer", "error"),
    [(b"HDR1\0\1\0\0cut", BadBackup), (b"<html>Login</html>", BadReply), (b"", BadBackup)],
    ids=["cut", "a page", "nothing"],
)
def test_what_is_no_whole_file_is_not_kept(run, directory, answer, error):
    router = a_whole_router()
    router.settings_file = lambda _nvram: answer
    with pytest.raises(error) as failed:
        run(router)
    assert failed.value.cure
    assert contents(directory) == []
    assert router.asked[-1] == "logout"


def test_a_directory_that_cannot_be_is_named(run, tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(NotKept, match="taken"):
        run(a_whole_router(), directory=str(tmp_path / "taken"))


@pytest.mark.parametrize(
    "options", [{"keep": 0}, {"keep": -1}, {"file": "newest"}, {"confirm": "restore RT-AX53U"}], ids=str
)
def test_what_cannot_be_is_refused_before_a_login(run, options):
    router = a_whole_router()
    with pytest.raises(BadWish, match=next(iter(options))):
        run(router, **options)
    assert router.asked == []
