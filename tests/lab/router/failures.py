# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a web server counts failed logins: in its memory, or in nvram (web API facts 2.4)."""

from __future__ import annotations

from typing import Protocol

from .nvram import Nvram

FAILURES_TO_LOCK = 5
LOCK_SECONDS = 300


class Failures(Protocol):
    """``number`` counts all of them, ``towards_captcha`` those that bring the captcha; seconds are the lab's."""

    number: int
    towards_captcha: int
    locked_until: float

    def process_ended(self) -> None:
        """What is not kept elsewhere is lost."""


class InMemory:
    """Up to 386."""

    def __init__(self) -> None:
        self.number = 0
        self.towards_captcha = 0
        self.locked_until = 0.0

    def process_ended(self) -> None:
        self.number = 0
        self.towards_captcha = 0
        self.locked_until = 0.0


class InNvram:
    """388 httpd.c: names by process, uncommitted, and a lock that is worked out from the time of the last failure."""

    def __init__(self, nvram: Nvram, process: str) -> None:
        self._nvram = nvram
        self._number = f"{process}_login_fail_lan"
        self._time = f"{process}_last_login_ts"
        self._captcha = f"{process}_captcha_fail_num"

    @property
    def number(self) -> int:
        return self._nvram.number(self._number)

    @number.setter
    def number(self, value: int) -> None:
        self._nvram.set(self._number, value)

    @property
    def towards_captcha(self) -> int:
        return self._nvram.number(self._captcha)

    @towards_captcha.setter
    def towards_captcha(self, value: int) -> None:
        self._nvram.set(self._captcha, value)

    @property
    def locked_until(self) -> float:
        if self.number < FAILURES_TO_LOCK:
            return 0.0
        return float(self._nvram.number(self._time) + LOCK_SECONDS)

    @locked_until.setter
    def locked_until(self, value: float) -> None:
        self._nvram.set(self._time, round(value) - LOCK_SECONDS)

    def process_ended(self) -> None:
        """Nothing happens: nvram is not the process's."""
