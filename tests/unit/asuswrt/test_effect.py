# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a change made without a reboot shows in what the router reports."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._effect import effect
from unit.builders import A_PHONE, AN_UNMARKED_PHONE, a_backup_router, a_router, the_plan

ON = {"state": "enabled"}
OFF = {"state": "disabled"}
ROWS = [
    # start, wish, the router afterwards, seen
    ("usb added, phone in use", a_router(), ON, a_backup_router(), True),
    ("usb added, phone not taken", a_router(), ON, a_backup_router(link_wan1="0"), False),
    ("usb added, phone missed", a_router(), ON, {**a_backup_router(), "usb_modem_act_dev": ""}, False),
    ("usb added, no phone", a_router(), ON, a_router(wans_dualwan="wan usb"), None),
    ("usb removed", a_backup_router(), OFF, a_router(**A_PHONE), True),
    ("usb removed, still connected", a_backup_router(), OFF, a_router(wan1_state_t="2"), False),
    ("live", a_backup_router(), {"detection": {"interval": 9}}, a_backup_router(wandog_interval="9"), None),
    ("reboot", a_router(**AN_UNMARKED_PHONE), ON, a_backup_router(), True),
]


@pytest.mark.parametrize(("start", "wish", "after", "seen"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_what_shows(start, wish, after, seen):
    found = effect(the_plan(start, **wish), after)
    assert found.seen is seen
    assert found.evidence
