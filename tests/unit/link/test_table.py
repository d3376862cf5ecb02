# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table fits a terminal and says what a person needs."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._outlook import (
    drill_seconds,
    outlook,
    phone_line,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import findings
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rulebook import RULES
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._table import LABEL, WIDTH, table
from unit.link.ailments import AILMENTS, router
from unit.scenes import a_router_seen, a_scene


def rows(scene):
    return table(findings(scene, RULES))


def labels(told):
    """Of all rows but those that go on with the one before."""
    return [row.split()[0] for row in told if row[:LABEL].strip()]


def test_nothing_wrong_is_one_line():
    assert rows(a_scene()) == ["found nothing wrong"]


def test_a_cause_has_its_cure_and_an_effect_its_cause():
    told = rows(AILMENTS["phone_no_way_out"])
    assert told[0] == "found 1 error"
    assert told[1].startswith("ERROR     phone_no_way_out: ")
    assert labels(told)[2:] == ["seen", "cure"]
    told = rows(AILMENTS["phone_elsewhere"])
    assert told[-1] == "  because phone_elsewhere"


def test_a_notice_is_short():
    assert labels(rows(AILMENTS["never_drilled"])) == ["found", "NOTICE"]


@pytest.mark.parametrize("name", AILMENTS)
def test_no_row_is_wider_than_the_terminal(name):
    assert max(len(row) for row in rows(AILMENTS[name])) <= WIDTH


def test_the_phones_line():
    assert phone_line(a_scene()) == [
        "   phone      tethers by rndis, way out rmnet_data2, keepalive serving, battery 83 %, 31 C"
    ]
    assert phone_line(AILMENTS["phone_tether_off"])[0].startswith("   phone      does not tether, keepalive serving")
    assert phone_line(AILMENTS["phone_away"]) == ["   phone      not reached by adb"]
    assert phone_line(AILMENTS["phone_not_asked"]) == []
    assert "battery" not in phone_line(a_scene(phone={"battery": ""}))[0]


def test_what_a_drill_would_take():
    # Ping alone, 5 s x 4: 4 x (5 + 2) + 1 and 15 s to dial at the most; 4 x 5 + 2 + 1 to return; 20 s around it.
    assert drill_seconds(a_router_seen()) == 29 + 15 + 23 + 20
    assert outlook(a_router_seen()) == [
        "a drill by target_unreachable would take some 87 s: failover in 23-44 s, return in 15-23 s"
    ]


@pytest.mark.parametrize("stored", [{"wans_mode": "fo"}, {"wandog_enable": "0"}, {"wans_dualwan": "wan none"}])
def test_or_that_it_would_see_nothing(stored):
    seen = router(**stored).router
    assert drill_seconds(seen) is None
    assert "no failover" in outlook(seen)[0]


def test_of_a_router_that_was_not_reached_nothing_is_foretold():
    assert (drill_seconds(None), outlook(None)) == (None, [])
