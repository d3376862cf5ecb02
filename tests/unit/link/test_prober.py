# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real probes to servers on loopback: what counts as an answer, and that one that hangs holds up no other."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dns.message
import dns.rcode
import dns.rrset
import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._clock import WallClock
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill import _probes
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._prober import Probing, resolved
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._probes import (
    KINDS,
    Kind,
    Lost,
    bytes_per_minute,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._targets import Target
from lab.certificate import make_certificate
from tools.needs import unavailable

PATIENT_SECONDS = 20.0
"""For what must be answered, on any machine."""
HANGS_SECONDS = 0.3
"""For what is never answered."""


@contextmanager
def serving(answer: Callable[[socket.socket], None], kind: int = socket.SOCK_STREAM) -> Iterator[int]:
    """A server whose ``answer`` is called with each connection, or with the socket for each datagram."""
    with socket.socket(socket.AF_INET, kind) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.05)
        over = threading.Event()
        if kind == socket.SOCK_STREAM:
            server.listen()

        def serve() -> None:
            with ExitStack() as kept:
                while not over.is_set():
                    try:
                        answer(kept.enter_context(server.accept()[0]) if kind == socket.SOCK_STREAM else server)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            thread.join()


def saying(*lines: str) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.settimeout(PATIENT_SECONDS)
        connection.recv(4096)
        connection.sendall("".join(f"{line}\r\n" for line in lines).encode())

    return answer


def naming(address: str | None, code: int = dns.rcode.NOERROR) -> Callable[[socket.socket], None]:
    def answer(server: socket.socket) -> None:
        data, peer = server.recvfrom(4096)
        query = dns.message.from_wire(data)
        reply = dns.message.make_response(query)
        reply.set_rcode(code)
        if address:
            reply.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "A", address))
        server.sendto(b"junk", peer)
        server.sendto(reply.to_wire(), peer)

    return answer


def at(protocol: str, port: int, path: str = "") -> Target:
    return Target(protocol, "127.0.0.1", port, path, "127.0.0.1")


def probe(target: Target, seconds: float = PATIENT_SECONDS) -> None:
    async def once() -> None:
        async with asyncio.timeout(seconds):
            await KINDS[target.protocol].probe(target)

    asyncio.run(once())


def test_a_connection_is_an_answer_of_tcp_and_a_closed_port_is_none() -> None:
    with serving(lambda _connection: None) as port:
        probe(at("tcp", port))
    with pytest.raises(ConnectionRefusedError):
        probe(at("tcp", port))


def test_http_wants_204_and_nothing_else() -> None:
    with serving(saying("HTTP/1.1 204 No Content", "")) as port:
        probe(at("http", port, "/generate_204"))


@pytest.mark.parametrize("first", ["HTTP/1.0 302 Found", "HTTP/1.1 200 OK", "nonsense", ""])
def test_any_other_answer_is_lost(first: str) -> None:
    with serving(saying(first, "")) as port, pytest.raises(Lost):
        probe(at("http", port, "/"))


def test_tls_is_answered_by_a_handshake_with_whatever_certificate(tmp_path: Path) -> None:
    made = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.path, made.key_path)

    def shake(connection: socket.socket) -> None:
        connection.settimeout(PATIENT_SECONDS)
        context.wrap_socket(connection, server_side=True).close()

    with serving(shake) as port:
        probe(at("tls", port))


def test_tls_that_is_none_is_lost() -> None:
    with serving(saying("HTTP/1.1 400 Bad Request", "")) as port, pytest.raises(OSError, match="SSL"):
        probe(at("tls", port))


@pytest.mark.parametrize(
    ("address", "code"), [("198.51.100.53", dns.rcode.NOERROR), (None, dns.rcode.NXDOMAIN), (None, dns.rcode.NOERROR)]
)
def test_a_name_server_that_knows_or_knows_that_there_is_none_answers(address: str | None, code: int) -> None:
    with serving(naming(address, code), socket.SOCK_DGRAM) as port:
        probe(at("dns", port, "example.com"))


@pytest.mark.parametrize(("address", "code"), [("10.0.0.1", dns.rcode.NOERROR), (None, dns.rcode.SERVFAIL)])
def test_what_a_router_without_internet_makes_up_is_lost(address: str | None, code: int) -> None:
    with serving(naming(address, code), socket.SOCK_DGRAM) as port, pytest.raises(Lost):
        probe(at("dns", port, "example.com"))


@pytest.mark.parametrize(("protocol", "kind"), [("http", socket.SOCK_STREAM), ("dns", socket.SOCK_DGRAM)])
def test_silence_is_waited_for_no_longer_than_is_said(protocol: str, kind: int) -> None:
    def say_nothing(socket_: socket.socket) -> None:
        if kind == socket.SOCK_DGRAM:
            socket_.recvfrom(4096)

    with serving(say_nothing, kind) as port, pytest.raises(TimeoutError):
        probe(at(protocol, port, "/" if protocol == "http" else "example.com"), HANGS_SECONDS)


def test_a_ping_is_answered_where_this_user_may_ping() -> None:
    if why := KINDS["icmp"].unable():
        unavailable(f"a user who may ping: {why}")
    probe(at("icmp", 0))


def test_what_cannot_be_probed_from_here_is_left_out_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_probes, "_may_ping", lambda **_how: False)
    targets = (Target("icmp", "127.0.0.1", 0), Target("tcp", "name.invalid", 443), Target("tcp", "127.0.0.1", 443))
    able, unable = resolved(targets)
    assert [target.address for target in able] == ["127.0.0.1"]
    assert "may not ping" in unable["icmp 127.0.0.1"]
    assert "no IPv4 address" in unable["tcp name.invalid:443"]


def test_one_that_hangs_holds_up_no_other() -> None:
    with (
        serving(lambda _connection: None) as silent,
        serving(saying("HTTP/1.1 204 No Content", "")) as answering,
    ):
        targets = (at("http", silent, "/"), at("http", answering, "/"))
        probing = Probing(targets, WallClock(), period=0.02, patience=1.0)
        probing.start()
        enough = threading.Event()

        def look() -> None:
            while not enough.is_set():
                _hanging, fast = probing.series()
                if len([sample for sample in fast.samples if not sample.lost]) >= 20:
                    enough.set()
                enough.wait(0.02)

        looking = threading.Thread(target=look)
        looking.start()
        assert enough.wait(PATIENT_SECONDS), "twenty answers while the other hangs"
        looking.join()
        probing.stop()
        hanging, fast = probing.series()
    assert hanging.lost == len(hanging.samples) > 0
    sent = [sample.sent for sample in fast.samples]
    assert sent == sorted(sent)
    assert fast.lost < len(fast.samples)


def test_who_answers_is_told_by_what_was_sent_since_also_where_a_probe_hung_for_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late, fates = asyncio.Event(), iter("hangs answers lost lost lost".split())

    async def probe_of_a_script(_target: Target) -> None:
        fate = next(fates, "over")
        if fate == "hangs":
            await late.wait()
        elif fate == "over":
            late.set()
            over.set()
            raise Lost
        elif fate == "lost":
            raise Lost

    over = threading.Event()
    monkeypatch.setitem(KINDS, "tcp", Kind(probe_of_a_script, 0))  # type: ignore[arg-type]
    probing = Probing((at("tcp", 1),), WallClock(), period=0.02, patience=PATIENT_SECONDS)
    probing.start()
    assert over.wait(PATIENT_SECONDS), "the script is over"
    probing.stop()
    (series,) = probing.series()
    sent = [sample.sent for sample in series.samples]
    assert sent == sorted(sent)
    assert [sample.lost for sample in series.samples[:5]] == [False, False, True, True, True]
    name = series.name
    assert [probing.answering(moment) for moment in sent[:3]] == [{name: True}, {name: True}, {name: False}]
    assert probing.answering(sent[-1] + 1) == {name: False}


def test_stopping_before_the_start_and_twice_does_no_harm() -> None:
    probing = Probing((at("tcp", 1),), WallClock())
    probing.stop()
    started = Probing((at("tcp", 1),), WallClock(), period=0.05)
    started.start()
    started.stop()
    started.stop()
    assert all(sample.lost for sample in started.series()[0].samples)


def test_what_probing_costs_goes_with_how_often() -> None:
    targets: tuple[Target, ...] = (at("tcp", 443), at("icmp", 0))
    assert bytes_per_minute(targets, 0.2) == 5 * bytes_per_minute(targets, 1.0) > 0
