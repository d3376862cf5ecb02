# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default at plug-in, of a phone that serves by what it has now."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._default_usb import bring_default
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import FunctionRefused
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import read
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import usb_from
from unit.fake_phone import FakePhone

DEFAULT = "svc usb setScreenUnlockedFunctions rndis"
FUNCTION = "svc usb setFunctions rndis"


def bring(phone, wanted="rndis", *, check_mode=False):
    return bring_default(phone, wanted, usb_from(read(phone)), locks=phone.locked, check_mode=check_mode)


def test_a_locked_phone_keeps_the_function_that_it_drops_for_its_default():
    phone = FakePhone(function="rndis", locked=True)
    assert bring(phone).changed
    assert (phone.function, phone.default, phone.lines) == ("rndis", "rndis", [DEFAULT, FUNCTION])


def test_whichever_function_that_was():
    phone = FakePhone(function="ncm", locked=True)
    bring(phone)
    assert (phone.function, phone.default) == ("ncm", "rndis")


def test_one_that_the_phone_did_not_hear_is_set_once_more():
    phone = FakePhone(function="rndis", locked=True)
    phone.clock.after(0.5, lambda: setattr(phone, "switches_lost", 1))
    bring(phone)
    assert (phone.function, phone.lines) == ("rndis", [DEFAULT, FUNCTION, FUNCTION])


@pytest.mark.parametrize(("function", "locked"), [(None, True), (None, False), ("rndis", False)])
def test_where_there_is_nothing_to_keep_only_the_default_is_set(function, locked):
    phone = FakePhone(function=function, locked=locked)
    bring(phone)
    assert (phone.default, phone.lines) == ("rndis", [DEFAULT])


def test_a_default_that_goes_takes_the_function_along():
    phone = FakePhone(function="rndis", default="rndis", locked=True)
    bring(phone, None)
    assert (phone.function, phone.default) == (None, None)


def test_a_function_that_does_not_come_back_is_an_error():
    phone = FakePhone(function="ncm", locked=True, takes=("rndis",))
    with pytest.raises(FunctionRefused, match="dropped the USB function ncm"):
        bring(phone)


def test_check_mode_sends_nothing():
    phone = FakePhone(function="rndis", locked=True)
    assert bring(phone, check_mode=True).changed
    assert phone.lines == []
