# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may come in: tokens, failed logins and the lock (web API facts 2 and 9).

httpd and httpds are two processes with a door each: neither knows the other's tokens or failures.
"""

from __future__ import annotations

import base64
import binascii
import math
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from .nvram import Nvram
from .user_agent import Kind

FAILURES_TO_LOCK = 5
FAILURES_TO_CAPTCHA = 2
LOCK_SECONDS = 300
APP_TOKEN_SECONDS = 6000
BROWSER_IDLE_SECONDS = 60
FIRST_LOCK_ANSWER = -2457
"""The reply to the failure that locks was seen with negative numbers; a client must stand it."""

_ALPHABET = string.ascii_letters + string.digits


class Status(IntEnum):
    """``error_status`` (382 httpd.h)."""

    NO_TOKEN = 1
    AUTH_FAIL = 2
    ACCOUNT_FAIL = 3
    LOGIN_LOCK = 7
    IS_LOGOUT = 8
    NO_LOGIN = 9
    WRONG_CAPTCHA = 10


@dataclass
class _Session:
    client: str
    kind: Kind
    used: float


class Refused(Exception):
    """No entry; ``remaining`` goes with a lock."""

    def __init__(self, status: Status, remaining: int | None = None) -> None:
        super().__init__(f"error_status {int(status)}")
        self.status = status
        self.remaining = remaining


class Door:
    """Memory of one httpd process: it is lost with it."""

    def __init__(self, nvram: Nvram, now: Callable[[], float]) -> None:
        self._nvram = nvram
        self._now = now
        self._sessions: dict[str, _Session] = {}
        self._locked_until = 0.0
        self._first_lock_answered = False
        self.failures = 0

    @property
    def locked_seconds(self) -> int:
        return max(0, math.ceil(self._locked_until - self._now()))

    def forget_everything(self) -> None:
        """As after a restart of the process."""
        self._sessions.clear()
        self.unlock()
        self._first_lock_answered = False

    def lock(self, seconds: float = LOCK_SECONDS) -> None:
        self.failures = max(self.failures, FAILURES_TO_LOCK)
        self._locked_until = self._now() + seconds
        self._first_lock_answered = True

    def unlock(self) -> None:
        self.failures = 0
        self._locked_until = 0.0

    def log_in(self, authorization: str, client: str, kind: Kind) -> str:
        """A new token. ``authorization`` is base64 of user:password."""
        self._refuse_while_locked(count=True)
        if not kind.is_app and self._another_browser(client):
            raise Refused(Status.NO_LOGIN)
        if self._nvram.get("captcha_enable") == "1" and self.failures >= FAILURES_TO_CAPTCHA:
            # Even the right password needs it then, and an app's try without is not counted (382).
            raise Refused(Status.WRONG_CAPTCHA)
        if not self._matches(authorization):
            self._failed()
            raise Refused(Status.ACCOUNT_FAIL)
        if not kind.is_app:
            # Only a browser's success clears the count (382), and its token takes the place of older browsers'.
            self.failures = 0
            self._sessions = {token: one for token, one in self._sessions.items() if one.kind.is_app}
        token = "".join(secrets.choice(_ALPHABET) for _turn in range(31))
        self._sessions[token] = _Session(client, kind, self._now())
        return token

    def check(self, token: str | None, client: str, kind: Kind) -> None:
        """Refuse whoever may not come in. A bogus token is no failed login."""
        if token is None:
            self._refuse_while_locked(count=False)
            raise Refused(Status.NO_TOKEN)
        session = self._sessions.get(token)
        if session is None or session.client != client or session.kind is not kind:
            raise Refused(Status.AUTH_FAIL)
        if self._now() - session.used > self._life(kind):
            del self._sessions[token]
            raise Refused(Status.AUTH_FAIL)
        session.used = self._now()

    def log_out(self, token: str | None) -> None:
        if token is not None:
            self._sessions.pop(token, None)

    def _life(self, kind: Kind) -> float:
        return APP_TOKEN_SECONDS if kind.is_app else 60.0 * max(1, self._nvram.number("http_autologout"))

    def _another_browser(self, client: str) -> bool:
        return any(
            not one.kind.is_app and one.client != client and self._now() - one.used < BROWSER_IDLE_SECONDS
            for one in self._sessions.values()
        )

    def _matches(self, authorization: str) -> bool:
        try:
            user, _mark, password = base64.b64decode(authorization, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        return (user, password) == (self._nvram.get("http_username"), self._nvram.get("http_passwd"))

    def _failed(self) -> None:
        self.failures += 1
        if self.failures < FAILURES_TO_LOCK:
            return
        first = not self._first_lock_answered
        self.lock()
        raise Refused(Status.LOGIN_LOCK, FIRST_LOCK_ANSWER if first else LOCK_SECONDS)

    def _refuse_while_locked(self, *, count: bool) -> None:
        if self._locked_until <= 0:
            return
        if self._now() < self._locked_until:
            # Tries while locked count again (382); whether they make the lock longer is not known: here they don't.
            self.failures += count
            raise Refused(Status.LOGIN_LOCK, self.locked_seconds)
        self.unlock()
