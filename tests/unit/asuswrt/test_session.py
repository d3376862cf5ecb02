# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation itself, as scripts: a request that the script does not have next fails the test."""

from __future__ import annotations

import base64
from typing import NamedTuple
from urllib.parse import parse_qs

import httpx
import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    BadReply,
    Busy,
    LockedOut,
    LoginRefused,
    NotActivated,
    NotAsuswrt,
    RouterError,
    SessionLost,
    Unreachable,
    WrongPassword,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from unit.fake_clock import FakeClock

ROUTER = Router(host="192.168.50.1", port=80, tls=False, username="admin", password="a+b/c=d;e&f", login="classic")
TOKEN = "kJ7h2LqPzX0vB4nM8sD1fG6tR3wY5cA"
GOOD_LOGIN = httpx.Response(
    200, headers={"Set-Cookie": f"asus_token={TOKEN}; HttpOnly;"}, text=f'{{\n"asus_token":"{TOKEN}"\n}}\n'
)
LOGGED_OUT = '{"error_status":"8"}'
UP = "<httpd><httpd_info>OK</httpd_info></httpd>"


class Often(NamedTuple):
    """A step that may be asked for any number of times."""

    path: str
    reply: object


class Script:
    """Paths to be asked for in this order, each with its reply: a text, a response, or an exception."""

    def __init__(self, *steps):
        self.steps = list(steps)
        self.requests = []
        self.clock = FakeClock()

    def answer(self, request):
        self.requests.append(request)
        while self.steps and isinstance(self.steps[0], Often) and self.steps[0].path != request.url.path:
            self.steps.pop(0)
        assert self.steps, f"surplus request to {request.url.path}"
        path, reply = self.steps[0] if isinstance(self.steps[0], Often) else self.steps.pop(0)
        assert request.url.path == path
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else httpx.Response(200, text=reply)

    def session(self, router=ROUTER):
        return Session(router, self.clock, httpx.MockTransport(self.answer))

    def is_over(self):
        return all(isinstance(step, Often) for step in self.steps)

    def body(self, index):
        return self.requests[index].content.decode()


LOGIN = ("/login.cgi", GOOD_LOGIN)
LOGOUT = ("/Logout.asp", LOGGED_OUT)


def test_one_login_one_read_one_logout():
    script = Script(LOGIN, ("/appGet.cgi", '{"wans_mode":"fb"}'), LOGOUT)
    with script.session() as session:
        assert session.read(["wans_mode"]) == {"wans_mode": "fb"}
    assert script.is_over()


def test_credentials_go_as_base64_in_one_field():
    script = Script(LOGIN, LOGOUT)
    with script.session():
        pass
    (authorization,) = parse_qs(script.body(0), strict_parsing=True)["login_authorization"]
    assert base64.b64decode(authorization) == b"admin:a+b/c=d;e&f"


def test_we_are_the_app_by_the_words_between_hyphens():
    script = Script(LOGIN, LOGOUT)
    with script.session():
        pass
    agents = {request.headers["User-Agent"] for request in script.requests}
    assert len(agents) == 1
    first, _ours, third, *_rest = agents.pop().split("-")
    assert (first, third) == ("asusrouter", "DUTUtil")


def test_no_language_is_sent_as_it_would_set_that_of_a_new_router():
    script = Script(LOGIN, LOGOUT)
    with script.session():
        pass
    assert not any("Accept-Language" in request.headers for request in script.requests)


@pytest.mark.parametrize("name", ["asus_token", "asus_s_token"])
def test_the_cookie_goes_back_raw_under_its_own_name(name):
    login = httpx.Response(
        200, headers={"Set-Cookie": f"{name}={TOKEN}; HttpOnly;"}, text=f'{{"asus_token":"{TOKEN}"}}'
    )
    script = Script(("/login.cgi", login), ("/appGet.cgi", '{"a":"1"}'), LOGOUT)
    with script.session() as session:
        session.read(["a"])
    assert [request.headers.get_list("Cookie") for request in script.requests] == [
        [],
        [f"{name}={TOKEN}"],
        [f"{name}={TOKEN}"],
    ]


def test_a_token_without_a_cookie_is_used_as_one():
    script = Script(("/login.cgi", f'{{"asus_token":"{TOKEN}"}}'), LOGOUT)
    with script.session():
        pass
    assert script.requests[1].headers["Cookie"] == f"asus_token={TOKEN}"


def test_hooks_are_joined_by_a_coded_semicolon_as_a_raw_one_cuts_off_the_rest():
    script = Script(LOGIN, ("/appGet.cgi", '{"a":"1","b":"2","c":"%3C"}'), LOGOUT)
    with script.session() as session:
        assert session.read(["a", "b"], ["c"]) == {"a": "1", "b": "2", "c": "<"}
    assert ";" not in script.body(1)
    assert parse_qs(script.body(1), separator="&")["hook"] == ["nvram_get(a);nvram_get(b);nvram_char_to_ascii(0,c)"]


def test_a_write_asks_for_its_service_by_name():
    reply = '{ "modify": "1", "run_service": "start_multipath" }'
    script = Script(LOGIN, ("/applyapp.cgi", reply), LOGOUT)
    with script.session() as session:
        session.write({"wans_dualwan": "wan usb"}, "start_multipath")
    assert parse_qs(script.body(1)) == {
        "action_mode": ["apply"],
        "wans_dualwan": ["wan usb"],
        "rc_service": ["start_multipath"],
    }


def test_a_write_without_a_service_asks_for_none():
    script = Script(LOGIN, ("/applyapp.cgi", '{ "modify": "0" }'), LOGOUT)
    with script.session() as session:
        session.write({"wandog_interval": "7"})
    assert "rc_service" not in script.body(1)


def test_nothing_that_the_router_would_split_or_cut_at_leaves_as_it_is():
    script = Script(LOGIN, ("/applyapp.cgi", '{ "modify": "1" }'), LOGOUT)
    with script.session() as session:
        session.write({"wandog_target": "a;b&c%d+e\nf"})
    body = script.body(1)
    assert not set(";\n\r ") & set(body)
    assert parse_qs(body)["wandog_target"] == ["a;b&c%d+e\nf"]


def test_a_write_that_is_not_confirmed_is_no_write():
    script = Script(LOGIN, ("/applyapp.cgi", '{"statusCode":"4001"}'), LOGOUT)
    with pytest.raises(BadReply, match="storing the settings"), script.session() as session:
        session.write({"wandog_interval": "7"})
    assert script.is_over()


def test_a_wrong_password_is_tried_exactly_once():
    script = Script(("/login.cgi", '{"error_status":"3", "last_time_lock_warning":"0"}'))
    with pytest.raises(WrongPassword, match="user admin") as failed, script.session():
        pass
    assert script.is_over()
    assert "five failures lock" in failed.value.cure
    assert ROUTER.password not in failed.value.message


@pytest.mark.parametrize(
    ("reply", "seconds", "said"),
    [
        ('{"error_status":"7","remaining_lock_time":"187"}', 187, "for 187 more seconds"),
        # Seen in the first such reply of a genuine router.
        ('{"error_status":"7","remaining_lock_time":"-2457"}', None, "up to 300 seconds"),
        ('{"error_status":"7"}', None, "up to 300 seconds"),
        ('{"error_status":"7","remaining_lock_time":""}', None, "up to 300 seconds"),
    ],
    ids=["seconds", "negative", "none", "empty"],
)
def test_a_locked_router_says_for_how_long(reply, seconds, said):
    script = Script(("/login.cgi", reply))
    with pytest.raises(LockedOut, match=said) as failed, script.session():
        pass
    assert failed.value.as_result()["locked_seconds"] == seconds
    assert failed.value.as_result()["reason"] == "locked_out"
    assert script.is_over()


def test_a_captcha_is_named():
    script = Script(("/login.cgi", '{"error_status":"10","captcha_on":"1"}'))
    with pytest.raises(LoginRefused, match="captcha") as failed, script.session():
        pass
    assert "switch off the login captcha" in failed.value.cure


@pytest.mark.parametrize("status", ["1", "9", "11", "99"])
def test_any_other_refusal_shows_its_number(status):
    script = Script(("/login.cgi", f'{{"error_status":"{status}"}}'))
    with pytest.raises(LoginRefused, match=f"error_status {status}"), script.session():
        pass
    assert script.is_over()


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(httpx.Response(404, text="<HTML>File not found.</HTML>"), id="404"),
        pytest.param(httpx.Response(200, text="<script>parent.location.href='/Main_Login.asp'</script>"), id="page"),
        pytest.param(httpx.Response(200, text=""), id="nothing"),
        pytest.param(httpx.Response(302, headers={"Location": "https://192.168.50.1:8443/"}), id="redirect"),
    ],
)
def test_what_is_no_asuswrt_is_told_apart(reply):
    script = Script(("/login.cgi", reply))
    with pytest.raises(NotAsuswrt, match=r"HTTP \d+") as failed, script.session():
        pass
    assert "Check host, port and tls" in failed.value.cure
    assert script.is_over()


@pytest.mark.parametrize("status", ["1", "2", "8"])
def test_a_forgotten_session_logs_in_again_once_and_asks_again(status):
    script = Script(
        LOGIN,
        ("/appGet.cgi", f'{{"error_status":"{status}"}}'),
        LOGIN,
        ("/appGet.cgi", '{"a":"1"}'),
        LOGOUT,
    )
    with script.session() as session:
        assert session.read(["a"]) == {"a": "1"}
    assert script.is_over()
    assert script.body(1) == script.body(3)


def test_a_session_forgotten_twice_is_given_up():
    gone = ("/appGet.cgi", '{"error_status":"2"}')
    script = Script(LOGIN, gone, LOGIN, gone)
    with pytest.raises(SessionLost), script.session() as session:
        session.read(["a"])
    assert script.is_over()


def test_a_new_login_carries_no_old_cookie():
    script = Script(LOGIN, ("/appGet.cgi", '{"error_status":"2"}'), LOGIN, ("/appGet.cgi", '{"a":"1"}'), LOGOUT)
    with script.session() as session:
        session.read(["a"])
    assert "Cookie" not in script.requests[2].headers


def test_a_password_changed_meanwhile_is_not_tried_twice():
    script = Script(LOGIN, ("/appGet.cgi", '{"error_status":"2"}'), ("/login.cgi", '{"error_status":"3"}'))
    with pytest.raises(WrongPassword), script.session() as session:
        session.read(["a"])
    assert script.is_over()


def test_a_lock_in_the_middle_is_a_lock():
    reply = '{"error_status":"7","remaining_lock_time":"250"}'
    script = Script(LOGIN, ("/appGet.cgi", reply), LOGOUT)
    with pytest.raises(LockedOut, match="250"), script.session() as session:
        session.read(["a"])


def test_a_failing_logout_does_not_fail_the_task():
    script = Script(LOGIN, ("/Logout.asp", httpx.ReadError("gone")))
    with script.session():
        pass
    assert script.is_over()


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("[Errno 111] Connection refused"),
        httpx.ConnectError("[Errno -2] Name or service not known"),
        httpx.ConnectTimeout("timed out"),
    ],
    ids=["refused", "unknown name", "no route"],
)
def test_nobody_there(error):
    script = Script(("/login.cgi", error))
    with pytest.raises(Unreachable, match=r"Nothing answers at http://192.168.50.1:80") as failed, script.session():
        pass
    assert "Check host and port" in failed.value.cure


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("Server disconnected"),
        httpx.ReadTimeout("timed out"),
    ],
    ids=["reset", "nothing sent", "no answer"],
)
def test_a_connection_that_breaks_off_is_not_followed_by_a_logout(error):
    script = Script(LOGIN, ("/appGet.cgi", error))
    with pytest.raises(Unreachable, match="reading its settings"), script.session() as session:
        session.read(["a"])
    assert script.is_over()


def test_a_running_service_is_waited_for():
    busy, idle = ("/appGet.cgi", '{"rc_service":"restart_wan"}'), ("/appGet.cgi", '{"rc_service":""}')
    script = Script(LOGIN, busy, busy, idle, LOGOUT)
    with script.session() as session:
        session.wait_until_idle()
    assert script.is_over()
    assert len(script.clock.slept) == 2


def test_a_service_that_does_not_end_is_named():
    script = Script(LOGIN, Often("/appGet.cgi", '{"rc_service":"restart_wan"}'), LOGOUT)
    with pytest.raises(Busy, match="restart_wan") as failed, script.session() as session:
        session.wait_until_idle(seconds=2)
    assert "over 2 s" in failed.value.happened


CHECK = "/httpd_check.xml"
DOWN = (CHECK, httpx.ConnectError("refused"))


def test_a_reboot_is_over_when_the_router_went_and_came_and_knows_us():
    script = Script(LOGIN, (CHECK, UP), (CHECK, UP), DOWN, (CHECK, ""), DOWN, (CHECK, UP), LOGIN, LOGOUT)
    with script.session() as session:
        took = session.await_reboot(180)
    assert script.is_over()
    assert took == pytest.approx(sum(script.clock.slept))


def test_a_router_that_does_not_go_down_is_told_apart():
    script = Script(LOGIN, Often(CHECK, UP), LOGOUT)
    with pytest.raises(NotActivated, match="still answers") as failed, script.session() as session:
        session.await_reboot(180)
    assert "are stored" in failed.value.cure
    assert 45 < sum(script.clock.slept) < 50


def test_a_router_that_does_not_come_back_is_told_apart_and_asked_no_more():
    script = Script(LOGIN, Often(*DOWN))
    with pytest.raises(NotActivated, match="not come back within 60 s") as failed, script.session() as session:
        session.await_reboot(60)
    assert "power" in failed.value.cure
    assert script.is_over()


def test_a_web_server_that_starts_twice_while_booting_is_waited_for():
    up, reset = (CHECK, UP), ("/login.cgi", httpx.ConnectError("refused"))
    script = Script(LOGIN, DOWN, up, reset, up, LOGIN, LOGOUT)
    with script.session() as session:
        session.await_reboot(180)
    assert script.is_over()


def test_every_error_says_what_to_do():
    for reply in ('{"error_status":"3"}', '{"error_status":"7"}', '{"error_status":"10"}', "<html>", "{"):
        with pytest.raises(RouterError) as failed, Script(("/login.cgi", reply)).session():
            pass
        assert failed.value.cure
        assert failed.value.doing == "logging in"
