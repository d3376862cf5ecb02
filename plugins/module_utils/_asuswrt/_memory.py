# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the control node remembers of a router between two runs: how it wants a login, a change that is not over, and a
settings file that was put back.

One small file for each address, readable by its owner only; routers that are reached at the same address one after the
other, as behind several VPNs, each have their own note in it: of a change and a file by the MAC address, of a login by
the pinned certificate, as nothing else is known of a router before one. Where it is lost, such as in a container that
lives for one run, a login costs one request more, a change that was interrupted is not spoken of, and the same file may
be put back twice.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotRemembered
from ansible_collections.homelab.dualwan.plugins.module_utils._state_directory import keep_private, state_directory


@dataclass(frozen=True)
class Unfinished:
    """A change that was begun. It is noted before the write, and forgotten when it came to a good end."""

    identity: str
    """MAC address of the router (``lan_hwaddr``)."""
    begun: float
    """Seconds since 1970."""
    former: Mapping[str, str]
    """nvram names and values, as they were."""
    wanted: Mapping[str, str]
    service: str
    """What is owed to make it true: ``none`` where nothing is, or where it was seen to end."""
    rollback_seconds: int
    """For how long management and internet may be away before the former values come back; 0 for ever."""
    undoing: bool = False
    """Whether its former values were sent again, and the service with them, which is owed where they are stored."""


@dataclass(frozen=True)
class Restored:
    """A settings file that was put back, and what the router had otherwise right after it."""

    sha256: str
    """Of the file."""
    left: tuple[str, ...]
    """nvram names: states, as far as anybody can tell, which the router writes anew at each boot."""


def file_name(router: Router) -> str:
    """What files about a router are called."""
    return re.sub(r"[^A-Za-z0-9.-]", "_", f"{router.host}_{router.port}")


def mark_of(identity: str) -> str:
    """What is told of a router's MAC address: enough to know it again."""
    return hashlib.sha256(identity.encode()).hexdigest()[:12]


class Memory:
    """Of one router."""

    def __init__(self, router: Router) -> None:
        self._path = state_directory() / "routers" / f"{file_name(router)}.json"
        self._pin = router.fingerprint or ""

    def scheme(self) -> str | None:
        """How the router with this certificate took the last login."""
        scheme = self._schemes().get(self._pin)
        return scheme if isinstance(scheme, str) else None

    def remember_scheme(self, scheme: str | None) -> None:
        """Where that cannot be written, the next run asks the router again."""
        if self.scheme() != scheme:
            with suppress(OSError):
                self._write(self._read() | {"login": {**self._schemes(), self._pin: scheme}})

    def unfinished(self, identity: str) -> Unfinished | None:
        """The change that was begun last on the router with this MAC address, if it has not come to its end."""
        try:
            return Unfinished(**self._notes()[identity])
        except (KeyError, TypeError):  # nothing noted, or noted by another version
            return None

    def begin(self, change: Unfinished) -> None:
        """Note it, on disk, before anything is sent. Raises NotRemembered."""
        self._note({**self._notes(), change.identity: asdict(change)})

    def end(self, identity: str) -> None:
        """It came to a good end. Raises NotRemembered."""
        notes = self._notes()
        if notes.pop(identity, None) is not None:
            self._note(notes)

    def restored(self, identity: str) -> Restored | None:
        """The file that was put back last on the router with this MAC address."""
        try:
            found = self._notes("restored")[identity]
            return Restored(found["sha256"], tuple(found["left"]))
        except (KeyError, TypeError):  # nothing noted, or noted by another version
            return None

    def remember_restored(self, identity: str, restored: Restored) -> None:
        """Where that cannot be written, the next run restores the file once more."""
        with suppress(OSError):
            self._write(self._read() | {"restored": {**self._notes("restored"), identity: asdict(restored)}})

    def _schemes(self) -> dict[str, Any]:
        found = self._read().get("login")
        if isinstance(found, str):  # by a version that did not tell routers at one address apart
            return {"": found}
        return found if isinstance(found, dict) else {}

    def _notes(self, kind: str = "unfinished") -> dict[str, Any]:
        found = self._read().get(kind)
        return found if isinstance(found, dict) else {}

    def _note(self, notes: dict[str, Any]) -> None:
        try:
            self._write(self._read() | {"unfinished": notes})
        except OSError as error:
            raise NotRemembered(
                f"{self._path} cannot be written ({error.strerror})",
                doing="noting what is about to change",
                cure="Make that directory writable, or set XDG_STATE_HOME to one that is",
            ) from error

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, content: Mapping[str, Any]) -> None:
        keep_private(self._path, json.dumps(content))
