# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and replies, as Asuswrt's web server wants and gives them. The only file that knows httpx.

The server speaks HTTP/1.0 and ends each reply by closing the connection (382 httpd.c).
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    CertificateNotTrusted,
    NotAsuswrt,
    NotConnected,
    RouterError,
    Unreachable,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._tls import (
    NOT_PINNED,
    context_for,
    presented_fingerprint,
)
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

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

_UP = "/httpd_check.xml"
_UP_SECONDS = 5.0


class Http:
    """One client. Raises RouterError; keeps the session's cookie, and nothing else of a session."""

    def __init__(self, router: Router, transport: Any = None) -> None:
        if HTTPX_MISSING is not None:
            raise MissingLibrary("httpx", "0.27", HTTPX_MISSING)
        self._router = router
        self._answered = False
        self.cookie = ""
        """``name=value``, sent as it stands: a quoted one is another token to older firmware."""
        self.date = ""
        """The ``Date`` of the last answer: the router's clock. Every firmware read sends one (382, httpd.c)."""
        self._client = httpx.Client(
            base_url=router.url,
            verify=context_for(router) if router.tls else False,
            trust_env=False,
            timeout=router.timeout,
            transport=transport,
            headers={"User-Agent": USER_AGENT},
        )

    def close(self) -> None:
        """End it."""
        self._client.close()

    def post(self, path: str, body: str, *, doing: str, content_type: str = FORM) -> httpx.Response:
        """One POST, whose ``body`` must be one line: the server reads no further."""
        return self._send("POST", path, doing, headers={"Content-Type": content_type}, content=body)

    def get(self, path: str, *, doing: str) -> httpx.Response:
        """One GET."""
        return self._send("GET", path, doing)

    def post_file(self, path: str, field: str, filename: str, content: bytes, *, doing: str) -> httpx.Response:
        """One POST of a file, as a page's form sends it."""
        return self._send("POST", path, doing, files={field: (filename, content, "application/octet-stream")})

    def is_up(self) -> bool:
        """Whether the web server answers; a page that needs no login, so that asking costs no try."""
        try:
            return "httpd_info" in self._client.get(_UP, timeout=_UP_SECONDS).text
        except (httpx.RequestError, ssl.SSLError):
            return False

    def forget_cookies(self) -> None:
        """Before a login: an old token must not go along."""
        self.cookie = ""
        self._client.cookies.clear()

    def _send(
        self, method: str, path: str, doing: str, *, headers: Mapping[str, str] | None = None, **content: Any
    ) -> httpx.Response:
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        try:
            response = self._client.request(method, path, headers={**(headers or {}), **cookie}, **content)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise self._no_connection(error, doing) from error
        except httpx.TimeoutException as error:
            raise Unreachable(
                f"The router at {self._router.url} did not answer within {self._router.timeout:.0f} s",
                doing=doing,
                cure="It may be rebooting, or its web server hang; whatever was stored by then stays stored, and "
                "running again is safe",
            ) from error
        except (httpx.RequestError, ssl.SSLError) as error:  # also where it says gzip and sends none
            raise self._no_answer(error, doing) from error
        self._answered = True
        self.date = response.headers.get("Date", "")
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
                cure="If the router serves plain HTTP only, set tls to false; its HTTPS port is 8443 as shipped. "
                "Firmware before 384 may know no modern cipher: tls_legacy: true allows old ones",
            )
        if self._answered:
            return NotConnected(
                f"The router at {where} takes no connection any more ({error})",
                doing=doing,
                cure="It may be rebooting, or its web server start anew: run again in a minute",
            )
        return NotConnected(
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
