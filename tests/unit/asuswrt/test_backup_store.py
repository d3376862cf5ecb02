# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on disk: whole or not there, for the owner only, and nobody else's are touched."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._backup_store import (
    RouterName,
    default_directory,
    keep,
    kept,
    load,
    prune,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotKept

NOON = datetime(2026, 11, 25, 12, 0, 0, 123456, tzinfo=UTC)
ROUTER = RouterName("RT-AX53U", "3.0.0.4.386_69061", "00:00:5e:00:53:07", "192.168.50.1")


def names(files):
    return [file.path.name for file in files]


def hours(number):
    return NOON + timedelta(hours=number)


def test_a_name_says_which_router_when_and_which_firmware(tmp_path):
    file = keep(tmp_path, ROUTER, b"content", NOON)
    assert file.path == tmp_path / "RT-AX53U_00005E005307_20261125T120000.123Z_3.0.0.4.386-69061.CFG"
    assert file.date == "2026-11-25T12:00:00Z"
    assert load(file.path) == b"content"


def test_the_time_is_utc_wherever_it_was_taken(tmp_path):
    file = keep(tmp_path, ROUTER, b"", NOON.astimezone(timezone(timedelta(hours=9))))
    assert file.stamp == "20261125T120000.123Z"


@pytest.mark.parametrize(
    ("router", "prefix"),
    [
        (RouterName("", "", "", "192.168.50.1"), "unknown_192.168.50.1_"),
        (RouterName("../../etc/passwd", "", "", "fe80::1%eth0"), "etc-passwd_fe80-1-eth0_"),
        (RouterName("RT AX_53U\n", "", "00:00:5E:00:53:07", "h"), "RT-AX-53U_00005E005307_"),
    ],
    ids=["nothing known", "a path", "odd characters"],
)
def test_whatever_a_router_says_a_name_stays_in_the_directory(tmp_path, router, prefix):
    path = keep(tmp_path / "kept", router, b"", NOON).path
    assert path.parent == tmp_path / "kept"
    assert path.name.startswith(prefix)
    assert names(kept(tmp_path / "kept", router)) == [path.name]


def test_nobody_else_may_read_a_file_or_look_into_the_directory(tmp_path):
    before = os.umask(0)
    try:
        path = keep(tmp_path / "a" / "kept", ROUTER, b"", NOON).path
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_is_left_of_a_file_that_could_not_be_written(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotKept, match="No space left"):
        keep(tmp_path, ROUTER, b"content", NOON)
    assert list(tmp_path.iterdir()) == []


def test_files_of_one_router_come_the_newest_first(tmp_path):
    files = [keep(tmp_path, ROUTER, b"", hours(number)) for number in (1, 3, 2)]
    os.utime(files[0].path, (2e9, 2e9))
    assert [file.stamp[9:11] for file in kept(tmp_path, ROUTER)] == ["15", "14", "13"]


def test_a_directory_that_is_not_there_has_no_files(tmp_path):
    assert kept(tmp_path / "none", ROUTER) == ()


def test_only_older_files_of_that_router_are_removed(tmp_path):
    others = [
        keep(tmp_path, RouterName("RT-AX53U", "1", "00:00:5E:00:53:08", "h"), b"", hours(0)).path,
        keep(tmp_path, RouterName("RT-AX88U", "1", "00:00:5E:00:53:07", "h"), b"", hours(0)).path,
        tmp_path / "Settings_RT-AX53U.CFG",
        tmp_path / "RT-AX53U_00005E005307_before the update.CFG",
        tmp_path / "RT-AX53U_00005E005307_20261125T120000.123Z_3.0.0.4.386-69061.CFG.gz",
    ]
    for path in others[2:]:
        path.touch()
    files = [keep(tmp_path, ROUTER, b"", hours(number)).path for number in range(5)]
    assert prune(tmp_path, ROUTER, 2, ()) == tuple(reversed(files[:3]))
    assert sorted(tmp_path.iterdir()) == sorted([*others, *files[3:]])


def test_a_spared_file_stays_even_where_the_clock_went_back(tmp_path):
    future = [keep(tmp_path, ROUTER, b"", hours(number)).path for number in (5, 6)]
    fresh = keep(tmp_path, ROUTER, b"", NOON).path
    assert prune(tmp_path, ROUTER, 1, (fresh,)) == (future[0],)
    assert fresh.exists()


def test_a_path_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "a file").touch()
    for use in (
        lambda path: keep(path, ROUTER, b"", NOON),
        lambda path: kept(path, ROUTER),
        lambda path: load(path / "x"),
    ):
        with pytest.raises(NotKept, match=r"a file.*: (Not a directory|File exists)") as refused:
            use(tmp_path / "a file")
        assert refused.value.cure


@pytest.mark.parametrize(
    ("given", "base"), [("/var/lib/x", "/var/lib/x"), ("", "~/.local/state"), ("rel", "~/.local/state")]
)
def test_files_are_kept_with_the_user_s_state(monkeypatch, given, base):
    monkeypatch.setenv("XDG_STATE_HOME", given)
    assert default_directory() == Path(base).expanduser() / "homelab.dualwan" / "backups"
