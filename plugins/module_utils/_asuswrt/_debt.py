# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill has taken away and must give back: a note beside the router's memory, and a lock while the drill lives.

The note is on disk before the router hears of the fault, and is forgotten only when all of it was seen to be back. The
lock is the kernel's, so it ends with the process, however that ends: a note whose lock is free is of a drill that was
killed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import DrillRunning, NotRemembered
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import file_name
from ansible_collections.homelab.dualwan.plugins.module_utils._state_directory import (
    keep_private,
    private_directory,
    remove,
    state_directory,
)


@dataclass(frozen=True)
class Debt:
    """Of one drill."""

    identity: str
    """MAC address of the router (``lan_hwaddr``), so that another one at the same address is not taken for it."""
    fault: str
    begun: float
    """Seconds since 1970."""
    pid: int
    former: Mapping[str, str] = field(default_factory=dict)
    """nvram names and values, as they were."""
    lent: Mapping[str, str] = field(default_factory=dict)
    """What the drill writes to them. Whoever has set something else since then keeps it."""
    line: int | None = None
    """The WAN that is switched off, if one is."""
    traffic: str = ""
    """``primary`` where the traffic was there and is to return there."""
    phone: str = ""
    """The tether's USB function, where the phone's tether is switched off."""


class Debts:
    """Of the routers at one address, on this control node."""

    def __init__(self, router: Router) -> None:
        self._directory = state_directory() / "routers"
        self._name = file_name(router)
        self._lock = self._directory / f"{self._name}.drill.lock"

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
    def held(self) -> Iterator[None]:
        """Be the one drill at this address. Raises DrillRunning, or NotRemembered."""
        try:
            private_directory(self._directory)
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unwritable(self._lock, error) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise running() from error
            except OSError as error:
                raise self._unwritable(self._lock, error) from error
            yield
        finally:
            os.close(descriptor)

    def is_held(self) -> bool:
        """Whether a drill is under way."""
        try:
            descriptor = os.open(self._lock, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # a file system without locks, on which no drill begins
            return False
        finally:
            os.close(descriptor)
        return False

    def _path(self, identity: str) -> Path:
        return self._directory / f"{self._name}.{re.sub('[^0-9A-Za-z]', '', identity)}.drill.json"

    def _unwritable(self, path: Path, error: OSError) -> NotRemembered:
        return NotRemembered(
            f"{path} cannot be written ({error.strerror})",
            doing="noting what a drill has to give back",
            cure="Make that directory writable, or set XDG_STATE_HOME to one that is",
        )


def running() -> DrillRunning:
    """The error for who would write meanwhile."""
    return DrillRunning(
        "A drill is running on this router",
        doing="looking whether the line may be touched",
        cure="Wait until it has ended, or end it with Ctrl-C: it gives the line back. Nothing was written",
    )
