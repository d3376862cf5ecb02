# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports as files: who may read them, and that nobody makes them land elsewhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._link._files import (
    FILE_OPTIONS,
    NotWritten,
    Target,
    places_from,
)
from tools.needs import unavailable

BOTH = ("json_file", "junit_file")


@pytest.fixture(autouse=True)
def _nothing_is_masked() -> Iterator[None]:
    """So that a mode is the writer's own."""
    former = os.umask(0)
    yield
    os.umask(former)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A directory as /tmp is."""
    place = tmp_path / "shared"
    place.mkdir()
    place.chmod(0o1777)
    return place


def written(place: Path, **options: str) -> list[Path]:
    """Both files, with these options."""
    given = {name: each.get("default") for name, each in FILE_OPTIONS.items()}
    places = places_from(given | {name: str(place / name) for name in BOTH} | options)
    for option in BOTH:
        places.write(option, "what was found")
    return [place / name for name in BOTH]


@pytest.mark.parametrize(("options", "mode"), [({}, 0o600), ({"files_mode": "0644"}, 0o644)])
def test_they_are_for_their_owner_unless_told_otherwise(tmp_path: Path, options: dict[str, str], mode: int) -> None:
    for path in written(tmp_path, **options):
        assert (stat.S_IMODE(path.stat().st_mode), path.read_text()) == (mode, "what was found")


@pytest.mark.parametrize("option", BOTH)
def test_a_directory_that_may_not_be_written_to_is_told_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _how: False)
    with pytest.raises(BadWish, match=f"{option} is .* may not be written to"):
        places_from({"files_mode": "0600", **dict.fromkeys(BOTH, ""), option: str(tmp_path / "report")})


def test_one_that_was_for_everybody_is_so_no_longer(tmp_path: Path) -> None:
    written(tmp_path, files_mode="0644")
    assert {stat.S_IMODE(path.stat().st_mode) for path in written(tmp_path)} == {0o600}


@pytest.mark.parametrize("given", ["384", "0900", "u=rw", ""])
def test_a_mode_that_is_none_is_refused_by_its_name(tmp_path: Path, given: str) -> None:
    with pytest.raises(BadWish, match="files_mode is"):
        written(tmp_path, files_mode=given)
    assert list(tmp_path.iterdir()) == []


def test_what_was_not_asked_for_is_not_written(tmp_path: Path) -> None:
    places = places_from({"json_file": str(tmp_path / "link.json"), "junit_file": None, "files_mode": "0600"})
    places.write("junit_file", "cases")
    assert (places.path("json_file"), places.path("junit_file")) == (str(tmp_path / "link.json"), None)
    assert list(tmp_path.iterdir()) == []


def test_a_link_that_waits_where_the_file_is_made_is_not_followed(shared: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("as it was")
    for name in BOTH:
        (shared / f".{name}.{os.getpid()}.new").symlink_to(victim)
    for path in written(shared):
        assert path.read_text() == "what was found"
    assert victim.read_text() == "as it was"


def test_nor_is_the_link_of_another_user_where_everybody_may_lay_one(shared: Path, tmp_path: Path) -> None:
    victim, link = tmp_path / "victim", shared / "link.json"
    victim.write_text("as it was")
    link.symlink_to(victim)
    Target(link, b"our own link", 0o600).write()
    assert victim.read_text() == "our own link"
    try:
        os.chown(link, 65534, -1, follow_symlinks=False)
    except PermissionError:
        unavailable("root, for a link of another user")
    with pytest.raises(NotWritten, match="a link that another user made"):
        Target(link, b"theirs", 0o600).write()
    assert victim.read_text() == "our own link"
