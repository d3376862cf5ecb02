# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web server's pages: who may see which, and who answers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from .apply_pages import ApplyPages
from .dashboard import ajax_status
from .door import COOKIE, Door, Refused, Status
from .encoding import lenient_object, split_form
from .faults import Faults
from .hooks import Hooks
from .journal import Entry
from .lines import Lines
from .nvram import Nvram
from .profiles import Profile
from .refusal import NotSimulated
from .restoring import Restoring
from .settings_file import SettingsFile
from .user_agent import Kind, classify
from .wire import METHOD_UNKNOWN, NOT_FOUND, Reply, Request, error_page

_JSON = "application/json;charset=UTF-8"
_LOGIN_PAGE = "<html><head><title>ASUS Login</title></head><body><form action='{action}'></form></body></html>\n"
_TO_LOGIN = "<HTML><HEAD><script>{frame}.location.href='/Main_Login.asp';</script>\n</HEAD></HTML>\n"

_GENUINE_CGI = frozenset(
    """upgrade.cgi update.cgi netool.cgi get_port_status.cgi QIS_default.cgi login_v1.cgi chpass.cgi captcha.gif
    chdom.json repage.json httpd_check.htm""".split()
)
"""Known to be in one firmware or another, and not modelled."""
_NEWER_WRITES = frozenset({"/applyapp.cgi", "/apply.cgi"})
_PAGE_ENDINGS = (".asp", ".htm", ".js", ".xml", ".css", ".gif", ".png", ".svg")

Handler = Callable[[Request, Door, Kind, Entry], Awaitable[Reply]]


class Site:
    """Shared by httpd and httpds; what each keeps for itself is its door."""

    def __init__(
        self,
        *,
        nvram: Nvram,
        profile: Profile,
        lines: Lines,
        hooks: Hooks,
        apply_pages: ApplyPages,
        settings_file: SettingsFile,
        restoring: Restoring,
        faults: Faults,
    ) -> None:
        self._nvram = nvram
        self._profile = profile
        self._lines = lines
        self._hooks = hooks
        self._apply_pages = apply_pages
        self._settings_file = settings_file
        self._restoring = restoring
        self._faults = faults
        self._pages: dict[str, Handler] = {
            "/appGet.cgi": self._app_get,
            "/applyapp.cgi": self._apply_app,
            "/apply.cgi": self._apply_app,
            "/start_apply.htm": self._start_apply,
            "/start_apply2.htm": self._start_apply,
            "/upload.cgi": self._upload,
            "/ajax_status.xml": self._ajax_status,
            "/Logout.asp": self._log_out,
        }
        self._takes_no_post = frozenset({"/ajax_status.xml"})

    async def respond(self, request: Request, door: Door, entry: Entry) -> Reply:
        """The reply to a request, as httpd forms it for the kind of client."""
        try:
            kind = classify(request.user_agent, self._profile.login.app_words)
            return self._dressed(await self._route(request, door, kind, entry), kind)
        except NotSimulated as gap:
            entry.answer = str(gap)
            return Reply(f"{gap}\n", status="501 Not Implemented", content_type="text/plain")

    def malformed(self, text: str) -> Reply:
        """The reply to what could not be read as a request."""
        return replace(error_page("400 Bad Request", text), server=self._profile.replies.server)

    async def _route(self, request: Request, door: Door, kind: Kind, entry: Entry) -> Reply:
        if request.method not in ("GET", "POST"):
            return METHOD_UNKNOWN
        if self._profile.replies.chunked_is_malformed and "chunked" in request.headers.get("transfer-encoding", ""):
            return self.malformed("Illegal HTTP Format.")
        if request.path in ("/Main_Login.asp", "/httpd_check.xml"):
            return self._open_page(request)
        if request.path == "/login.cgi" or (self._profile.login.nonce and request.path == "/login_v2.cgi"):
            return self._log_in(request, door, kind, entry)
        if self._profile.login.nonce and request.path == "/get_Nonce.cgi":
            return self._nonce(request, door)
        if request.path == "/":
            return Reply(_TO_LOGIN.format(frame="window.top"))
        name = request.path.removeprefix("/")
        if name in _GENUINE_CGI:
            raise NotSimulated(f"page {name}")
        handler = self._handler(request.path)
        if handler is None:
            entry.answer = "not found"
            return NOT_FOUND
        if request.method == "POST" and request.path in self._takes_no_post:
            return METHOD_UNKNOWN
        token = _token(request, door)
        if "session-gone" in entry.faults:
            door.log_out(token)
        try:
            self._check_referer(request, kind)
            door.check(token, request.client, kind)
        except Refused as refused:
            entry.kind = "refused"
            return self._refusal(refused, kind, door, entry)
        return await handler(request, door, kind, entry)

    def _handler(self, path: str) -> Handler | None:
        if self._faults.applyapp_missing and path in _NEWER_WRITES:
            return None
        if path in self._pages:
            return self._pages[path]
        if path.endswith(".CFG"):
            return self._download
        return self._unknown_page if path.endswith(_PAGE_ENDINGS) else None

    def _open_page(self, request: Request) -> Reply:
        if request.path == "/Main_Login.asp":
            return Reply(_LOGIN_PAGE.format(action="login_v2.cgi" if self._profile.login.nonce else "login.cgi"))
        if request.method == "POST":
            return METHOD_UNKNOWN
        xml = '<?xml version="1.0" ?>\n<httpd>\n<httpd_info>OK</httpd_info>\n</httpd>\n'
        return Reply(xml, content_type="text/xml")

    def _log_in(self, request: Request, door: Door, kind: Kind, entry: Entry) -> Reply:
        fields = split_form(_joined(request))
        if fields.get("login_captcha") and self._nvram.get("captcha_enable") == "1":
            raise NotSimulated("a login with a captcha")
        to_login = Reply(_TO_LOGIN.format(frame="parent"))
        if not kind.is_app and not _referer_is_own(request):
            # Seen: without the app's User-Agent and without a Referer there is a page, and no token.
            entry.answer = "redirected"
            return to_login
        try:
            token = self._new_token(request, fields, door, kind)
        except Refused as refused:
            if kind.is_app:
                return self._refusal(refused, kind, door, entry)
            entry.answer = str(refused)
            return to_login
        cookie = (("Set-Cookie", f"{door.cookie}={token}; HttpOnly;"),)
        if kind.is_app and not _by_nonce(request):
            return Reply(f'{{\n"asus_token":"{token}"\n}}\n', headers=cookie)
        page = fields.get("next_page") or "index.asp"
        return Reply(f'<HTML><HEAD><meta http-equiv="refresh" content="0; url={page}"></HEAD></HTML>\n', headers=cookie)

    def _new_token(self, request: Request, fields: Mapping[str, str], door: Door, kind: Kind) -> str:
        authorization = fields.get("login_authorization", "")
        if not _by_nonce(request):
            return door.log_in(authorization, request.client, kind)
        ident, cnonce = fields.get("id", ""), fields.get("cnonce", "")
        return door.log_in_with_nonce(ident, cnonce, authorization, request.client, kind)

    def _nonce(self, request: Request, door: Door) -> Reply:
        """It is told to anybody, whatever the lock says: no credentials are in it."""
        ident = (lenient_object(request.body) or {}).get("id", "")
        if not ident:
            raise NotSimulated("get_Nonce.cgi without an id")
        return Reply(json.dumps({"nonce": door.nonce(ident)}) + "\n")

    async def _app_get(self, request: Request, door: Door, kind: Kind, entry: Entry) -> Reply:
        return Reply(self._hooks.answer(split_form(_joined(request)).get("hook", ""), app=kind.is_app))

    async def _apply_app(self, request: Request, door: Door, kind: Kind, entry: Entry) -> Reply:
        # If the body is an object then nothing is taken from the query (web API facts 1).
        return await self._apply_pages.apply_app(lenient_object(request.body) or split_form(_joined(request)), entry)

    async def _start_apply(self, request: Request, door: Door, kind: Kind, entry: Entry) -> Reply:
        return await self._apply_pages.start_apply(lenient_object(request.body) or split_form(_joined(request)), entry)

    async def _ajax_status(self, request: Request, door: Door, kind: Kind, entry: Entry) -> Reply:
        return Reply(ajax_status(self._nvram, self._lines, self._profile.replies.status_items), content_type="text/xml")

    async def _log_out(self, request: Request, door: Door, kind: Kind, entry: Entry) -> Reply:
        door.log_out(_token(request, door))
        return self._refusal(Refused(Status.IS_LOGOUT), kind, door, entry)

    async def _download(self, request: Request, door: Door, kind: Kind, entry: Entry) -> Reply:
        fields = split_form(_joined(request))
        raise_if_scrubbed(fields.get("remove_passwd", "0"))
        data = self._settings_file.dump(with_ddns=fields.get("path", "0") != "0")
        return Reply(data.decode("utf-8", "surrogateescape"), content_type="application/force-download")

    async def _upload(self, request: Request, door: Door, kind: Kind, entry: Entry) -> Reply:
        if request.method != "POST":
            raise NotSimulated("upload.cgi without an upload")
        return await self._restoring.upload(request, entry)

    async def _unknown_page(self, request: Request, door: Door, kind: Kind, entry: Entry) -> Reply:
        raise NotSimulated(f"page {request.path}")

    def _check_referer(self, request: Request, kind: Kind) -> None:
        if not kind.is_app and not _referer_is_own(request):
            raise Refused(Status.AUTH_FAIL)

    def _refusal(self, refused: Refused, kind: Kind, door: Door, entry: Entry) -> Reply:
        entry.answer = str(refused)
        if not kind.is_app:
            return Reply(_TO_LOGIN.format(frame="window.top"))
        members = [f'"error_status":"{int(refused.status)}"']
        if refused.status is not Status.IS_LOGOUT or self._profile.replies.logout_has_members:
            values = {"captcha_on": int(door.captcha_on), "last_time_lock_warning": 0}
            members += [f'"{name}":"{values[name]}"' for name in self._profile.replies.error_members]
        if refused.remaining is not None:
            members.append(f'"remaining_lock_time":"{refused.remaining}"')
        return Reply("{\n" + ", ".join(members) + "\n}\n")

    def _dressed(self, reply: Reply, kind: Kind) -> Reply:
        """To an app everything is JSON by its header, even a page (382)."""
        reply = replace(reply, server=self._profile.replies.server)
        if not kind.is_app:
            return reply
        extra = [("Cache-Control", "no-store"), ("Pragma", "no-cache")]
        if kind is Kind.DUT_UTIL:
            extra += [
                ("AiHOMEAPILevel", str(self._profile.replies.ai_home_level)),
                ("Httpd_AiHome_Ver", "0"),
                ("Model_Name", self._nvram.get("productid")),
            ]
        return replace(reply, content_type=_JSON, headers=(*extra, *reply.headers))


def raise_if_scrubbed(remove_passwd: str) -> None:
    if remove_passwd != "0":
        raise NotSimulated("a settings file without passwords: what is taken out of it is not known")


def _by_nonce(request: Request) -> bool:
    return request.path == "/login_v2.cgi"


def _joined(request: Request) -> str:
    """The query goes behind the body, and so wins (web API facts 1)."""
    return "&".join(part for part in (request.body, request.query) if part)


def _token(request: Request, door: Door) -> str | None:
    """The cookie as it stands: a quoted one is another token, and so unknown (web API facts 6)."""
    for piece in request.headers.get("cookie", "").split(";"):
        name, found, value = piece.strip().partition("=")
        if found and name in (COOKIE, door.cookie):
            return value
    return None


def _referer_is_own(request: Request) -> bool:
    referer = request.headers.get("referer", "")
    host = referer.partition("//")[2].partition("/")[0]
    return host != "" and host == request.headers.get("host", "")
