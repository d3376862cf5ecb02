# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill is asked for, what each fault lends and foretells, and whose address is asked for."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import mark_of
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._faults import FAULTS, NOWHERE
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import load, record
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._public_address import (
    PublicAddress,
    address_in,
    coarse,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._run import HANDS
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._targets import DEFAULT_TARGETS, targets_from
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._verdict import Range
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._wish import DRILL_OPTIONS, drill_wish_from
from tools.needs import unavailable
from unit.builders import CONNECTION, a_backup_router

ROUTER = "192.168.50.1"
PING = {"wandog_enable": "1", "wandog_target": "198.51.100.1", "wandog_interval": "2", "wandog_maxfail": "3"}
NONE = {"wandog_enable": "0", "wandog_target": ""}
DNS = {**NONE, "dns_probe": "1", "wandog_interval": "2", "wandog_maxfail": "3"}
BOTH = {**DNS, **PING}
HOURS = dict.fromkeys(("baseline_seconds", "on_backup_seconds", "after_seconds"), 3600.0)
TWELVE = [f"tcp://1.1.1.1:{port}" for port in range(1, 13)]
OURS, OTHER = mark_of("00:00:5E:00:53:07"), mark_of("00:00:5E:00:53:08")


def wish(**options: Any) -> Any:
    return drill_wish_from({name: each.get("default") for name, each in DRILL_OPTIONS.items()} | options, ROUTER)


def test_the_defaults_are_targets_of_all_five_protocols() -> None:
    assert [target.name for target in targets_from(DEFAULT_TARGETS, ROUTER)] == [
        "tcp 1.1.1.1:443",
        "tls 8.8.8.8:443",
        "http connectivitycheck.gstatic.com/generate_204",
        "dns 192.168.50.1 example.com",
        "icmp 1.1.1.1",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "tcp://1.1.1.1",
        "tcp://1.1.1.1:0",
        "tcp://1.1.1.1:99999",
        "tcp://1.1.1.1:443/path",
        "icmp://1.1.1.1:7",
        "dns://1.1.1.1",
        "dns://1.1.1.1/with space",
        "http://user@host/",
        "http://host/?query",
        f"dns://router/{'a' * 64}.example",
        "tls://[2606:4700::1111]:443",
        "ftp://1.1.1.1",
        "1.1.1.1",
        "",
    ],
)
def test_what_is_no_target_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(BadWish, match="no target") as raised:
        targets_from([text], ROUTER)
    assert "icmp://host" in raised.value.cure


@given(st.text(max_size=40))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with suppress(BadWish):
        targets_from([text], ROUTER)


def test_each_target_is_given_once_and_there_are_some() -> None:
    for given_ in ([], ["tcp://1.1.1.1:1"] * 2, [f"tcp://1.1.1.1:{port}" for port in range(1, 14)]):
        with pytest.raises(BadWish):
            targets_from(given_, ROUTER)


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"fault": "watch", "watch_seconds": 7 * 86400.0}, True),
        ({"fault": "watch", "watch_seconds": 7 * 86400.0, "probe_period": 2.0}, False),
        ({"fault": "primary_off", "watch_seconds": 7 * 86400.0}, False),
        ({**HOURS, "probe_period": 0.05, "targets": TWELVE}, True),
    ],
    ids=["a week as often as usual", "a week at leisure", "no watch", "hours in a hurry"],
)
def test_more_samples_than_can_be_kept_are_refused_before_the_first(options: dict[str, Any], refused: bool) -> None:
    if not refused:
        assert wish(**options).targets
        return
    with pytest.raises(BadWish, match="million samples") as raised:
        wish(**options)
    assert "Give a longer probe_period" in raised.value.cure


def test_every_fault_has_hands() -> None:
    assert set(HANDS) == set(FAULTS) == set(DRILL_OPTIONS["fault"]["choices"])


@pytest.mark.parametrize(
    ("stored", "lent"),
    [
        (PING, {"wandog_target": NOWHERE}),
        (BOTH, {"wandog_target": NOWHERE, "dns_probe": "0"}),
        (DNS, {"dns_probe_content": NOWHERE}),
        (NONE, {}),
    ],
    ids=["ping", "both", "dns", "none"],
)
def test_the_daemons_probes_are_made_to_fail_all_of_them(stored: dict[str, str], lent: dict[str, str]) -> None:
    assert FAULTS["target_unreachable"].lends(a_backup_router(**stored)) == lent


def test_an_unreachable_target_foretells_what_ping_alone_would_take() -> None:
    both = FAULTS["target_unreachable"].foretold(a_backup_router(**BOTH))
    ping = FAULTS["target_unreachable"].foretold(a_backup_router(**PING))
    assert both.failover == ping.failover
    assert ping.failover is not None
    assert ping.failover.least < 12 < ping.failover.most  # N x (T + 2), and a cold dial on top


@pytest.mark.parametrize("fault", ["primary_off", "target_unreachable", "pull_cable"])
def test_without_failback_the_return_is_foretold_all_the_same_as_it_is_lent(fault: str) -> None:
    with_it, without = (FAULTS[fault].foretold(a_backup_router(**PING, wans_mode=mode)) for mode in ("fb", "fo"))
    assert with_it.failback == without.failback
    assert without.failback is not None


def test_a_return_that_needs_a_lease_takes_longer() -> None:
    router = a_backup_router(**PING)
    live, leased = (FAULTS[name].foretold(router).failback for name in ("target_unreachable", "primary_off"))
    assert live is not None
    assert leased is not None
    assert live.most < leased.most


@pytest.mark.parametrize(
    ("fault", "stored", "said"),
    [
        ("target_unreachable", NONE, "Neither ping nor DNS"),
        ("target_unreachable", {**PING, "web_redirect": "1"}, "web_redirect"),
        ("pull_cable", {**PING, "wans_mode": "lb"}, "load balance"),
        ("primary_off", {"wans_dualwan": "wan none"}, "Dual WAN is off"),
    ],
)
def test_what_makes_a_failover_never_happen_is_said(fault: str, stored: dict[str, str], said: str) -> None:
    assert said in FAULTS[fault].foretold(a_backup_router(**stored)).why_never[0]


def test_a_pulled_cable_needs_no_probe() -> None:
    assert FAULTS["pull_cable"].foretold(a_backup_router(**NONE)).why_never == ()


def test_patience_is_a_multiple_of_what_is_foretold_and_never_short() -> None:
    foretold = FAULTS["pull_cable"].foretold(a_backup_router(**PING))
    assert foretold.failover is not None
    short, long = (wish(fault="pull_cable", patience=factor).plan(foretold) for factor in (1.0, 5.0))
    assert short.failover == max(foretold.failover.most, 20)
    assert long.failover == 5 * foretold.failover.most
    assert long.dated_by_outage is True


def test_the_backup_is_left_before_the_daemon_leaves_it_for_the_same_fault() -> None:
    foretold = FAULTS["target_unreachable"].foretold(a_backup_router(**PING))
    assert foretold.failover is not None
    plan = wish(fault="target_unreachable").plan(foretold)
    assert (plan.on_backup, plan.proof) == (0.0, foretold.failover.least / 2)


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [("failed", {"failed", "aborted"}), ("slow", {"slow", "failed", "aborted"}), ("never", set())],
)
def test_with_which_verdict_the_task_fails(fail_on: str, failing: set[str]) -> None:
    asked = wish(fail_on=fail_on)
    assert {verdict for verdict in ("passed", "slow", "failed", "aborted") if asked.fails(verdict)} == failing


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.20\n", "203.0.113.20"),
        ("fl=1\nip=203.0.113.20\nts=2\n", "203.0.113.20"),
        ("ip=2001:db8::1", "2001:db8::1"),
        ("<html>", None),
        ("", None),
        ("ip=nonsense", None),
    ],
)
def test_an_address_is_found_in_what_services_answer(text: str, address: str | None) -> None:
    assert address_in(text) == address


@pytest.mark.parametrize(
    ("whole", "kept"),
    [("203.0.113.20", "203.0.0.0/16"), ("2001:db8:1:2::3", "2001:db8::/32"), ("isp.example", None), (None, None)],
)
def test_half_of_an_address_is_kept(whole: str | None, kept: str | None) -> None:
    assert coarse(whole) == kept


@pytest.mark.parametrize(
    "url", ["ftp://x", "https://", "http://user@host/", "http://host:99999/", "nonsense", "https://[::1", "http://a b/"]
)
def test_an_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadWish, match="address_url"):
        PublicAddress(url)


def test_nobody_there_is_no_address() -> None:
    assert PublicAddress("http://127.0.0.1:1/").ask() is None


@pytest.mark.parametrize("url", ["http://a..b/", "http://x" + "y" * 70 + ".example/", "http://127.0.0.1:1/\N{SNOWMAN}"])
def test_a_name_that_cannot_be_looked_up_is_no_address(url: str) -> None:
    assert PublicAddress(url).ask() is None


def test_the_address_is_asked_for_by_ipv4_as_dual_wan_moves_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        six = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        unavailable("IPv6 on loopback")
    with six, socket.create_server(("127.0.0.1", six.getsockname()[1])) as four:
        port = four.getsockname()[1]
        for server, address in ((four, "203.0.113.20"), (six, "2001:db8::1")):
            threading.Thread(target=_answer_once, args=(server, address), daemon=True).start()
        both = [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked: both)
        assert PublicAddress(f"http://both.example:{port}/").ask() == "203.0.113.20"


def _answer_once(server: socket.socket, address: str) -> None:
    with suppress(OSError):
        connection, _peer = server.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(f"HTTP/1.0 200 OK\r\n\r\n{address}\n".encode())


def test_the_newest_drill_is_kept_also_where_the_clock_went_back() -> None:
    router = router_from(CONNECTION)
    for hour in (10, 11, 12):
        kept = record(router, {"id": f"20261125T{hour}0000Z-watch", "of": OURS}, keep=5)
    assert len(list(kept.parent.iterdir())) == 3
    path = record(router, {"id": "19700101T000000Z-watch", "of": OURS}, keep=2)
    assert path.exists()
    assert len(list(path.parent.iterdir())) == 2


def test_a_drill_of_another_router_at_the_address_is_told_from_ours() -> None:
    router = router_from(CONNECTION)
    for day, mark in ((1, OURS), (2, OTHER)):
        record(router, {"id": f"2026110{day}T000000Z-watch", "schema": 1, "of": mark}, keep=5)
    assert [each["id"] for each in load(router, mark=OURS)] == ["20261101T000000Z-watch"]
    assert len(load(router)) == 2


def test_and_none_is_removed_for_the_sake_of_another_router() -> None:
    router = router_from(CONNECTION)
    for day, mark in ((1, OTHER), (2, OURS), (3, OURS)):
        record(router, {"id": f"2026110{day}T000000Z-watch", "schema": 1, "of": mark}, keep=1)
    assert [(each["id"][:8], each["of"]) for each in load(router)] == [("20261101", OTHER), ("20261103", OURS)]


def test_a_range_is_two_numbers() -> None:
    assert Range(1, 2).as_result() == {"min": 1, "max": 2}
