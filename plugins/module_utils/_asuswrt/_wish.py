# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task asks of the Dual WAN tab, checked as far as that is possible without asking the router."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._rules import Rule, rules_from
from ansible_collections.homelab.dualwan.plugins.module_utils._checks import is_ipv4, is_ipv6
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

TARGET_LENGTH = 100
"""``wandog_target``: a longer one is dropped in silence (router_defaults of 382 and 386)."""
HOSTNAME_LENGTH = 255
COUNTS = range(1, 100)
"""``wandog_maxfail`` and ``wandog_fb_count`` hold two digits; the daemon makes no sense of 0."""
MTU = range(576, 1501)

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_RATIO = re.compile(r"[1-9]:[1-9]")
_NO_HOSTS = ("false", "true", "no", "yes", "off", "on", "none", "null")
"""What YAML and Ansible make of a word that was meant to switch something off."""


@dataclass(frozen=True)
class Wish:
    """The options of ``asus_dualwan``. None means: leave it as it is."""

    enabled: bool | None = None
    primary: str | None = None
    secondary: str | None = None
    lan_port: int | None = None
    mode: str | None = None
    failback: bool | None = None
    hot_standby: bool | None = None
    load_balance_ratio: str | None = None
    routing_rules: tuple[Rule, ...] | None = None
    interval: int | None = None
    failover_count: int | None = None
    failback_count: int | None = None
    preset: str | None = None
    """Stands for those three, as the next two do together; see _pace."""
    failover_within: int | None = None
    """Seconds."""
    megabytes_per_month: float | None = None
    ping_target: str | None = None
    """``""`` switches the ping probe off."""
    dns_hostname: str | None = None
    """``""`` switches the DNS probe off."""
    dns_addresses: tuple[str, ...] | None = None
    auto_usb_backup: bool | None = None
    usb_device: str | None = None
    usb_mtu: int | None = None
    usb_ttl_extend: bool | None = None
    usb_ttl_spoof: bool | None = None
    even_without_backup: bool = False
    """Also where that ends the internet."""
    # What settling the page's own words adds (see _page_ports).
    auto_wan: bool | None = None
    """Whether the router looks for its WAN port by itself."""
    fast_lan: bool = False
    """``lan_port`` is the port that was asked for as ``lan2``."""
    fast_wan: bool | None = None
    """Whether ``wan`` means a port other than the ordinary one."""
    wan_interface: str | None = None
    """The interface that is to be ``wan``."""


def wish_from(params: Mapping[str, Any]) -> Wish:
    """Read and check the options; raises BadWish naming the option, its value and what would do."""
    detection = params.get("detection") or {}
    dns = detection.get("dns_query") or {}
    state = params.get("state")
    rules = params.get("routing_rules")
    wish = Wish(
        enabled=None if state is None else state == "enabled",
        primary=params.get("primary"),
        secondary=params.get("secondary"),
        lan_port=params.get("lan_port"),
        mode=params.get("mode"),
        failback=params.get("failback"),
        hot_standby=params.get("hot_standby"),
        load_balance_ratio=params.get("load_balance_ratio"),
        routing_rules=None if rules is None else rules_from(rules),
        interval=detection.get("interval"),
        failover_count=detection.get("failover_count"),
        failback_count=detection.get("failback_count"),
        preset=detection.get("preset"),
        failover_within=detection.get("failover_within"),
        megabytes_per_month=detection.get("megabytes_per_month"),
        ping_target=detection.get("ping_target"),
        dns_hostname=dns.get("hostname"),
        dns_addresses=None if dns.get("addresses") is None else tuple(dns["addresses"]),
        auto_usb_backup=params.get("auto_usb_backup"),
        usb_device=params.get("usb_device"),
        usb_mtu=params.get("usb_mtu"),
        usb_ttl_extend=params.get("usb_ttl_extend"),
        usb_ttl_spoof=params.get("usb_ttl_spoof"),
        even_without_backup=bool(params.get("even_without_backup")),
    )
    _check(wish)
    return wish


def is_host(text: str, longest: int) -> bool:
    """Whether ``text`` is an IPv4 address or a host name that a router may be given: it ends up in a shell command
    there, and httpd stores ``$(id)`` as readily as a name (seen on the genuine one)."""
    if len(text) > longest:
        return False
    if re.fullmatch(r"[0-9.]+", text):
        return is_ipv4(text)
    return all(_LABEL.fullmatch(label) for label in text.removesuffix(".").split("."))


def _check(wish: Wish) -> None:
    if wish.primary is not None and wish.primary == wish.secondary:
        raise BadWish(
            f"primary and secondary are both {wish.primary}",
            cure="Choose two different ones, such as primary: wan and secondary: usb",
        )
    if wish.enabled is False and wish.secondary is not None:
        raise BadWish("secondary is given with state: disabled", cure="Leave secondary out, or set state: enabled")
    if wish.primary == "auto" and wish.enabled:
        raise BadWish(
            "primary is auto with state: enabled",
            cure="Name the port: the router looks for the WAN port by itself only while Dual WAN is off",
        )
    if wish.mode == "load_balance" and wish.failback is not None:
        raise BadWish(
            "failback is given with mode: load_balance", cure="Leave failback out: both lines are in use at all times"
        )
    if wish.usb_mtu and wish.usb_mtu not in MTU:
        raise BadWish(f"usb_mtu is {wish.usb_mtu}", cure=f"Give 0 for automatic, or a value from {MTU[0]} to {MTU[-1]}")
    if wish.load_balance_ratio is not None and not _RATIO.fullmatch(wish.load_balance_ratio):
        raise BadWish(
            f"load_balance_ratio is {wish.load_balance_ratio!r}",
            cure="Give two digits from 1 to 9 in quotes, such as '3:1': without, YAML makes a number of them",
        )
    _check_detection(wish)


def _check_detection(wish: Wish) -> None:
    for name in ("failover_count", "failback_count"):
        count = getattr(wish, name)
        if count is not None and count not in COUNTS:
            raise BadWish(f"detection.{name} is {count}", cure=f"Give a count from {COUNTS[0]} to {COUNTS[-1]}")
    _check_pace(wish)
    for name, host in (("ping_target", wish.ping_target), ("dns_query.hostname", wish.dns_hostname)):
        if host and host.lower() in _NO_HOSTS:
            raise BadWish(
                f"detection.{name} is {host}, which would be the name of a host",
                cure="Give '' to switch this probe off",
            )
    if wish.ping_target and not is_host(wish.ping_target, TARGET_LENGTH):
        raise BadWish(
            f"detection.ping_target is {wish.ping_target!r}, which is no host name or IPv4 address",
            cure=f"Give one of at most {TARGET_LENGTH} characters, such as 1.1.1.1; an address needs no working DNS",
        )
    if wish.dns_hostname and not is_host(wish.dns_hostname, HOSTNAME_LENGTH):
        raise BadWish(
            f"detection.dns_query.hostname is {wish.dns_hostname!r}, which is no host name",
            cure="Give a host name, such as dns.msftncsi.com",
        )
    if wish.dns_addresses in (None, ("*",)):
        return
    for address in wish.dns_addresses or ("",):
        if not is_ipv4(address) and not (is_ipv6(address) and "%" not in address):
            raise BadWish(
                f"detection.dns_query.addresses has {address!r}, which is no address",
                cure="Give the addresses that the host name resolves to, or * alone for any",
            )


def _check_pace(wish: Wish) -> None:
    """What stands for numbers, beside such numbers or a second of its kind."""
    given = {name for name in ("interval", "failover_count", "failback_count") if getattr(wish, name) is not None}
    if wish.preset is not None and wish.failover_within is not None:
        raise BadWish("detection has both preset and failover_within", cure="Give one of them")
    if wish.preset is not None and len(given) == 3:
        raise BadWish(
            f"detection.preset is {wish.preset}, and all three numbers that it stands for are given beside it",
            cure="Leave preset out, or one of interval, failover_count and failback_count",
        )
    if wish.failover_within is not None and given & {"interval", "failover_count"}:
        raise BadWish(
            "detection.failover_within is given with interval or failover_count, which follow from it",
            cure="Leave out failover_within, or both of those; failback_count may stay",
        )
    if wish.failover_within is not None and wish.mode == "load_balance":
        raise BadWish(
            "detection.failover_within is given with mode: load_balance, which has no failover", cure="Leave it out"
        )
    if wish.megabytes_per_month is not None and wish.failover_within is None:
        raise BadWish(
            "detection.megabytes_per_month is given without failover_within",
            cure="Add failover_within, such as 30, or leave it out",
        )
