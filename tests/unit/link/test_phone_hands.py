# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phone a drill does not lay hands on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NotSupported
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._faults import FAULTS
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._phone_hands import PhoneReboot, TetherOff
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._router_hands import Ground
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.builders import CONNECTION, a_backup_router
from unit.fake_phone import FakePhone
from unit.fake_router import FakeRouter

KINDS = {"tether_off": TetherOff, "phone_reboot": PhoneReboot}


def lay_hands_on(phone: FakePhone | None, fault: str) -> None:
    router = FakeRouter(a_backup_router())
    with Session(router_from(CONNECTION), router.clock, router.transport) as session:
        ground = Ground(FAULTS[fault], session, Here(clock=router.clock), router.nvram, ask=None, phone=phone)
        KINDS[fault](ground)


@pytest.mark.parametrize("fault", KINDS)
@pytest.mark.parametrize(
    ("serial", "refused"), [("192.168.42.129:5555", True), ("192.168.50.23:5555", False), (None, False)]
)
def test_one_that_is_reached_by_the_very_tether(fault: str, serial: str | None, refused: bool) -> None:
    phone = FakePhone(function="rndis", default="rndis")
    phone.address = replace(phone.address, serial=serial)
    if refused:
        with pytest.raises(BadWish, match="nobody could give it back"):
            lay_hands_on(phone, fault)
    else:
        lay_hands_on(phone, fault)
    assert phone.lines == []


@pytest.mark.parametrize(
    ("phone", "error", "why"),
    [
        (None, BadWish, "no phone is named"),
        (FakePhone(), BadWish, "does not tether"),
        (FakePhone(function="rndis", sdk="27"), NotSupported, "only root"),
    ],
    ids=["none", "without a tether", "an old one"],
)
def test_one_that_cannot_be_drilled(phone: FakePhone | None, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        lay_hands_on(phone, "tether_off")
