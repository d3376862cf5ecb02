# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router that goes wrong where it is told to."""

from __future__ import annotations

import pytest

from lab.router.fault_words import CLEAR, WordsUnknown, usage
from lab.router.faults import ROWS, Moment
from lab.router.kinds import KINDS
from lab.router.words import router_words

from .workbench import Answer, Bench, form, story, story_on, tell_on

READ = "/appGet.cgi?hook=nvram_get(dns_probe_content)"
TARGETS = {
    "nonce": "/get_Nonce.cgi",
    "login": "/login.cgi",
    "read": READ,
    "write": "/applyapp.cgi",
    "logout": "/Logout.asp",
    "check": "/httpd_check.xml",
    "download": "/Settings_lab.CFG",
    "upload": "/upload.cgi",
    "page": "/Main_Login.asp",
}


async def fault(bench: Bench, words: str) -> None:
    await router_words(bench.router, ["fault", *words.split()])


async def how(bench: Bench, target: str = READ, body: str | None = None) -> str:
    """What a client would see: refused, reset, nothing, or whole."""
    try:
        answer = await bench.ask(target, body)
    except ConnectionResetError:
        return "reset"
    except ConnectionRefusedError:
        return "refused"
    return "nothing" if answer.head == "" else "whole"


def journal(bench: Bench) -> list[tuple[str, list[str]]]:
    return [(entry["kind"], entry["faults"]) for entry in bench.router.journal.as_data()]


async def page(bench: Bench, **fields: str) -> Answer:
    return await bench.ask("/start_apply.htm", form({"action_mode": "apply_new", "action_wait": "5", **fields}))


def test_every_kind_has_a_page_that_shows_it() -> None:
    assert set(TARGETS) == set(KINDS)


@story
async def test_a_point_counts_requests_of_its_kind_only(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "html-reply at read 3")
    assert (await bench.ask(READ)).json
    assert bench.router.state()["faults"] == ["html-reply at read 2"]
    assert (await bench.apply(wandog_interval="6")).json == {"modify": "1"}
    # Whoever is not let in has not read.
    assert (await bench.ask(READ, cookie="asus_token=bogus")).json["error_status"] == "2"
    assert (await bench.ask(READ)).json
    assert "Main_Login.asp" in (await bench.ask(READ)).body
    assert (await bench.ask(READ)).json
    assert bench.router.state()["faults"] == []
    assert [kind for kind, faults in journal(bench) if faults] == ["read"]


@story
async def test_any_counts_the_refused_ones_too(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "empty-reply at any 3")
    assert [await how(bench), (await bench.ask(READ, cookie="asus_token=bogus")).status] == ["whole", 200]
    assert [await how(bench), await how(bench)] == ["nothing", "whole"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_request_can_go_unanswered(kind: str) -> None:
    async def tell(bench: Bench) -> None:
        await bench.log_in()
        await fault(bench, f"empty-reply at {kind}")
        for other in KINDS:
            if other not in (kind, "logout"):
                assert await how(bench, TARGETS[other]) == "whole"
        assert await how(bench, TARGETS[kind]) == "nothing"
        assert await how(bench, TARGETS[kind]) == "whole"
        assert journal(bench)[-2:] == [(kind, ["empty-reply"]), (kind if kind != "logout" else "refused", [])]

    tell_on("386", tell)


@story
async def test_a_reply_can_be_cut_in_three_places(bench: Bench) -> None:
    await bench.log_in()
    whole = await bench.ask(READ)
    await fault(bench, "truncated-reply at read")
    cut = await bench.ask(READ)
    assert cut.header("Content-Type") == whole.header("Content-Type")
    assert cut.body == whole.body[: len(whole.body) // 2]
    for name in ("reset-in-header", "reset-in-body"):
        await fault(bench, name)
        assert await how(bench) == "reset"
        assert await how(bench) == "whole"


@story
async def test_a_cut_reply_to_a_write_leaves_the_write_done(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "reset-in-header at write")
    assert await how(bench, "/applyapp.cgi", "action_mode=apply&wandog_interval=6&rc_service=restart_wan") == "reset"
    assert bench.nvram("wandog_interval") == "6"
    await bench.until(lambda: bench.services() == ["restart_wan"])


@story
async def test_a_comma_may_lead(bench: Bench) -> None:
    await bench.log_in()
    whole = await bench.ask(READ)
    await fault(bench, "leading-comma at read")
    assert (await bench.ask(READ)).body == "{ , " + whole.body.removeprefix("{\n")


@story
async def test_a_slow_reply_is_slow_on_the_wall_and_its_write_is_not(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "slow-reply 7 at write")
    began = bench.clock.now()
    assert (await bench.apply(wandog_interval="6")).json == {"modify": "1"}
    assert 7 <= bench.clock.now() - began < 8


@story
async def test_a_session_can_be_gone_at_the_second_read(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "session-gone at read 2")
    assert await how(bench) == "whole"
    assert (await bench.ask(READ)).json["error_status"] == "2"
    assert (await bench.ask(READ)).json["error_status"] == "2"
    await bench.log_in()
    assert (await bench.ask(READ)).json["dns_probe_content"]


@story
async def test_with_seconds_a_fault_goes_on_from_its_point(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "empty-reply 10 at read 2")
    await bench.clock.sleep(20)
    assert [await how(bench) for _turn in range(3)] == ["whole", "nothing", "nothing"]
    await bench.clock.sleep(10)
    assert await how(bench) == "whole"
    assert bench.router.state()["faults"] == []


@story
async def test_refused_right_after_an_answer_and_back_with_the_same_tokens(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "refuse 10 after read 2")
    assert [await how(bench) for _turn in range(3)] == ["whole", "whole", "refused"]
    assert bench.router.state()["httpd"] is False
    await bench.clock.sleep(9.5)
    assert await how(bench, "/httpd_check.xml") == "refused"
    await bench.clock.sleep(1)
    assert (await bench.ask(READ)).json["dns_probe_content"]


@story
async def test_a_request_that_comes_as_httpd_stops_listening_is_cut_without_effect(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "refuse 5 at write")
    body = form({"action_mode": "apply", "wandog_interval": "6"})
    assert await how(bench) == "whole"
    assert [await how(bench, "/applyapp.cgi", body) for _turn in range(2)] == ["reset", "refused"]
    assert bench.nvram("wandog_interval") == "5"
    assert journal(bench)[-1] == ("cut", ["refuse"])
    await bench.clock.sleep(6)
    assert await how(bench, "/applyapp.cgi", body) == "whole"
    assert bench.nvram("wandog_interval") == "6"


@story
async def test_refused_at_once(bench: Bench) -> None:
    await fault(bench, "refuse 5")
    assert await how(bench) == "refused"
    await fault(bench, CLEAR)
    assert await how(bench) == "whole"


@story
async def test_rc_can_get_busy_just_before_a_write(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "busy 40 at write 2")
    await bench.apply(wandog_interval="6", rc_service="restart_wan_line 0")
    await bench.until(lambda: bench.nvram("rc_service") == "")
    began = bench.clock.now()
    answer = await bench.apply(wandog_interval="7", rc_service="restart_wan")
    assert answer.json == {"modify": "1", "run_service": "restart_wan"}
    assert 14 < bench.clock.now() - began < 17
    assert (bench.nvram("wandog_interval"), bench.services()) == ("7", ["restart_wan_line 0", "restart_wan"])
    assert bench.router.rc.runs[1].note == "skipped: rc was busy"


@story
async def test_a_service_that_ends_meanwhile_does_not_end_the_occupation(bench: Bench) -> None:
    await bench.log_in()
    await bench.apply(rc_service="restart_wan_line 0")
    await fault(bench, "busy 20")
    await bench.clock.sleep(19)
    assert bench.nvram("rc_service") != ""
    await bench.until(lambda: bench.nvram("rc_service") == "", within=2)


@story
async def test_the_second_login_finds_it_locked(bench: Bench) -> None:
    await fault(bench, "lock 60 at login 2")
    await bench.log_in()
    locked = (await bench.try_login()).json
    assert (locked["error_status"], 50 < int(locked["remaining_lock_time"]) <= 60) == ("7", True)
    assert (await bench.ask(READ)).json["dns_probe_content"]


@story
async def test_a_login_can_meet_a_captcha(bench: Bench) -> None:
    await fault(bench, "captcha at login 2")
    await bench.log_in()
    assert (await bench.try_login()).json["error_status"] == "10"
    assert (await bench.try_login()).json["error_status"] == "10"
    await fault(bench, CLEAR)
    assert bench.nvram("captcha_enable") == "0"
    await bench.log_in()


@story_on("3006-nonce")
async def test_the_nonce_is_a_point_too(bench: Bench) -> None:
    await fault(bench, "html-reply at nonce")
    assert "Main_Login.asp" in (await bench.ask("/get_Nonce.cgi", '{"id":"0123456789"}')).body
    assert "nonce" in (await bench.ask("/get_Nonce.cgi", '{"id":"0123456789"}')).json


@story
async def test_httpd_may_crash_right_after_it_answered_the_second_write(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "crash-after-write at write 2")
    assert (await bench.apply(wandog_interval="6")).json == {"modify": "1"}
    assert (await bench.apply(wandog_interval="7")).json == {"modify": "1"}
    assert await how(bench) == "refused"
    assert bench.nvram("wandog_interval") == "7"
    await bench.clock.sleep(2.5)
    assert (await bench.ask(READ)).json["error_status"] == "2"
    assert bench.router.boots == 1


@story
async def test_httpd_may_crash_of_a_login(bench: Bench) -> None:
    await fault(bench, "crash at login")
    assert await how(bench, "/login.cgi", "login_authorization=x") == "reset"
    assert await how(bench) == "refused"
    assert journal(bench) == [("cut", ["crash"])]
    await bench.clock.sleep(2.5)
    await bench.log_in()


@story
async def test_a_reboot_by_itself_at_any_point(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "reboot after read 2")
    assert [await how(bench) for _turn in range(3)] == ["whole", "whole", "refused"]
    await bench.until(lambda: bench.router.up)
    assert bench.router.boots == 2


@story
async def test_a_reboot_takes_as_long_as_it_is_told_to_once(bench: Bench) -> None:
    await fault(bench, "slow-reboot 3")
    for least in (210, 70):
        began = bench.clock.now()
        await bench.router.reboot()
        took = await bench.until(lambda: bench.router.up, within=400) - began
        assert least <= round(took) < least + 5


@story
async def test_a_router_that_does_not_come_back_waits_for_a_hand(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "no-return")
    await bench.apply(rc_service="reboot")
    await bench.clock.sleep(1000)
    assert (bench.router.state()["up"], bench.router.state()["hung"]) == (False, True)
    with pytest.raises(ValueError, match="power-on"):
        await router_words(bench.router, ["reboot"])
    await router_words(bench.router, ["power-on"])
    await bench.until(lambda: bench.router.up)
    with pytest.raises(ValueError, match="has power"):
        await router_words(bench.router, ["power-on"])
    assert bench.router.state()["hung"] is False
    assert await how(bench) == "whole"


@story
async def test_a_reset_brings_back_a_router_that_refused_or_did_not_return(bench: Bench) -> None:
    for words in ("refuse 100", "no-return"):
        await fault(bench, words)
        if words == "no-return":
            await bench.router.reboot()
            await bench.until(lambda: bench.router.hung)
        await bench.router.reset()
        assert await how(bench, "/httpd_check.xml") == "whole"
        await bench.clock.sleep(200)
        assert (bench.router.boots, await how(bench, "/httpd_check.xml")) == (1, "whole")


@story
async def test_a_reboot_may_bring_other_values(bench: Bench) -> None:
    bench.set(wans_dualwan="wan usb")
    await router_words(bench.router, ["fault", "other-values-after-reboot", "wans_dualwan", "wan none"])
    await fault(bench, "other-values-after-reboot wandog_interval 9")
    await bench.clock.sleep(5)
    assert bench.nvram("wans_dualwan") == "wan usb"
    for _turn in range(2):
        await bench.router.reboot()
        await bench.until(lambda: bench.router.up)
        assert (bench.nvram("wans_dualwan"), bench.nvram("wandog_interval")) == ("wan none", "9")
    bench.set(wandog_interval="5")
    await bench.router.reboot()
    await bench.until(lambda: bench.router.up)
    assert bench.nvram("wandog_interval") == "5"


@story
async def test_without_applyapp_the_page_is_left(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "no-applyapp")
    for target in ("/applyapp.cgi", "/apply.cgi"):
        missing = await bench.ask(target, form({"action_mode": "apply", "wandog_interval": "6"}))
        assert (missing.status, "File not found." in missing.body) == (404, True)
    assert "done_committing();</script>" in (await page(bench, wandog_interval="6")).body
    assert bench.nvram("wandog_interval") == "6"
    await fault(bench, CLEAR)
    assert (await bench.apply(wandog_interval="7")).json == {"modify": "1"}


@story
async def test_a_write_may_cost_the_internet_for_a_while(bench: Bench) -> None:
    await bench.log_in()
    await fault(bench, "internet-gone-after-write 60")
    assert await how(bench) == "whole"
    assert bench.router.outside.path(0) == "up"
    await bench.apply(wandog_interval="6")
    assert bench.router.outside.path(0) == "silent"
    await bench.clock.sleep(61)
    assert bench.router.outside.path(0) == "up"


@story
async def test_a_write_may_cost_the_internet_of_the_phone_if_that_is_the_first_line(bench: Bench) -> None:
    bench.set(wans_dualwan="usb wan")
    await bench.tether()
    await bench.log_in()
    await fault(bench, "internet-gone-after-write")
    await bench.apply(wandog_interval="6")
    await bench.clock.sleep(600)
    assert (bench.router.outside.path(0), bench.router.outside.path(1)) == ("up", "silent")
    await fault(bench, CLEAR)
    assert bench.router.outside.path(1) == "up"


@story
async def test_no_fault_clears_everything(bench: Bench) -> None:
    for name, row in ROWS.items():
        words = [name, *(["7"] if row.amount else []), *("wandog_target" for _text in row.texts)]
        await router_words(bench.router, ["fault", *words, *(["after", "read"] if row.moment is Moment.EVENT else [])])
    assert len(bench.router.state()["faults"]) == len(ROWS)
    for words in ("lock", "captcha", "busy", "refuse 5", "internet-gone"):
        await fault(bench, words)
    await fault(bench, CLEAR)
    state = bench.router.state()
    assert (state["faults"], state["locked_seconds"], state["failed_logins"], state["httpd"]) == ([], 0, 0, True)
    assert (bench.nvram("rc_service"), bench.nvram("captcha_enable")) == ("", "0")
    assert bench.router.outside.path(0) == "up"
    await bench.log_in()
    assert (await bench.apply(wandog_target="192.0.2.1")).json == {"modify": "1"}
    assert await how(bench) == "whole"


@story
async def test_what_is_no_fault_is_told_what_there_is(bench: Bench) -> None:
    for words, said in (
        ("", "lock [SECONDS] [at|after KIND [N]] | captcha"),
        ("explode", "slow-reply WALL_SECONDS"),
        ("refuse", usage("refuse")),
        ("refuse soon", "not 'soon'"),
        ("refuse -1", "not '-1'"),
        ("slow-reboot 0", "not '0'"),
        ("lock at dinner", "nonce|login|read"),
        ("lock at login 0", "N from 1"),
        ("lock at login 2 3", "N from 1"),
        ("lock at", "N from 1"),
        ("html-reply after read", "no after"),
        ("crash-after-write at read", "KIND write"),
        ("session-gone at login", "KIND download|logout|read|upload|write"),
        ("no-applyapp at write", usage("no-applyapp")),
        ("silent-drop", "silent-drop NAME"),
        ("no-fault at read", "not 'no-fault'"),
    ):
        with pytest.raises(WordsUnknown) as unknown:
            await fault(bench, words)
        assert said in str(unknown.value), words
    assert bench.router.state()["faults"] == []


@story
async def test_a_router_that_is_down_can_do_nothing_more(bench: Bench) -> None:
    await bench.router.reboot()
    with pytest.raises(ValueError, match="the router is down"):
        await fault(bench, "refuse 5")
    # What is to come later can be told all the same.
    await fault(bench, "html-reply at read")
    await bench.until(lambda: bench.router.up)
    await bench.log_in()
    assert "Main_Login.asp" in (await bench.ask(READ)).body
