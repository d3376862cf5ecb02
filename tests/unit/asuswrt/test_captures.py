# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same intention as somebody had at the genuine page, from the same nvram, must end in the same nvram."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from unit.builders import a_router, the_plan

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

CAPTURES = Path(
    os.environ.get("DUALWAN_CAPTURES") or Path(__file__).resolve().parents[3].parent / "shared" / "captures"
)

ON = {"state": "enabled", "primary": "wan", "mode": "failover"}
PING = {"interval": 7, "failover_count": 6, "failback_count": 9, "ping_target": "1.1.1.1"}
INTENTIONS = {
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
# The page posts wans_mode=fo with Dual WAN off, whatever the mode: its own noise.
NOISE = {"08_disable": {"wans_mode"}}


def captured(name):
    path = CAPTURES / f"{name}.json"
    if not path.exists():
        reason = f"no capture {path}"
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must have the captures: {reason}")
        pytest.skip(reason)
    return json.loads(path.read_text(encoding="utf-8"))


def known(nvram):
    """Of a captured nvram, what a task reads; wan_unit and the like are the page's own."""
    return {name: value for name, value in nvram.items() if name in a_router()}


@pytest.mark.parametrize("name", INTENTIONS)
def test_the_same_intention_stores_the_same(name):
    capture = captured(name)
    nvram = a_router(**known(capture["start_nvram"]))
    if capture["verdict"] == "refused":
        with pytest.raises(BadWish):
            the_plan(nvram, **INTENTIONS[name])
        return
    wanted = {
        field: after for field, (_rest, after) in capture["nvram_diff"].items() if field not in NOISE.get(name, ())
    }
    assert the_plan(nvram, **INTENTIONS[name]).values == wanted


def test_no_capture_is_forgotten():
    if not CAPTURES.is_dir():
        pytest.skip(f"no captures in {CAPTURES}")
    assert {path.stem for path in CAPTURES.glob("*.json")} <= INTENTIONS.keys()
