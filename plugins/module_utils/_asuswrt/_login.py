# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ways to log in, and what a refusal means.

Classic: user and password in base64 (every firmware read). Nonce: a hash over a nonce that the router gives (newest
builds of 3006, from the router's own login page). Which one a router takes is found out by asking it for a nonce, which
carries no password: of the wrong kind of login it would count one as failed, and five of those lock it for all. That
the question itself is not counted is a guess, never tried on a device; ``login: classic`` leaves it out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import string
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    BadReply,
    LockedOut,
    LoginRefused,
    NotAsuswrt,
    RouterError,
    WrongPassword,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._http import JSON, Http
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import parse_object

if TYPE_CHECKING:
    import httpx

CLASSIC = "classic"
NONCE = "nonce"

TOKEN_COOKIES = ("asus_token", "asus_s_token")
"""The second over HTTPS from 388 on."""

_CLASSIC_PATH = "/login.cgi"
_NONCE_PATH = "/get_Nonce.cgi"
_NONCE_LOGIN_PATH = "/login_v2.cgi"
_PAGE_FIELDS = {
    "login_captcha": "",
    "group_id": "",
    "action_mode": "",
    "action_script": "",
    "action_wait": "5",
    "current_page": "Main_Login.asp",
    "next_page": "",
}
"""What the login page sends besides."""
_DOING = "logging in"


def log_in(http: Http, router: Router, scheme: str, remembered: str | None = None) -> str:
    """Log in, and say by which scheme: the given one, or with ``auto`` the one that the router offers.

    Leaves the session's cookie in ``http``. Raises RouterError; a password goes out once at most, and not at all where
    a router that took a nonce the last time, which is ``remembered``, gives none.
    """
    http.forget_cookies()
    challenge = None if scheme == CLASSIC else _challenge(http, router, scheme)
    if challenge is None and scheme != CLASSIC and remembered == NONCE:
        raise BadReply(
            "The router gave a nonce for its last login, and gives none now",
            doing=_DOING,
            cure="No password was sent. Run again: if its firmware was changed, the next run asks anew how it wants a "
            "login",
        )
    if challenge is None:
        http.cookie = _sendable(_classic(http, router, remembered))
        return CLASSIC
    http.cookie = _sendable(_with_nonce(http, router, *challenge))
    return NONCE


def refusal(answer: Mapping[str, Any], router: Router, doing: str) -> RouterError:
    """The error behind an ``error_status`` (382 httpd.h) other than a lost session's."""
    status = str(answer.get("error_status", "nothing"))
    if status == "3":
        return _wrong_password(router)
    if status == "7":
        # Genuine firmware was seen to put a negative number into its first such reply.
        seconds = max(_number(answer.get("remaining_lock_time")), 0)
        wait = f"for {seconds} more seconds" if seconds else "for up to 300 seconds"
        return LockedOut(
            f"The router is locked after too many failed logins, {wait}",
            doing=doing,
            cure="Wait that long before you run again, with the right password: each try while locked counts too",
            locked_seconds=seconds or None,
        )
    if status == "10":
        return LoginRefused(
            "The router asks for a captcha",
            doing=doing,
            cure="Log in once with a browser, switch off the login captcha (Administration, System), run again",
        )
    return LoginRefused(
        f"The router refused (error_status {status})",
        doing=doing,
        cure="Log in with a browser and look what it says; 11 asks for a factory reset",
    )


def _classic(http: Http, router: Router, remembered: str | None) -> str:
    credentials = base64.b64encode(f"{router.username}:{router.password}".encode()).decode()
    response = http.post(_CLASSIC_PATH, urlencode({"login_authorization": credentials}), doing=_DOING)
    if response.status_code != 200 or not _is_object(response.text):
        by_memory = router.login == "auto" and remembered == CLASSIC
        anew = ". It took this login before: if its firmware was updated since, the next run asks anew how it wants one"
        raise NotAsuswrt(
            f"{router.url} answers, but not as an Asuswrt router (HTTP {response.status_code} to its login)",
            doing=_DOING,
            cure="Check host, port and tls; firmware before 380 and the DSL models' own (versions 1.x) have no such "
            f"interface{anew if by_memory else ''}",
        )
    answer = parse_object(response.text, doing=_DOING)
    token = answer.get("asus_token")
    if not token:
        raise refusal(answer, router, _DOING)
    return _cookie(response) or f"{TOKEN_COOKIES[0]}={token}"


def _challenge(http: Http, router: Router, scheme: str) -> tuple[str, str] | None:
    """Our id and the router's nonce for it; None where it has no such login."""
    ours = "".join(secrets.choice(string.ascii_letters + string.digits) for _turn in range(10))
    response = http.post(_NONCE_PATH, json.dumps({"id": ours}), doing=_DOING, content_type=JSON)
    try:
        answer = parse_object(response.text, doing=_DOING) if response.status_code == 200 else {}
    except BadReply:
        if _is_object(response.text):
            raise  # half of an answer, perhaps with half of a nonce; a router without has a page or nothing here
        answer = {}
    if answer.get("nonce"):
        return ours, str(answer["nonce"])
    if str(answer.get("error_status")) == "7":
        raise refusal(answer, router, _DOING)
    if scheme == NONCE:
        raise LoginRefused(
            "The router gives no nonce",
            doing=_DOING,
            cure="Its firmware has the classic login: leave login out, or set it to classic. No password was sent",
        )
    return None


def _with_nonce(http: Http, router: Router, ours: str, nonce: str) -> str:
    """The reply has status 200 either way, and no known form: the cookie alone tells."""
    cnonce = secrets.token_hex(16)
    secret = f"{router.username}:{nonce}:{router.password}:{cnonce}".encode()
    fields = {"id": ours, "cnonce": cnonce, "login_authorization": hashlib.sha256(secret).hexdigest(), **_PAGE_FIELDS}
    response = http.post(_NONCE_LOGIN_PATH, urlencode(fields), doing=_DOING)
    if cookie := _cookie(response):
        return cookie
    if _is_object(response.text):
        answer = parse_object(response.text, doing=_DOING)
        if "error_status" in answer:
            raise refusal(answer, router, _DOING)
        if answer.get("asus_token"):
            return f"{TOKEN_COOKIES[0]}={answer['asus_token']}"
    raise _wrong_password(router)


def _cookie(response: httpx.Response) -> str:
    """The last of a name counts, as with a browser."""
    found = {cookie.name: cookie.value for cookie in response.cookies.jar}
    return next((f"{name}={found[name]}" for name in TOKEN_COOKIES if found.get(name)), "")


def _sendable(cookie: str) -> str:
    if not re.fullmatch("[!-~]+", cookie):
        raise BadReply(
            "The router gave a session by a word that no request can carry",
            doing=_DOING,
            cure="Run again; if it stays, the firmware speaks a protocol that this collection does not know",
        )
    return cookie


def _is_object(text: str) -> bool:
    return text.lstrip("\ufeff \r\n").startswith("{")


def _wrong_password(router: Router) -> WrongPassword:
    return WrongPassword(
        f"The router refused the password of user {router.username}",
        doing=_DOING,
        cure="Correct username and password; it was tried once, and five failures lock the router for all. If they are "
        "right, and its firmware was updated since the last run: the next run asks anew how it wants a login",
    )


def _number(text: Any) -> int:
    try:
        return int(str(text))
    except ValueError:
        return 0
