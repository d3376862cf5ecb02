# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``drill.yml`` as a person runs it: it asks, it shows, and it says with its exit status what came of it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integration.drilling import around, lasting, up
from integration.house import House

END_SECONDS = 300
ASKED_ONLY = {"login", "read", "logout"}


@pytest.fixture
def backed_up(house: House) -> House:
    up(house)
    return house


def options(house: House, fault: str, **more: object) -> str:
    """Of a short drill on the wall's clock."""
    short = {"baseline_seconds": 1, "on_backup_seconds": 1, "after_seconds": 1, "watch_seconds": 1, "probe_period": 0.1}
    chosen = {"fault": fault, **short, **around(house), **more}
    return json.dumps({f"drill_{name}": value for name, value in chosen.items()})


@contextmanager
def at_a_terminal(house: House, playbooks: Path, *arguments: str) -> Iterator[int]:
    """The terminal's other end, where somebody reads and types."""
    ours, theirs = os.openpty()
    # Who leads a session and opens a terminal has it as its own.
    shell = ["sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', os.ttyname(theirs)]
    with subprocess.Popen(
        [*shell, *house.command(playbooks / "drill.yml", *arguments)],
        env=house.environment(),
        start_new_session=True,
    ) as run:
        try:
            yield ours
            run.wait(END_SECONDS)
        finally:
            run.kill()
            os.close(theirs)
            os.close(ours)


def read_until(terminal: int, words: str, *, typing: str = "") -> str:
    """What is said until these words. What is typed is typed again each second: Ansible drops what comes too early."""
    said = b""
    deadline = time.monotonic() + END_SECONDS
    while words.encode() not in said:
        assert time.monotonic() < deadline, said.decode(errors="replace")
        if select.select([terminal], [], [], 1.0)[0]:
            said += os.read(terminal, 4096)
        elif typing:
            os.write(terminal, typing.encode())
    return said.decode(errors="replace")


def test_where_nobody_sits_at_a_terminal_nothing_begins(backed_up: House, playbooks: Path) -> None:
    report = backed_up.play(playbooks / "drill.yml", "-e", options(backed_up, "primary_off"))
    assert report.code != 0
    assert "drill_confirmed" in report.output
    assert "no internet for up to" in report.output
    assert set(backed_up.kinds()) == ASKED_ONLY


@pytest.mark.parametrize(("answer", "begins"), [("yes", True), ("no", False)])
def test_at_a_terminal_it_asks_and_heeds_the_answer(
    backed_up: House, playbooks: Path, answer: str, begins: bool
) -> None:
    before = lasting(backed_up)
    with at_a_terminal(backed_up, playbooks, "-e", options(backed_up, "primary_off")) as terminal:
        assert "no internet for up to" in read_until(terminal, "Begin? (yes or no)")
        said = read_until(terminal, "PLAY RECAP", typing=f"{answer}\r")
    assert ("The traffic moved to the backup" in said) is begins
    assert ("write" in backed_up.kinds()) is begins
    assert lasting(backed_up) == before


def test_one_yes_is_not_taken_for_several_routers(backed_up: House, tmp_path: Path) -> None:
    names = ("host", "port", "tls", "certificate_fingerprint", "username", "password")
    same = {f"asuswrt_{name}": f"{{{{ hostvars['router'].asuswrt_{name} }}}}" for name in names}
    here = {"connection": "local", "gather_facts": False}
    twin = {"ansible.builtin.add_host": {"name": "twin", "groups": "asus_routers", **same}}
    plays = [
        {"hosts": "localhost", **here, "tasks": [twin]},
        {"hosts": "asus_routers", **here, "roles": [{"role": "homelab.dualwan.drill"}]},
    ]
    (tmp_path / "drill.yml").write_text(json.dumps(plays))
    with at_a_terminal(backed_up, tmp_path, "-e", options(backed_up, "primary_off")) as terminal:
        said = read_until(terminal, "PLAY RECAP", typing="yes\r")
    assert "Begin?" not in said
    assert said.count("not_confirmed") == 2
    assert "write" not in backed_up.kinds()


def test_a_no_on_the_command_line_is_a_no_and_it_asks(backed_up: House, playbooks: Path) -> None:
    arguments = ("-e", options(backed_up, "primary_off"), "-e", "drill_confirmed=false")
    with at_a_terminal(backed_up, playbooks, *arguments) as terminal:
        read_until(terminal, "Begin? (yes or no)")
        read_until(terminal, "PLAY RECAP", typing="no\r")
    assert set(backed_up.kinds()) == ASKED_ONLY


def test_what_it_saw_is_shown_line_by_line(backed_up: House, playbooks: Path) -> None:
    report = backed_up.play(playbooks / "drill.yml", "-e", options(backed_up, "primary_off", confirmed=True))
    assert report.code == 0, report.output
    assert "The secondary carries the traffic now" in report.output
    assert '"  ok  The traffic moved to the backup"' in report.output


def test_a_bad_verdict_is_a_bad_exit_status_with_all_that_was_seen(backed_up: House, playbooks: Path) -> None:
    backed_up.lab.ctl("internet", "dns", "0")
    report = backed_up.play(playbooks / "drill.yml", "-e", options(backed_up, "primary_off", confirmed=True))
    assert report.code != 0
    assert "  NO  No answer by the backup for dns" in report.output


def test_check_mode_only_says_what_it_would_do(backed_up: House, playbooks: Path) -> None:
    report = backed_up.play(playbooks / "drill.yml", "--check", "-e", options(backed_up, "target_unreachable"))
    assert report.code == 0, report.output
    assert "Drill target_unreachable: it gives" in report.output
    assert set(backed_up.kinds()) == ASKED_ONLY
