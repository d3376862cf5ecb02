# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation itself, as scripts: a request that the script does not have next fails the test."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs

import httpx
import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    BadReply,
    Busy,
    LockedOut,
    LoginRefused,
    NotActivated,
    NotAsuswrt,
    NotRebooted,
    RouterError,
    SessionLost,
    Unreachable,
    WrongPassword,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from unit.script import BOOTED, CHECK, DOWN, LOGIN, LOGOUT, NOT_FOUND, ROUTER, TOKEN, UP, Often, Script, Slow


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
    kept = ("/appGet.cgi", '{"wandog_interval":"5"}')
    script = Script(LOGIN, ("/applyapp.cgi", '{"statusCode":"4001"}'), kept, LOGOUT)
    with pytest.raises(BadReply, match="storing the settings") as failed, script.session() as session:
        session.write({"wandog_interval": "7"})
    assert failed.value.as_result()["stored"] == "not_all"
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


def test_a_session_that_is_forgotten_now_and_then_is_begun_anew_each_time():
    gone, read = ("/appGet.cgi", '{"error_status":"2"}'), ("/appGet.cgi", '{"a":"1"}')
    script = Script(LOGIN, gone, LOGIN, read, gone, LOGIN, read, LOGOUT)
    with script.session() as session:
        session.read(["a"])
        script.clock.sleep(6000)
        assert session.read(["a"]) == {"a": "1"}
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
        httpx.DecodingError("not gzip"),
    ],
    ids=["reset", "nothing sent", "no answer", "no such coding"],
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


def test_a_reboot_is_over_when_the_router_went_and_came_and_knows_us():
    script = Script(LOGIN, (CHECK, UP), (CHECK, UP), DOWN, (CHECK, ""), DOWN, (CHECK, UP), LOGIN, BOOTED, LOGOUT)
    with script.session() as session:
        took = session.await_reboot(180)
    assert script.is_over()
    assert took == pytest.approx(sum(script.clock.slept))


def test_a_router_that_does_not_go_down_is_told_apart():
    script = Script(LOGIN, Often(CHECK, UP), LOGOUT)
    with pytest.raises(NotActivated, match="still answers") as failed, script.session() as session:
        session.await_reboot(180)
    assert "reboot it by its button" in failed.value.cure
    assert 45 < sum(script.clock.slept) < 50


def test_a_router_that_does_not_come_back_is_told_apart_and_asked_no_more():
    script = Script(LOGIN, Often(*DOWN))
    with pytest.raises(NotActivated, match="not come back within 60 s") as failed, script.session() as session:
        session.await_reboot(60)
    assert "power" in failed.value.cure
    assert script.is_over()


def test_a_web_server_that_starts_twice_while_booting_is_waited_for():
    up, reset = (CHECK, UP), ("/login.cgi", httpx.ConnectError("refused"))
    script = Script(LOGIN, DOWN, up, reset, up, LOGIN, BOOTED, LOGOUT)
    with script.session() as session:
        session.await_reboot(180)
    assert script.is_over()


def test_every_error_says_what_to_do():
    for reply in ('{"error_status":"3"}', '{"error_status":"7"}', '{"error_status":"10"}', "<html>", "{"):
        with pytest.raises(RouterError) as failed, Script(("/login.cgi", reply)).session():
            pass
        assert failed.value.cure
        assert failed.value.doing == "logging in"


def running_for(seconds):
    return ("/appGet.cgi", f'{{"uptime":Wed, 25 Nov 2026 14:00:00 +0100({seconds} secs since boot)}}')


SINCE = running_for(4711)
RUNNING = ("/appGet.cgi", '{"rc_service":"start_multipath"}')
OTHER = ("/appGet.cgi", '{"rc_service":"restart_firewall"}')
IDLE = ("/appGet.cgi", '{"rc_service":""}')
STORED = '{ "modify": "1", "run_service": "start_multipath" }'


def test_a_service_is_seen_to_run_and_to_end():
    script = Script(LOGIN, ("/applyapp.cgi", STORED), RUNNING, RUNNING, IDLE, LOGOUT)
    with script.session() as session:
        assert session.carry_out({"wans_dualwan": "wan usb"}, "start_multipath").service == "start_multipath"
    assert script.is_over()


def test_a_service_that_ended_before_one_could_look_is_not_asked_for_again():
    script = Script(LOGIN, ("/applyapp.cgi", STORED), IDLE, IDLE, LOGOUT)
    with script.session() as session:
        session.carry_out({"wans_dualwan": "wan usb"}, "start_multipath")
    assert script.is_over()


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param((("/applyapp.cgi", STORED), OTHER), id="another one runs"),
        # httpd held the write until its patience with the other service was over.
        pytest.param((("/applyapp.cgi", Slow(15.2, STORED)), IDLE), id="the answer took 15 s"),
    ],
)
def test_a_service_that_was_lost_in_silence_is_asked_for_again(lost):
    again = ("/applyapp.cgi", '{ "modify": "0", "run_service": "start_multipath" }')
    script = Script(LOGIN, *lost, IDLE, again, RUNNING, IDLE, LOGOUT)
    with script.session() as session:
        session.carry_out({"wans_dualwan": "wan usb"}, "start_multipath")
    assert script.is_over()


def test_a_service_that_stays_lost_is_told_and_not_asked_for_for_ever():
    lost = (("/applyapp.cgi", STORED), OTHER, IDLE)
    kept = ("/appGet.cgi", '{"wans_dualwan":"wan%20usb"}')
    script = Script(LOGIN, *lost, *lost, *lost, kept, LOGOUT)
    with pytest.raises(NotActivated, match="3 times") as failed, script.session() as session:
        session.carry_out({"wans_dualwan": "wan usb"}, "start_multipath")
    assert "are stored" in failed.value.message
    assert script.is_over()


def test_a_reboot_whose_look_finds_nobody_has_begun():
    asked = ("/applyapp.cgi", '{ "modify": "1", "run_service": "reboot" }')
    script = Script(LOGIN, SINCE, asked, ("/appGet.cgi", httpx.ConnectError("refused")), LOGOUT)
    with script.session() as session:
        assert session.carry_out({"wans_mode": "lb"}, "reboot").service == "reboot"
    assert script.is_over()


def test_a_firmware_without_the_app_s_page_is_written_to_by_the_browser_s():
    verdict = "<html><script>done_committing();</script><script>restart_needed_time(10);</script></html>"
    script = Script(LOGIN, ("/applyapp.cgi", NOT_FOUND), ("/start_apply.htm", verdict), RUNNING, IDLE, LOGOUT)
    with script.session() as session:
        written = session.carry_out({"wans_dualwan": "wan usb"}, "start_multipath")
    assert written.service == "start_multipath"
    assert parse_qs(script.body(2))["wans_dualwan"] == ["wan usb"]
    assert script.is_over()


def test_a_web_server_that_restarts_behind_a_write_is_waited_for_and_logged_in_to_once():
    refused = ("/appGet.cgi", httpx.ConnectError("refused"))
    script = Script(LOGIN, refused, DOWN, DOWN, (CHECK, UP), LOGIN, ("/appGet.cgi", '{"a":"1"}'), LOGOUT)
    with script.session() as session:
        assert session.read_back(["a"]) == {"a": "1"}
    assert script.is_over()


def test_a_large_read_is_several_requests():
    names = [f"wan0_a_rather_long_name_{number}" for number in range(3000)]

    def answered(some):
        return ("/appGet.cgi", "{" + ",".join(f'"{name}":"1"' for name in some) + "}")

    script = Script(LOGIN, LOGOUT)
    with script.session() as session:
        script.steps[:0] = [answered(names), answered(names), answered(names)]
        assert session.read(names) == dict.fromkeys(names, "1")
    assert all(len(body.content) < 65_535 for body in script.requests)
    assert script.paths.count("/appGet.cgi") == 3


def test_a_hook_answers_whatever_it_answers_or_nothing():
    listed = '{"get_ethernet_wan_list":{"wan":{"wan_name":"2.5G WAN"}}}'
    script = Script(LOGIN, ("/appGet.cgi", listed), ("/appGet.cgi", "{\n\n}"), LOGOUT)
    with script.session() as session:
        assert session.hook("get_ethernet_wan_list") == {"wan": {"wan_name": "2.5G WAN"}}
        assert session.hook("nothing_of_the_kind") is None


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ('{\n"uptime":Wed, 25 Nov 2026 14:00:00 +0100(4711 secs since boot)\n}\n', 4711),
        ("{\n\n}\n", None),
    ],
    ids=["no JSON", "no such function"],
)
def test_since_when_it_runs(answer, seconds):
    script = Script(LOGIN, ("/appGet.cgi", answer), LOGOUT)
    with script.session() as session:
        assert session.seconds_since_boot() == seconds


def test_a_file_is_fetched_as_it_is():
    content = b"HDR1\x10\x00\x00\x00a=1\x00b=\xff\x00" + bytes(7)
    script = Script(LOGIN, ("/Settings_X.CFG", httpx.Response(200, content=content)), LOGOUT)
    with script.session() as session:
        assert session.download("/Settings_X.CFG?path=0") == content
    assert script.requests[1].method == "GET"


def test_a_file_for_one_whose_session_is_gone_is_asked_for_again():
    file = ("/Settings_X.CFG", httpx.Response(200, content=b"HDR1"))
    script = Script(LOGIN, ("/Settings_X.CFG", '{"error_status":"2"}'), LOGIN, file, LOGOUT)
    with script.session() as session:
        assert session.download("/Settings_X.CFG") == b"HDR1"


@pytest.mark.parametrize("reply", [NOT_FOUND, "<html>login</html>"], ids=["404", "page"])
def test_a_page_is_no_file(reply):
    script = Script(LOGIN, ("/Settings_X.CFG", reply), LOGOUT)
    with pytest.raises(BadReply, match="instead of a file"), script.session() as session:
        session.download("/Settings_X.CFG")


def test_a_file_is_sent_as_a_form_sends_it():
    script = Script(LOGIN, SINCE, ("/upload.cgi", "<html>Uploading</html>"), LOGOUT)
    with script.session() as session:
        assert "Uploading" in session.upload("/upload.cgi", "file", "Settings_X.CFG", b"HDR1\x00")
    sent = script.requests[2]
    assert sent.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="Settings_X.CFG"' in sent.content
    assert b"HDR1\x00" in sent.content


@pytest.mark.parametrize("lost", [httpx.ReadError("reset"), httpx.ReadTimeout("late")], ids=["reset", "late"])
def test_a_reply_to_a_file_that_is_lost_is_none(lost):
    script = Script(LOGIN, SINCE, ("/upload.cgi", lost), LOGOUT)
    with script.session() as session:
        assert session.upload("/upload.cgi", "file", "x", b"") == ""
    assert script.is_over()


def test_a_file_that_finds_nobody_was_not_sent():
    script = Script(LOGIN, SINCE, ("/upload.cgi", httpx.ConnectError("refused")))
    with pytest.raises(Unreachable, match="No setting was changed"), script.session() as session:
        session.upload("/upload.cgi", "file", "x", b"")
    assert script.is_over()


def test_a_write_that_never_found_anybody_was_not_sent():
    refused = ("/applyapp.cgi", httpx.ConnectError("refused"))
    script = Script(LOGIN, refused, IDLE, refused, IDLE, refused, IDLE)
    with pytest.raises(Unreachable, match="No setting was changed") as failed, script.session() as session:
        session.carry_out({"wandog_interval": "7"}, "")
    assert failed.value.as_result()["stored"] == "nothing"
    assert script.is_over()


def test_while_the_router_is_away_the_person_hears_of_it():
    heard = []
    script = Script(LOGIN, DOWN, *[DOWN] * 50, (CHECK, UP), LOGIN, BOOTED, LOGOUT)
    with Session(ROUTER, script.clock, script.transport, heard.append) as session:
        session.await_reboot(180)
    assert heard[0] == "192.168.50.1 went down to reboot"
    assert heard[1] == "192.168.50.1 has been away for 10 s, and may be for 180 s"
    assert "is back after 25 s" in heard[-1]


LOST = httpx.ReadError("reset")
USB = {"wans_dualwan": "wan usb"}
SAME = ("/applyapp.cgi", '{ "modify": "0", "run_service": "start_multipath" }')


@pytest.mark.parametrize(
    "answer", [LOST, "<html>", "", '{ "modify": "1", "run'], ids=["reset", "page", "empty", "half"]
)
def test_a_write_without_an_answer_is_sent_again(answer):
    script = Script(LOGIN, ("/applyapp.cgi", answer), IDLE, IDLE, SAME, RUNNING, IDLE, LOGOUT)
    with script.session() as session:
        session.carry_out(USB, "start_multipath")
    assert script.body(1) == script.body(4)
    assert script.is_over()


def test_a_write_without_an_answer_whose_service_runs_is_not_sent_again():
    script = Script(LOGIN, ("/applyapp.cgi", LOST), RUNNING, RUNNING, IDLE, LOGOUT)
    with script.session() as session:
        session.carry_out(USB, "start_multipath")
    assert script.is_over()


def test_a_write_that_is_never_answered_is_told_with_what_is_stored_by_then():
    unanswered = (("/applyapp.cgi", LOST), IDLE, IDLE)
    kept = ("/appGet.cgi", '{"wans_dualwan":"wan%20usb"}')
    script = Script(LOGIN, *unanswered, *unanswered, *unanswered, (CHECK, UP), kept)
    with pytest.raises(Unreachable, match="The settings are stored") as failed, script.session() as session:
        session.carry_out(USB, "start_multipath")
    assert failed.value.as_result()["stored"] == "all"
    assert script.is_over()


def test_a_reboot_without_an_answer_that_nobody_took_up_is_asked_for_again():
    again = ("/applyapp.cgi", '{ "modify": "0", "run_service": "reboot" }')
    rebooting = ("/appGet.cgi", '{"rc_service":"reboot"}')
    script = Script(LOGIN, SINCE, ("/applyapp.cgi", LOST), IDLE, IDLE, again, rebooting, LOGOUT)
    with script.session() as session:
        assert session.carry_out({"wans_mode": "lb"}, "reboot").service == "reboot"
    assert script.is_over()


WHAT_IT_HAS = ("/appGet.cgi", '{"wans_mode":"lb"}')


def reboots(since, *rest):
    """A router that is asked to reboot, goes away, comes back, and then says since when it runs."""
    asked = ("/applyapp.cgi", '{ "modify": "1", "run_service": "reboot" }')
    taken_up = ("/appGet.cgi", '{"rc_service":"reboot"}')
    script = Script(LOGIN, SINCE, asked, taken_up, DOWN, (CHECK, UP), LOGIN, since, *rest, LOGOUT)
    with script.session() as session:
        session.carry_out({"wans_mode": "lb"}, "reboot")
        session.await_reboot(180)
    assert script.is_over()


def test_a_router_that_comes_back_without_having_booted_is_told_apart():
    with pytest.raises(NotRebooted, match="without having booted"):
        reboots(running_for(4711 + 60), WHAT_IT_HAS)


def test_a_router_that_has_not_booted_and_is_slow_to_say_how_long_it_runs_is_told_apart():
    path, answer = running_for(4711 + 1)
    with pytest.raises(NotRebooted, match="without having booted"):
        reboots((path, Slow(5.0, answer)), WHAT_IT_HAS)


@pytest.mark.parametrize("seconds", [0, 42, 4710])
def test_a_router_that_runs_for_less_long_than_before_has_booted(seconds):
    reboots(running_for(seconds))


@pytest.mark.parametrize("answer", ["<html>", '{"a":', ""], ids=["page", "half", "nothing"])
def test_what_is_no_answer_is_asked_for_again_behind_a_write(answer):
    script = Script(LOGIN, ("/appGet.cgi", answer), ("/appGet.cgi", '{"a":"1"}'), LOGOUT)
    with script.session() as session:
        assert session.read_back(["a"]) == {"a": "1"}
    assert script.is_over()


def test_a_login_that_is_not_answered_is_tried_again_a_few_times_after_a_break():
    up, lost = (CHECK, UP), ("/login.cgi", LOST)
    script = Script(LOGIN, DOWN, up, lost, up, lost, up, lost)
    with pytest.raises(Unreachable), script.session() as session:
        session.return_within(60)
    assert script.is_over()
