# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where settings files are kept on the machine that runs the task. They hold every password: nobody else may read them.

A name is ``<model>_<LAN MAC address or host>_<date and time in UTC>_<firmware>.CFG``, so that names of one router sort
by age and files of several routers lie side by side.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotKept
from ansible_collections.homelab.dualwan.plugins.module_utils._state_directory import (
    names_on_disk,
    private_directory,
    state_directory,
)

_FOREIGN = re.compile(r"[^A-Za-z0-9.-]+")
_STAMP = r"(\d{8}T\d{6}\.\d{3}Z)"


@dataclass(frozen=True)
class RouterName:
    """What tells one router's files from another's."""

    model: str
    firmware: str
    mac: str
    """LAN MAC address, with colons or without; may be empty."""
    host: str
    """How the router is reached; stands in for a MAC address that it does not tell."""

    @property
    def prefix(self) -> str:
        """How the names of its files begin."""
        return f"{_word(self.model)}_{_word(self.mac.replace(':', '').upper() or self.host)}_"


@dataclass(frozen=True)
class Kept:
    """One file of the store."""

    path: Path
    stamp: str
    """Date and time in UTC, as ``20261125T142530.123Z``."""

    @property
    def date(self) -> str:
        """The same in the usual form, to the second."""
        day, time = self.stamp[:8], self.stamp[9:15]
        return f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"


def default_directory() -> Path:
    """Where files are kept if the task names no directory."""
    return state_directory() / "backups"


def kept(directory: Path, router: RouterName) -> tuple[Kept, ...]:
    """The files of that router, the newest first. Raises NotKept."""
    name = re.compile(re.escape(router.prefix) + _STAMP + r"_[A-Za-z0-9.-]+\.CFG")
    with _on_disk(directory, "looking for settings files"):
        found = [(path, name.fullmatch(path.name)) for path in directory.iterdir()] if directory.exists() else []
    ours = [Kept(path, match[1]) for path, match in found if match]
    return tuple(sorted(ours, key=lambda file: (file.stamp, file.path.name), reverse=True))


def keep(directory: Path, router: RouterName, content: bytes, now: datetime) -> Kept:
    """Write a new file, which is there wholly or not at all. Raises NotKept."""
    date = now.astimezone(UTC)
    stamp = f"{date:%Y%m%dT%H%M%S}.{date.microsecond // 1000:03}Z"
    path = directory / f"{router.prefix}{stamp}_{_word(router.firmware)}.CFG"
    with _on_disk(directory, "keeping a settings file"):
        private_directory(directory)
        _write(path, content)
    return Kept(path, stamp)


def prune(directory: Path, router: RouterName, number: int, spared: Collection[Path]) -> tuple[Path, ...]:
    """Remove that router's files but the newest ``number`` and those ``spared``, and say which. Raises NotKept."""
    surplus = tuple(file.path for file in kept(directory, router)[number:] if file.path not in spared)
    with _on_disk(directory, "removing old settings files"):
        for path in surplus:
            path.unlink()
    return surplus


def load(path: Path) -> bytes:
    """A file's content. Raises NotKept."""
    with _on_disk(path, "reading a settings file"):
        return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")  # with mode 0600
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    names_on_disk(path.parent)


@contextmanager
def _on_disk(where: Path, doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotKept(
            f"{error.filename or where}: {error.strerror}",
            doing=doing,
            cure="Give a path that the user who runs Ansible can read and write, with some megabytes free",
        ) from error


def _word(text: str) -> str:
    """Whatever a router says, as part of a file's name."""
    return _FOREIGN.sub("-", text).strip("-.") or "unknown"
