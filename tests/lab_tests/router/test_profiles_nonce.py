# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nonce login, where there is no other (web API facts 2.2)."""

from __future__ import annotations

import hashlib
import json

import pytest

from .workbench import BROWSER, PASSWORD, Answer, Bench, form, story_on, tell_on

READ = "/appGet.cgi?hook=nvram_get(wans_mode)"
IDENT = "0123456789"
CNONCE = "c" * 32


async def nonce(bench: Bench) -> str:
    answer = await bench.ask("/get_Nonce.cgi", json.dumps({"id": IDENT}), cookie="")
    assert answer.status == 200
    return str(answer.json["nonce"])


async def prove(bench: Bench, number: str, password: str = PASSWORD, **more: str) -> Answer:
    authorization = hashlib.sha256(f"admin:{number}:{password}:{CNONCE}".encode()).hexdigest()
    fields = {"id": IDENT, "cnonce": CNONCE, "login_authorization": authorization, "login_captcha": "", **more}
    return await bench.ask("/login_v2.cgi", form(fields), cookie="")


def cookie_of(answer: Answer) -> str:
    return str(answer.header("Set-Cookie")).partition(";")[0]


@story_on("3006-nonce")
async def test_whoever_answers_the_nonce_gets_a_cookie_and_no_word_about_it(bench: Bench) -> None:
    answer = await prove(bench, await nonce(bench))
    assert answer.status == 200
    assert "asus_token" not in answer.body
    assert (await bench.ask(READ, cookie=cookie_of(answer))).json == {"wans_mode": "fb"}
    assert [entry.kind for entry in bench.router.journal.requests] == ["nonce", "login", "read"]
    assert "login_v2.cgi" in (await bench.ask("/Main_Login.asp", agent=BROWSER)).body


@story_on("3006-nonce")
async def test_a_wrong_password_is_answered_with_200_too_and_counted(bench: Bench) -> None:
    refused = await prove(bench, await nonce(bench), "wrong")
    assert (refused.status, refused.json["error_status"], refused.header("Set-Cookie")) == (200, "3", None)
    assert bench.router.state()["failed_logins"] == 1


@story_on("3006-nonce")
async def test_a_nonce_is_good_once_and_for_its_id_only(bench: Bench) -> None:
    number = await nonce(bench)
    assert (await prove(bench, number)).header("Set-Cookie")
    assert (await prove(bench, number)).json["error_status"] == "3"
    other = await nonce(bench)
    assert (await prove(bench, other, id="somebody el")).json["error_status"] == "3"


@story_on("3006-nonce")
async def test_the_old_login_is_an_ordinary_rejection_and_costs_one_try(bench: Bench) -> None:
    for _turn in range(4):
        assert (await bench.try_login()).json["error_status"] == "3"
    assert bench.router.state()["failed_logins"] == 4
    # A nonce is told without a try; the fifth failure locks, for either login.
    number = await nonce(bench)
    assert (await bench.try_login()).json["error_status"] == "7"
    assert (await prove(bench, number)).json["error_status"] == "7"


@pytest.mark.parametrize("firmware", ["382", "386-early", "386", "386-ac88u", "388", "3006", "expertwifi"])
def test_elsewhere_there_is_no_such_page_and_the_old_login_works(firmware: str) -> None:
    async def tell(bench: Bench) -> None:
        for page in ("/get_Nonce.cgi", "/login_v2.cgi"):
            answer = await bench.ask(page, json.dumps({"id": IDENT}))
            assert (answer.status, "File not found." in answer.body) == (404, True)
        assert bench.router.state()["failed_logins"] == 0
        assert "asus_token" in (await bench.try_login()).json

    tell_on(firmware, tell)
