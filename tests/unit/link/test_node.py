# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the machine that asks sees: a clock, a route, a name server on loopback."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor import _node
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._node import (
    ask_for_a_name,
    default_gateway,
    look_from_here,
    skew,
)

ROUTES = (
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "eth0\t0032A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
    "eth0\t00000000\t0132A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
)


def a_router(host="127.0.0.1", **differs):
    return Router(**{"host": host, "port": 8443, "tls": True, "username": "u", "password": "p", **differs})


@contextmanager
def a_name_server(code):
    """Answers one question with this code, or not at all where that is None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))

        def serve():
            question, asker = door.recvfrom(512)
            if code is not None:
                door.sendto(question[:2] + bytes([0x81, 0x80 | code]) + question[4:], asker)

        served = threading.Thread(target=serve)
        served.start()
        yield door.getsockname()[1]
        served.join()


@pytest.mark.parametrize(
    ("code", "said"), [(0, "answered"), (3, "answered"), (2, "failing"), (5, "failing"), (None, "silent")]
)
def test_what_a_name_server_says(code, said, monkeypatch):
    if code is None:
        monkeypatch.setattr(_node, "DNS_SECONDS", 0.05)  # nobody answers: how long that takes does not matter
    with a_name_server(code) as port:
        assert ask_for_a_name("127.0.0.1", port) == said


def test_a_port_that_is_closed_refuses():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    assert ask_for_a_name("127.0.0.1", port) == "refused"


def test_a_name_that_does_not_resolve_says_nothing():
    assert ask_for_a_name("no-such-host.invalid", 53) is None


@pytest.mark.parametrize(
    ("date", "seconds"),
    [("Fri, 15 Jan 2027 08:00:00 GMT", 0.0), ("Fri, 15 Jan 2027 07:59:00 GMT", -60.0), ("", None), ("now", None)],
)
def test_the_routers_clock(date, seconds):
    assert skew(date, 1_800_000_000.0) == seconds


def test_the_default_gateway():
    assert default_gateway(ROUTES) == "192.168.50.1"
    assert default_gateway(ROUTES.rpartition("eth0")[0]) is None
    assert default_gateway("") is None


@pytest.fixture
def asked(monkeypatch):
    ports = []
    monkeypatch.setattr(_node, "ask_for_a_name", lambda _host, port: ports.append(port) or "answered")
    return ports


@pytest.mark.parametrize(
    ("host", "given", "reached", "ports"),
    [
        ("127.0.0.1", None, True, []),
        ("192.0.2.1", None, True, [53]),
        ("127.0.0.1", 5353, True, [5353]),
        ("192.0.2.1", 0, True, []),
        ("192.0.2.1", None, False, []),
    ],
    ids=["a tunnel", "a router", "a port that was given", "left out", "no router"],
)
def test_the_name_server_is_asked_where_it_is_the_routers(asked, host, given, reached, ports):
    seen = look_from_here(a_router(host), "", 0.0, given, reached=reached)
    assert (asked, seen.beside) == (ports, host != "127.0.0.1")


@pytest.mark.parametrize(
    ("options", "tls", "verified"),
    [({}, True, True), ({"tls": False}, False, True), ({"validate_certs": False}, True, False)],
)
def test_how_the_password_goes(options, tls, verified):
    seen = look_from_here(a_router(**options), "", 0.0, 0, reached=True)
    assert (seen.tls, seen.verified) == (tls, verified)


def test_a_pin_verifies_whatever_else_is_said():
    assert look_from_here(a_router(validate_certs=False, fingerprint="0" * 64), "", 0.0, 0, reached=True).verified
