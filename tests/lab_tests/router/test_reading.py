# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""appGet and the dashboard's status: almost JSON."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest

from .workbench import BROWSER, Answer, Bench, story


async def get(bench: Bench, hook: str) -> Answer:
    return await bench.ask(f"/appGet.cgi?hook={hook}")


@story
async def test_several_hooks_need_an_encoded_semicolon(bench: Bench) -> None:
    await bench.log_in()
    both = await get(bench, "nvram_get(wans_mode)%3Bget_wan_unit()%3Bget_default_reboot_time()")
    assert both.json == {"wans_mode": "fb", "get_wan_unit": 0, "get_default_reboot_time": 70}
    assert (await get(bench, "nvram_get(wans_mode);get_wan_unit()")).json == {"wans_mode": "fb"}
    quoted = await bench.ask("/appGet.cgi", "hook%3Dnvram_get%28wans_mode%29%3Bget_wan_unit%28%29")
    assert quoted.json == {"wans_mode": "fb", "get_wan_unit": 0}


@story
async def test_an_unknown_hook_leaves_its_comma(bench: Bench) -> None:
    await bench.log_in()
    assert (await get(bench, "nosuch()")).body == "{\n\n}\n"
    assert (await get(bench, "nosuch()%3Bnvram_get(wans_mode)")).body == '{\n,\n"wans_mode":"fb"\n}\n'
    assert (await get(bench, "nvram_get(nosuch)")).json == {"nosuch": ""}
    assert (await get(bench, "nvram_get(wans_mode)%3B%20get_wan_unit()")).body == '{\n"wans_mode":"fb",\n\n}\n'


@story
async def test_values_are_escaped_one_way_and_coded_losslessly_another(bench: Bench) -> None:
    await bench.log_in()
    value = '<a>"b"&c\\d\'é'
    bench.set(wans_routing_rulelist=value)
    # Negative, because char is signed on this one's processor.
    assert (await get(bench, "nvram_get(wans_routing_rulelist)")).body == (
        '{\n"wans_routing_rulelist":"&#60a&#62&#34b&#34&#38c\\\\d\'&#-61&#-87"\n}\n'
    )
    coded = (await get(bench, "nvram_char_to_ascii(x,wans_routing_rulelist)")).json["wans_routing_rulelist"]
    assert unquote(coded) == value
    cookie = str((await bench.try_login(agent=BROWSER, referer=True)).header("Set-Cookie")).partition(";")[0]
    page = await bench.ask(
        "/appGet.cgi?hook=nvram_get(wans_routing_rulelist)", agent=BROWSER, referer=True, cookie=cookie
    )
    with pytest.raises(json.JSONDecodeError):
        assert page.json


@story
async def test_some_answers_are_no_json_at_all(bench: Bench) -> None:
    await bench.log_in()
    assert "function wanlink_ipaddr() { return '203.0.113.20';}" in (await get(bench, "wanlink()")).body
    assert (await get(bench, "wanlink(ipaddr)")).json == {"wanlink-ipaddr": "203.0.113.20"}
    assert "secs since boot" in (await get(bench, "uptime()")).body
    assert '"wan_get_parameter":\n' in (await get(bench, "wan_get_parameter()")).body
    assert (await get(bench, "nvram_default_get(wandog_maxfail)")).json == {"wandog_maxfail": "12"}
    assert (await get(bench, "get_ui_support()")).json["get_ui_support"]["dualwan"] == 1


@story
async def test_the_phone_is_seen_as_a_modem_on_its_port(bench: Bench) -> None:
    await bench.log_in()
    assert (await get(bench, "show_usb_path()")).json["show_usb_path"] == [[]]
    await bench.tether()
    assert (await get(bench, "show_usb_path()")).json["show_usb_path"] == [[["1", "modem", "480"]]]


@story
async def test_the_dashboard_polls_states(bench: Bench) -> None:
    await bench.log_in()
    xml = (await bench.ask("/ajax_status.xml")).body
    assert xml.count("<first_wan>") == xml.count("<second_wan>") == 3
    assert "<first_wan>2</first_wan>\n<first_wan>0</first_wan>\n<first_wan>0</first_wan>" in xml
    for item in ("active_wan_unit=0", "link_internet=2", "wan0_enable=1", "wan0_realip_state=2"):
        assert f"<wan>{item}</wan>" in xml


@story
async def test_the_settings_file_is_plain_and_says_how_long_it_is(bench: Bench) -> None:
    await bench.log_in()
    body = (await bench.ask("/Settings_RT-AX53U.CFG?path=0&remove_passwd=0")).body.encode("utf-8", "surrogateescape")
    assert body.startswith(b"HDR1")
    assert int.from_bytes(body[4:8], "little") == len(body) - 8
    assert b"\0wans_mode=fb\0" in body
