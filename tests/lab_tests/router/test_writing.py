# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What httpd stores, what it says, and what it asks of rc."""

from __future__ import annotations

from .workbench import Answer, Bench, form, story


async def page(bench: Bench, mode: str = "apply_new", script: str = "reboot", **fields: str) -> Answer:
    posted = {"action_mode": mode, "action_script": script, "action_wait": "70", **fields}
    return await bench.ask("/start_apply.htm", form(posted))


@story
async def test_modify_says_whether_anything_changed_and_the_service_is_run_regardless(bench: Bench) -> None:
    await bench.log_in()
    asked = {"wandog_target": "192.0.2.1", "rc_service": "restart_wan_if 1"}
    assert (await bench.apply(**asked)).body == '{ "modify": "1", "run_service": "restart_wan_if 1" }\n'
    assert bench.nvram("rc_service") == "restart_wan_if 1"
    await bench.until(lambda: bench.nvram("rc_service") == "")
    assert (await bench.apply(**asked)).json["modify"] == "0"
    assert bench.nvram("rc_service") == "restart_wan_if 1"
    await bench.until(lambda: bench.services() == ["restart_wan_if 1"] * 2)


@story
async def test_apply_new_with_nothing_new_has_nothing_to_say(bench: Bench) -> None:
    await bench.log_in()
    answer = await bench.ask(
        "/applyapp.cgi", form({"action_mode": "apply_new", "wans_mode": "fb", "rc_service": "restart_wan"})
    )
    assert (answer.status, answer.body, bench.services()) == (200, "", [])
    assert (await bench.ask("/apply.cgi", form({"action_mode": "what_else"}))).body == ""


@story
async def test_what_is_too_long_or_unknown_is_dropped_in_silence(bench: Bench) -> None:
    await bench.log_in()
    for dropped in (
        {"wandog_target": "x" * 101},
        {"wandog_interval": "100"},
        {"wandog_enable": "yes"},
        {"no_such_name": "1"},
        {"link_internet": "1"},
        {"usb_path1": "modem"},
    ):
        assert (await bench.apply(**dropped)).json == {"modify": "0"}
    for stored in (
        {"wandog_interval": "-1"},
        {"wans_mode": "zz"},
        {"wandog_target": "$(id)"},
        {"wans_lb_ratio": "99:99"},
    ):
        assert (await bench.apply(**stored)).json == {"modify": "1"}


@story
async def test_wan_names_go_to_the_unit_posted(bench: Bench) -> None:
    await bench.log_in()
    await bench.apply(wan_unit="1", wan_pppoe_username="a")
    assert (bench.nvram("wan0_pppoe_username"), bench.nvram("wan1_pppoe_username")) == ("", "a")
    # With one WAN there is one instance, so names of the other are unknown.
    assert bench.nvram("wan_ifnames") == "eth1"
    assert (await bench.apply(wan1_pppoe_username="b")).json == {"modify": "0"}
    assert (await bench.apply(wan0_pppoe_username="c")).json == {"modify": "1"}


@story
async def test_settings_of_a_unit_move_with_its_type(bench: Bench) -> None:
    await bench.log_in()
    bench.set(wan1_pppoe_username="mark")
    await bench.apply(wans_dualwan="wan usb")
    assert bench.nvram("none_wan_pppoe_username") == "mark"
    bench.set(wan1_pppoe_username="of the phone")
    await bench.apply(wans_dualwan="wan none")
    assert bench.nvram("usb_wan_pppoe_username") == "of the phone"
    assert bench.nvram("wan1_pppoe_username") == "mark"
    # A hand at the shell doesn't move them.
    bench.set(wans_dualwan="wan usb")
    assert bench.nvram("wan1_pppoe_username") == "mark"


@story
async def test_a_busy_rc_is_waited_for_and_then_passed_over(bench: Bench) -> None:
    await bench.log_in()
    bench.router.rc.occupy(60)
    began = bench.clock.now()
    answer = await bench.apply(wandog_interval="6", rc_service="restart_wan")
    assert 14 < bench.clock.now() - began < 20
    assert answer.json == {"modify": "1", "run_service": "restart_wan"}
    assert [(run.service, run.note) for run in bench.router.rc.runs] == [("restart_wan", "skipped: rc was busy")]
    bench.router.rc.end_occupation()
    await bench.apply(rc_service="restart_firewall;restart_wan_line 0")
    await bench.until(lambda: bench.nvram("rc_service") == "")
    notes = [(run.service, run.note) for run in bench.router.rc.runs[1:]]
    assert notes == [("restart_firewall", "not simulated"), ("restart_wan_line 0", "")]


@story
async def test_the_page_tells_of_itself_at_its_end(bench: Bench) -> None:
    await bench.log_in()
    nothing = await page(bench, wans_mode="fb")
    assert 20_000 < len(nothing.body) < 30_000
    assert "<script>no_changes_and_no_committing();</script>" in nothing.body[-200:]
    assert bench.services() == []
    done = await page(bench, script="restart_wan_if", wandog_target="192.0.2.1", action_wait="3")
    assert done.body[-120:].count("<script>done_committing();</script>\n<script>restart_needed_time(3);</script>") == 1
    await bench.until(lambda: bench.services() == ["restart_wan_if 0"])
    assert bench.nvram("freeze_duck") == "15"
    # Given with a unit it gets another one.
    await bench.until(lambda: bench.nvram("rc_service") == "")
    await page(bench, "apply", "restart_wan_if 1")
    await bench.until(lambda: bench.services()[1:] == ["restart_wan_if 0 1"])


@story
async def test_httpd_picks_its_own_script_if_only_the_order_changed(bench: Bench) -> None:
    await bench.log_in()
    added = await page(bench, script="", wans_dualwan="wan usb")
    assert "restart_needed_time(10);" in added.body
    removed = await page(bench, wans_dualwan="wan none")
    assert "restart_needed_time(10);" in removed.body
    await bench.until(lambda: bench.services() == ["start_multipath"] * 2)
    other = await page(bench, script="", wans_dualwan="wan lan")
    assert "restart_needed_time(70);" in other.body
    await bench.until(lambda: bench.services()[2:] == ["reboot"])


@story
async def test_httpd_leaves_the_script_alone_if_more_changed(bench: Bench) -> None:
    await bench.log_in()
    await page(bench, script="restart_wan_line 0", wans_dualwan="wan lan", wans_lanport="3")
    await bench.until(lambda: bench.services() == ["restart_wan_line 0"])


@story
async def test_with_the_phone_in_already_adding_usb_is_a_reboot(bench: Bench) -> None:
    bench.set(wans_usb_bk="0")
    bench.cable.plug("router")
    bench.phone.show("rndis")
    await bench.until(lambda: bench.nvram("usb_path1") == "modem")
    await bench.log_in()
    assert "restart_needed_time(70);" in (await page(bench, wans_dualwan="wan usb")).body


@story
async def test_a_name_can_be_made_to_get_lost(bench: Bench) -> None:
    bench.router.faults.dropped_names.add("wandog_target")
    await bench.log_in()
    await bench.apply(wandog_target="192.0.2.1", wandog_interval="6")
    assert (bench.nvram("wandog_target"), bench.nvram("wandog_interval")) == ("", "6")
