# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One conversation with a router: log in once, read, write, wait, log out. The only file that knows httpx.

The protocol is Asuswrt's own web interface, as its phone app uses it: every reply has HTTP status 200, refusals are a
JSON ``error_status``, a write is accepted or dropped in silence, and a service that is requested while another one runs
is lost without a word.
"""

from __future__ import annotations

import base64
import ssl
from collections.abc import Collection, Mapping
from contextlib import ExitStack, suppress
from importlib import import_module
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    BadReply,
    Busy,
    CertificateNotTrusted,
    LockedOut,
    LoginRefused,
    NotActivated,
    NotAsuswrt,
    RouterError,
    SessionLost,
    Unreachable,
    WrongPassword,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import parse_object, read_call, values
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._tls import (
    NOT_PINNED,
    context_for,
    presented_fingerprint,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import Clock, WallClock
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import MissingLibrary

try:
    import httpx

    import_module("httpcore")  # else httpx loads it with the first client, in each forked worker anew
except ImportError as error:
    HTTPX_MISSING: ImportError | None = error
else:
    HTTPX_MISSING = None

USER_AGENT = "asusrouter-homelab.dualwan-DUTUtil-1.0"
"""Between the first and the third hyphen anything may stand; ``DUTUtil`` in third place makes the router treat us as
its app: refusals in JSON, no Referer check, no fight with a logged-in browser (firmware 382, httpd.c)."""

POLL_SECONDS = 0.5
SERVICE_SECONDS = 90.0
"""A service that has not ended by then is reported, not waited for. ``restart_wan`` takes tens of seconds."""
GOING_DOWN_SECONDS = 45.0
"""``reboot`` first stops the WAN and saves counters; the web server goes away some seconds later."""

_LOGIN = "/login.cgi"
_READ = "/appGet.cgi"
_WRITE = "/applyapp.cgi"
_LOGOUT = "/Logout.asp"
_UP = "/httpd_check.xml"
REBOOT = "reboot"
TOKEN_COOKIES = ("asus_token", "asus_s_token")
"""The second over HTTPS from 388 on."""
_SESSION_GONE = {"1", "2", "8"}


class Session:
    """A context manager: entering logs in, leaving logs out.

    Raises RouterError. Logs in again, once, where the router forgot the session; a refused password is final.
    """

    def __init__(self, router: Router, clock: Clock | None = None, transport: Any = None) -> None:
        if HTTPX_MISSING is not None:
            raise MissingLibrary("httpx", "0.27", HTTPX_MISSING)
        self._router = router
        self._clock = clock or WallClock()
        self._relogins = 1
        self._cookie = ""
        self._answered = False
        self._http = httpx.Client(
            base_url=router.url,
            verify=context_for(router) if router.tls else False,
            trust_env=False,
            timeout=router.timeout,
            transport=transport,
            headers={"User-Agent": USER_AGENT},
        )

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self._http.close)
            self._log_in()
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._cookie and not isinstance(error, (Unreachable, SessionLost)):
                self._post(_LOGOUT, "", doing="logging out")
        except RouterError:
            pass  # the router forgets an idle session by itself; the task's own outcome is what counts
        finally:
            self._http.close()

    def read(self, names: Collection[str], lossless: Collection[str] = ()) -> dict[str, str]:
        """The values of nvram ``names`` in one request; unknown and empty names both read as ``""``."""
        doing = "reading its settings"
        body = urlencode({"hook": read_call(names, lossless)})
        return values(self._ask(_READ, body, doing=doing), names, lossless)

    def write(self, changes: Mapping[str, str], service: str = "") -> None:
        """Store ``changes`` and request ``service``. The answer proves neither: read back.

        A router that is told to reboot may do so before it has answered.
        """
        try:
            self._write(changes, service)
        except (Unreachable, BadReply):
            if service != REBOOT:
                raise

    def _write(self, changes: Mapping[str, str], service: str) -> None:
        fields = {"action_mode": "apply", **changes}
        if service:
            fields["rc_service"] = service
        answer = self._ask(_WRITE, urlencode(fields), doing="storing the settings")
        if "modify" not in answer:
            raise BadReply(
                f"The router answered {answer} to a write",
                doing="storing the settings",
                cure="Nothing is known of what it kept; run again, which is safe",
            )

    def wait_until_idle(self, seconds: float = SERVICE_SECONDS) -> None:
        """Wait until the router runs no service. Raises Busy after so many seconds."""
        deadline = self._clock.now() + seconds
        while running := self.read(["rc_service"])["rc_service"]:
            if self._clock.now() > deadline:
                raise Busy(
                    f"The router has been running the service {running} for over {seconds:.0f} s",
                    cure="Wait until it has finished, or reboot the router, then run again",
                )
            self._clock.sleep(POLL_SECONDS)

    def await_reboot(self, seconds: float) -> float:
        """Wait until the router went away and came back, log in again, and say how long that took, in seconds."""
        start = self._clock.now()
        self._cookie = ""  # sessions live in the memory of the web server
        while self._is_up():
            if self._clock.now() - start > GOING_DOWN_SECONDS:
                raise NotActivated(
                    f"The router was asked to reboot and still answers {GOING_DOWN_SECONDS:.0f} s later",
                    cure="The settings are stored; reboot it by its button or its page to make them take effect",
                )
            self._clock.sleep(POLL_SECONDS)
        self._log_in_once_up(start + seconds, seconds)
        return self._clock.now() - start

    def _log_in_once_up(self, deadline: float, seconds: float) -> None:
        """The web server may start twice while the router boots. Only a connection is tried again, never a password."""
        while True:
            if self._is_up():
                with suppress(Unreachable):
                    self._log_in()
                    return
            if self._clock.now() > deadline:
                raise NotActivated(
                    f"The router went down to reboot and has not come back within {seconds:.0f} s",
                    cure="Look whether it has power and starts; the settings are stored, so run again once it is up",
                )
            self._clock.sleep(POLL_SECONDS)

    def _is_up(self) -> bool:
        """Whether the web server answers; a page that needs no login, so that asking costs no try."""
        try:
            return "httpd_info" in self._http.get(_UP, timeout=5.0).text
        except httpx.TransportError:
            return False

    def _log_in(self) -> None:
        doing = "logging in"
        self._cookie = ""
        self._http.cookies.clear()
        credentials = f"{self._router.username}:{self._router.password}".encode()
        body = urlencode({"login_authorization": base64.b64encode(credentials).decode()})
        response = self._post(_LOGIN, body, doing=doing)
        if response.status_code != 200 or not response.text.lstrip("\ufeff \r\n").startswith("{"):
            raise NotAsuswrt(
                f"{self._router.url} answers, but not as an Asuswrt router (HTTP {response.status_code} to its login)",
                doing=doing,
                cure="Check host, port and tls; firmware before 380 has no such interface",
            )
        answer = parse_object(response.text, doing=doing)
        token = answer.get("asus_token")
        if not token:
            raise self._refusal(answer, doing)
        name = next((name for name in TOKEN_COOKIES if name in response.cookies), TOKEN_COOKIES[0])
        self._cookie = f"{name}={response.cookies.get(name, str(token))}"

    def _refusal(self, answer: Mapping[str, Any], doing: str) -> RouterError:
        status = str(answer.get("error_status", "nothing"))
        if status == "3":
            return WrongPassword(
                f"The router refused the password of user {self._router.username}",
                doing=doing,
                cure="Correct username and password; it was tried once, and five failures lock the router for all. "
                "If they are right: the newest 3006 firmware may take only a login that this collection does not know",
            )
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

    def _ask(self, path: str, body: str, *, doing: str) -> dict[str, Any]:
        answer = parse_object(self._post(path, body, doing=doing).text, doing=doing)
        if "error_status" not in answer:
            return answer
        if str(answer["error_status"]) not in _SESSION_GONE:
            raise self._refusal(answer, doing)
        if self._relogins:
            self._relogins -= 1
            self._log_in()
            return self._ask(path, body, doing=doing)
        raise SessionLost(
            "The router forgot our session twice",
            doing=doing,
            cure="Its web server seems to restart; run again in a minute",
        )

    def _post(self, path: str, body: str, *, doing: str) -> httpx.Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self._cookie:
            headers["Cookie"] = self._cookie  # by hand: unquoted, and whatever its name
        try:
            response = self._http.post(path, content=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise self._no_connection(error, doing) from error
        except httpx.TimeoutException as error:
            raise Unreachable(
                f"The router at {self._router.url} did not answer within {self._router.timeout:.0f} s",
                doing=doing,
                cure="It may be rebooting, or its web server hang; whatever was stored by then stays stored, and "
                "running again is safe",
            ) from error
        except (httpx.TransportError, ssl.SSLError) as error:
            raise self._no_answer(error, doing) from error
        self._answered = True
        return response

    def _no_connection(self, error: Exception, doing: str) -> RouterError:
        where = self._router.url
        if NOT_PINNED in str(error):
            return CertificateNotTrusted(
                f"{where} does not show the pinned certificate",
                doing=doing,
                cure="If the router made itself a new one (a reset does that), compare and pin "
                f"{str(error).rpartition(NOT_PINNED)[2].split()[0]}; otherwise something else answers at this address. "
                "No password was sent",
            )
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return CertificateNotTrusted(
                f"The TLS certificate of {where} is not trusted",
                doing=doing,
                cure="Compare its fingerprint with what your browser shows at the router's own page, then set "
                f"certificate_fingerprint (in the inventory asuswrt_certificate_fingerprint) to "
                f"{presented_fingerprint(self._router)}, or ca_path. No password was sent",
            )
        if "SSL" in str(error).upper():
            return NotAsuswrt(
                f"{where} does not speak TLS as expected ({error})",
                doing=doing,
                cure="If the router serves plain HTTP only, set tls to false; its HTTPS port is 8443 as shipped",
            )
        if self._answered:
            return self._no_answer(error, doing)
        return Unreachable(
            f"Nothing answers at {where} ({error})",
            doing=doing,
            cure="Check host and port, that this machine is in the router's LAN, and that Administration, System, "
            "'Authentication Method' offers this protocol",
        )

    def _no_answer(self, error: Exception, doing: str) -> RouterError:
        return Unreachable(
            f"The router at {self._router.url} broke off the conversation ({type(error).__name__}: {error})",
            doing=doing,
            cure="It may be rebooting; whatever was stored by then stays stored, and running again is safe",
        )


def _number(text: Any) -> int:
    try:
        return int(str(text))
    except ValueError:
        return 0
