# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take a settings file of the router and keep it: for ``asus_settings_backup``, and for a task before its first write.

Making the file is no mere reading: the router forgets its ``asus_device_list`` and commits (382 web.c).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._backup_file import Backup, parse
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._backup_store import (
    Kept,
    RouterName,
    default_directory,
    keep,
    kept,
    load,
    prune,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadBackup
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._volatile import differing
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import Clock
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish


@dataclass(frozen=True)
class BackupTaken:
    """A file that holds what the router had just now, but for its states."""

    file: Kept
    backup: Backup
    stored: bool
    """False where the newest file had it all already, and none was added."""
    differs: tuple[str, ...]
    """Names that differ from the newest file before; empty where there was none."""
    removed: tuple[Path, ...]
    """Files that were older than the newest so many."""


def router_name(nvram: Nvram, host: str) -> RouterName:
    """Under which name its files are kept. ``nvram`` has ``lan_hwaddr`` besides what tells a router's capabilities."""
    router = capabilities(nvram)
    return RouterName(router.model, router.firmware, nvram["lan_hwaddr"], host)


def take(session: Session, router: RouterName, directory: Path, number: int, now: datetime) -> BackupTaken:
    """Fetch the settings and keep them, unless the newest file has the same. Then keep the newest ``number`` files.

    Raises BadBackup, NotKept or another RouterError; nothing on the router has changed by then but its list of devices.
    """
    content, backup = fetch(session, router.model)
    return put_away(content, backup, router, directory, number=number, now=now)


def fetch(session: Session, model: str) -> tuple[bytes, Backup]:
    """The router's settings as a file, as they are now. Raises BadBackup for something else than a whole file."""
    # path=0 leaves the dynamic DNS host name out. remove_passwd=1 would make a file that cannot be restored (382).
    content = session.download(f"/Settings_{quote(model, safe='')}.CFG?path=0&remove_passwd=0")
    return content, parse(content, "What the router sent")


def put_away(
    content: bytes,
    backup: Backup,
    router: RouterName,
    directory: Path,
    *,
    number: int,
    now: datetime,
    spared: Collection[Path] = (),
) -> BackupTaken:
    """The part of :func:`take` that needs no router. ``spared`` are files not to be removed."""
    last = newest(directory, router)
    differs = differing(backup.values, last[1].values) if last else ()
    if last and not differs:
        file, stored = last[0], False
    else:
        file, stored = keep(directory, router, content, now), True
    return BackupTaken(file, backup, stored, differs, prune(directory, router, number, (file.path, *spared)))


def newest(directory: Path, router: RouterName) -> tuple[Kept, Backup] | None:
    """The newest file of that router that is whole; a damaged one does not count."""
    for file in kept(directory, router):
        try:
            return file, parse(load(file.path), str(file.path))
        except BadBackup:
            continue
    return None


def described(path: Path, backup: Backup, date: str | None) -> dict[str, Any]:
    """A file as results name it: of what is in it, only how much."""
    return {
        "file": str(path),
        "model": backup.model,
        "firmware": backup.firmware,
        "form": backup.form,
        "names": len(backup.values),
        "date": date,
    }


def directory_of(given: str | None) -> Path:
    """Where files are kept."""
    return Path(given) if given else default_directory()


def number_of(given: int) -> int:
    """How many files are kept. Raises BadWish for none."""
    if given < 1:
        raise BadWish(f"keep is {given}", cure="Give 1 or more: the file that was just taken stays in any case")
    return given


def today(clock: Clock) -> datetime:
    """For the names of files."""
    return datetime.fromtimestamp(clock.epoch(), UTC)
