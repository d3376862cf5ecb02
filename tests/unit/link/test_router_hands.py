# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill's hands do to a router that is not as it was when the drill looked first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import Debt, Debts
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotGivenBack, NotRemembered
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._names import read_all
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._faults import FAULTS, NOWHERE
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._router_hands import (
    Ground,
    PrimaryOff,
    RouterHands,
    TargetUnreachable,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.builders import CONNECTION, a_backup_router
from unit.fake_router import FakeRouter

TARGET = "198.51.100.1"


def a_router() -> FakeRouter:
    return FakeRouter(a_backup_router(wandog_enable="1", wandog_target=TARGET))


@contextmanager
def hands_on(router: FakeRouter, fault: str, kind: type[RouterHands]) -> Iterator[RouterHands]:
    """Those of a drill that has looked, and has not broken anything yet."""
    with Session(router_from(CONNECTION), router.clock, router.transport) as session:
        nvram = read_all(session)
        yield kind(Ground(FAULTS[fault], session, Here(clock=router.clock), nvram, ask=None))


def test_a_backup_that_has_gone_meanwhile_leaves_the_primary_on() -> None:
    router = a_router()
    with hands_on(router, "primary_off", PrimaryOff) as hands:
        router.nvram["link_wan1"] = "0"
        with pytest.raises(BadWish, match="could not take over"):
            hands.inject()
    assert router.writes == 0
    assert router.nvram["wan0_enable"] == "1"


def test_what_was_set_since_the_drill_looked_is_what_comes_back() -> None:
    router = a_router()
    with hands_on(router, "target_unreachable", TargetUnreachable) as hands:
        router.nvram["wandog_target"] = "9.9.9.9"
        hands.inject()
        assert router.nvram["wandog_target"] == NOWHERE
        hands.mend()
        hands.give_back()
    assert router.nvram["wandog_target"] == "9.9.9.9"


def test_what_somebody_set_while_the_fault_was_there_stays() -> None:
    router = a_router()
    with hands_on(router, "target_unreachable", TargetUnreachable) as hands:
        hands.inject()
        router.nvram["wandog_target"] = "9.9.9.9"
        hands.mend()
        hands.give_back()
    assert router.nvram["wandog_target"] == "9.9.9.9"


def test_failback_that_somebody_switched_off_since_is_off_in_the_end() -> None:
    router = a_router()
    router.nvram["wans_mode"] = "fb"
    with hands_on(router, "target_unreachable", TargetUnreachable) as hands:
        hands.inject()
        router.nvram["wans_mode"] = "fo"
        hands.mend()
        assert router.nvram["wans_mode"] == "fb"
        hands.give_back()
    assert router.nvram["wans_mode"] == "fo"


def test_another_routers_note_is_not_paid_to_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    router = a_router()
    Debts(router_from(CONNECTION)).note(
        Debt("00:00:5E:00:53:99", "target_unreachable", 0.0, 1, {"wandog_target": "9.9.9.9"}, {"wandog_target": TARGET})
    )
    with hands_on(router, "primary_off", PrimaryOff) as hands:

        def full(_debt: Debt) -> None:
            raise NotRemembered("It cannot be written", cure="Make room")

        monkeypatch.setattr(hands.session.debts, "note", full)
        with pytest.raises(NotRemembered):
            hands.inject()
        hands.give_back()
    assert router.writes == 0
    assert router.nvram["wandog_target"] == TARGET


def test_what_is_still_owed_is_named_under_a_key_that_playbooks_can_read() -> None:
    router = a_router()
    with hands_on(router, "target_unreachable", TargetUnreachable) as hands:
        hands.inject()
        router.drops.add("wandog_target")
        with pytest.raises(NotGivenBack) as raised:
            hands.give_back()
    assert raised.value.facts["former"] == {"wandog_target": TARGET}
