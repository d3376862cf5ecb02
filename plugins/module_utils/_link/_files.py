# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports as files on the control node: each is written wholly or not at all, and is for those who may read it."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, DeviceError

OWNER_ONLY = "0600"
"""Unless the user says otherwise: reports have public addresses in them, and what is wrong with the house."""
FOR_MACHINES = ("json_file", "junit_file")
FILE_OPTIONS: dict[str, Any] = {
    **{name: {"type": "path"} for name in FOR_MACHINES},
    "files_mode": {"type": "str", "default": OWNER_ONLY},
}
_MODE = re.compile(r"0[0-7]{3}")


class NotWritten(DeviceError):
    """The control node did not take a file."""

    reason = "not_written"


@dataclass(frozen=True)
class Places:
    """Where the reports for machines go: the values of ``FILE_OPTIONS``."""

    paths: Mapping[str, Path]
    """By option, those that were given."""
    mode: int

    def path(self, option: str) -> str | None:
        """As a result has it."""
        return str(self.paths[option]) if option in self.paths else None

    def write(self, option: str, text: str) -> None:
        """Where it was asked for. Raises NotWritten."""
        if option in self.paths:
            Target(self.paths[option], text.encode(), self.mode).write()


def places_from(params: Mapping[str, Any]) -> Places:
    """Raises BadWish, before anything else is done, where a report cannot be."""
    given = {name: Path(params[name]).expanduser() for name in FOR_MACHINES if params[name]}
    mode = mode_from("files_mode", params["files_mode"])
    for option, path in given.items():
        try:
            Target(path, b"", mode).check()
        except NotWritten as refused:
            why = refused.happened[:1].lower() + refused.happened[1:]
            raise BadWish(f"{option} is {params[option]}, and {why}", cure=refused.cure) from refused
    return Places(given, mode)


def mode_from(option: str, given: str) -> int:
    """Read permissions; raises BadWish."""
    if not _MODE.fullmatch(given):
        raise BadWish(f"{option} is {given}", cure="Give four octal digits in quotes, such as '0600' or '0644'")
    return int(given, 8)


@dataclass(frozen=True)
class Target:
    """What is to be there."""

    path: Path
    content: bytes
    mode: int

    def former(self) -> bytes | None:
        """What is there now; None where nothing is. Raises NotWritten where it is no file that can be read."""
        with _on_disk(self.path):
            return self.path.read_bytes() if self.path.exists() else None

    def differs(self) -> bool:
        """In content or mode. Raises NotWritten."""
        with _on_disk(self.path):
            return self.former() != self.content or stat.S_IMODE(self.path.stat().st_mode) != self.mode

    def check(self) -> None:
        """Whether it could be written, as far as one sees without writing. Raises NotWritten."""
        place = _real(self.path)
        if not place.parent.is_dir():
            raise _refused(f"There is no directory {place.parent}", "Make it first, or give another path")
        if place.is_dir():
            raise _refused(f"{place} is a directory", "Give a file's name in it")
        if not os.access(place.parent, os.W_OK | os.X_OK):
            raise _refused(
                f"{place.parent} may not be written to", "Give a path that the user who runs Ansible can write"
            )

    def write(self) -> None:
        """In one piece: whoever reads it meanwhile has the former one. Raises NotWritten. Where the path is a link,
        what it points to is written."""
        place = _real(self.path)
        with _on_disk(place):
            # A name that nobody can guess, and that must not be there: in a directory that others may write to, a link
            # could wait at any other.
            descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".new")
            fresh = Path(name)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(self.content)
                    os.fchmod(file.fileno(), self.mode)
                fresh.replace(place)
            finally:
                fresh.unlink(missing_ok=True)


def _real(path: Path) -> Path:
    """Behind the user's own links. Raises NotWritten for one that somebody else has laid where everybody may lay one:
    the kernel does not follow it either (``fs.protected_symlinks``)."""
    with _on_disk(path):
        if path.is_symlink():
            link, place = path.lstat(), path.parent.stat()
            shared = place.st_mode & stat.S_ISVTX and place.st_mode & stat.S_IWOTH
            if shared and link.st_uid not in (os.geteuid(), place.st_uid):
                raise _refused(f"{path} is a link that another user made", "Give a path in a directory of your own")
    return Path(os.path.realpath(path))


@contextmanager
def _on_disk(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = f"{error.filename or where}: {error.strerror}"
        raise _refused(said, "Give a path that the user who runs Ansible can read and write") from error


def _refused(happened: str, cure: str) -> NotWritten:
    return NotWritten(happened, doing="writing the report", cure=cure)
