# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the keepalive on the phone last said of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import BEAT_SECONDS

_LAST_LINE = "end"
_LATE_BEATS = 2


@dataclass(frozen=True)
class Heartbeat:
    """Times are the phone's own, in UTC."""

    state: str
    """``serving``, ``away`` (no host), ``down``, ``hot``, ``paused``, ``starting`` or ``ended``."""
    user: str
    source: str
    """``route``, or ``dumpsys`` where the kernel's table of routes says nothing of the tether."""
    since: str
    drops: int
    last_drop: str | None
    last_drop_why: str | None
    cures: int
    last_cure: str | None
    last_cure_at: str | None
    recoveries: int
    last_recovery_seconds: int | None
    late: bool
    """It should have said more by now: the phone slept, or the loop hangs."""

    def as_result(self) -> dict[str, Any]:
        """As the modules return it."""
        return {
            "state": self.state,
            "user": self.user,
            "source": self.source,
            "since": self.since,
            "drops": self.drops,
            "last_drop": self.last_drop,
            "last_drop_why": self.last_drop_why,
            "cures": self.cures,
            "last_cure": self.last_cure,
            "last_cure_at": self.last_cure_at,
            "recoveries": self.recoveries,
            "last_recovery_seconds": self.last_recovery_seconds,
            "late": self.late,
        }


def heartbeat_from(text: str, uptime: str) -> Heartbeat | None:
    """Read the file and ``/proc/uptime``. None where it is missing, was being written or is of another script."""
    lines = text.splitlines()
    if not lines or lines[-1] != _LAST_LINE:
        return None
    found = dict(line.split("=", 1) for line in lines[:-1] if "=" in line)
    try:
        age = float(uptime.split(maxsplit=1)[0]) - int(found["now"])
        return Heartbeat(
            state=found["state"],
            user=found["user"],
            source=found["source"],
            since=found["since"],
            drops=int(found["drops"]),
            last_drop=found["last_drop"] or None,
            last_drop_why=found["last_drop_why"] or None,
            cures=int(found["cures"]),
            last_cure=found["last_cure"] or None,
            last_cure_at=found["last_cure_at"] or None,
            recoveries=int(found["recoveries"]),
            last_recovery_seconds=int(found["last_recovery_seconds"]) if found["last_recovery_seconds"] else None,
            late=age > _LATE_BEATS * BEAT_SECONDS + int(found["interval"]),
        )
    except (KeyError, ValueError, IndexError):
        return None
