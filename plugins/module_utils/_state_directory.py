# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the control node keeps what it must know of a device from one run to the next."""

from __future__ import annotations

import os
from pathlib import Path


def keep_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def state_directory() -> Path:
    """``homelab.dualwan`` in the user's directory for state (XDG Base Directory Specification). Not made by this."""
    given = os.environ.get("XDG_STATE_HOME", "")
    # The specification says to ignore a relative one.
    base = Path(given) if given.startswith("/") else Path.home() / ".local" / "state"
    return base / "homelab.dualwan"
