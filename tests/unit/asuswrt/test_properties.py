# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every router and every wish, and not only for those that somebody thought of."""

from __future__ import annotations

import ipaddress
import re

import pytest
from hypothesis import HealthCheck, configuration, given, settings
from hypothesis import strategies as st

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import capabilities, interval_range
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import dashboard
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import ROUTERS, Case
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lan_ports import lan_ports
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._options import options
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import plan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import blind_spots, problems
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._rules import Rule, decode_rules, encode_rules
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import timing
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._variables import role_variables
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._warnings import warnings
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, DeviceError
from tools.checkout import BUILD
from unit.builders import A_PHONE, a_router, a_wish, able, the_plan

configuration.set_hypothesis_home_dir(BUILD / "hypothesis")
STEADY = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

FIRMWARES = [("3.0.0.4", build) for build in ("380", "382", "384", "386", "386.14", "388", "388.8")]
FIRMWARES += [("3.0.0.6", "102"), ("3.0.0.6", "102.4")]
MODELS = ["RT-AX53U", "RT-AC88U", "RT-AX86U", "GT-AC5300", "BRT-AC828", "RT-AC87U", "TUF-AX4200", "XT12"]
PORTS = ["wan", "lan", "usb", "dsl", "wan2"]
TWO_PORTS = {
    "wan": {"wan_name": "WAN", "extra_settings": {"wans_extwan": "0", "wan_ifname_x": "eth0"}},
    "2p5g": {"wan_name": "2.5G", "wans_lanport": "1", "extra_settings": {"wans_extwan": "1", "wan_ifname_x": "eth5"}},
}
SPECIAL = set("$`;|&\"'\\\n\r\0(){}[]!#~")
"""To a shell, or to the web server. Rules have < and > besides."""

flag = st.sampled_from(["0", "1"])
count = st.integers(1, 99).map(str)
host = st.sampled_from(["example.com", "a-b.example.", "dns.msftncsi.com", "x", "x" * 63 + ".de", "host_1.lan"])
address = st.integers(0, 2**32 - 1).map(lambda number: str(ipaddress.IPv4Address(number)))
network = st.one_of(st.just("all"), address, st.tuples(address, st.integers(0, 32).map(str)).map("/".join))
rules = st.lists(st.builds(Rule, network, network, st.integers(0, 1)), max_size=4).map(tuple)


def has_sense(many: tuple[Rule, ...]) -> bool:
    try:
        a_wish(mode="load_balance", routing_rules=as_option(many))
    except BadWish:
        return False
    return True


def as_option(many):
    return [
        {"source": rule.source, "destination": rule.destination, "wan": ("primary", "secondary")[rule.unit]}
        for rule in many
    ]


@st.composite
def sane_routers(draw):
    """As a page may have left it."""
    firmver, buildno = draw(st.sampled_from(FIRMWARES))
    words = "dualwan modem mtlancfg lacp" + draw(st.sampled_from(["", " usb_bk", " autowan", " usb_bk autowan"]))
    identity = {
        "firmver": firmver,
        "buildno": buildno,
        "productid": draw(st.sampled_from(MODELS)),
        "rc_support": words,
        "wans_cap": " ".join(PORTS),
    }
    router = able(a_router(**identity))
    primary = draw(st.sampled_from([port for port in PORTS if port != "lan"]))
    secondary = draw(st.sampled_from(["none", *(port for port in PORTS if port not in (primary, "dsl"))]))
    routing = draw(rules.filter(has_sense))
    return a_router(
        **identity,
        **draw(st.sampled_from([{}, A_PHONE])),
        wans_dualwan=f"{primary} {secondary}",
        wans_mode=draw(st.sampled_from(["fo", "fb", "lb"])),
        wans_lanport=draw(st.sampled_from(lan_ports(router) or "1234")),
        wans_extwan=draw(flag) if "wan" in (primary, secondary) else "0",
        wans_standby=draw(flag),
        wans_lb_ratio=draw(st.sampled_from(["1:1", "3:1", "9:9"])),
        wans_routing_enable="1" if routing else "0",
        wans_routing_rulelist=encode_rules(routing),
        wandog_interval=str(draw(st.sampled_from(interval_range(router, a_router())))),
        wandog_maxfail=draw(count),
        wandog_fb_count=draw(count),
        wandog_enable=draw(flag),
        wandog_target=draw(st.one_of(host, address)),
        dns_probe=draw(flag),
        dns_probe_host=draw(host),
        dns_probe_content=draw(st.one_of(st.just("*"), st.lists(address, min_size=1, max_size=2).map(" ".join))),
        wans_usb_bk=draw(flag),
        modem_android=draw(flag),
        modem_mtu=draw(st.sampled_from(["0", "576", "1500"])),
        ttl_inc_enable=draw(st.sampled_from(["", "0", "1"])),
        ttl_spoof_enable=draw(st.sampled_from(["", "0", "1"])),
        autowan_enable=draw(st.sampled_from(["", "0", "1"])),
        switch_stb_x=draw(st.sampled_from("0123456")),
        lacp_enabled=draw(flag),
        bond_wan=draw(flag),
        qos_enable=draw(flag),
    )


WORDS = ["none none", "wan", "usb usb", "foo bar", "wan usb", "5x", " 7", "-1", "²", "9" * 5000, "99:99", "$(reboot)"]
WORDS += ["<1.1.1.1>all>0", "<a>b", "<<>>", "0.0.0.0", "300.1.1.1", "255.255.255.256", "zz", "mtwancfg", "auto"]
NAMES = sorted(a_router())


@st.composite
def any_routers(draw):
    """Whatever a hand, another tool or a fault may have left in any name."""
    text = st.one_of(st.sampled_from(WORDS), st.text(max_size=12))
    base = draw(
        st.one_of(sane_routers(), st.just(dict.fromkeys(NAMES, "")), text.map(lambda t: dict.fromkeys(NAMES, t)))
    )
    return {**base, **draw(st.dictionaries(st.sampled_from(NAMES), text, max_size=10))}


IDENTITY = ("firmver", "buildno", "productid", "rc_support", "wans_cap", "sw_mode", "x_Setting")
SETTABLE = [name for name in NAMES if name not in IDENTITY]


@st.composite
def scribbled_routers(draw):
    """A router that is able, and has odd things in some names."""
    text = st.one_of(st.sampled_from(WORDS), st.text(max_size=12))
    return {**draw(sane_routers()), **draw(st.dictionaries(st.sampled_from(SETTABLE), text, max_size=6))}


def maybe(values):
    return st.one_of(st.none(), values)


tokens = st.sampled_from(["wan", "lan", "lan2", "usb", "dsl", "wan2"])
wishes = st.fixed_dictionaries(
    {
        "state": maybe(st.sampled_from(["enabled", "disabled"])),
        "primary": maybe(st.one_of(tokens, st.just("auto"))),
        "secondary": maybe(tokens),
        "lan_port": maybe(st.integers(1, 8)),
        "mode": maybe(st.sampled_from(["failover", "load_balance"])),
        "failback": maybe(st.booleans()),
        "hot_standby": maybe(st.booleans()),
        "load_balance_ratio": maybe(st.one_of(st.text(max_size=5), st.just("7:2"))),
        "routing_rules": maybe(rules.map(as_option)),
        "detection": maybe(
            st.fixed_dictionaries(
                {
                    "interval": maybe(st.integers(-5, 120)),
                    "failover_count": maybe(st.integers(0, 100)),
                    "failback_count": maybe(st.integers(0, 100)),
                    "ping_target": maybe(st.one_of(host, address, st.text(max_size=20))),
                    "dns_query": maybe(
                        st.fixed_dictionaries(
                            {
                                "hostname": maybe(st.one_of(host, st.text(max_size=20))),
                                "addresses": maybe(st.lists(st.one_of(address, st.text(max_size=9)), max_size=3)),
                            }
                        )
                    ),
                }
            )
        ),
        "auto_usb_backup": maybe(st.booleans()),
        "usb_device": maybe(st.sampled_from(["android", "modem"])),
        "usb_mtu": maybe(st.integers(-1, 2000)),
        "usb_ttl_extend": maybe(st.booleans()),
        "usb_ttl_spoof": maybe(st.booleans()),
    }
)
PAIRS = [
    ("wan", "usb"),
    ("usb", "wan"),
    ("wan", "lan"),
    ("lan", "wan"),
    ("lan2", "usb"),
    ("wan", "lan2"),
    ("wan2", "lan"),
]
LINES = [{"state": "enabled", "primary": first, "secondary": second} for first, second in PAIRS]
LINES += [{"state": "disabled", "primary": port} for port in ("wan", "usb", "lan2", "auto")]
LINES += [{}, {"state": "enabled"}, {"state": "disabled"}]


@st.composite
def sane_wishes(draw):
    """As a person may ask for: mostly granted."""
    detection = {
        "interval": draw(st.integers(3, 9)),
        "failover_count": draw(st.integers(1, 99)),
        "ping_target": draw(st.one_of(host, address)),
        "dns_query": {"hostname": draw(host), "addresses": draw(st.lists(address, min_size=1, max_size=3))},
    }
    return {
        **draw(st.sampled_from(LINES)),
        **draw(st.sampled_from([{"mode": "failover", "failback": draw(st.booleans())}, {"mode": "load_balance"}])),
        "detection": draw(st.sampled_from([None, detection])),
        "hot_standby": draw(st.booleans()),
        "auto_usb_backup": draw(st.sampled_from([None, False])),
        "usb_device": draw(st.sampled_from(["android", "modem"])),
        "usb_mtu": draw(st.integers(576, 1500)),
        "even_without_backup": True,
    }


def planned(nvram, wanted):
    """The plan, or None where it is refused."""
    try:
        return the_plan(nvram, ethernet=TWO_PORTS, **wanted)
    except DeviceError:
        return None


@STEADY
@given(rules)
def test_rules_survive_there_and_back(many):
    assert decode_rules(encode_rules(many)) == many


@STEADY
@given(sane_routers())
def test_what_is_told_can_be_given_back_and_changes_nothing(nvram):
    told = options(nvram, able(nvram))
    assert the_plan(nvram, **told).values == {}


def given_by_the_role(variables):
    """As ``roles/router`` passes them on."""
    wanted = {name.removeprefix("router_"): value for name, value in variables.items()}
    if wanted["state"] == "disabled":
        wanted["secondary"] = None
    if wanted["mode"] == "load_balance":
        wanted["failback"] = None
    return wanted


@STEADY
@given(st.one_of(scribbled_routers(), any_routers()))
def test_a_router_written_down_as_variables_is_left_as_it_is(nvram):
    router = able(nvram)
    if any(guard.when(Case(Wish(), nvram, router)) for guard in ROUTERS):
        return  # no task does anything to such a router
    assert the_plan(nvram, **given_by_the_role(role_variables(nvram, router))).values == {}


@STEADY
@given(sane_routers())
def test_what_a_page_may_have_left_is_written_down_completely(nvram):
    told, written = options(nvram, able(nvram)), role_variables(nvram, able(nvram))
    assert {name: value for name, value in given_by_the_role(written).items() if value is not None} == {
        name: value for name, value in told.items() if value is not None
    }


@STEADY
@given(sane_routers(), sane_wishes())
def test_what_a_plan_leads_to_needs_no_plan(nvram, wanted):
    first = planned(nvram, wanted)
    if first is not None:
        assert the_plan(nvram | first.values, ethernet=TWO_PORTS, **wanted).values == {}


def everything(nvram, wanted):
    """All that a task makes of what it read."""
    router, board = capabilities(nvram), dashboard(nvram)
    yield options(nvram, router)
    yield timing(nvram)
    yield board.text(), [wan.as_result() for wan in board.wans], board.phone.as_result()
    yield problems(board, nvram, router), blind_spots(board, nvram)
    yield role_variables(nvram, router)
    first = planned(nvram, wanted)
    if first is not None:
        yield warnings(a_wish(**wanted), nvram, {**nvram, **first.values}, router)


@STEADY
@given(st.one_of(scribbled_routers(), any_routers()), st.one_of(sane_wishes(), wishes))
def test_nothing_in_a_router_makes_a_task_stumble(nvram, wanted):
    assert len(list(everything(nvram, wanted))) >= 5


@pytest.mark.parametrize("word", [*WORDS, ""], ids=range(len(WORDS) + 1))
@pytest.mark.parametrize("names", [SETTABLE, NAMES], ids=["all but what it is", "all"])
def test_nor_does_one_odd_word_in_every_name(word, names):
    nvram = a_router(**dict.fromkeys(names, word))
    assert len(list(everything(nvram, {"state": "enabled", "primary": "wan", "secondary": "usb"}))) >= 5


@STEADY
@given(scribbled_routers(), st.one_of(sane_wishes(), wishes))
def test_no_value_leaves_that_a_shell_or_the_router_would_misread(nvram, wanted):
    found = planned(nvram, wanted)
    router = able(nvram)
    for change in found.changes if found else ():
        setting, value = change.setting, change.after
        assert len(value) <= setting.maximum(router)
        assert re.fullmatch(setting.pattern, value)
        assert not SPECIAL & set(value), value
        assert value.isascii()


def test_a_wish_without_anything_plans_nothing():
    assert plan(Wish(), a_router(), able(a_router()), "auto").values == {}
