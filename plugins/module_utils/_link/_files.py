# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports for machines, as files on the control node."""

from __future__ import annotations

import os
from pathlib import Path

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, DeviceError

MODE = 0o644
"""What is in them can be read in a CI's log as well."""


class NotWritten(DeviceError):
    """The control node did not take a file."""

    reason = "not_written"


def place_for(option: str, given: str | None) -> Path | None:
    """Where a report is to go. Raises BadWish, before anything else is done, where that cannot be."""
    if not given:
        return None
    path = Path(given).expanduser()
    if not path.parent.is_dir():
        raise BadWish(f"{option} is {given}, and there is no directory {path.parent}", cure="Make that directory first")
    if path.is_dir():
        raise BadWish(f"{option} is {given}, which is a directory", cure="Name a file in it")
    return path


def write(path: Path, text: str) -> None:
    """In one piece: whoever reads it meanwhile has the former one. Raises NotWritten."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise NotWritten(
            f"{path} cannot be written ({error.strerror})",
            doing="keeping the report",
            cure="Make its directory writable, or name another place",
        ) from error
