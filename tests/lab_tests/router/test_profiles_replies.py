# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same questions to each firmware's web server, and what each says."""

from __future__ import annotations

import json

import pytest

from .workbench import BROWSER, Answer, Bench, story_on, tell_on

READ = "/appGet.cgi?hook=nvram_get(wans_mode)"
WRONG_FOUR_TIMES = ("a", "b", "c", "d")


async def lock_by_failures(bench: Bench) -> Answer:
    """The reply to the failure that locks."""
    for password in WRONG_FOUR_TIMES:
        assert (await bench.try_login(password)).json["error_status"] == "3"
    return await bench.try_login("e")


@pytest.mark.parametrize(
    ("firmware", "server", "level", "model"),
    [
        ("382", "httpd/2.0", "21", "RT-AC68U"),
        ("386-early", "httpd/2.0", "21", "RT-AX53U"),
        ("386", "httpd/2.0", "21", "RT-AX53U"),
        ("386-ac88u", "httpd/2.0", "20", "RT-AC88U"),
        ("388", "httpd/3.0", "22", "RT-AX88U"),
        ("3006", "httpd/3.0", "22", "RT-AX57_GO"),
    ],
)
def test_headers_say_which_httpd_it_is(firmware: str, server: str, level: str, model: str) -> None:
    async def tell(bench: Bench) -> None:
        answer = await bench.ask("/httpd_check.xml")
        found = (answer.header("Server"), answer.header("AiHOMEAPILevel"), answer.header("Model_Name"))
        assert found == (server, level, model)
        assert f"\r\nServer: {server}\r\n" in await bench.send(b"nonsense\r\n\r\n")

    tell_on(firmware, tell)


@pytest.mark.parametrize(
    ("firmware", "body"),
    [
        ("382", '{\n"error_status":"1"\n}\n'),
        ("386-early", '{\n"error_status":"1", "last_time_lock_warning":"0"\n}\n'),
        ("386", '{\n"error_status":"1", "last_time_lock_warning":"0"\n}\n'),
        ("386-ac88u", '{\n"error_status":"1"\n}\n'),
        ("388", '{\n"error_status":"1", "captcha_on":"0", "last_time_lock_warning":"0"\n}\n'),
        ("3006", '{\n"error_status":"1", "captcha_on":"0", "last_time_lock_warning":"0"\n}\n'),
    ],
)
def test_a_refusal_has_the_members_of_its_generation(firmware: str, body: str) -> None:
    async def tell(bench: Bench) -> None:
        assert (await bench.ask(READ)).body == body

    tell_on(firmware, tell)


@pytest.mark.parametrize(
    ("firmware", "members"),
    [
        ("382", {"error_status"}),
        ("386", {"error_status"}),
        ("388", {"error_status", "captcha_on", "last_time_lock_warning"}),
    ],
)
def test_a_logout_is_answered_like_a_refusal_from_388_on(firmware: str, members: set[str]) -> None:
    async def tell(bench: Bench) -> None:
        await bench.log_in()
        answer = (await bench.ask("/Logout.asp")).json
        assert (set(answer), answer["error_status"]) == (members, "8")

    tell_on(firmware, tell)


@pytest.mark.parametrize(
    ("firmware", "first", "members"),
    [
        ("382", 300, {"error_status", "remaining_lock_time"}),
        ("386", -2457, {"error_status", "last_time_lock_warning", "remaining_lock_time"}),
        ("386-ac88u", -2623, {"error_status", "remaining_lock_time"}),
        ("388", 300, {"error_status", "captcha_on", "last_time_lock_warning", "remaining_lock_time"}),
        ("3006", 300, {"error_status", "captcha_on", "last_time_lock_warning", "remaining_lock_time"}),
    ],
)
def test_the_fifth_failure_locks_and_says_so_in_its_way(firmware: str, first: int, members: set[str]) -> None:
    async def tell(bench: Bench) -> None:
        locking = (await lock_by_failures(bench)).json
        assert (set(locking), locking["error_status"]) == (members, "7")
        assert int(locking["remaining_lock_time"]) == first
        later = (await bench.try_login()).json
        assert (later["error_status"], 250 < int(later["remaining_lock_time"]) <= 300) == ("7", True)

    tell_on(firmware, tell)


@pytest.mark.parametrize(("firmware", "survives"), [("382", False), ("386", False), ("388", True), ("3006", True)])
def test_a_lock_outlives_httpd_where_it_is_counted_in_nvram(firmware: str, survives: bool) -> None:
    async def tell(bench: Bench) -> None:
        await lock_by_failures(bench)
        await bench.router.crash_httpd()
        await bench.until(lambda: not bench.router.state()["httpd"])
        await bench.until(lambda: bool(bench.router.state()["httpd"]))
        assert ("asus_token" in (await bench.try_login()).json) is not survives
        assert (bench.nvram("httpd_login_fail_lan") != "") is survives
        # It ends by itself, wherever it is.
        await bench.until(lambda: bench.router.state()["locked_seconds"] == 0, within=400)
        assert "asus_token" in (await bench.try_login()).json

    tell_on(firmware, tell)


@pytest.mark.parametrize(("firmware", "demanded"), [("382", False), ("386", True), ("388", True), ("3006", True)])
def test_an_apps_failures_bring_the_captcha_from_386_on(firmware: str, demanded: bool) -> None:
    async def tell(bench: Bench) -> None:
        bench.set(captcha_enable="1")
        for password in ("a", "b"):
            assert (await bench.try_login(password)).json["error_status"] == "3"
        answer = (await bench.try_login()).json
        assert (answer.get("error_status") == "10") is demanded
        if "captcha_on" in answer:
            assert answer["captcha_on"] == "1"
        elif not demanded:
            assert "asus_token" in answer

    tell_on(firmware, tell)


@story_on("382")
async def test_a_browsers_failures_bring_the_captcha_to_the_app_too(bench: Bench) -> None:
    bench.set(captcha_enable="1")
    for password in ("a", "b"):
        await bench.try_login(password, agent=BROWSER, referer=True)
    assert (await bench.try_login()).json["error_status"] == "10"


@pytest.mark.parametrize(
    ("firmware", "escaped"),
    [
        ("382", "&#195&#169"),
        ("386-early", "&#-61&#-87"),
        ("386", "&#-61&#-87"),
        ("386-ac88u", "&#195&#169"),
        ("388", "&#195&#169"),
        ("3006", "&#195&#169"),
    ],
)
def test_bytes_above_127_are_negative_on_mips_only(firmware: str, escaped: str) -> None:
    async def tell(bench: Bench) -> None:
        await bench.log_in()
        bench.set(wandog_target="é")
        read = await bench.ask("/appGet.cgi?hook=nvram_get(wandog_target)")
        assert read.json == {"wandog_target": escaped}

    tell_on(firmware, tell)


@pytest.mark.parametrize("firmware", ["382", "386", "388"])
def test_applyapp_says_modify_and_service(firmware: str) -> None:
    async def tell(bench: Bench) -> None:
        await bench.log_in()
        answer = await bench.apply(wandog_target="192.0.2.1", rc_service="restart_wan_if 1")
        assert answer.json == {"modify": "1", "run_service": "restart_wan_if 1"}

    tell_on(firmware, tell)


@story_on("3006")
async def test_3006_adds_a_time_that_means_something_for_a_reboot_only(bench: Bench) -> None:
    await bench.log_in()
    nothing = (await bench.apply(wandog_target="192.0.2.1")).json
    assert set(nothing) == {"modify", "restart_needed_time"}
    assert nothing["restart_needed_time"] > 3600
    reboot = (await bench.apply(rc_service="reboot")).json
    assert reboot == {"modify": "0", "run_service": "reboot", "restart_needed_time": 70}


@pytest.mark.parametrize(("firmware", "status"), [("382", 200), ("386", 200), ("388", 400), ("3006", 400)])
def test_a_chunked_request_is_refused_where_the_facts_say_so(firmware: str, status: int) -> None:
    async def tell(bench: Bench) -> None:
        await bench.log_in()
        body = "1a\r\naction_mode=apply&wans_mode=lb\r\n0\r\n\r\n"
        head = (
            f"POST /applyapp.cgi HTTP/1.1\r\nUser-Agent: asusrouter-lab-DUTUtil-1\r\n"
            f"Cookie: asus_token={bench.token}\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        answer = await bench.send((head + body).encode())
        assert int(answer.split(" ")[1]) == status
        assert bench.nvram("wans_mode") != "lb"

    tell_on(firmware, tell)


@pytest.mark.parametrize("firmware", ["382", "386"])
def test_older_hooks_leave_a_comma_where_newer_ones_answer(firmware: str) -> None:
    async def tell(bench: Bench) -> None:
        await bench.log_in()
        assert (await bench.ask("/appGet.cgi?hook=get_ethernet_wan_list()")).body == "{\n\n}\n"
        with pytest.raises(json.JSONDecodeError):
            assert (await bench.ask("/appGet.cgi?hook=uptime()")).json

    tell_on(firmware, tell)


@story_on("388")
async def test_newer_hooks_answer_in_json(bench: Bench) -> None:
    await bench.log_in()
    answer = (await bench.ask("/appGet.cgi?hook=get_ethernet_wan_list()%3Buptime()%3Bget_wan_unit()")).json
    assert answer["get_ethernet_wan_list"]["wan"]["wan_name"] == "WAN"
    assert (answer["uptime"].endswith("secs since boot)"), answer["get_wan_unit"]) == (True, 0)


@pytest.mark.parametrize("firmware", ["386", "388", "3006"])
def test_the_status_page_has_its_items_in_whatever_order(firmware: str) -> None:
    async def tell(bench: Bench) -> None:
        await bench.log_in()
        xml = (await bench.ask("/ajax_status.xml")).body
        items = [line.removeprefix("<wan>").removesuffix("</wan>") for line in xml.splitlines() if "<wan>" in line]
        assert (items[0] == "active_wan_unit=0") is (firmware == "386")
        assert {"active_wan_unit=0", "link_internet=2", "wan0_enable=1", "wan1_enable=1"} <= set(items)

    tell_on(firmware, tell)


@pytest.mark.parametrize(
    ("firmware", "agent", "same"),
    [
        ("382", "asusrouter-lab-WebView-1", True),
        ("386", "asusrouter-lab-WebView-1", False),
        ("386", "asusrouter-lab-MyASUS-1", True),
        ("3006", "asusrouter-lab-MyASUS-1", False),
    ],
)
def test_an_app_that_httpd_does_not_know_is_like_any_other_unknown_one(firmware: str, agent: str, same: bool) -> None:
    async def tell(bench: Bench) -> None:
        token = (await bench.try_login(agent=agent)).json["asus_token"]
        answer = await bench.ask(READ, agent="asusrouter-lab-nobody-1", cookie=f"asus_token={token}")
        assert ("wans_mode" in answer.json) is same

    tell_on(firmware, tell)
