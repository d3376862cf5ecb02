# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide to testing one's own playbook: what it says to type works, and what it says a fault does happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from integration.house import House, until
from lab.client import LabError
from lab.router.profiles import names
from tools.checkout import ROOT, link_tree

GUIDE = ROOT / "docs" / "guides" / "test-your-playbook.md"
LAB_OF_THE_GUIDE = "/tmp/my-lab"
SET_UP = ("git clone", "python3 -m venv", "pip install", "ansible-galaxy", "export")
"""Done otherwise here: the checkout stands in for the clone, and what runs this test for what would be installed."""
TYPED = ("By hand", "Another router", "In CI, with molecule", "What wants a reboot")
COMMAND_SECONDS = 600
WISH: dict[str, Any] = {"state": "enabled", "detection": {"ping_target": "1.1.1.1"}}


@dataclass(frozen=True)
class Block:
    """What stands between two fences."""

    heading: str
    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        return [line.removeprefix("$ ") for line in self.text.splitlines() if line.startswith("$ ")]


def blocks() -> list[Block]:
    sections = re.split(r"^## ", GUIDE.read_text(), flags=re.MULTILINE)[1:]
    return [
        Block(section.partition("\n")[0], fence[1], fence[2])
        for section in sections
        for fence in re.finditer(r"^```(\w+)\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    ]


def rows() -> list[tuple[str, str]]:
    """The words of each row of the tables that say what to say, and what that does."""
    found = []
    for first, second in re.findall(r"^\| (`.+?) \| (.+) \|$", GUIDE.read_text(), flags=re.MULTILINE):
        found += [(words, second) for words in re.findall(r"`([^`]+)`", first) if not words.startswith("--")]
    return [(words, effect) for words, effect in found if words not in names()]


class Reader:
    """Somebody with an empty directory who types what is there."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.lab = home / "my-lab"
        (home / "vendor").mkdir()
        (home / "vendor" / "homelab.dualwan").symlink_to(ROOT, target_is_directory=True)
        foreign = ("ANSIBLE_", "ASUSWRT_", "ANDROID_", "MOLECULE_", "LAB_")
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
            "HOME": str(home),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(home / "vendor" / "homelab.dualwan" / "tests"),
            "ANSIBLE_COLLECTIONS_PATH": str(link_tree()),
        }
        for block in blocks():
            # A file's first line says where it is.
            if block.language == "yaml" and (named := re.match(r"# (\S+\.yml)\n", block.text)):
                path = home / named[1]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text)

    def types(self, heading: str) -> None:
        """All commands under a heading. One that is to fail does so with the words that follow ``# fails:``."""
        for block in blocks():
            for line in block.commands if block.heading == heading else []:
                if line.startswith(SET_UP):
                    continue
                command, _mark, expected = line.partition("# fails: ")
                if expected:
                    until(lambda command=command, words=expected: words in self.failure(command), line)
                else:
                    done = self._run(command)
                    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"

    def failure(self, command: str) -> str:
        """What a command says that ends badly; nothing if it does not."""
        done = self._run(command)
        return done.stdout + done.stderr if done.returncode else ""

    def _run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command.replace(LAB_OF_THE_GUIDE, str(self.lab)),
            shell=True,
            cwd=self.home,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def leaves(self) -> None:
        """Whatever was left running ends."""
        for state in (self.lab, self.home / ".lab" / "state"):
            self._run(f"python -m lab down --state-dir {state}")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    reader.leaves()


@pytest.mark.parametrize("heading", TYPED)
def test_what_is_typed_does_what_is_said_and_leaves_no_lab(reader: Reader, heading: str) -> None:
    reader.types(heading)
    assert not reader.lab.exists()
    assert not (reader.home / ".lab" / "state" / "lab.json").exists()


def test_every_command_of_the_guide_is_typed_there() -> None:
    assert {block.heading for block in blocks() if block.commands} == set(TYPED)


def test_every_firmware_of_the_lab_is_in_it() -> None:
    listed = re.findall(r"^\| `([\w-]+)` \|", GUIDE.read_text(), flags=re.MULTILINE)
    assert [name for name in listed if name in names()] == list(names())


def test_every_word_in_the_tables_is_one_of_the_labs(house: House) -> None:
    assert len(rows()) > 20
    for words, _effect in rows():
        if words == "router power-on":
            with pytest.raises(LabError, match="has power"):
                house.lab.ctl(*words.split())
        else:
            house.lab.ctl(*words.split())


def reasons() -> list[tuple[str, str]]:
    return [(words, found[1]) for words, effect in rows() if (found := re.search(r": `(\w+)`", effect))]


@pytest.mark.parametrize(("words", "reason"), reasons())
def test_the_reason_in_the_tables_is_the_one_that_a_task_gives(
    house: House, tmp_path: Path, words: str, reason: str
) -> None:
    house.lab.ctl(*words.split())
    if words.endswith("download"):
        outcome = house.run("asus_settings_backup", directory=str(tmp_path))
    else:
        outcome = house.run("asus_dualwan", **WISH)
    assert outcome["reason"] == reason
