# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keepalive's options, before any phone is asked."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_options import options_from
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

OPTIONS = {
    "state": "started",
    "strategy": ["auto"],
    "automate_flow": None,
    "interval": 1,
    "function": "rndis",
    "cures": ["function"],
    "command": None,
    "max_battery_temperature": 45.0,
    "as_root": False,
}


@pytest.mark.parametrize("degrees", [float("nan"), float("inf"), -float("inf"), -1.0, 19.9, 81.0, 0.5])
def test_a_temperature_that_no_battery_should_have_is_refused(degrees):
    with pytest.raises(BadWish, match="Give 20 to 80 degrees"):
        options_from({**OPTIONS, "max_battery_temperature": degrees})


@pytest.mark.parametrize(("degrees", "tenths"), [(0.0, 0), (20.0, 200), (45.5, 455), (80.0, 800)])
def test_one_that_it_may_have_is_told_in_tenths(degrees, tenths):
    assert options_from({**OPTIONS, "max_battery_temperature": degrees}).script.hottest == tenths
