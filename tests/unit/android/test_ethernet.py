# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone tells of its Ethernet tether."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android import _ethernet_info
from ansible_collections.homelab.dualwan.plugins.module_utils._android._ethernet import ethernet_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import OUT_BY_WIFI
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from unit.fake_clock import FakeClock

SERVING = {
    "sdk": "34",
    "links": (
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n"
        "23: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP"
    ),
    "tethering": (
        "  Tether state:\n    wlan1 - AvailableState - lastError = 5\n    eth0 - TetheredState - lastError = 0\n"
        "    Upstream wanted: true\n    Current upstream interface(s): [rmnet_data2]\n"
    ),
    "addresses": "23: eth0    inet 192.168.77.9/24 brd 192.168.77.255 scope global eth0\\       valid_lft forever",
}


def found(**differs):
    return ethernet_from({**SERVING, **differs})


def test_one_that_serves():
    told = found().as_result()
    assert told["serving"] is True
    assert (told["interface"], told["subnet"], told["upstream"]) == ("eth0", "192.168.77.0/24", "rmnet_data2")
    assert (told["not_serving_why"], told["by_hand"]) == (None, [])


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        ({"sdk": "29"}, "Ethernet tethering came with Android 11"),
        ({"links": "1: lo: <LOOPBACK,UP>"}, "the phone has no Ethernet adapter"),
        ({"links": "23: usb0: <UP,LOWER_UP>"}, "the phone has no Ethernet adapter"),
        ({"links": "23: eth0: <NO-CARRIER,UP>"}, "nothing is at the other end of the adapter's cable"),
        ({"tethering": ""}, "Ethernet tethering is off"),
        ({"tethering": "  eth0 - AvailableState - lastError = 0\n"}, "Ethernet tethering is off"),
        ({"tethering": "  eth0 - AvailableState - lastError = 11\n"}, "Android refuses to tether: the provider"),
        ({"addresses": ""}, "the tether has no address yet"),
        ({"tethering": SERVING["tethering"].replace("[rmnet_data2]", "null")}, "the tether has no way out"),
    ],
)
def test_the_first_thing_that_is_missing(differs, why):
    ethernet = found(**differs)
    assert not ethernet.serving
    assert ethernet.why_not_serving.startswith(why)
    assert len(ethernet.by_hand) == 1


def test_the_address_that_a_router_gave_is_no_tethers():
    assert found(tethering="  Current upstream interface(s): [eth0]\n").as_result()["address"] is None


@pytest.mark.parametrize(("upstream", "warned"), [("[wlan0]", True), ("[rmnet_data2]", False)])
def test_a_way_out_by_the_phones_wifi_serves_and_is_warned_of(upstream, warned):
    ethernet = found(tethering=SERVING["tethering"].replace("[rmnet_data2]", upstream))
    assert ethernet.serving
    assert _ethernet_info._warnings(ethernet) == ([OUT_BY_WIFI] if warned else [])


def test_a_look_that_ended_late_is_not_the_last(monkeypatch):
    clock, began = FakeClock(), []
    start = clock.now()

    def slow(_phone):
        began.append(clock.now() - start)
        clock.sleep(9)
        return found() if len(began) == 2 else found(tethering="")

    monkeypatch.setattr(_ethernet_info, "_look", slow)
    waited = _ethernet_info._await_serving(None, found(tethering=""), 5, Here(clock=clock))
    assert (waited.serving, began) == (True, [2, 13])
