# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same intention as somebody had at the genuine page, given to the collection from the same nvram, ends alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from conformance.captures import CAPTURES, captures
from integration.house import House
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
NOISE = {"08_disable": {"wans_mode"}}
"""The page posts ``wans_mode=fo`` whenever Dual WAN is off, whatever was chosen."""
STATES = ("wan0_", "wan1_", "link_", "wan_primary", "freeze_duck", "rc_service")
"""What the router's own daemons write meanwhile."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(speed=50) as lab:
        yield House(lab, tmp_path_factory.mktemp("home"))


def settings(house: House) -> dict[str, str]:
    """nvram without states, and without the per-type copies that httpd makes by itself."""
    stored = house.nvram()
    return {name: stored[name] for name in stored if not name.startswith(STATES) and "_wan_" not in name}


@pytest.mark.parametrize("capture", captures())
def test_the_same_intention_leaves_the_same_difference(house: House, capture: dict[str, Any] | None) -> None:
    assert capture is not None, f"CI must have the captures, and {CAPTURES} has none"
    name = capture["name"]
    if name not in INTENTIONS:
        pytest.skip(f"nobody has written down yet what {name} was meant to do")
    house.lab.ctl("reset")
    house.lab.ctl("cable", "pull")  # the genuine pages were visited without a phone
    for variable, value in capture["start_nvram"].items():
        house.lab.ctl("router", "set", variable, value)

    before = settings(house)
    outcome = house.run("asus_dualwan", **INTENTIONS[name], activation="none")
    after = settings(house)

    noise = NOISE.get(name, set())
    wanted = {field: pair for field, pair in capture["nvram_diff"].items() if field not in noise}
    assert {field: [before[field], after[field]] for field in after if before[field] != after[field]} == wanted
    assert outcome.failed == (capture["verdict"] == "refused"), outcome.message
