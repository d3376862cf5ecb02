# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Coming in, being refused, and being locked out."""

from __future__ import annotations

from .workbench import BROWSER, PASSWORD, Bench, story

READ = "/appGet.cgi?hook=nvram_get(wans_mode)"


async def status_of(bench: Bench, **how: object) -> str:
    answer = await bench.ask(READ, **how)  # type: ignore[arg-type]
    assert answer.status == 200
    return str(answer.json.get("error_status", "in"))


@story
async def test_an_app_gets_a_token_in_cookie_and_body(bench: Bench) -> None:
    answer = await bench.try_login()
    token = answer.json["asus_token"]
    assert len(token) == 31
    assert token.isalnum()
    assert answer.header("Set-Cookie") == f"asus_token={token}; HttpOnly;"
    assert await status_of(bench, cookie=f"asus_token={token}") == "in"


@story
async def test_refusals_have_status_200_and_a_number(bench: Bench) -> None:
    await bench.log_in()
    assert await status_of(bench, cookie="other=1") == "1"
    assert await status_of(bench, cookie="asus_token=unknown") == "2"
    assert await status_of(bench, cookie=f'asus_token="{bench.token}"') == "2"
    assert await status_of(bench, agent="asusrouter-Windows-IFTTT-1.0") == "2"
    assert await status_of(bench, source="127.0.0.2") == "2"
    assert (await bench.try_login("wrong")).json["error_status"] == "3"


@story
async def test_app_sessions_live_side_by_side_until_logged_out(bench: Bench) -> None:
    await bench.log_in()
    first = bench.token
    await bench.log_in()
    assert await status_of(bench, cookie=f"asus_token={first}") == "in"
    assert (await bench.ask("/Logout.asp")).json["error_status"] == "8"
    assert await status_of(bench) == "2"
    assert await status_of(bench, cookie=f"asus_token={first}") == "in"


@story
async def test_the_fifth_failure_locks_everyone_without_a_token(bench: Bench) -> None:
    await bench.log_in()
    for password in ("a", "b", "c"):
        assert (await bench.try_login(password)).json["error_status"] == "3"
    # An app's success does not clear the count, an empty login counts, bogus tokens don't.
    await bench.log_in()
    for _turn in range(6):
        await status_of(bench, cookie="asus_token=bogus")
    assert (await bench.ask("/login.cgi", "", cookie="")).json["error_status"] == "3"
    locking = (await bench.try_login("e")).json
    assert (locking["error_status"], int(locking["remaining_lock_time"]) < 0) == ("7", True)
    assert 250 < int((await bench.try_login(PASSWORD)).json["remaining_lock_time"]) <= 300
    assert await status_of(bench, cookie="other=1") == "7"
    assert await status_of(bench) == "in"
    await bench.until(lambda: bench.router.state()["locked_seconds"] == 0, within=400)
    assert "asus_token" in (await bench.try_login()).json


@story
async def test_where_captchas_are_on_two_failures_are_enough(bench: Bench) -> None:
    bench.set(captcha_enable="1")
    for password in ("a", "b"):
        assert (await bench.try_login(password)).json["error_status"] == "3"
    for _turn in range(4):
        assert (await bench.try_login()).json["error_status"] == "10"
    bench.set(captcha_enable="0")
    assert "asus_token" in (await bench.try_login()).json


@story
async def test_without_the_apps_name_and_a_referer_there_is_no_token(bench: Bench) -> None:
    answer = await bench.try_login(agent="python-httpx/0.28")
    assert "Main_Login.asp" in answer.body
    assert answer.header("Set-Cookie") is None


@story
async def test_a_browser_has_a_referer_and_the_house_for_itself(bench: Bench) -> None:
    answer = await bench.try_login(agent=BROWSER, referer=True)
    cookie = str(answer.header("Set-Cookie")).partition(";")[0]
    assert "refresh" in answer.body
    assert (await bench.ask(READ, agent=BROWSER, referer=True, cookie=cookie)).json == {"wans_mode": "fb"}
    assert "Main_Login.asp" in (await bench.ask(READ, agent=BROWSER, cookie=cookie)).body
    other = await bench.try_login(agent=BROWSER, referer=True, source="127.0.0.2")
    assert other.header("Set-Cookie") is None
    assert "asus_token" in (await bench.try_login(source="127.0.0.2")).json


@story
async def test_a_crash_of_httpd_ends_every_session(bench: Bench) -> None:
    await bench.log_in()
    began = bench.clock.now()
    await bench.router.crash_httpd()
    assert bench.router.state()["httpd"] is False
    assert await bench.until(lambda: bool(bench.router.state()["httpd"])) - began >= 1.9
    assert await status_of(bench) == "2"
    await bench.log_in()
    await bench.apply(rc_service="restart_httpd")
    await bench.until(lambda: not bench.router.state()["httpd"])
    await bench.until(lambda: bool(bench.router.state()["httpd"]))
    assert await status_of(bench) == "2"
