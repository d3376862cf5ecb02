# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C and the like, which must find a drill that gives the line back before it ends.

A worker of Ansible (2.19) would end at once where a signal comes: its own handler exits the process, past every
``finally``. So while a drill runs the signals are ours, and are given back with the line. A worker whose parent was
killed hears nothing, and would tell its lines into a pipe that nobody empties: it is asked for its parent at each look.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """Somebody wants this to end. What is under way is given back first."""


class Interrupts:
    """What conduct() asks; this one is for where nobody interrupts."""

    def check(self) -> None:
        """Raises Interrupted where nobody waits for the outcome any more."""

    def shield(self) -> None:
        """From now on nothing is interrupted: the line is being given back."""


class _Signals(Interrupts):
    def __init__(self) -> None:
        self._parent = os.getppid()
        self._shielded = False

    def check(self) -> None:
        if os.getppid() != self._parent:
            raise Interrupted("the process that asked for this has ended")

    def shield(self) -> None:
        self._shielded = True

    def heard(self, number: int, _frame: FrameType | None) -> None:
        if not self._shielded:
            # Once is enough: Ansible sends a second signal to workers that have not ended in five seconds.
            self._shielded = True
            raise Interrupted(f"interrupted by {signal.Signals(number).name}")


@contextmanager
def interrupts() -> Iterator[Interrupts]:
    """Signals raise Interrupted, once, inside this block. Only the main thread may have that; others go without."""
    if threading.current_thread() is not threading.main_thread():
        yield Interrupts()
        return
    ours = _Signals()
    former = {number: signal.signal(number, ours.heard) for number in SIGNALS}
    try:
        yield ours
    finally:
        for number, handler in former.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
