# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that is written wholly or not at all, and only where it differs."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.homelab.dualwan.plugins.module_utils._link._files import NotWritten


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
        """Raises NotWritten. Where the path is a link, what it points to is written."""
        place = _real(self.path)
        with _on_disk(place):
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
