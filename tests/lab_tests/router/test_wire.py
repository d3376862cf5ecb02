# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes over the socket, byte by byte."""

from __future__ import annotations

from .workbench import APP, BROWSER, Bench, form, story


@story
async def test_the_end_of_the_reply_is_the_end_of_the_connection(bench: Bench) -> None:
    answer = await bench.send(b"GET /httpd_check.xml HTTP/1.1\r\nHost: x\r\nUser-Agent: curl\r\n\r\n")
    head, _mark, body = answer.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.0 200 OK\r\nServer: httpd/2.0\r\n")
    assert "Connection: close" in head
    assert "content-length" not in head.lower()
    assert "<httpd_info>OK</httpd_info>" in body


@story
async def test_to_an_app_everything_is_json_by_its_header(bench: Bench) -> None:
    for_app = await bench.ask("/httpd_check.xml")
    assert for_app.header("Content-Type") == "application/json;charset=UTF-8"
    assert for_app.header("AiHOMEAPILevel") == "21"
    assert for_app.header("Model_Name") == "RT-AX53U"
    assert (await bench.ask("/httpd_check.xml", agent=BROWSER)).header("Content-Type") == "text/xml"


@story
async def test_what_is_no_request_is_told_so(bench: Bench) -> None:
    assert (await bench.send(b"nonsense\r\n\r\n")).startswith("HTTP/1.0 400 ")
    assert (await bench.send(b"PUT / HTTP/1.1\r\n\r\n")).startswith("HTTP/1.0 501 ")
    assert (await bench.send(b"GET /httpd_check.xml HTTP/1.1\r\nX: " + b"x" * 11000 + b"\r\n\r\n")).startswith(
        "HTTP/1.0 400 "
    )
    assert (await bench.ask("/httpd_check.xml", "")).status == 501
    # A newer login's first step, which this generation does not have.
    missing = await bench.ask("/get_Nonce.cgi", '{"id":"0123456789"}')
    assert (missing.status, "File not found." in missing.body) == (404, True)


@story
async def test_where_the_lab_ends_it_says_so(bench: Bench) -> None:
    await bench.log_in()
    for target in ("/index.asp", "/appGet.cgi?hook=get_clientlist()", "/netool.cgi"):
        answer = await bench.ask(target)
        assert answer.status == 501
        assert answer.body.startswith("not simulated: ")


@story
async def test_the_body_ends_at_its_first_newline(bench: Bench) -> None:
    await bench.log_in()
    body = "action_mode=apply&wandog_target=192.0.2.1&\nwandog_interval=9"
    assert (await bench.ask("/applyapp.cgi", body)).json == {"modify": "1"}
    assert (bench.nvram("wandog_target"), bench.nvram("wandog_interval")) == ("192.0.2.1", "5")


@story
async def test_the_query_beats_the_body_and_the_last_duplicate_wins(bench: Bench) -> None:
    await bench.log_in()
    await bench.ask(
        "/applyapp.cgi?wandog_interval=7", "action_mode=apply&wandog_interval=8&wandog_maxfail=1&wandog_maxfail=2"
    )
    assert (bench.nvram("wandog_interval"), bench.nvram("wandog_maxfail")) == ("7", "2")


@story
async def test_pieces_are_cut_before_they_are_decoded(bench: Bench) -> None:
    await bench.log_in()
    await bench.ask("/applyapp.cgi", "action_mode=apply;wandog_target=a%3Bb%26c+d%252")
    assert bench.nvram("wandog_target") == "a;b&c d%2"
    await bench.ask("/applyapp.cgi", "action_mode=apply&wandog_target=50%xyz")
    assert bench.nvram("wandog_target") == "50z"


@story
async def test_a_json_body_is_as_good_even_with_pythons_quotes(bench: Bench) -> None:
    await bench.log_in()
    await bench.ask("/applyapp.cgi", '{"action_mode": "apply", "wandog_interval": 6}')
    assert bench.nvram("wandog_interval") == "6"
    await bench.ask("/applyapp.cgi?wandog_interval=9", str({"action_mode": "apply", "wandog_maxfail": "3"}))
    assert (bench.nvram("wandog_interval"), bench.nvram("wandog_maxfail")) == ("6", "3")


@story
async def test_every_request_is_in_the_journal(bench: Bench) -> None:
    await bench.log_in()
    await bench.ask("/appGet.cgi?hook=nvram_get(wans_mode)")
    await bench.ask("/applyapp.cgi", form({"action_mode": "apply", "wandog_interval": "6", "nosuch": "1"}))
    await bench.ask("/appGet.cgi?hook=nvram_get(wans_mode)", cookie="asus_token=stale")
    await bench.ask("/Logout.asp")
    journal = bench.router.journal.as_data()
    assert [entry["kind"] for entry in journal] == ["login", "read", "write", "refused", "logout"]
    assert journal[2]["names"] == ["wandog_interval", "nosuch"]
    assert journal[2]["changed"] == ["wandog_interval"]
    assert {entry["user_agent"] for entry in journal} == {APP}
