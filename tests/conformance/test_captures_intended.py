# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same intention as somebody had at the genuine page, given to the collection from the same nvram, ends alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from conformance.captures import CAPTURES, captures, profile_of
from conformance.intentions import intention, is_refused_here
from integration.house import House, Outcome
from lab.client import running

ON: dict[str, Any] = {"state": "enabled", "primary": "wan", "mode": "failover"}
PING = {"interval": 7, "failover_count": 6, "failback_count": 9, "ping_target": "1.1.1.1"}
INTENTIONS: dict[str, dict[str, Any]] = {
    "02_enable_usb_failover": {**ON, "secondary": "usb", "failback": False, "detection": {"ping_target": ""}},
    "03_enable_usb_failback_ping": {**ON, "secondary": "usb", "failback": True, "detection": PING},
    "06_failback_to_failover": {"failback": False},
    "07_monitor_off": {"detection": {"ping_target": ""}},
    "08_disable": {"state": "disabled"},
    "10_lb_with_routing_rule": {
        "mode": "load_balance",
        "load_balance_ratio": "5:4",
        "routing_rules": [
            {"source": "192.168.50.20", "destination": "8.8.8.8", "wan": "secondary"},
            {"source": "192.168.50.0/24", "destination": "1.1.1.1", "wan": "primary"},
        ],
    },
    "13_lan_secondary": {**ON, "secondary": "lan", "lan_port": 3, "failback": False},
    "15_invalid_target": {"detection": {"ping_target": "bad host;x"}},
    "20_modem_android": {"usb_device": "android"},
}
MODE_OF_SINGLE_WAN = ("wans_mode",)
"""The page posts ``wans_mode=fo`` whenever Dual WAN is off, whatever was chosen."""
NOISE = {"08_disable": (*MODE_OF_SINGLE_WAN, "wandog_enable")}
"""That of the RT-AC88U switches the ping probe off with Dual WAN."""
STATES = ("wan0_", "wan1_", "link_", "wan_primary", "freeze_duck", "rc_service")
"""What the router's own daemons write meanwhile."""


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], House]]:
    """One for each firmware, started when it is first asked for."""
    standing: dict[str, House] = {}
    with ExitStack() as street:

        def house(firmware: str) -> House:
            if firmware not in standing:
                lab = street.enter_context(running(speed=50, firmware=firmware))
                standing[firmware] = House(lab, tmp_path_factory.mktemp("home"))
            return standing[firmware]

        yield house


def settings(house: House) -> dict[str, str]:
    """nvram without states, and without the per-type copies that httpd makes by itself."""
    stored = house.nvram()
    return {name: stored[name] for name in stored if not name.startswith(STATES) and "_wan_" not in name}


def differences(
    house: House, capture: Mapping[str, Any], wish: Mapping[str, Any]
) -> tuple[Outcome, dict[str, list[str]]]:
    """What a task with these options changes on a router that stands as the captured one did at the start."""
    house.lab.ctl("reset")
    house.lab.ctl("cable", "pull")  # the genuine pages were visited without a phone
    for variable, value in capture["start_nvram"].items():
        house.lab.ctl("router", "set", variable, value)
    before = settings(house)
    # The page asks nobody whether the line in use is the one that it gives up.
    outcome = house.run("asus_dualwan", **wish, activation="none", even_without_backup=True)
    after = settings(house)
    return outcome, {field: [before[field], after[field]] for field in after if before[field] != after[field]}


def wanted(capture: Mapping[str, Any], noise: Collection[str]) -> dict[str, list[str]]:
    """What the genuine page left different, but for what it posted of its own accord."""
    if is_refused_here(capture):
        return {}
    return {field: pair for field, pair in capture["nvram_diff"].items() if field not in noise}


def told() -> list[Any]:
    """The captures whose intention is written down above."""
    return [one for one in captures() if one.values[0] is None or one.values[0]["name"] in INTENTIONS]


@pytest.mark.parametrize("capture", told())
def test_the_same_intention_leaves_the_same_difference(
    houses: Callable[[str], House], capture: dict[str, Any] | None
) -> None:
    """As a person would put it: only what was meant."""
    assert capture is not None, f"CI must have the captures, and {CAPTURES} has none"
    outcome, found = differences(houses(profile_of(capture)), capture, INTENTIONS[capture["name"]])
    assert found == wanted(capture, NOISE.get(capture["name"], ()))
    assert outcome.failed == is_refused_here(capture), outcome.message


@pytest.mark.parametrize("capture", captures())
def test_the_whole_form_leaves_the_same_difference(
    houses: Callable[[str], House], capture: dict[str, Any] | None
) -> None:
    """As the page had it: every visible field, whether it was touched or not."""
    assert capture is not None, f"CI must have the captures, and {CAPTURES} has none"
    wish = intention(capture)
    outcome, found = differences(houses(profile_of(capture)), capture, wish)
    assert found == wanted(capture, MODE_OF_SINGLE_WAN if wish.get("state") == "disabled" else ())
    assert outcome.failed == is_refused_here(capture), outcome.message
