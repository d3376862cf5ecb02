# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One conversation with a router: log in once, read, write, wait, log out.

The protocol is Asuswrt's own web interface, as its phone app uses it: every reply has HTTP status 200, refusals are a
JSON ``error_status``, a write is accepted or dropped in silence, and a service that is requested while another one runs
is lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._apply import (
    APP,
    PAGE,
    REBOOT,
    Written,
    app_answer,
    app_form,
    page_answer,
    page_form,
    stored_as,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import Debts
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    BadReply,
    Busy,
    LockedOut,
    LoginRefused,
    NotActivated,
    NotAsuswrt,
    NotConnected,
    NotRebooted,
    RouterError,
    SessionLost,
    Unreachable,
    WrongPassword,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._http import Http
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._login import CLASSIC, NONCE, log_in, refusal
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import Memory
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import parse_object, read_calls, values
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._standing import FORMER, Standing
from ansible_collections.homelab.dualwan.plugins.module_utils._clock import Clock, WallClock, look_until
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Tell, nobody

POLL_SECONDS = 0.5
SERVICE_SECONDS = 90.0
"""A service that has not ended by then is reported, not waited for. ``restart_wan`` takes tens of seconds."""
GOING_DOWN_SECONDS = 45.0
"""``reboot`` first stops the WAN and saves counters; the web server goes away some seconds later."""
BREAK_SECONDS = 280.0
"""For how long the web server may be away after a write: some services restart it, and some firmware reboots by itself
where nobody asked for it. A reboot may take three times the 70 s that httpd takes it for."""
LOST_SECONDS = 14.0
"""httpd holds a write for up to 15 s while rc is busy, and then gives the service up without a word (seen on 386)."""
MOST_REQUESTS = 3
"""How often a service is asked for that the router lost, and anything behind a write whose answer is none."""
TELL_SECONDS = 10.0
FORGETS_SECONDS = 600.0
"""A session that is forgotten again within that time is given up; a drill that watches for days meets more than one
restart of the web server, and more than one end of a token (6000 s, 380)."""

_READ = "/appGet.cgi"
_LOGOUT = "/Logout.asp"
_SESSION_GONE = {"1", "2", "8"}
_REFUSAL = re.compile(r'\s*\{\s*"error_status"')
_UPTIME = re.compile(r"\((\d+) secs since boot\)")


class Session:
    """A context manager: entering logs in, leaving logs out.

    Raises RouterError. Logs in again where the router forgot the session, not twice within ten minutes; a refused
    password is final.
    """

    def __init__(self, router: Router, clock: Clock | None = None, transport: Any = None, tell: Tell = nobody) -> None:
        self._router = router
        self._clock = clock or WallClock()
        self._tell = tell
        self._http = Http(router, transport)
        self._relogged_in: float | None = None
        self._proven = False
        self._refused: RouterError | None = None
        self._apply = APP
        self._ran: tuple[int | None, float] = None, 0.0
        self._standing = Standing()
        self.memory = Memory(router)
        self.debts = Debts(router)

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self._http.close)
            try:
                self._log_in()
            except RouterError as error:
                self._standing.describe(error)
                raise
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if isinstance(error, RouterError):
                self._look_what_is_stored(error)
                self._standing.describe(error)
            if self._http.cookie and not isinstance(error, (Unreachable, SessionLost)):
                self._http.post(_LOGOUT, "", doing="logging out")
        except RouterError:
            pass  # the router forgets an idle session by itself; the task's own outcome is what counts
        finally:
            self._http.close()

    @property
    def date(self) -> str:
        """The time of the router's last answer, in its own words; empty where it said none."""
        return self._http.date

    def read(self, names: Collection[str], lossless: Collection[str] = ()) -> dict[str, str]:
        """The values of nvram ``names``; unknown and empty names both read as ``""``.

        One request, or as many as it takes to stay below what the server's buffer holds.
        """
        doing = "reading its settings"
        found: dict[str, str] = {}
        for call, plain, coded in read_calls(names, lossless):
            found |= values(self._ask(_READ, call, doing=doing), plain, coded)
        self._standing.saw(found)
        return found

    def read_back(self, names: Collection[str], lossless: Collection[str] = ()) -> dict[str, str]:
        """As :meth:`read`, after a write: a web server that restarts is waited for, and logged in to again.

        An answer that is none is asked for again, as reading costs nothing and not knowing does.
        """
        for _turn in range(MOST_REQUESTS - 1):
            try:
                return self.read(names, lossless)
            except Unreachable:
                self.return_within(BREAK_SECONDS)
            except BadReply:
                self._clock.sleep(POLL_SECONDS)
        return self.read(names, lossless)

    def hook(self, name: str) -> Any:
        """What the firmware's function of that name answers; None where it has none."""
        return self._ask(_READ, urlencode({"hook": f"{name}()"}), doing=f"asking for {name}").get(name)

    def seconds_since_boot(self) -> int | None:
        """None where the router does not say. Its answer is no JSON on any firmware read."""
        reply = self._text(_READ, urlencode({"hook": "uptime()"}), doing="asking since when it runs")
        found = _UPTIME.search(reply)
        return int(found.group(1)) if found else None

    def write(self, changes: Mapping[str, str], service: str = "") -> Written:
        """Store ``changes`` and request ``service``. The answer proves neither: read back."""
        with self._noted(lambda: self._standing.sent(stored_as(changes), service)):
            return self._write(changes, service)

    def carry_out(self, changes: Mapping[str, str], service: str) -> Written:
        """Store ``changes`` and see ``service`` run to its end; a reboot is seen to begin.

        The router must be idle when this is called. A service that it lost because another one came in between is asked
        for again, and a write whose answer got lost is sent again: the same twice does no harm. Raises NotActivated if
        the service stays lost, Busy if it does not end, Unreachable or BadReply if no answer to the write comes.
        """
        unanswered: RouterError | None
        if service == REBOOT:
            self._note_how_long_it_runs()
        for _turn in range(MOST_REQUESTS):
            asked = self._clock.now()
            try:
                written = self.write(changes, service)
                unanswered, held = None, self._clock.now() - asked
            except (Unreachable, BadReply) as error:
                # It may have been taken all the same; then the service shows.
                written, unanswered, held = Written(modified=True, service=service), error, LOST_SECONDS
            if (unanswered is None or service) and self._runs(written.service, held):
                if written.service not in ("", REBOOT):
                    self.wait_until_idle()
                return written
            self.wait_until_idle()
        if unanswered is not None:
            raise unanswered
        raise NotActivated(
            f"The router was asked for {service} {MOST_REQUESTS} times, and was busy with something else each time",
            doing="making the settings true",
            cure="Run again when it has settled",
        )

    def wait_until_idle(self, seconds: float = SERVICE_SECONDS) -> None:
        """Wait until the router runs no service. Raises Busy after so many seconds."""
        running = look_until(
            lambda service: not service,
            lambda: self.read_back(["rc_service"])["rc_service"],
            self._clock,
            seconds=seconds,
            pause=POLL_SECONDS,
        )
        if running:
            raise Busy(
                f"The router has been running the service {running} for over {seconds:.0f} s",
                cure="Wait until it has finished, or reboot the router, then run again",
            )

    def await_reboot(self, seconds: float) -> float:
        """Wait until the router went away and came back, log in again, and say how long that took, in seconds.

        Whoever listens hears of it every ten seconds. Raises NotActivated, or NotRebooted where it is up and has not.
        """
        start = self._clock.now()
        while self._http.is_up():
            if self._clock.now() - start > GOING_DOWN_SECONDS:
                raise NotRebooted(
                    f"The router was asked to reboot and still answers {GOING_DOWN_SECONDS:.0f} s later",
                    cure="Run again, or reboot it by its button or its page",
                )
            self._clock.sleep(POLL_SECONDS)
        self._http.forget_cookies()  # sessions live in the memory of the web server
        self._tell(f"{self._router.host} went down to reboot")
        self.return_within(seconds)
        took = self._clock.now() - start
        self._tell(f"{self._router.host} is back after {took:.0f} s")
        if not self._has_booted():
            raise NotRebooted(
                "The router was asked to reboot, went away and came back without having booted",
                cure="Its web server may have crashed: run again",
            )
        return took

    def return_within(self, seconds: float) -> None:
        """Wait until the web server answers, and log in. Raises NotActivated.

        It may start twice while the router boots, so a login that is not answered is tried again, though few times: the
        password was right before, and is not known to be any more. One that is refused is final.
        """
        start = told = self._clock.now()
        logins = MOST_REQUESTS
        while True:
            if self._http.is_up():
                logins -= 1
                try:
                    self._log_in()
                except (Unreachable, BadReply, NotAsuswrt):
                    if not logins:
                        raise
                else:
                    return
            now = self._clock.now()
            if now - start > seconds:
                raise NotActivated(
                    f"The router went away and has not come back within {seconds:.0f} s",
                    cure="Look whether it has power and starts, and run again once it is up",
                )
            if now - told >= TELL_SECONDS:
                told = now
                self._tell(f"{self._router.host} has been away for {now - start:.0f} s, and may be for {seconds:.0f} s")
            self._clock.sleep(POLL_SECONDS)

    def download(self, path: str) -> bytes:
        """What a GET of ``path`` gives. Raises BadReply for the page of one who is not logged in."""
        doing = f"fetching {path.partition('?')[0]}"
        for _turn in range(2):
            response = self._http.get(path, doing=doing)
            start = response.content[:64].lstrip()
            if start.startswith(b"{"):
                self._stay(parse_object(response.text, doing=doing), doing)
            elif response.status_code != 200 or start.startswith(b"<"):
                raise BadReply(
                    f"The router answered a page (HTTP {response.status_code}) instead of a file",
                    doing=doing,
                    cure="Run again; if it stays, its firmware offers no such file",
                )
            else:
                return response.content
        raise self._lost(doing)

    def upload(self, path: str, field: str, filename: str, content: bytes) -> str:
        """POST a file as a page's form does, and return the page that follows.

        Empty where it got lost: the router may be on its way to reboot.
        """
        doing = f"sending {filename}"
        self._note_how_long_it_runs()
        try:
            with self._noted(self._standing.sent_a_file):
                return self._http.post_file(path, field, filename, content, doing=doing).text
        except NotConnected:
            raise
        except Unreachable:
            return ""

    def take_back(self) -> None:
        """What is written from now on are former values."""
        self._standing = Standing(FORMER)

    @contextmanager
    def _noted(self, note: Callable[[], None]) -> Iterator[None]:
        """Something is sent in this block, and perhaps taken; unless no connection came about."""
        try:
            yield
        except NotConnected:
            raise
        except RouterError:
            note()
            raise
        note()

    def _write(self, changes: Mapping[str, str], service: str) -> Written:
        doing = "storing the settings"
        if self._apply == APP:
            text = self._text(APP, urlencode(app_form(changes, service)), doing=doing)
            if self._apply == APP:
                return app_answer(text)
        return page_answer(self._text(PAGE, urlencode(page_form(changes, service)), doing=doing), service)

    def _runs(self, service: str, held: float) -> bool:
        """Whether a service that was just asked for was taken up. ``held`` is how long the answer took, in seconds."""
        if not service:
            return True
        try:
            running = self.read(["rc_service"])["rc_service"]
        except (Unreachable, BadReply):
            # It restarts its web server, or goes down to reboot.
            return service == REBOOT or held < LOST_SECONDS
        if running:
            return running == service
        return held < LOST_SECONDS

    def _note_how_long_it_runs(self) -> None:
        self._ran = self.seconds_since_boot(), self._clock.now()

    def _has_booted(self) -> bool:
        """Since the last look at how long it runs, as far as the router tells. One that has not runs longer now.

        Longer by the time between the two looks at the least: from when the first was answered to when the second was
        asked for, as an answer may be slow.
        """
        asked = self._clock.now()
        try:
            since = self.seconds_since_boot()
        except Unreachable:
            self.return_within(BREAK_SECONDS)
            since = self.seconds_since_boot()
        before, looked = self._ran
        return since is None or before is None or since < before + int(asked - looked)

    def _look_what_is_stored(self, error: RouterError) -> None:
        """One look, so that the error can say it; not where a login failed, as none is tried again."""
        hopeless = isinstance(error, (WrongPassword, LoginRefused, LockedOut, SessionLost)) or not self._http.cookie
        if self._standing.unseen and not hopeless and (not isinstance(error, Unreachable) or self._http.is_up()):
            with suppress(RouterError):
                self.read((), self._standing.unseen)

    def _log_in(self) -> None:
        if self._refused is not None:
            raise self._refused
        wanted = self._router.login
        remembered = self.memory.scheme()
        scheme = CLASSIC if wanted == "auto" and remembered == CLASSIC else wanted
        try:
            used = log_in(self._http, self._router, scheme, remembered)
        except (WrongPassword, LoginRefused, BadReply, LockedOut, NotAsuswrt) as error:
            if isinstance(error, (WrongPassword, LockedOut)):
                self._refused = error
            # No Asuswrt by its TLS, before it was asked: who gave a nonce stays known for it, or it could be sent the
            # password the other way.
            unasked = isinstance(error, NotAsuswrt) and remembered == NONCE
            if not isinstance(error, LockedOut) and not unasked:
                # A firmware that was updated may want the other one: the next run asks again.
                self.memory.remember_scheme(None)
            raise
        self.memory.remember_scheme(used)
        # With a nonce the login's own reply proves nothing, so its password is not sent again before a read succeeded.
        self._proven = self._proven or used != NONCE

    def _ask(self, path: str, body: str, *, doing: str) -> dict[str, Any]:
        return parse_object(self._text(path, body, doing=doing), doing=doing)

    def _text(self, path: str, body: str, *, doing: str) -> str:
        """The reply to one who is logged in."""
        for _turn in range(2):
            response = self._http.post(path, body, doing=doing)
            if path == APP and response.status_code == 404:
                self._apply = PAGE
                return ""
            if not _REFUSAL.match(response.text):
                self._proven = True
                return response.text
            self._stay(parse_object(response.text, doing=doing), doing)
        raise self._lost(doing)

    def _stay(self, answer: Mapping[str, Any], doing: str) -> None:
        """Log in again where that is all that a refusal asks for; raise what it means otherwise."""
        if str(answer.get("error_status")) not in _SESSION_GONE:
            raise refusal(answer, self._router, doing)
        if not self._proven:
            raise WrongPassword(
                f"The router gave user {self._router.username} a session and does not know it",
                doing=doing,
                cure="With its nonce login that is what a wrong password looks like: correct username and password",
            )
        now = self._clock.now()
        if self._relogged_in is not None and now - self._relogged_in < FORGETS_SECONDS:
            raise self._lost(doing)
        self._relogged_in = now
        self._log_in()

    def _lost(self, doing: str) -> SessionLost:
        return SessionLost(
            "The router forgot our session twice",
            doing=doing,
            cure="Its web server seems to restart; run again in a minute",
        )
