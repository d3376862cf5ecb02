# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill has taken away and must give back, or a line that is off before its traffic has moved: a note beside the
router's memory. And a lock for who writes to the router.

The note is on disk before the router hears of the fault, and is forgotten only when all of it was seen to be back. The
lock is the kernel's, so it ends with the process, however that ends: a note whose lock is free is of one that was
killed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    AnotherRun,
    DrillRunning,
    NotRemembered,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import file_name
from ansible_collections.homelab.dualwan.plugins.module_utils._state_directory import (
    keep_private,
    private_directory,
    remove,
    state_directory,
)

DRILL = "backup_link_drill"
SWITCH = "asus_wan"
"""The ``fault`` of a line that is switched off on purpose: in its end it stays off, with the traffic on the other."""


@dataclass(frozen=True)
class Debt:
    """Of one drill, or of one line that is switched off."""

    identity: str
    """MAC address of the router (``lan_hwaddr``), so that another one at the same address is not taken for it."""
    fault: str
    begun: float
    """Seconds since 1970."""
    pid: int
    former: Mapping[str, str] = field(default_factory=dict)
    """nvram names and values, as they were."""
    lent: Mapping[str, str] = field(default_factory=dict)
    """What is written to them. Whoever has set something else since then keeps it."""
    line: int | None = None
    """The WAN that is switched off, if one is."""
    traffic: str = ""
    """``primary`` where the traffic was there and is to return there."""
    phone: str = ""
    """The tether's USB function, where the phone's tether is switched off."""

    @property
    def what(self) -> str:
        """For people, as a sentence begins."""
        if self.fault == SWITCH:
            return f"Switching the {'secondary' if self.line else 'primary'} WAN off ({SWITCH})"
        return f"A drill ({self.fault})"


class Debts:
    """Of the routers at one address, on this control node."""

    def __init__(self, router: Router) -> None:
        self._directory = state_directory() / "routers"
        self._name = file_name(router)
        self._lock = self._directory / f"{self._name}.drill.lock"
        self._holding = False

    def read(self, identity: str) -> Debt | None:
        """The note of the router with this MAC address, if there is one that this version can read."""
        try:
            debt = Debt(**json.loads(self._path(identity).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return debt if debt.identity == identity else None

    def note(self, debt: Debt) -> None:
        """On disk when this returns. Raises NotRemembered."""
        path = self._path(debt.identity)
        try:
            keep_private(path, json.dumps(asdict(debt)))
        except OSError as error:
            raise self._unwritable(path, error) from error

    def forget(self, identity: str) -> None:
        """All is back. Raises NotRemembered."""
        path = self._path(identity)
        try:
            remove(path)
        except OSError as error:
            raise self._unwritable(path, error) from error

    @contextmanager
    def held(self, who: str) -> Iterator[None]:
        """Be the one who writes at this address; within it, once more is nothing. Raises AnotherRun, or NotRemembered.

        ``who`` is what others are told.
        """
        if self._holding:
            yield
            return
        try:
            private_directory(self._directory)
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unwritable(self._lock, error) from error
        try:
            try:
                _lock(descriptor)
            except BlockingIOError as error:
                raise running(_name_in(descriptor)) from error
            except OSError as error:
                raise self._unwritable(self._lock, error) from error
            # The name is for people only, and on a disk that is full a line can be given back without.
            with suppress(OSError):
                os.truncate(descriptor, 0)
                os.write(descriptor, who.encode())
            self._holding = True
            yield
        finally:
            self._holding = False
            os.close(descriptor)

    def holder(self) -> str | None:
        """Who else writes to the router now."""
        if self._holding:
            return None
        try:
            descriptor = os.open(self._lock, os.O_RDONLY)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _name_in(descriptor)
        except OSError:  # a file system without locks, on which nobody begins
            return None
        finally:
            os.close(descriptor)
        return None

    def _path(self, identity: str) -> Path:
        return self._directory / f"{self._name}.{re.sub('[^0-9A-Za-z]', '', identity)}.drill.json"

    def _unwritable(self, path: Path, error: OSError) -> NotRemembered:
        return NotRemembered(
            f"{path} cannot be written ({error.strerror})",
            doing="noting what is to be given back",
            cure="Make that directory writable, or set XDG_STATE_HOME to one that is",
        )


def running(who: str) -> AnotherRun:
    """The error for whoever would write meanwhile."""
    if who == DRILL:
        return DrillRunning(
            "A drill is running on this router",
            doing="looking whether the line may be touched",
            cure="Wait until it has ended, or end it with Ctrl-C: it gives the line back. Nothing was written",
        )
    return AnotherRun(
        f"Another run is writing to this router ({who})",
        doing="looking whether it may be touched",
        cure="Wait until that has ended, and run again. Nothing was written",
    )


def _lock(descriptor: int) -> None:
    """Raises BlockingIOError where somebody else writes."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Whoever only looks (``holder``) shares it, for as long as one look takes.
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        else:
            return


def _name_in(descriptor: int) -> str:
    """Who has written its name there, once it held the lock."""
    return os.pread(descriptor, 99, 0).decode(errors="replace") or "which has only begun"
