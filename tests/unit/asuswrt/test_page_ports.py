# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``lan2`` and ``auto``, the page's own words: what is stored for them, by generation, and how they are told again."""

from __future__ import annotations

from functools import partial

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadReply, NotCapable
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import understood
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._options import options
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._page_ports import ethernet_wans
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit import builders
from unit.builders import a_router, a_wish, able

BY_NAME = {"productid": "GT-AX11000"}
BY_LIST = {"firmver": "3.0.0.6", "buildno": "102", "productid": "RT-BE88U"}
the_plan = partial(builders.the_plan, even_without_backup=True)
"""Which port stands for which line is all that this is about, not what the former one carried."""
OURS = ("wans_dualwan", "wans_lanport", "wans_extwan", "wan0_ifname_x", "wan1_ifname_x", "autowan_enable")


def on(primary, secondary):
    return {"state": "enabled", "primary": primary, "secondary": secondary}


def off(primary):
    return {"state": "disabled", "primary": primary}


def stored_after(nvram, wanted, ethernet=None):
    """What the port's names are when the plan was carried out, and the page would have posted."""
    after = nvram | the_plan(nvram, ethernet=ethernet, **wanted).values
    return {name: after[name] for name in OURS if after[name] != a_router(**BY_LIST)[name]}


# The table of the page of 386: what is chosen, and wans_dualwan, wans_lanport, wans_extwan.
PAGE_386 = [
    (on("lan2", "wan"), "lan wan", "5", "0"),
    (on("lan2", "usb"), "wan usb", "1", "1"),
    (on("lan2", "lan"), "wan lan", "1", "1"),
    (on("wan", "lan2"), "wan lan", "5", "0"),
    (on("usb", "lan2"), "usb wan", "1", "1"),
    (off("lan2"), "wan none", "1", "1"),
    (on("wan", "usb"), "wan usb", "1", "0"),
]


@pytest.mark.parametrize("extwan", ["0", "1"])
@pytest.mark.parametrize(("wanted", "pair", "port", "fast"), PAGE_386)
def test_up_to_386_it_is_stored_as_the_page_does(wanted, pair, port, fast, extwan):
    nvram = a_router(**BY_NAME, wans_extwan=extwan, wans_dualwan="usb none" if extwan == "0" else "usb wan")
    after = nvram | the_plan(nvram, **wanted).values
    assert (after["wans_dualwan"], after["wans_lanport"], after["wans_extwan"]) == (pair, port, fast)
    assert the_plan(after, **wanted).values == {}


WAN = {"wan_name": "1G WAN", "extra_settings": {"wans_extwan": "0", "wan_ifname_x": "eth0"}}
FAST = {"wan_name": "2.5G", "wans_lanport": "6", "extra_settings": {"wans_extwan": "1", "wan_ifname_x": "eth5"}}
NAMELESS = {"wan_name": "2.5G", "extra_settings": {"wans_extwan": "1", "wan_ifname_x": "eth5"}}
BOTH = {"wan": WAN, "2p5g": FAST}
# The ordinary one says nothing, or that it is the external one.
OTHER = {"10ge1": {**FAST, "extra_settings": {"wans_extwan": "0"}}, "wan": {"wan_name": "WAN"}}
NEITHER = {
    "wan": {"wan_name": "WAN", "extra_settings": {"wan_ifname_x": "eth0"}},
    "2p5g": {**FAST, "extra_settings": {}},
}
BARE = {"wan": {"wan_name": "WAN"}, "2p5g": {"wan_name": "2.5G", "wans_lanport": "1"}}

PAGE_388 = [
    # Two Ethernet WANs: the one whose wans_extwan is 0 is wan, the other lan, with the number it has as LAN port.
    (BOTH, on("wan", "lan2"), {"wans_dualwan": "wan lan", "wans_lanport": "6"}),
    (BOTH, on("lan2", "wan"), {"wans_dualwan": "lan wan", "wans_lanport": "6"}),
    # That number may stand in its interface's name only.
    ({"wan": WAN, "2p5g": NAMELESS}, on("wan", "lan2"), {"wans_dualwan": "wan lan", "wans_lanport": "5"}),
    # Where neither has 0, the one with a number is lan, and what the other needs is stored besides.
    (NEITHER, on("lan2", "wan"), {"wans_dualwan": "lan wan", "wans_lanport": "6", "wan1_ifname_x": "eth0"}),
    (NEITHER, on("wan", "lan2"), {"wans_dualwan": "wan lan", "wans_lanport": "6", "wan0_ifname_x": "eth0"}),
    # One of them: it is wan, with what it needs.
    (BOTH, on("lan2", "usb"), {"wans_dualwan": "wan usb", "wans_extwan": "1", "wan0_ifname_x": "eth5"}),
    (BOTH, on("usb", "lan2"), {"wans_dualwan": "usb wan", "wans_extwan": "1", "wan1_ifname_x": "eth5"}),
    (BOTH, off("lan2"), {"wans_extwan": "1", "wan0_ifname_x": "eth5"}),
    (BARE, off("lan2"), {}),
]


@pytest.mark.parametrize(("ethernet", "wanted", "stored"), PAGE_388)
def test_from_388_on_the_router_says_what_to_store(ethernet, wanted, stored):
    nvram = a_router(**BY_LIST)
    assert stored_after(nvram, wanted, ethernet) == stored
    assert (
        the_plan(nvram | the_plan(nvram, ethernet=ethernet, **wanted).values, ethernet=ethernet, **wanted).values == {}
    )


def test_the_ordinary_port_is_returned_to_with_all_that_it_needs():
    nvram = a_router(**BY_LIST, wans_extwan="1", wan0_ifname_x="eth5")
    values = the_plan(nvram, ethernet=BOTH, **off("wan")).values
    assert values == {"wans_extwan": "0", "wan0_ifname_x": "eth0"}


def test_a_port_whose_number_nobody_says_is_refused():
    silent = {"wan": WAN, "2p5g": {"wan_name": "2.5G", "extra_settings": {"wans_extwan": "1"}}}
    with pytest.raises(NotCapable, match=r"does not say which LAN port its 2\.5G is"):
        the_plan(a_router(**BY_LIST), ethernet=silent, **on("wan", "lan2"))


def test_several_such_ports_are_not_guessed_among():
    with pytest.raises(NotCapable, match=r"several such ports \(2\.5G, 10G\)"):
        the_plan(a_router(**BY_LIST), ethernet={**BOTH, "10ge1": {**FAST, "wan_name": "10G"}}, **on("lan2", "usb"))


@pytest.mark.parametrize(
    "settings",
    [{"wans_extwan": "7"}, {"wan_ifname_x": "eth0;reboot"}, {"http_passwd": "x"}, {"wan_ifname_x": ""}],
    ids=["no flag", "a command", "another name", "no interface"],
)
def test_what_the_list_wants_stored_is_checked_as_any_value(settings):
    odd = {"wan": WAN, "2p5g": {**FAST, "extra_settings": settings}}
    with pytest.raises(NotCapable, match="which this collection does not know"):
        the_plan(a_router(**BY_LIST), ethernet=odd, **on("lan2", "usb"))


@pytest.mark.parametrize("answer", [None, "", [], {}])
def test_a_router_without_the_list_has_no_such_port(answer):
    assert ethernet_wans(answer) == ()
    with pytest.raises(NotCapable, match="offers no lan2"):
        the_plan(a_router(**BY_LIST), ethernet=answer, **on("lan2", "usb"))


@pytest.mark.parametrize("port", ["text", None, ["x"], {"extra_settings": "x"}])
def test_a_list_of_another_form_is_a_bad_reply(port):
    with pytest.raises(BadReply, match="describes its port wan as"):
        ethernet_wans({"wan": port})


@pytest.mark.parametrize(
    ("stored", "wanted", "asked"),
    [
        pytest.param(BY_LIST, on("lan2", "usb"), 1, id="named"),
        pytest.param({**BY_LIST, "wans_extwan": "1"}, on("wan", "usb"), 1, id="left"),
        pytest.param(BY_LIST, on("usb", "lan"), 1, id="usb and lan"),
        pytest.param(BY_LIST, on("wan", "usb"), 0, id="nothing of it"),
        pytest.param({**BY_LIST, "wans_extwan": "1"}, off("lan2"), 0, id="so already"),
        pytest.param({**BY_LIST, "wans_extwan": "1"}, {"detection": {"interval": 7}}, 0, id="another matter"),
        pytest.param(BY_NAME, on("lan2", "usb"), 0, id="386 knows by name"),
    ],
)
def test_the_list_is_asked_for_only_where_it_decides(stored, wanted, asked):
    calls = []

    def ask(hook):
        calls.append(hook)
        return BOTH

    understood(a_wish(**wanted, even_without_backup=True), a_router(**stored), ask)
    assert calls == ["get_ethernet_wan_list"] * asked


def test_a_lan_port_beside_it_contradicts_it():
    with pytest.raises(BadWish, match="lan2 is a port by itself"):
        the_plan(a_router(**BY_NAME), **on("lan2", "wan"), lan_port=3)


@pytest.mark.parametrize("stored", [BY_NAME, BY_LIST, {}])
@pytest.mark.parametrize(("pair", "told"), [("wan none", ("lan2", None)), ("usb wan", ("usb", "lan2"))])
def test_it_is_told_by_its_name_and_can_be_given_back(stored, pair, told):
    nvram = a_router(**stored, wans_dualwan=pair, wans_extwan="1")
    found = options(nvram, able(nvram))
    assert (found["primary"], found["secondary"]) == told
    assert the_plan(nvram, **found).values == {}


AUTO = {"buildno": "388", "rc_support": "dualwan modem autowan", "autowan_enable": "0"}


@pytest.mark.parametrize(
    ("stored", "wanted", "values"),
    [
        pytest.param(AUTO, off("auto"), {"autowan_enable": "1"}, id="on"),
        pytest.param(
            {**AUTO, "wans_dualwan": "usb none"},
            off("auto"),
            {"wans_dualwan": "wan none", "autowan_enable": "1"},
            id="from usb",
        ),
        pytest.param({**AUTO, "autowan_enable": "1"}, off("auto"), {}, id="on already"),
        pytest.param({**AUTO, "autowan_enable": "1"}, off("wan"), {"autowan_enable": "0"}, id="off"),
        pytest.param({**AUTO, "autowan_enable": "1"}, {"state": "disabled"}, {}, id="not named"),
        pytest.param(
            {**AUTO, "autowan_enable": "1"},
            {"primary": "usb"},
            {"wans_dualwan": "usb none", "autowan_enable": "0"},
            id="another",
        ),
        # While Dual WAN is on, the page leaves it as it is.
        pytest.param({**AUTO, "autowan_enable": "1"}, on("wan", "usb"), {"wans_dualwan": "wan usb"}, id="dual"),
        # A router without it may have the name left over.
        pytest.param({"autowan_enable": "1"}, off("wan"), {}, id="left over"),
    ],
)
def test_the_automatic_wan_port(stored, wanted, values):
    assert the_plan(a_router(**stored), **wanted).values == values


def test_the_automatic_wan_port_is_told_and_can_be_given_back():
    nvram = a_router(**{**AUTO, "autowan_enable": "1"})
    assert options(nvram, able(nvram))["primary"] == "auto"
    assert the_plan(nvram, **options(nvram, able(nvram))).values == {}


def test_dual_wan_has_no_automatic_primary():
    with pytest.raises(BadWish, match="Name the port"):
        a_wish(**{**on("wan", "usb"), "primary": "auto"})
