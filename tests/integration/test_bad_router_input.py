# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong on the way to a router: one login at most, nothing changed, and a message that says what to do.

What can go wrong in the middle is a table: ``fault_matrix/``.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from integration.house import House

WISH: dict[str, Any] = {"state": "enabled", "secondary": "usb"}


@pytest.fixture
def a_web_server() -> Iterator[int]:
    """Somebody else's: it answers every request with a page. Yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _peer = listening.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n<html>Nothing here</html>")

        serving = threading.Thread(target=serve)
        serving.start()
        yield listening.getsockname()[1]
        over.set()
        serving.join()


def refused(house: House, *, saying: tuple[str, ...], reason: str, kinds: list[str], **options: Any) -> None:
    """The task fails for that reason, after that conversation, and the router keeps what it had."""
    before = house.nvram()
    outcome = house.run("asus_dualwan", **{**WISH, **options})
    assert outcome.failed
    assert outcome["reason"] == reason
    for words in saying:
        assert words in outcome.message
    assert house.kinds() == kinds
    settings = ("wans_", "wandog_", "dns_probe", "modem_")
    after = house.nvram()
    assert {name: after[name] for name in after if name.startswith(settings)} == {
        name: before[name] for name in before if name.startswith(settings)
    }


def test_a_wrong_password_reaches_the_router_exactly_once(house: House) -> None:
    refused(
        house,
        password="not it",
        reason="wrong_password",
        saying=("refused the password of user admin", "tried once"),
        kinds=["login"],
    )
    assert house.lab.ctl("router", "state")["failed_logins"] == 1


def test_a_locked_router_says_for_how_long(house: House) -> None:
    house.lab.ctl("router", "fault", "lock", "200")
    outcome = house.run("asus_dualwan", **WISH)
    assert outcome["reason"] == "locked_out"
    assert 0 < outcome["locked_seconds"] <= 200
    assert f"for {outcome['locked_seconds']} more seconds" in outcome.message
    assert house.kinds() == ["login"]


def test_nothing_at_the_address(house: House) -> None:
    refused(house, port=1, tls=False, reason="unreachable", saying=("Nothing answers", "Check host and port"), kinds=[])


def test_something_else_than_asuswrt(house: House, a_web_server: int) -> None:
    refused(
        house, port=a_web_server, tls=False, reason="not_asuswrt", saying=("HTTP 404", "Check host, port"), kinds=[]
    )


def test_plain_http_where_tls_is_expected(house: House) -> None:
    refused(house, port=house.lab.http_port, reason="not_asuswrt", saying=("set tls to false",), kinds=[])


@pytest.mark.parametrize("pin", [None, "ab" * 32], ids=["no pin", "another pin"])
def test_a_certificate_that_is_not_trusted_is_shown_and_no_password_sent(house: House, pin: str | None) -> None:
    refused(
        house,
        certificate_fingerprint=pin,
        reason="certificate_not_trusted",
        saying=(house.lab.certificate_fingerprint, "No password was sent"),
        kinds=[],
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        pytest.param("rc_support", "mssid 2.4G 5G usbX1 modem", "has no Dual WAN", id="no Dual WAN"),
        pytest.param("wans_cap", "wan lan", "no USB modem support", id="no usb among the ports"),
        pytest.param("rc_support", "mssid 2.4G dualwan", "no USB modem support", id="no modem in the firmware"),
        pytest.param("rc_support", "dualwan modem mtwancfg", "Multi-WAN profiles", id="another kind of firmware"),
        pytest.param("sw_mode", "3", "access point", id="access point"),
    ],
)
def test_a_router_that_cannot(house: House, name: str, value: str, words: str) -> None:
    house.lab.ctl("router", "set", name, value)
    refused(house, reason="not_capable", saying=(words,), kinds=["login", "read", "logout"])


@pytest.mark.parametrize("interval", [0, -1, 100, 1000])
def test_an_interval_outside_the_firmware_s_range(house: House, interval: int) -> None:
    refused(
        house,
        detection={"interval": interval},
        reason="bad_wish",
        saying=(f"interval is {interval}", "1 to 99"),
        kinds=["login", "read", "logout"],
    )


@pytest.mark.parametrize("target", ["bad host", "a;reboot", "$(id)", "<script>", "1.1.1.256", "x" * 101, "`id`"])
def test_a_ping_target_that_is_no_host_never_reaches_the_router(house: House, target: str) -> None:
    refused(house, detection={"ping_target": target}, reason="bad_wish", saying=("ping_target is",), kinds=[])


def test_primary_equal_to_secondary(house: House) -> None:
    refused(house, primary="usb", reason="bad_wish", saying=("both usb", "Choose two different"), kinds=[])


def test_a_phone_that_is_not_there_yet_is_allowed_and_told(house: House) -> None:
    house.lab.ctl("cable", "pull")
    outcome = house.run("asus_dualwan", **WISH)
    assert not outcome.failed
    assert outcome["after"]["secondary"] == "usb"
    assert any("phone is not seen" in warning for warning in outcome["warnings"])


def test_a_value_that_the_router_drops_in_silence_is_found_out(house: House) -> None:
    house.lab.ctl("router", "fault", "silent-drop", "wandog_maxfail")
    outcome = house.run("asus_dualwan", **WISH, detection={"failover_count": 7})
    assert outcome["reason"] == "not_stored"
    assert outcome["kept"] == {"wandog_maxfail": "12"}
    assert house.kinds().count("write") == 1


def test_a_session_that_the_router_forgets_is_renewed_once(house: House) -> None:
    house.lab.ctl("router", "fault", "session-gone")
    assert house.run("asus_dualwan", **WISH)["changed"] is True
    assert house.kinds().count("login") == 2


def test_a_router_that_reboots_by_itself_in_the_middle_is_waited_for(house: House) -> None:
    house.lab.ctl("router", "fault", "reboot-after-write")
    outcome = house.run("asus_dualwan", **WISH)
    assert outcome["after"]["state"] == "enabled", outcome.message
    assert house.kinds().count("login") == 2
    assert house.run("asus_dualwan", **WISH)["changed"] is False
