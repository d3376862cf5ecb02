# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the phone's dumps say, as Android prints them."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import BadAnswer
from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import usb_from
from unit.dumps import a_phone, a_serving_phone, dumpsys_tethering, dumpsys_usb, ip_addresses


@pytest.mark.parametrize(
    ("current", "function"),
    [
        pytest.param((), None, id="nothing"),
        pytest.param(("ADB",), None, id="adb only"),
        pytest.param(("RNDIS",), "rndis", id="one value"),
        pytest.param(("ADB", "RNDIS"), "rndis", id="a list"),
        pytest.param(("RNDIS", "ADB"), "rndis", id="a list the other way round"),
        pytest.param(("0x400",), "ncm", id="NCM as a number"),
        pytest.param(("ADB", "0x400"), "ncm", id="NCM in a list"),
        pytest.param(("NCM",), "ncm", id="NCM by name"),
        pytest.param(("MTP", "ADB"), None, id="files"),
        pytest.param(("0x20",), "rndis", id="RNDIS as a number"),
        pytest.param(("0x4",), None, id="files as a number"),
    ],
)
def test_the_function_and_the_default_are_read_alike(current, function):
    assert usb_from(a_phone(current=current)).function == function
    assert usb_from(a_phone(default=current)).default == function


def test_on_one_line_a_list_is_a_list_too():
    dump = dumpsys_usb().replace("current_functions=ADB", "current_functions=[ADB RNDIS]")
    assert usb_from({**a_phone(), "usb": dump}).function == "rndis"


def test_the_default_is_not_the_function():
    usb = usb_from(a_phone(current=("ADB",), default=("RNDIS",)))
    assert (usb.function, usb.default) == (None, "rndis")


@pytest.mark.parametrize("name", ["applied", "locked", "connected", "configured"])
@pytest.mark.parametrize("truth", [True, False])
def test_flags(name, truth):
    assert getattr(usb_from(a_phone(**{name: truth})), name) is truth


def test_a_charger_is_no_host():
    assert usb_from(a_phone(connected=False, configured=False, port_connected=True)).connected is False


def test_a_dump_without_these_fields_is_no_dump():
    with pytest.raises(BadAnswer, match="current_functions_applied"):
        usb_from({**a_phone(), "usb": "Can't find service: usb\n"})


@pytest.mark.parametrize(("functions", "function"), [("rndis,adb", "rndis"), ("adb", None), ("mtp,adb", None)])
@pytest.mark.parametrize("truth", [True, False])
def test_android_8_tells_it_in_lines(functions, function, truth):
    lines = (
        f"USB Manager State:\n  USB Device State:\n    mCurrentFunctions: {functions}\n    mCurrentOemFunctions: null\n"
        f"    mCurrentFunctionsApplied: {str(truth).lower()}\n    mConnected: {str(truth).lower()}\n"
        f"    mConfigured: {str(truth).lower()}\n    mHostConnected: true\n"
    )
    usb = usb_from({**a_phone(), "usb": lines})
    assert (usb.function, usb.default, usb.locked) == (function, None, False)
    assert (usb.applied, usb.connected, usb.configured) == (truth, truth, truth)


def test_a_phone_that_serves():
    usb = usb_from(a_serving_phone())
    assert usb.serving
    assert usb.as_result() == {
        "function": "rndis",
        "plug_in_default": "rndis",
        "host_connected": True,
        "serving": True,
        "why": None,
        "subnet": "192.168.42.0/24",
        "interface": "rndis0",
        "address": "192.168.42.129/24",
        "upstream": "rmnet_data2",
        "last_error": 0,
        "screen_locked": False,
    }


# Configured, by RNDIS or NCM, with an address, without an error, and with somewhere to forward to.
@pytest.mark.parametrize(
    "differs",
    [
        pytest.param(a_serving_phone(current=("ADB",)), id="no tether function"),
        pytest.param(a_serving_phone(applied=False), id="still switching"),
        pytest.param(a_serving_phone(configured=False), id="host did not take it"),
        pytest.param(a_serving_phone() | {"addresses": ip_addresses(address=None)}, id="no address"),
        pytest.param(a_serving_phone() | {"tethering": dumpsys_tethering(error=11)}, id="forbidden by the carrier"),
        pytest.param(a_serving_phone() | {"tethering": dumpsys_tethering(upstream="null")}, id="no upstream"),
        pytest.param(a_serving_phone() | {"tethering": dumpsys_tethering(upstream="[]")}, id="an empty upstream"),
    ],
)
def test_a_phone_that_does_not_serve(differs):
    assert not usb_from(differs).serving


@pytest.mark.parametrize(
    ("sections", "why"),
    [
        pytest.param(a_serving_phone(connected=False, configured=False), "nothing is plugged in", id="no host"),
        pytest.param(a_phone(), "no tether", id="no tether function"),
        pytest.param(a_serving_phone(applied=False), "switching", id="still switching"),
        pytest.param(a_serving_phone(configured=False), "has not taken", id="host did not take it"),
        pytest.param(a_serving_phone() | {"addresses": ip_addresses(address=None)}, "no address yet", id="no address"),
        pytest.param(
            a_serving_phone() | {"tethering": dumpsys_tethering(error=11)},
            "provider does not allow it (11)",
            id="error",
        ),
        pytest.param(a_serving_phone() | {"tethering": dumpsys_tethering(error=99)}, "error (99)", id="who knows"),
        pytest.param(
            a_serving_phone() | {"tethering": dumpsys_tethering(upstream="null")}, "no way out", id="no upstream"
        ),
    ],
)
def test_and_why(sections, why):
    assert why in usb_from(sections).why_not_serving


@pytest.mark.parametrize("interface", ["rndis0", "ncm0", "usb0"])
def test_the_interface_of_the_tether(interface):
    usb = usb_from(a_serving_phone() | {"addresses": ip_addresses(interface)})
    assert (usb.interface, usb.address) == (interface, "192.168.42.129/24")


@pytest.mark.parametrize("address", ["192.168.231.77/24", "10.140.3.1/24", "172.20.9.129/24"])
def test_the_address_may_be_any(address):
    assert usb_from(a_serving_phone() | {"addresses": ip_addresses("rndis0", address)}).address == address


def test_an_error_of_another_tether_is_not_ours():
    assert usb_from(a_serving_phone()).error == 0


def test_ours_is():
    assert usb_from(a_serving_phone() | {"tethering": dumpsys_tethering(error=12)}).error == 12


@pytest.mark.parametrize(
    ("printed", "upstream"),
    [("[rmnet_data2]", "rmnet_data2"), ("rmnet0", "rmnet0"), ("null", None), ("[]", None)],
)
def test_where_it_forwards_to(printed, upstream):
    assert usb_from(a_serving_phone() | {"tethering": dumpsys_tethering(upstream=printed)}).upstream == upstream


def test_a_dump_that_timed_out_is_read_as_far_as_it_goes():
    usb = usb_from(a_serving_phone() | {"tethering": "Dump timeout after 5000ms"})
    assert (usb.error, usb.upstream) == (0, None)


def test_a_locked_screen_is_seen():
    assert usb_from(a_serving_phone(locked=True)).as_result()["screen_locked"]


@pytest.mark.parametrize(("said", "upstream"), [("rmnet_data0", "rmnet_data0"), ("null", None)])
def test_android_8_0_has_one_upstream_interface(said, upstream):
    dump = dumpsys_tethering(upstream=said).replace("interface(s)", "interface")
    assert usb_from({**a_serving_phone(), "tethering": dump}).upstream == upstream
