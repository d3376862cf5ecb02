# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routing rules of load balance: what a task gives, checked, and how the router keeps them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

PATTERN = r"(<[0-9./al]+>[0-9./al]+>[01])*"


@dataclass(frozen=True)
class Rule:
    """One rule: addresses, networks or ``all``, and the unit that such traffic takes."""

    source: str
    destination: str
    unit: int


def rules_from(given: Iterable[Mapping[str, str]]) -> tuple[Rule, ...]:
    """Read and check the option ``routing_rules``. Raises BadWish for what the page does not let pass either."""
    rules = tuple(
        Rule(_network(rule["source"]), _network(rule["destination"]), 0 if rule["wan"] == "primary" else 1)
        for rule in given
    )
    _check(rules)
    return rules


def encode_rules(rules: tuple[Rule, ...]) -> str:
    """``<source>destination>unit`` for each."""
    return "".join(f"<{rule.source}>{rule.destination}>{rule.unit}" for rule in rules)


def decode_rules(text: str) -> tuple[Rule, ...]:
    """Inverse of :func:`encode_rules`; what has not three columns is left out."""
    columns = [piece.split(">") for piece in text.split("<") if piece]
    return tuple(Rule(row[0], row[1], int(row[2])) for row in columns if len(row) == 3 and row[2] in ("0", "1"))


def _check(rules: tuple[Rule, ...]) -> None:
    seen = set()
    for rule in rules:
        ends = (_normal(rule.source), _normal(rule.destination))
        if ends in seen:
            raise BadWish(
                f"routing_rules has two rules from {rule.source} to {rule.destination}", cure="Keep one of them"
            )
        if ends[0] == ends[1]:
            raise BadWish(
                f"routing_rules has a rule from {rule.source} to itself",
                cure="Name what differs; all to all is no rule",
            )
        seen.add(ends)


def _normal(network: str) -> str:
    """192.168.50.7/24 and 192.168.50.0/24 are one network."""
    return network if network == "all" else str(ipaddress.IPv4Network(network, strict=False))


def _network(given: str) -> str:
    if given.lower() == "all":
        return "all"
    try:
        network = ipaddress.IPv4Network(given, strict=False)
    except ValueError as error:
        raise BadWish(
            f"routing_rules has {given!r}, which is no IPv4 address or network ({error})",
            cure="Give an address, a network such as 192.168.50.0/24, or all",
        ) from error
    address, _slash, mask = given.partition("/")
    # The page's fields hold 18 characters, which a mask in dots does not fit into.
    return f"{address}/{network.prefixlen}" if "." in mask else given
