# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run writes to a router at a time: whoever comes meanwhile waits, and takes nothing of it for left behind."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt import (
    _dualwan,
    _settings_backup,
    _settings_restore,
    _wan,
    _wan_info,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import DRILL, Debts
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    AnotherRun,
    DrillRunning,
    NotRemembered,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import Memory, Unfinished
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.builders import CONNECTION, task_options
from unit.fake_clock import FakeClock
from unit.fake_router import FakeRouter
from unit.settings_file import hdr1
from unit.settings_task import OPTIONS, a_whole_router

Run = Callable[..., dict[str, Any]]
IDENTITY = "00:00:5E:00:53:07"
RESTORED = {"state": "restored", "confirm": "restore RT-AX53U"}
WRITERS = ("asus_dualwan", "asus_wan", "asus_settings_backup")


TURN_SECONDS = 30
"""How long the guide says that another run is waited for."""


def _hold(who: str, ready: Connection) -> None:
    with Debts(router_from(CONNECTION)).held(who):
        ready.send("held")
        signal.pause()


@contextmanager
def another_process(who: str) -> Iterator[Callable[[], None]]:
    """That writes to the router; and how to end it."""
    process_kind = multiprocessing.get_context("fork")
    here, there = process_kind.Pipe()
    process = process_kind.Process(target=_hold, args=(who, there))
    process.start()
    there.close()
    try:
        assert here.recv() == "held"
        yield lambda: _end(process)
    finally:
        _end(process)


def _end(process: BaseProcess) -> None:
    process.kill()
    process.join()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """A task that changes something, by its module."""

    def run_on(router: FakeRouter, module: str, *, check_mode: bool = False, **kept: Any) -> dict[str, Any]:
        for task in (_dualwan, _wan, _wan_info, _settings_backup, _settings_restore):
            monkeypatch.setattr(task, "Session", partial(Session, transport=router.transport))
        here = Here(check_mode, router.clock)
        if module == "asus_dualwan":
            return _dualwan.run(task_options(state="enabled", failback=False), here)
        if module == "asus_wan":
            options = {"wan": "primary", "state": "reconnected", "wait_seconds": 60.0, "even_without_backup": False}
            return _wan.run({**CONNECTION, **options}, here)
        if kept:
            return _settings_backup.run({**CONNECTION, **OPTIONS, **kept}, here)
        if module == "asus_settings_backup":
            file = tmp_path / "saved.CFG"
            file.write_bytes(hdr1({**router.nvram, "wandog_target": "9.9.9.9"}))
            return _settings_backup.run({**CONNECTION, **OPTIONS, **RESTORED, "file": str(file)}, here)
        return _wan_info.run({**CONNECTION, "wait_seconds": 0, "as_variables": False}, here)

    return run_on


@pytest.mark.parametrize("module", WRITERS)
def test_who_would_write_meanwhile_waits_for_that_run_without_a_session(run: Run, module: str) -> None:
    router = a_whole_router()
    with another_process("asus_dualwan") as end:

        def ends() -> None:
            assert router.asked == []
            end()

        router.clock.after(TURN_SECONDS / 2, ends)
        assert run(router, module)["changed"]
    assert router.asked.count("login") == 1 + (module == "asus_settings_backup")  # its reboot ends the first


@pytest.mark.parametrize("module", WRITERS)
def test_and_is_told_where_it_does_not_end_and_writes_once_it_is_over(run: Run, module: str) -> None:
    router, begun = a_whole_router(), FakeClock().now()
    with another_process("asus_dualwan"):
        with pytest.raises(AnotherRun, match=r"Another run is writing to this router \(asus_dualwan\)") as refused:
            run(router, module)
        assert (refused.value.reason, refused.value.facts, router.asked) == ("another_run", {"stored": "nothing"}, [])
    assert TURN_SECONDS <= router.clock.now() - begun <= TURN_SECONDS + 1
    assert run(router, module)["changed"]
    assert {"write", "upload"} & set(router.asked)


def test_who_only_keeps_the_settings_waits_too(run: Run, tmp_path: Path) -> None:
    router = a_whole_router()
    with another_process("asus_dualwan") as end:
        router.clock.after(TURN_SECONDS / 2, end)
        kept = run(router, "asus_settings_backup", state="present", directory=str(tmp_path))
    assert (kept["changed"], router.clock.slept != []) == (True, True)


@pytest.mark.parametrize("module", WRITERS)
def test_nobody_waits_for_a_drill_which_is_long(run: Run, module: str) -> None:
    router = a_whole_router()
    with another_process(DRILL), pytest.raises(DrillRunning, match="A drill is running on this router"):
        run(router, module)
    assert (router.asked, router.clock.slept) == ([], [])


@pytest.mark.parametrize("module", WRITERS)
def test_where_no_note_can_be_left_nobody_is_asked(
    run: Run, module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    router = a_whole_router()
    with pytest.raises(NotRemembered) as refused:
        run(router, module)
    assert (refused.value.facts["stored"], router.asked) == ("nothing", [])


@pytest.mark.parametrize("module", WRITERS)
def test_who_writes_holds_off_all_others_to_its_end(run: Run, module: str) -> None:
    router, held = a_whole_router(), []
    start = router._start

    def starts(service: str) -> None:
        held.append(Debts(router_from(CONNECTION)).holder())
        start(service)

    router._start = starts  # type: ignore[method-assign]
    router.when_written = lambda _fields: held.append(Debts(router_from(CONNECTION)).holder())
    assert run(router, module)["changed"]
    assert set(held) == {module}
    assert Debts(router_from(CONNECTION)).holder() is None


@pytest.mark.parametrize("module", [*WRITERS, "asus_wan_info"])
def test_who_only_looks_is_held_off_by_nobody(run: Run, module: str) -> None:
    router = a_whole_router()
    with another_process("asus_dualwan"):
        found = run(router, module, check_mode=True)
    assert router.writes == 0
    said = [warning for warning in found.get("warnings", ()) if "is writing to this router" in warning]
    assert len(said) == (module in WRITERS)


def a_note(router: FakeRouter, memory: Memory, **other: Any) -> Unfinished | None:
    """Of a change that was begun long ago."""
    change = Unfinished(
        identity=IDENTITY,
        begun=router.clock.epoch() - 999,
        former={"wans_dualwan": "wan none"},
        wanted={"wans_dualwan": "wan usb"},
        service="reboot",
        rollback_seconds=180,
    )
    memory.begin(replace(change, **other))
    return memory.unfinished(IDENTITY)


def test_a_change_that_is_under_way_is_not_taken_back_by_the_second_run(run: Run) -> None:
    router, memory = a_whole_router(link_internet="1"), Memory(router_from(CONNECTION))
    noted = a_note(router, memory)
    with another_process("asus_dualwan"), pytest.raises(AnotherRun):
        run(router, "asus_dualwan")
    assert (router.writes, memory.unfinished(IDENTITY)) == (0, noted)


def test_nor_foretold_to_be_by_check_mode(run: Run) -> None:
    router, memory = a_whole_router(link_internet="1"), Memory(router_from(CONNECTION))
    a_note(router, memory)
    with another_process("asus_dualwan"):
        found = run(router, "asus_dualwan", check_mode=True)
    assert not any("earlier run" in warning for warning in found["warnings"])
    found = run(router, "asus_dualwan", check_mode=True)
    assert any("earlier run" in warning for warning in found["warnings"])


def test_with_a_full_disk_a_run_still_holds_off_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        with Debts(router_from(CONNECTION)).held("asus_wan"):
            assert Debts(router_from(CONNECTION)).holder() is not None


def test_its_way_back_is_not_ended_by_who_looks(run: Run) -> None:
    router, memory = a_whole_router(), Memory(router_from(CONNECTION))
    router.booted = -9999.0
    noted = a_note(router, memory)
    with another_process("asus_dualwan"):
        run(router, "asus_wan_info")
    assert memory.unfinished(IDENTITY) == noted
    run(router, "asus_wan_info")
    assert memory.unfinished(IDENTITY) != noted


def test_nor_is_that_of_one_which_begins_while_they_look(run: Run) -> None:
    router, memory = a_whole_router(), Memory(router_from(CONNECTION))
    router.booted = -9999.0
    a_note(router, memory)
    answer, begun = router._appGet, []

    def another_begins(request: httpx.Request, fields: dict[str, str]) -> httpx.Response:
        if "uptime" in fields["hook"]:
            begun.append(a_note(router, memory, begun=router.clock.epoch(), former={"wans_mode": "fo"}))
        return answer(request, fields)

    router._appGet = another_begins  # type: ignore[method-assign]
    run(router, "asus_wan_info")
    assert [memory.unfinished(IDENTITY)] == begun
