# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router that somebody else has set up: its settings as variables of the role, and the role leaves it as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from integration.house import House

A_PLAY = """
- hosts: asus_routers
  connection: local
  gather_facts: false
  roles:
    - role: homelab.dualwan.router
"""
ROUTERS = [
    pytest.param({}, id="as shipped"),
    pytest.param({"wans_dualwan": "wan usb", "wans_mode": "fo", "wandog_interval": "7"}, id="failover"),
    pytest.param({"wans_dualwan": "wan lan", "wans_lanport": "3", "wans_mode": "lb"}, id="load balance"),
    pytest.param(
        {"wans_dualwan": "wan usb", "wandog_interval": "5x", "wans_mode": "zz", "wandog_maxfail": "0"}, id="strange"
    ),
]


@pytest.mark.parametrize("stored", ROUTERS)
def test_a_router_written_down_is_left_as_it_is(house: House, tmp_path: Path, stored: dict[str, str]) -> None:
    for name, value in stored.items():
        house.lab.ctl("router", "set", name, value)
    written = tmp_path / "router.json"
    written.write_text(json.dumps(house.run("asus_wan_info", as_variables=True)["role_variables"]))
    play = tmp_path / "play.yml"
    play.write_text(A_PLAY)

    report = house.play(play, "-e", f"@{written}")
    assert report.code == 0, report.output
    assert report.changed == []
    assert set(house.kinds()) == {"login", "read", "logout"}
