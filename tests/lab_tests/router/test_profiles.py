# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each firmware has a table of its own, and drops what does not fit in it."""

from __future__ import annotations

import pytest

from lab.router.profiles import UnknownFirmware, by_name, names

from .workbench import Bench, form, story_on, tell_on

FIRMWARES = ("382", "386-early", "386", "386-ac88u", "388", "3006", "3006-nonce", "expertwifi")

CONFLICTS_EVERYWHERE = (
    "switch_stb_x switch_wantag lacp_enabled qos_enable qos_type lan_ipaddr lan_netmask sw_mode x_Setting"
).split()


def test_an_unknown_firmware_is_answered_with_those_there_are() -> None:
    assert names() == FIRMWARES
    with pytest.raises(UnknownFirmware, match="no firmware '999' in the lab; there is 382, 386-early, 386, "):
        by_name("999")


@pytest.mark.parametrize(
    ("firmware", "mode", "interval", "longest_interval", "failures"),
    [
        ("382", "fo", "5", 1, "12"),
        ("386-early", "fo", "5", 2, "12"),
        ("386", "fb", "5", 2, "12"),
        ("386-ac88u", "fo", "5", 1, "12"),
        ("388", "fb", "5", 2, "12"),
        ("3006", "fb", "3", 2, "2"),
        ("3006-nonce", "fb", "3", 2, "2"),
        ("expertwifi", "fb", "3", 2, "2"),
    ],
)
def test_dual_wan_begins_as_that_firmware_has_it(
    firmware: str, mode: str, interval: str, longest_interval: int, failures: str
) -> None:
    settings = by_name(firmware).settings
    assert settings["wans_mode"].default == mode
    assert (settings["wandog_interval"].default, settings["wandog_interval"].max_length) == (interval, longest_interval)
    assert settings["wandog_maxfail"].default == failures


@pytest.mark.parametrize(
    ("name", "firmwares"),
    [
        ("wans_usb_bk", {"386", "388", "3006", "3006-nonce", "expertwifi"}),
        ("wans_usb_bk_act", {"386", "388", "3006", "3006-nonce", "expertwifi"}),
        ("wans_extwan", {"388", "3006", "3006-nonce", "expertwifi"}),
        ("autowan_enable", {"388", "3006", "3006-nonce", "expertwifi"}),
        ("dns_probe_timeout", {"388", "3006", "3006-nonce", "expertwifi"}),
        ("ttl_inc_enable", {"386-early", "386", "388", "3006", "3006-nonce", "expertwifi"}),
        ("ttl_spoof_enable", {"386-early", "386", "388", "3006", "3006-nonce", "expertwifi"}),
        ("bond_wan", set(FIRMWARES) - {"382"}),
        ("wandog_fb_restart", set(FIRMWARES) - {"382"}),
        ("wrs_protect_enable", {"382", "386-ac88u", "388"}),
        ("apg1_enable", {"3006", "3006-nonce", "expertwifi"}),
        ("apg1_dut_list", {"3006", "3006-nonce", "expertwifi"}),
        ("vlan_trunk_rl", {"3006", "3006-nonce", "expertwifi"}),
        ("wans_mt_ioport", {"expertwifi"}),
        *((name, set(FIRMWARES)) for name in CONFLICTS_EVERYWHERE),
    ],
)
def test_a_name_is_in_the_tables_of_those_that_have_it(name: str, firmwares: set[str]) -> None:
    assert {firmware for firmware in FIRMWARES if name in by_name(firmware).settings} == firmwares


@pytest.mark.parametrize(
    ("word", "firmwares"),
    [
        ("dualwan", set(FIRMWARES)),
        ("bwdpi", {"382", "386-ac88u", "388"}),
        ("modem", set(FIRMWARES)),
        ("usb_bk", {"386", "388", "3006", "3006-nonce", "expertwifi"}),
        ("lacp", {"386-ac88u", "388"}),
        ("wanbonding", {"386-ac88u", "388"}),
        ("autowan", {"388", "3006", "3006-nonce", "expertwifi"}),
        ("NEW_PHYMAP", {"388", "3006", "3006-nonce", "expertwifi"}),
        ("mtlancfg", {"3006", "3006-nonce", "expertwifi"}),
        ("mtwancfg", {"expertwifi"}),
    ],
)
def test_what_it_can_is_in_its_words(word: str, firmwares: set[str]) -> None:
    assert {one for one in FIRMWARES if word in by_name(one).identity["rc_support"].split()} == firmwares


def test_only_388_mixes_a_random_byte_into_its_settings_file() -> None:
    assert {firmware for firmware in FIRMWARES if by_name(firmware).settings_file == "HDR2"} == {"388"}


@pytest.mark.parametrize(
    ("firmware", "stored"), [("382", "5"), ("386-early", "30"), ("386", "30"), ("386-ac88u", "5"), ("3006", "30")]
)
def test_an_interval_of_two_figures_is_dropped_where_one_fits(firmware: str, stored: str) -> None:
    async def tell(bench: Bench) -> None:
        bench.set(wandog_interval="5")
        await bench.log_in()
        answer = await bench.apply(wandog_interval="30")
        assert (answer.json["modify"], bench.nvram("wandog_interval")) == (str(int(stored == "30")), stored)

    tell_on(firmware, tell)


@story_on("386-ac88u")
async def test_minus_one_is_an_interval_too_long_for_the_ac88u(bench: Bench) -> None:
    await bench.log_in()
    assert (await bench.apply(wandog_interval="-1")).json == {"modify": "0"}


@pytest.mark.parametrize("firmware", ["386-early", "386-ac88u"])
def test_an_invalid_target_that_their_pages_let_through_is_stored(firmware: str) -> None:
    async def tell(bench: Bench) -> None:
        await bench.log_in()
        posted = {"action_mode": "apply_new", "action_script": "reboot", "wandog_target": "bad host;x"}
        page = await bench.ask("/start_apply.htm", form(posted))
        assert "done_committing();" in page.body[-300:]
        assert bench.nvram("wandog_target") == "bad host;x"

    tell_on(firmware, tell)


@pytest.mark.parametrize("firmware", ["382", "386-early", "386-ac88u"])
def test_without_auto_usb_backup_a_phone_changes_nothing_by_itself(firmware: str) -> None:
    async def tell(bench: Bench) -> None:
        # Not even if somebody wrote the name there.
        bench.set(wans_usb_bk="1")
        bench.cable.plug("router")
        bench.phone.show("rndis")
        await bench.until(lambda: bench.nvram("usb_path1") == "modem")
        await bench.clock.sleep(10)
        assert bench.nvram("wans_dualwan") == "wan none"
        await bench.log_in()
        assert (await bench.apply(wans_usb_bk_act="1")).json["modify"] == "0"

    tell_on(firmware, tell)


@story_on("3006")
async def test_3006_takes_its_account_from_its_own_page_only_and_does_not_tell_the_password(bench: Bench) -> None:
    await bench.log_in()
    assert (await bench.apply(http_username="other", http_passwd="other")).json["modify"] == "0"
    assert bench.nvram("http_username") == "admin"
    for hook in ("nvram_get(http_passwd)", "nvram_char_to_ascii(x,http_passwd)"):
        assert (await bench.ask(f"/appGet.cgi?hook={hook}")).json == {"http_passwd": ""}


@story_on("3006")
async def test_3006_forgets_a_copy_that_it_loaded_back_and_leaves_the_port_alone(bench: Bench) -> None:
    await bench.log_in()
    bench.set(wan1_pppoe_username="mark", wan1_ifname_x="eth9")
    await bench.apply(wans_dualwan="wan usb")
    assert bench.nvram("none_wan_pppoe_username") == "mark"
    assert not bench.router.nvram.has("none_wan_ifname_x")
    await bench.apply(wans_dualwan="wan none")
    assert (bench.nvram("wan1_pppoe_username"), bench.nvram("wan1_ifname_x")) == ("mark", "eth9")
    assert not bench.router.nvram.has("none_wan_pppoe_username")
    # A DSL line's settings stay where they are.
    await bench.apply(wans_dualwan="dsl none")
    await bench.apply(wans_dualwan="wan none")
    assert not bench.router.nvram.has("dsl_wan_proto")


@story_on("386")
async def test_386_keeps_its_copies(bench: Bench) -> None:
    await bench.log_in()
    await bench.apply(wans_dualwan="wan usb")
    await bench.apply(wans_dualwan="wan none")
    assert bench.router.nvram.has("none_wan_proto")


@story_on("expertwifi")
async def test_multi_wan_profiles_are_recognised_and_their_daemon_is_confessed(bench: Bench) -> None:
    await bench.log_in()
    support = (await bench.ask("/appGet.cgi?hook=get_ui_support()")).json["get_ui_support"]
    assert support["mtwancfg"] == 1
    await bench.until(lambda: bench.router.state()["not_simulated"] == ["wanduck: Multi-WAN profiles"])
    bench.cable.plug("router")
    bench.phone.show("rndis")
    await bench.clock.sleep(10)
    assert bench.nvram("wans_dualwan") == "wan none"
