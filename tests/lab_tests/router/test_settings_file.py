# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings file: what is in it, and what a router makes of it when it gets it back."""

from __future__ import annotations

import asyncio

import pytest

from lab.router.settings_file import NotASettingsFile, entries, plain, turned

from .workbench import APP, BROWSER, PASSWORD, Bench, story, story_on

DOWNLOAD = "/Settings_lab.CFG?path=0&remove_passwd=0"
BOUNDARY = "----lab"


async def exchange(bench: Bench, head: list[str], body: bytes = b"") -> bytes:
    """What comes back, without its head, byte by byte."""
    lines = [*head, f"User-Agent: {APP}", f"Cookie: asus_token={bench.token}", f"Content-Length: {len(body)}"]
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.router.http_port)
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        return (await reader.read()).partition(b"\r\n\r\n")[2]
    finally:
        writer.close()


async def download(bench: Bench, target: str = DOWNLOAD) -> bytes:
    return await exchange(bench, [f"GET {target} HTTP/1.1"])


async def upload(bench: Bench, data: bytes, *, field: str = "file", whole: bool = True) -> str:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="action_mode"\r\n\r\n\r\n'.encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="a.CFG"\r\n'.encode(),
        b"Content-Type: application/octet-stream\r\n\r\n" + data,
        f"\r\n--{BOUNDARY}--\r\n".encode() if whole else b"",
    ]
    head = ["POST /upload.cgi HTTP/1.1", f"Content-Type: multipart/form-data; boundary={BOUNDARY}"]
    return (await exchange(bench, head, b"".join(parts))).decode()


@story
async def test_it_holds_every_name_the_copies_per_type_and_the_password(bench: Bench) -> None:
    await bench.log_in()
    await bench.apply(wans_dualwan="wan usb")
    bench.set(wandog_target="é;&=\n")
    data = await download(bench)
    assert data[:4] == b"HDR1"
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    assert (len(data) - 8) % 1024 == 0
    found = dict(entries(data))
    assert found == bench.router.nvram.all()
    assert (found["wandog_target"], found["http_passwd"]) == ("é;&=\n", PASSWORD)
    assert "none_wan_pppoe_username" in found
    assert bench.router.journal.requests[-1].kind == "download"


@story_on("388")
async def test_some_firmwares_turn_every_byte(bench: Bench) -> None:
    await bench.log_in()
    bench.set(wandog_target="é")
    data = await download(bench)
    assert (data[:4], data[7] < 30) == (b"HDR2", True)
    assert int.from_bytes(data[4:7], "little") == len(data) - 8
    assert b"wans_mode" not in data
    assert dict(entries(data)) == bench.router.nvram.all()


def test_a_byte_is_turned_so() -> None:
    data = turned({"a": "b"}, 7)
    assert data[:8] == b"HDR2\x00\x04\x00\x07"
    assert data[8:11] == bytes([0xFF + 7 - ord("a"), 0xFF + 7 - ord("="), 0xFF + 7 - ord("b")])
    assert min(data[11:]) >= 0xFD
    assert entries(data) == [("a", "b")]
    # A control character can be carried to where the ends are; what follows it is lost.
    assert entries(turned({"a": "1\n2", "b": "3"}, 11)) == [("a", "1\n2"), ("b", "3")]
    assert entries(turned({"a": "1\n2", "b": "3"}, 10)) == [("a", "1"), ("2", None)]


@pytest.mark.parametrize("data", [b"", b"HDR1", b"HDR3\0\0\0\0", plain({"a": "b"})[:-1], turned({"a": "b"}, 3)[:-1]])
def test_what_is_no_settings_file(data: bytes) -> None:
    with pytest.raises(NotASettingsFile):
        entries(data)


@story
async def test_the_ddns_name_stays_at_home_unless_it_is_asked_for(bench: Bench) -> None:
    await bench.log_in()
    bench.set(ddns_hostname_x="home.example", asus_device_list="x")
    assert dict(entries(await download(bench)))["ddns_hostname_x"] == ""
    assert dict(entries(await download(bench, "/a.CFG?path=1")))["ddns_hostname_x"] == "home.example"
    assert bench.nvram("asus_device_list") == ""


@story
async def test_a_restore_is_a_merge_and_a_reboot(bench: Bench) -> None:
    await bench.log_in()
    bench.set(wandog_target="192.0.2.1", usb_wan_proto="dhcp", of_the_file="kept out")
    saved = await download(bench)
    bench.set(wandog_target="192.0.2.9", wandog_interval="9", of_the_file="now", of_the_router="stays")
    bench.router.nvram.unset("usb_wan_proto")
    said = await upload(bench, saved)
    assert "parent.detect_httpd()" in said
    entry = bench.router.journal.requests[-1]
    assert (entry.kind, entry.service) == ("upload", "reboot")
    assert {"wandog_target", "wandog_interval", "usb_wan_proto"} <= set(entry.changed)
    await bench.until(lambda: not bench.router.up)
    await bench.until(lambda: bench.router.up)
    names = ("wandog_target", "wandog_interval", "usb_wan_proto", "of_the_file", "of_the_router")
    assert [bench.nvram(name) for name in names] == ["192.0.2.1", "5", "dhcp", "now", "stays"]


@story_on("388")
async def test_a_turned_file_is_restored_too(bench: Bench) -> None:
    await bench.log_in()
    bench.set(wandog_target="192.0.2.1")
    saved = await download(bench)
    bench.set(wandog_target="192.0.2.9")
    # What may follow it, a partition of its own, is none of its business.
    assert "parent.detect_httpd()" in await upload(bench, saved + b"jffs")
    assert bench.nvram("wandog_target") == "192.0.2.1"


@story
async def test_a_newline_in_a_file_is_no_end(bench: Bench) -> None:
    await bench.log_in()
    await upload(bench, plain({"wandog_target": "a\nb", "wans_mode": "lb"}))
    assert (bench.nvram("wandog_target"), bench.nvram("wans_mode")) == ("a\nb", "lb")


@story
async def test_what_is_no_settings_file_changes_nothing(bench: Bench) -> None:
    await bench.log_in()
    good = plain({"wandog_target": "192.0.2.9"})
    before = bench.router.nvram.all()
    for said in (
        await upload(bench, b"HDR0" + good[4:]),
        await upload(bench, good[:-1]),
        await upload(bench, good, field="other"),
        await upload(bench, good, whole=False),
        (await bench.ask("/upload.cgi", "file=HDR1")).body,
    ):
        assert "alert(" in said
        assert "detect_httpd" not in said
    await bench.clock.sleep(30)
    after = bench.router.nvram.all()
    assert {name for name in after if after[name] != before.get(name)} <= {"rc_service"}
    assert (bench.services(), bench.router.boots) == ([], 1)
    assert {entry.answer.partition(":")[0] for entry in bench.router.journal.requests[1:]} == {"refused"}


@story
async def test_nobody_restores_or_saves_without_a_token(bench: Bench) -> None:
    bench.token = "bogus"
    assert "error_status" in await upload(bench, plain({"wandog_target": "192.0.2.9"}))
    assert b"error_status" in await download(bench)
    assert "Main_Login.asp" in (await bench.ask("/upload.cgi", "", agent=BROWSER)).body
    assert bench.nvram("wandog_target") == ""
    assert {entry.kind for entry in bench.router.journal.requests} == {"refused"}


@story
async def test_a_busy_rc_loses_the_reboot_of_a_restore(bench: Bench) -> None:
    await bench.log_in()
    bench.router.rc.occupy(60)
    assert "detect_httpd" in await upload(bench, plain({"wandog_target": "192.0.2.9"}))
    await bench.clock.sleep(100)
    assert (bench.nvram("wandog_target"), bench.router.boots) == ("192.0.2.9", 1)
