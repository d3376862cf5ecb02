# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router's own words and its generation allow."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import interval_range
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotCapable
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import refuse_the_impossible
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit.builders import a_router, a_wish, able


def the_firmware(firmver, buildno, **nvram):
    return a_router(firmver=firmver, buildno=buildno, **nvram)


@pytest.mark.parametrize(
    ("firmver", "buildno", "name", "intervals", "android", "rules"),
    [
        # The page takes 1 to 9 up to 380; 382's page takes 99, and its table keeps one character.
        ("3.0.0.4", "380", "380", (1, 9), "1", 32),
        ("3.0.0.4", "382", "382", (1, 9), "1", 32),
        ("3.0.0.4", "386", "386", (1, 99), "1", 32),
        ("3.0.0.4", "386.14", "386", (1, 99), "1", 32),
        # From 388 on modem_android means 0 automatic, 1 legacy.
        ("3.0.0.4", "388", "388", (3, 99), "0", 64),
        ("3004.388", "388.8", "388", (3, 99), "0", 64),
        ("3.0.0.6", "102", "3006", (3, 99), "0", 64),
        ("3.0.0.6", "102.4", "3006", (3, 99), "0", 64),
        # Older than any that was read, and nothing at all: the narrowest.
        ("3.0.0.4", "374", "380", (1, 9), "1", 32),
        ("", "", "380", (1, 9), "1", 32),
    ],
)
def test_generations(firmver, buildno, name, intervals, android, rules):
    nvram = the_firmware(firmver, buildno)
    generation = able(nvram).generation
    allowed = interval_range(able(nvram), nvram)
    assert (generation.name, generation.android, generation.rules) == (name, android, rules)
    assert (allowed[0], allowed[-1]) == intervals


@pytest.mark.parametrize(
    ("buildno", "timeout", "lowest"),
    [
        pytest.param("386", "3", 4, id="386 wants one second more than a DNS probe"),
        pytest.param("388", "1", 3, id="388 wants two, and three at least"),
        pytest.param("388", "5", 7, id="388 wants two more"),
        pytest.param("382", "3", 1, id="382 does not look at it"),
    ],
)
def test_the_lowest_interval_follows_the_dns_probe(buildno, timeout, lowest):
    nvram = the_firmware("3.0.0.4", buildno, dns_probe_timeout=timeout)
    assert interval_range(able(nvram), nvram)[0] == lowest


def test_an_interval_that_a_generation_drops_in_silence_is_refused_with_its_range():
    nvram = the_firmware("3.0.0.4", "382")
    with pytest.raises(BadWish, match=r"interval is 10 s.* 1 to 9 seconds"):
        refuse_the_impossible(a_wish(detection={"interval": 10}), able(nvram), nvram)


@pytest.mark.parametrize("interval", [0, -1, 100])
def test_an_interval_of_three_characters_or_of_nothing_is_refused(interval):
    nvram = a_router()
    with pytest.raises(BadWish, match="1 to 99 seconds"):
        refuse_the_impossible(a_wish(detection={"interval": interval}), able(nvram), nvram)


def test_more_rules_than_the_page_takes_are_refused():
    nvram = a_router()
    rules = [{"source": f"192.168.50.{last}", "destination": "all", "wan": "primary"} for last in range(33)]
    with pytest.raises(BadWish, match=r"33 rules, and .* 32"):
        refuse_the_impossible(a_wish(mode="load_balance", routing_rules=rules), able(nvram), nvram)


@pytest.mark.parametrize(
    ("nvram", "options", "what"),
    [
        pytest.param({"rc_support": "usbX1 modem"}, {}, "no Dual WAN", id="no dualwan"),
        pytest.param({"rc_support": "dualwan modem mtwancfg"}, {}, "Multi-WAN profiles", id="multi-WAN profiles"),
        pytest.param({"sw_mode": "3"}, {}, "sw_mode 3", id="access point"),
        pytest.param(
            {"rc_support": "dualwan"}, {"state": "enabled", "secondary": "usb"}, "no USB modem", id="no modem support"
        ),
        pytest.param(
            {"wans_cap": "wan lan"},
            {"state": "enabled", "secondary": "usb"},
            "no USB modem",
            id="no usb among the ports",
        ),
        pytest.param({}, {"state": "enabled", "secondary": "dsl"}, "no dsl", id="no such port"),
        pytest.param({"wans_cap": "wan lan"}, {"state": "enabled"}, "no USB modem", id="usb as the silent default"),
    ],
)
def test_what_a_router_cannot_do_is_said_before_anything_is_written(nvram, options, what):
    router = a_router(**nvram)
    with pytest.raises(NotCapable) as refused:
        refuse_the_impossible(a_wish(**options), able(router), router)
    assert what in refused.value.happened
    assert "RT-AX53U with firmware 3.0.0.4.386_69061" in refused.value.happened
    assert refused.value.cure


def test_a_router_as_shipped_can_have_its_phone():
    nvram = a_router()
    refuse_the_impossible(a_wish(state="enabled", primary="wan", secondary="usb"), able(nvram), nvram)


def test_a_model_is_called_as_it_was_sold():
    assert able(a_router(odmpid="RT-AX1800U")).model == "RT-AX1800U"


def test_a_firmware_that_tells_no_reboot_time_has_the_usual():
    assert able(a_router(reboot_time="")).reboot_seconds == 70


PAIR = [{"primary": "usb", "secondary": "lan"}, {"primary": "lan", "secondary": "usb"}]


@pytest.mark.parametrize("options", PAIR, ids=["usb lan", "lan usb"])
def test_usb_and_lan_leave_out_the_wan_port(options):
    nvram = a_router(wans_cap="wan usb lan")
    with pytest.raises(BadWish, match="leave out the WAN port"):
        refuse_the_impossible(a_wish(state="enabled", **options), able(nvram), nvram)


@pytest.mark.parametrize(
    "nvram", [{"wans_cap": "dsl usb lan"}, {"productid": "RT-AX86U"}], ids=["a DSL model", "a 2.5G port"]
)
def test_usb_and_lan_may_be_where_another_wan_port_is(nvram):
    router = a_router(**nvram)
    wish = a_wish(state="enabled", **PAIR[0], even_without_backup=True)
    refuse_the_impossible(wish, able(router), router)
