# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the machine keeps a process waiting for its turn."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

BEAT_SECONDS = 0.02


class Lateness:
    """Of this process, for as long as the block lasts."""

    def __init__(self) -> None:
        self.longest = 0.0
        """Seconds."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="lateness")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        due = time.monotonic() + BEAT_SECONDS
        while not self._over.wait(BEAT_SECONDS):
            self.longest = max(self.longest, time.monotonic() - due)
            due = time.monotonic() + BEAT_SECONDS
