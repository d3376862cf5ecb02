# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The internet behind the lab's router: it answers by the line that carries, and not at all where none does."""

from __future__ import annotations

import socket
import ssl
import struct
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from lab.client import LabClient, LabError, running

EVENT_SECONDS = 30
NOTHING_SECONDS = 0.5
"""How long nothing must come for it to count as nothing."""


@pytest.fixture(scope="module")
def standing_lab() -> Iterator[LabClient]:
    with running(speed=20) as lab:
        yield lab


@pytest.fixture
def lab(standing_lab: LabClient) -> LabClient:
    standing_lab.ctl("reset")
    until(lambda: fetch(standing_lab, "/address"), "the internet after a reset")
    return standing_lab


def until(seen: Callable[[], object], what: str) -> object:
    deadline = time.monotonic() + EVENT_SECONDS
    while not (found := seen()):
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
    return found


def fetch(lab: LabClient, path: str, patience: float = NOTHING_SECONDS) -> str | None:
    """The body, or None where nothing comes."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{lab.internet_http_port}{path}", timeout=patience) as reply:
            return reply.read().decode().strip() or str(reply.status)
    except OSError:
        return None


def connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), NOTHING_SECONDS).close()
    except TimeoutError:
        return False
    return True


def resolves(lab: LabClient, patience: float = NOTHING_SECONDS) -> bool:
    query = struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + b"\x01x\x07example\x03com\x00" + struct.pack("!HH", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(patience)
        asking.connect(("127.0.0.1", lab.internet_dns_port))
        asking.send(query)
        try:
            answer = asking.recv(512)
        except TimeoutError:
            return False
    identity, _flags, questions, answers = struct.unpack("!HHHH", answer[:8])
    return (identity, questions, answers) == (7, 1, 1)


def on_the_second_line(lab: LabClient) -> None:
    for name, value in {
        "wans_dualwan": "wan lan",
        "wans_usb_bk": "0",
        "wans_standby": "1",
        "wandog_enable": "1",
        "wandog_target": "198.51.100.1",
        "wandog_interval": "1",
        "wandog_maxfail": "1",
    }.items():
        lab.ctl("router", "set", name, value)
    lab.ctl("wan", "link", 1, "up")
    until(lambda: lab.ctl("router", "state")["links"]["1"]["connected"], "the second line as hot standby")
    lab.ctl("wan", "upstream", 0, "silent")
    until(lambda: fetch(lab, "/address") == "192.0.2.20", "the traffic on the second line")


def test_it_answers_in_all_its_ways(lab: LabClient) -> None:
    assert fetch(lab, "/generate_204", EVENT_SECONDS) == "204"
    assert fetch(lab, "/address", EVENT_SECONDS) == "203.0.113.20"
    assert fetch(lab, "/cdn-cgi/trace", EVENT_SECONDS) == "fl=1\nip=203.0.113.20\nts=1"
    assert fetch(lab, "/else") is None
    assert resolves(lab, EVENT_SECONDS)
    context = ssl.create_default_context(cafile=str(lab.certificate))
    context.check_hostname = False
    with (
        socket.create_connection(("127.0.0.1", lab.internet_tls_port)) as plain,
        context.wrap_socket(plain) as secret,
    ):
        secret.sendall(b"GET /address HTTP/1.1\r\n\r\n")
        assert b"203.0.113.20" in secret.recv(1000)


@pytest.mark.parametrize("words", [("wan", "upstream", 0, "silent"), ("wan", "link", 0, "down"), ("router", "reboot")])
def test_where_nothing_carries_nobody_answers_and_nobody_refuses(lab: LabClient, words: tuple[object, ...]) -> None:
    lab.ctl(*words)
    until(lambda: not connects(lab.internet_http_port), "the way closed")
    assert not connects(lab.internet_tls_port)
    assert not resolves(lab)
    assert lab.ctl("internet", "state") == {"line": None, "address": None, "dns": False}


def test_it_comes_back_with_the_line_on_the_same_ports(lab: LabClient) -> None:
    lab.ctl("wan", "upstream", 0, "silent")
    until(lambda: not connects(lab.internet_http_port), "the way closed")
    lab.ctl("wan", "upstream", 0, "up")
    until(lambda: fetch(lab, "/address"), "the way open")
    assert resolves(lab, EVENT_SECONDS)


def test_by_the_second_line_one_comes_from_another_address(lab: LabClient) -> None:
    on_the_second_line(lab)
    assert lab.ctl("internet", "state") == {"line": 2, "address": "192.0.2.20", "dns": True}


def test_name_servers_may_be_reached_by_one_line_only(lab: LabClient) -> None:
    lab.ctl("internet", "dns", 0)
    assert resolves(lab, EVENT_SECONDS)
    on_the_second_line(lab)
    assert fetch(lab, "/generate_204", EVENT_SECONDS) == "204"
    assert not resolves(lab)


def test_tcp_may_be_lost_while_names_are_answered(lab: LabClient) -> None:
    lab.ctl("internet", "tcp", "silent")
    until(lambda: not connects(lab.internet_http_port), "TCP lost")
    assert resolves(lab, EVENT_SECONDS)
    lab.ctl("reset")
    until(lambda: connects(lab.internet_http_port), "TCP back")


def test_unknown_words_are_answered_with_those_there_are(lab: LabClient) -> None:
    with pytest.raises(LabError, match="internet state"):
        lab.ctl("internet", "dns", 5)
