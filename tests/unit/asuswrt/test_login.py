# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two ways to log in, of which the right one is found without spending a try."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from urllib.parse import parse_qs

import httpx
import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    BadReply,
    LockedOut,
    LoginRefused,
    NotAsuswrt,
    WrongPassword,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import Memory
from unit.script import LOGIN, LOGOUT, NOT_FOUND, ROUTER, TOKEN, Script

EITHER = replace(ROUTER, login="auto")
NO_NONCE = ("/get_Nonce.cgi", NOT_FOUND)
A_NONCE = ("/get_Nonce.cgi", '{"nonce":"c0ffee"}')
IN = httpx.Response(200, headers={"Set-Cookie": f"asus_s_token={TOKEN}; Path=/; HttpOnly"}, text="<html></html>")
READ = ("/appGet.cgi", '{"a":"1"}')
GONE = ("/appGet.cgi", '{"error_status":"2"}')


def test_a_router_without_nonces_is_asked_for_one_once_and_then_remembered():
    first = Script(NO_NONCE, LOGIN, LOGOUT)
    with first.session(EITHER):
        pass
    second = Script(LOGIN, LOGOUT)
    with second.session(EITHER):
        pass
    assert first.is_over()
    assert second.is_over()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(NOT_FOUND, id="404"),
        pytest.param("<script>top.location.href='/Main_Login.asp'</script>", id="page"),
        pytest.param('{"error_status":"1"}', id="refusal"),
        pytest.param("", id="nothing"),
        pytest.param('{"nonce":""}', id="empty nonce"),
        pytest.param('{"error_status":"2"}', id="bogus token"),
    ],
)
def test_whatever_is_no_nonce_means_the_classic_login(answer):
    script = Script(("/get_Nonce.cgi", answer), LOGIN, LOGOUT)
    with script.session(EITHER):
        pass
    assert script.is_over()


def test_half_of_a_nonce_is_no_reason_to_send_the_password_the_other_way():
    script = Script(("/get_Nonce.cgi", '{"nonce":"4f'))
    with pytest.raises(BadReply), script.session(EITHER):
        pass
    assert script.is_over()


def test_a_router_that_took_a_nonce_the_last_time_gets_no_password_without_one_but_is_asked_anew_by_the_next_run():
    first = Script(A_NONCE, ("/login_v2.cgi", IN), READ, LOGOUT)
    with first.session(EITHER) as session:
        session.read(["a"])
    second = Script(("/get_Nonce.cgi", "<html>"))
    with pytest.raises(BadReply, match="gives none now"), second.session(EITHER):
        pass
    third = Script(NO_NONCE, LOGIN, LOGOUT)
    with third.session(EITHER):
        pass
    assert [script.is_over() for script in (first, second, third)] == [True] * 3


def test_the_question_carries_no_credentials():
    script = Script(NO_NONCE, LOGIN, LOGOUT)
    with script.session(EITHER):
        pass
    assert set(json.loads(script.body(0))) == {"id"}
    assert EITHER.username not in script.body(0)


def test_with_a_nonce_the_password_goes_as_a_hash_of_four():
    script = Script(A_NONCE, ("/login_v2.cgi", IN), READ, LOGOUT)
    with script.session(EITHER) as session:
        session.read(["a"])
    sent = {name: value for name, (value,) in parse_qs(script.body(1)).items()}
    told = f"admin:c0ffee:{EITHER.password}:{sent['cnonce']}"
    assert sent["login_authorization"] == hashlib.sha256(told.encode()).hexdigest()
    assert sent["id"] == json.loads(script.body(0))["id"]
    assert len(sent["cnonce"]) == 32
    assert EITHER.password not in script.body(1)
    assert script.requests[2].headers["Cookie"] == f"asus_s_token={TOKEN}"


def test_no_two_logins_are_alike():
    bodies = []
    for _turn in range(2):
        script = Script(A_NONCE, ("/login_v2.cgi", IN), LOGOUT)
        with script.session(EITHER):
            pass
        bodies.append(script.body(1))
    assert bodies[0] != bodies[1]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param('{"error_status":"3"}', id="says so"),
        pytest.param("<script>parent.location.href='/Main_Login.asp'</script>", id="login page"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_password_refused_with_a_nonce_is_not_tried_the_other_way(reply):
    script = Script(A_NONCE, ("/login_v2.cgi", reply))
    with pytest.raises(WrongPassword), script.session(EITHER):
        pass
    assert script.is_over()


def test_a_token_that_no_read_accepts_is_a_refusal_in_disguise():
    # Its reply has status 200 either way, so the first read is what tells.
    script = Script(A_NONCE, ("/login_v2.cgi", IN), GONE, LOGOUT)
    with pytest.raises(WrongPassword, match="does not know it"), script.session(EITHER) as session:
        session.read(["a"])
    assert script.paths.count("/login_v2.cgi") == 1


def test_a_session_that_worked_and_is_forgotten_is_renewed_with_a_new_nonce():
    into = ("/login_v2.cgi", IN)
    script = Script(A_NONCE, into, READ, GONE, A_NONCE, into, READ, LOGOUT)
    with script.session(EITHER) as session:
        session.read(["a"])
        session.read(["a"])
    assert script.is_over()


def test_a_classic_login_that_is_refused_is_asked_about_anew_the_next_time():
    Memory(EITHER).remember_scheme("classic")
    refused = Script(("/login.cgi", '{"error_status":"3"}'))
    with pytest.raises(WrongPassword, match="refused the password") as failed, refused.session(EITHER):
        pass
    assert "asks anew" in failed.value.cure
    script = Script(A_NONCE, ("/login_v2.cgi", IN), LOGOUT)
    with script.session(EITHER):
        pass
    assert script.is_over()


@pytest.mark.parametrize(
    "answer", [pytest.param(NOT_FOUND, id="404"), pytest.param("<html>Main_Login.asp</html>", id="page")]
)
def test_a_classic_login_that_new_firmware_does_not_know_is_asked_about_anew_the_next_time(answer):
    Memory(EITHER).remember_scheme("classic")
    unknown = Script(("/login.cgi", answer))
    with pytest.raises(NotAsuswrt) as failed, unknown.session(EITHER):
        pass
    assert "the next run asks anew" in failed.value.cure
    assert unknown.is_over()
    script = Script(A_NONCE, ("/login_v2.cgi", IN), LOGOUT)
    with script.session(EITHER):
        pass
    assert script.is_over()


def test_who_was_asked_for_a_nonce_or_insists_on_the_classic_login_is_promised_no_other_question():
    for router, steps in ((EITHER, [NO_NONCE]), (ROUTER, [])):
        script = Script(*steps, ("/login.cgi", NOT_FOUND))
        with pytest.raises(NotAsuswrt) as failed, script.session(router):
            pass
        assert "asks anew" not in failed.value.cure


def test_a_router_that_took_a_nonce_is_still_known_for_it_where_it_was_not_asked():
    Memory(EITHER).remember_scheme("nonce")
    script = Script(("/get_Nonce.cgi", httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version number")))
    with pytest.raises(NotAsuswrt, match="does not speak TLS"), script.session(EITHER):
        pass
    assert Memory(EITHER).scheme() == "nonce"


def test_a_router_at_the_address_of_a_classic_one_is_sent_no_classic_login():
    # As with two sites that are both 192.168.50.1, each behind a VPN of its own: one refused login of five less.
    classic, with_nonce = (replace(EITHER, fingerprint=digit * 64) for digit in "ab")
    for router, steps in (
        (classic, (NO_NONCE, LOGIN, LOGOUT)),
        (with_nonce, (A_NONCE, ("/login_v2.cgi", IN), LOGOUT)),
        (classic, (LOGIN, LOGOUT)),
    ):
        script = Script(*steps)
        with script.session(router):
            pass
        assert script.is_over()


def test_a_locked_router_is_recognised_before_a_password_is_sent():
    script = Script(("/get_Nonce.cgi", '{"error_status":"7","remaining_lock_time":"120"}'))
    with pytest.raises(LockedOut, match="120"), script.session(EITHER):
        pass
    assert script.is_over()


def test_who_insists_on_the_nonce_sends_no_password_to_a_router_without():
    script = Script(NO_NONCE)
    with pytest.raises(LoginRefused, match="gives no nonce") as failed, script.session(replace(ROUTER, login="nonce")):
        pass
    assert "No password was sent" in failed.value.cure
    assert script.is_over()


def test_who_insists_on_the_classic_login_asks_for_no_nonce():
    script = Script(LOGIN, LOGOUT)
    with script.session(ROUTER):
        pass
    assert script.is_over()


@pytest.mark.parametrize("token", ['"\u00e9\u20ac"', '"a b"', '{"a": 1}', '"x\ny"'])
def test_a_session_that_no_request_can_carry_is_a_bad_reply(token):
    script = Script(("/login.cgi", f'{{"asus_token":{token}}}'))
    with pytest.raises(BadReply, match="no request can carry"), script.session():
        pass
    assert script.is_over()


def test_of_two_cookies_of_one_name_the_last_counts():
    cookies = [("Set-Cookie", "asus_token=one; path=/a"), ("Set-Cookie", "asus_token=two; path=/b")]
    script = Script(
        ("/login.cgi", httpx.Response(200, headers=cookies, text='{"asus_token":"two"}')),
        ("/appGet.cgi", '{"a":"1"}'),
        LOGOUT,
    )
    with script.session() as session:
        session.read(["a"])
    assert script.requests[1].headers["Cookie"] == "asus_token=two"
