# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to set so that a phone tethers now and at every plug-in."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._tether_plan import (
    TetherWish,
    candidates,
    next_command,
    plan,
    settled,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import usb_from
from unit.dumps import a_phone, a_serving_phone

PRINTED = {"rndis": ("RNDIS",), "ncm": ("0x400",), None: ()}
BY_DEFAULT = "svc usb setScreenUnlockedFunctions"
NOW = "svc usb setFunctions"


def a_usb(function=None, default=None, **more):
    return usb_from(a_phone(current=("ADB", *PRINTED[function]), default=PRINTED[default], **more))


def wish(enabled=True, function="auto", plug_in_default=True):
    return TetherWish(enabled, function, plug_in_default)


@pytest.mark.parametrize(
    ("asked", "usb", "order"),
    [
        # Routers' kernels know RNDIS best.
        pytest.param(wish(), a_usb(), ("rndis", "ncm"), id="nothing yet"),
        pytest.param(wish(), a_usb("ncm"), ("ncm", "rndis"), id="what is in use"),
        pytest.param(wish(), a_usb(None, "ncm"), ("ncm", "rndis"), id="what is the default"),
        pytest.param(wish(), a_usb("rndis", "ncm"), ("rndis", "ncm"), id="what is in use before the default"),
        pytest.param(wish(function="ncm"), a_usb("rndis"), ("ncm",), id="what is asked for"),
        pytest.param(wish(enabled=False), a_usb("rndis"), (None,), id="none"),
    ],
)
def test_which_function_to_try(asked, usb, order):
    assert candidates(asked, usb) == order


@pytest.mark.parametrize(
    ("asked", "usb", "set_function", "set_default"),
    [
        pytest.param(wish(), a_usb(), True, True, id="from nothing"),
        pytest.param(wish(), a_usb("rndis", "rndis"), False, False, id="there"),
        pytest.param(wish(), a_usb("rndis"), False, True, id="only now"),
        pytest.param(wish(), a_usb(None, "rndis"), True, False, id="only at plug-in"),
        pytest.param(wish(plug_in_default=False), a_usb("rndis"), False, False, id="no default, none"),
        pytest.param(wish(function="ncm"), a_usb("rndis", "rndis"), True, True, id="the other kind"),
        pytest.param(wish(enabled=False), a_usb("rndis", "rndis"), True, True, id="off"),
        pytest.param(wish(enabled=False), a_usb(None, "rndis"), False, True, id="off at plug-in"),
        pytest.param(wish(enabled=False), a_usb(), False, False, id="off, off"),
    ],
)
def test_what_to_set(asked, usb, set_function, set_default):
    planned = plan(asked, usb, candidates(asked, usb)[0])
    assert (planned.set_function, planned.set_default) == (set_function, set_default)


def the_next(asked, usb):
    return next_command(plan(asked, usb, candidates(asked, usb)[0]))


@pytest.mark.parametrize(
    ("asked", "usb", "command"),
    [
        # Exactly one function is named, and adb never.
        pytest.param(wish(), a_usb(), f"{NOW} rndis", id="first the function, which may be refused"),
        pytest.param(wish(), a_usb("rndis"), f"{BY_DEFAULT} rndis", id="then the default"),
        pytest.param(wish(), a_usb("rndis", "rndis"), None, id="then nothing"),
        # Newer Androids drop the function with a new default under a locked screen, and with a default taken away.
        pytest.param(wish(), a_usb(None, "rndis", locked=True), f"{NOW} rndis", id="again where it was dropped"),
        pytest.param(wish(plug_in_default=False), a_usb("rndis", "rndis"), BY_DEFAULT, id="a default to go goes first"),
        pytest.param(wish(plug_in_default=False), a_usb(), f"{NOW} rndis", id="and the function again"),
        pytest.param(wish(enabled=False), a_usb("rndis", "rndis"), BY_DEFAULT, id="off: no default"),
        pytest.param(wish(enabled=False), a_usb("rndis"), NOW, id="off: no function"),
    ],
)
def test_one_step_at_a_time(asked, usb, command):
    assert the_next(asked, usb) == command


def test_a_switch_in_flight_has_not_settled():
    usb = a_usb("rndis", "rndis", applied=False)
    assert not settled(plan(wish(), usb, "rndis"), usb, host=True)


def test_on_a_host_it_has_settled_when_it_serves():
    bound, serving = a_usb("rndis", "rndis"), usb_from(a_serving_phone())
    assert not settled(plan(wish(), bound, "rndis"), bound, host=True)
    assert settled(plan(wish(), serving, "rndis"), serving, host=True)


def test_in_the_air_it_has_settled_when_it_is_set():
    usb = a_usb("rndis", "rndis", connected=False, configured=False)
    assert settled(plan(wish(), usb, "rndis"), usb, host=False)


def test_a_host_that_was_there_is_waited_for():
    usb = a_usb("rndis", "rndis", connected=False, configured=False)
    assert not settled(plan(wish(), usb, "rndis"), usb, host=True)


def test_off_has_settled_when_it_is_off():
    assert settled(plan(wish(enabled=False), a_usb(), None), a_usb(), host=True)
