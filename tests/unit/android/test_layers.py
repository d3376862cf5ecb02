# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which layers a phone gets, and why."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import (
    Abilities,
    gadget_from,
    root_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._layers import (
    LAYERS,
    Wanted,
    choose,
    refusal,
)


def able(sdk=34, root="none", *, locks=False, gadget="hal", automate=False, service=False):
    return Abilities(sdk, root, locks, gadget, automate, service)


def chosen(abilities, strategy=("auto",), *, flow=False):
    return [choice.layer for choice in choose(Wanted(strategy, flow=flow), abilities) if choice.chosen]


@pytest.mark.parametrize(
    ("abilities", "layers"),
    [
        pytest.param(able(), ["default_usb", "loop"], id="a usual phone"),
        pytest.param(able(root="granted"), ["default_usb", "root_service"], id="root"),
        pytest.param(able(root="refused"), ["default_usb", "loop"], id="root that is refused"),
        pytest.param(
            able(root="refused", service=True), ["default_usb", "root_service"], id="root that was taken away"
        ),
        pytest.param(able(service=True), ["default_usb", "root_service"], id="a service that outlived its su"),
        pytest.param(able(27, "refused", service=True), ["root_service"], id="Android 8, root that was taken away"),
        pytest.param(able(gadget="legacy"), ["default_usb"], id="no gadget HAL"),
        pytest.param(able(gadget="unknown"), ["default_usb", "loop"], id="who knows"),
        pytest.param(able(locks=True), ["default_usb", "loop"], id="locked"),
        pytest.param(able(27, gadget="legacy"), [], id="Android 8"),
        pytest.param(able(27, "granted", gadget="legacy"), ["root_service"], id="Android 8 with root"),
    ],
)
def test_auto_goes_by_what_the_phone_can_do(abilities, layers):
    assert chosen(abilities) == layers


@pytest.mark.parametrize("abilities", [able(), able(root="granted"), able(27), able(gadget="legacy"), able(locks=True)])
def test_every_layer_has_its_why(abilities):
    choices = choose(Wanted(("auto",)), abilities)
    assert [choice.layer for choice in choices] == list(LAYERS)
    assert all(choice.why for choice in choices)


def test_by_name_it_is_what_was_named():
    assert chosen(able(root="granted"), ("loop",)) == ["loop"]


@pytest.mark.parametrize(
    ("layer", "abilities", "possible"),
    [
        ("default_usb", able(28), True),
        ("default_usb", able(27), False),
        ("root_service", able(root="granted"), True),
        ("root_service", able(root="refused"), False),
        ("loop", able(27), False),
        ("loop", able(28), True),
        ("automate", able(automate=True), True),
        ("automate", able(), False),
        ("host", able(28), True),
        ("host", able(27), False),
    ],
)
def test_what_cannot_be(layer, abilities, possible):
    assert (refusal(layer, abilities, through_su=False) is None) is possible


@pytest.mark.parametrize(
    ("automate", "flow", "is_chosen"),
    [(True, True, True), (True, False, False), (False, True, False)],
    ids=["the app and a flow", "the app alone", "a flow of an app that is not there"],
)
def test_auto_takes_automate_only_where_a_flow_was_named(automate, flow, is_chosen):
    layers = chosen(able(automate=automate), flow=flow)
    assert ("automate" in layers) is is_chosen
    assert layers[:2] == ["default_usb", "loop"]


def test_android_8_takes_a_loop_that_goes_through_su():
    assert refusal("loop", able(27, "granted"), through_su=True) is None


@pytest.mark.parametrize(
    ("sdk", "said", "gadget"),
    [
        (34, "V1_2", "hal"),
        (36, "V2_0", "hal"),
        (34, "unknown", "legacy"),
        (34, "", "unknown"),
        (31, "usage: svc usb …", "unknown"),
        (29, "usage: svc usb …", "unknown"),
        (27, "", "legacy"),
    ],
)
def test_the_gadget(sdk, said, gadget):
    assert gadget_from(sdk, said) == gadget


@pytest.mark.parametrize(
    ("su", "uid", "root"),
    [("", "", "none"), ("/sbin/su", "0", "granted"), ("/sbin/su", "", "refused"), ("/sbin/su", "2000", "refused")],
)
def test_root(su, uid, root):
    assert root_from({"su": su, "root_uid": uid}) == root
