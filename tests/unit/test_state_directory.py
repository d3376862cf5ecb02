# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the control node keeps is there after a power cut: names are flushed as well as what is behind them."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import Debt, Debts
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotRemembered
from ansible_collections.homelab.dualwan.plugins.module_utils._state_directory import keep_private, remove
from unit.builders import CONNECTION

DEBT = Debt("00:00:5E:00:53:07", "primary_off", 1_800_000_000.0, 4711)


def named(descriptor: int) -> Path:
    return Path(f"/proc/self/fd/{descriptor}").readlink()


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the disk is asked for, in its order; a file that is written afresh by its suffix."""
    seen: list[tuple[str, str]] = []
    flush, rename, unlink = os.fsync, Path.replace, Path.unlink

    def flushes(descriptor: int) -> None:
        seen.append(("flush", named(descriptor).suffix or named(descriptor).name))
        flush(descriptor)

    def renames(path: Path, target: Path) -> Path:
        seen.append(("rename", target.name))
        return rename(path, target)

    def unlinks(path: Path, missing_ok: bool = False) -> None:
        unlink(path, missing_ok)
        seen.append(("unlink", path.name))

    monkeypatch.setattr(os, "fsync", flushes)
    monkeypatch.setattr(Path, "replace", renames)
    monkeypatch.setattr(Path, "unlink", unlinks)
    return seen


def test_a_note_is_on_disk_by_its_name_too_before_the_router_hears_of_anything(course: list[tuple[str, str]]) -> None:
    debts = Debts(router_from(CONNECTION))
    debts.note(DEBT)
    (path,) = Path(os.environ["XDG_STATE_HOME"]).rglob("*.drill.json")
    assert course[-3:] == [("flush", ".new"), ("rename", path.name), ("flush", "routers")]
    course.clear()
    debts.forget(DEBT.identity)
    assert course == [("unlink", path.name), ("flush", "routers")]
    course.clear()
    debts.forget(DEBT.identity)
    assert course == []


def test_a_directory_that_is_made_for_it_is_flushed_with_all_above_that_were_made(
    tmp_path: Path, course: list[tuple[str, str]]
) -> None:
    keep_private(tmp_path / "one" / "two" / "note.json", "{}")
    assert set(course[:2]) == {("flush", "one"), ("flush", tmp_path.name)}
    course.clear()
    keep_private(tmp_path / "one" / "two" / "note.json", "{}")
    assert course == [("flush", ".new"), ("rename", "note.json"), ("flush", "two")]


def breaks(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Directories that take no flush."""
    flush = os.fsync

    def of_a_directory(descriptor: int) -> None:
        if named(descriptor).is_dir():
            raise OSError(number, os.strerror(number))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", of_a_directory)


def test_a_file_system_that_cannot_flush_a_directory_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks(errno.EINVAL, monkeypatch)
    path = tmp_path / "note.json"
    keep_private(path, "{}")
    assert path.read_text() == "{}"
    remove(path)
    assert not path.exists()


def test_a_disk_that_fails_at_it_has_noted_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    breaks(errno.EIO, monkeypatch)
    with pytest.raises(NotRemembered, match="cannot be written"):
        Debts(router_from(CONNECTION)).note(DEBT)
