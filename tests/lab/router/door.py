# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may come in: tokens, failed logins and the lock (web API facts 2 and 9).

httpd and httpds are two processes with a door each: neither knows the other's tokens or failures.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import math
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from .failures import FAILURES_TO_LOCK, LOCK_SECONDS, Failures, InMemory, InNvram
from .nvram import Nvram
from .profiles import Login
from .user_agent import Kind

FAILURES_TO_CAPTCHA = 2
APP_TOKEN_SECONDS = 6000
BROWSER_IDLE_SECONDS = 60
COOKIE = "asus_token"

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

    def __init__(self, nvram: Nvram, now: Callable[[], float], login: Login, *, tls: bool) -> None:
        self._nvram = nvram
        self._now = now
        self._login = login
        self._sessions: dict[str, _Session] = {}
        self._nonces: dict[str, str] = {}
        self._first_lock_answered = False
        self._failures: Failures = (
            InNvram(nvram, "httpds" if tls else "httpd") if login.failures_in_nvram else InMemory()
        )
        self.cookie = login.https_cookie if tls else COOKIE

    @property
    def failures(self) -> int:
        return self._failures.number

    @failures.setter
    def failures(self, value: int) -> None:
        """As if so many had failed in a browser, without a lock."""
        self._failures.number = value
        self._failures.towards_captcha = value

    @property
    def captcha_on(self) -> bool:
        """Whether the next login needs one: even the right password does then."""
        return self._nvram.get("captcha_enable") == "1" and self._failures.towards_captcha >= FAILURES_TO_CAPTCHA

    @property
    def locked_seconds(self) -> int:
        return max(0, math.ceil(self._failures.locked_until - self._now()))

    def forget_everything(self) -> None:
        """As after a restart of the process."""
        self._sessions.clear()
        self._nonces.clear()
        self._failures.process_ended()
        self._first_lock_answered = False

    def lock(self, seconds: float = LOCK_SECONDS) -> None:
        self._failures.number = max(self._failures.number, FAILURES_TO_LOCK)
        self._failures.locked_until = self._now() + seconds
        self._first_lock_answered = True

    def unlock(self) -> None:
        self._failures.number = 0
        self._failures.towards_captcha = 0
        self._failures.locked_until = 0.0

    def log_in(self, authorization: str, client: str, kind: Kind) -> str:
        """A new token. ``authorization`` is base64 of user:password, which the nonce login rejects like any other."""
        return self._admit(client, kind, lambda: not self._login.nonce and self._matches(authorization))

    def nonce(self, ident: str) -> str:
        """A number that goes with ``ident``, for one login."""
        self._nonces[ident] = secrets.token_hex(16)
        return self._nonces[ident]

    def log_in_with_nonce(self, ident: str, cnonce: str, authorization: str, client: str, kind: Kind) -> str:
        """A new token. ``authorization`` is the SHA-256 in hex of user:nonce:password:cnonce (web API facts 2.2)."""
        nonce = self._nonces.pop(ident, None)
        user, password = self._account()
        expected = hashlib.sha256(f"{user}:{nonce}:{password}:{cnonce}".encode()).hexdigest()
        return self._admit(
            client, kind, lambda: nonce is not None and hmac.compare_digest(authorization.encode(), expected.encode())
        )

    def _admit(self, client: str, kind: Kind, proved: Callable[[], bool]) -> str:
        self._refuse_while_locked(count=True)
        if not kind.is_app and self._another_browser(client):
            raise Refused(Status.NO_LOGIN)
        if self.captcha_on:
            # A try without it is not counted (382).
            raise Refused(Status.WRONG_CAPTCHA)
        if not proved():
            self._failed(kind)
            raise Refused(Status.ACCOUNT_FAIL)
        if not kind.is_app:
            # Only a browser's success clears the count (382), and its token takes the place of older browsers'.
            self.unlock()
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

    def _account(self) -> tuple[str, str]:
        return self._nvram.get("http_username"), self._nvram.get("http_passwd")

    def _matches(self, authorization: str) -> bool:
        try:
            user, _mark, password = base64.b64decode(authorization, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        return (user, password) == self._account()

    def _failed(self, kind: Kind) -> None:
        self._failures.number += 1
        if self._login.captcha_counts_apps or not kind.is_app:
            self._failures.towards_captcha += 1
        if self._failures.number < FAILURES_TO_LOCK:
            return
        first = not self._first_lock_answered
        self.lock()
        raise Refused(Status.LOGIN_LOCK, self._login.first_remaining_lock_time if first else LOCK_SECONDS)

    def _refuse_while_locked(self, *, count: bool) -> None:
        if self._failures.number < FAILURES_TO_LOCK:
            return
        if self._now() < self._failures.locked_until:
            # Tries while locked count again (382) and don't make the lock longer (388 httpd.c; elsewhere a guess).
            self._failures.number += count
            raise Refused(Status.LOGIN_LOCK, self.locked_seconds)
        self.unlock()
