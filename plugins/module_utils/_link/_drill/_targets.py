# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is probed: targets as a person writes them. Pure.

``tcp://host:port``, ``tls://host[:port]``, ``http://host[:port][/path]``, ``dns://server[:port]/name`` and
``icmp://host``. ``router`` for a host is the router that the drill is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ansible_collections.homelab.dualwan.plugins.module_utils._checks import is_name
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

ROUTER = "router"
DEFAULT_TARGETS = (
    "tcp://1.1.1.1:443",
    "tls://8.8.8.8:443",
    "http://connectivitycheck.gstatic.com/generate_204",
    "dns://router/example.com",
    "icmp://1.1.1.1",
)
"""Of different providers, that none of them alone can look like an outage; all of them are there to be asked."""

PORTS: Mapping[str, int] = {"tcp": 0, "tls": 443, "http": 80, "dns": 53, "icmp": 0}
"""By protocol, where none is given; 0 where one must be, or there is none."""
MOST_TARGETS = 12
MOST_DNS_NAME = 240
"""Of the characters that a name may have (RFC 1035): the word before it, which no cache has, needs the others."""
_CURE = (
    "Give tcp://host:port, tls://host, http://host/path, dns://server/name or icmp://host; IPv4 addresses or names, as "
    "Dual WAN moves IPv4"
)


@dataclass(frozen=True)
class Target:
    """One of them. ``host`` is what was written, ``address`` what it was resolved to."""

    protocol: str
    host: str
    port: int
    path: str = ""
    """Of HTTP with its slash, of DNS the name to ask for."""
    address: str = ""

    @property
    def name(self) -> str:
        """As people know it. Without a port where it is the usual one."""
        usual = self.port == PORTS[self.protocol] and self.protocol != "tls"
        where = self.host if usual else f"{self.host}:{self.port}"
        return f"{self.protocol} {where}{' ' * (self.protocol == 'dns')}{self.path}"


def targets_from(given: Sequence[str], router: str) -> tuple[Target, ...]:
    """Read the option; raises BadWish. ``router`` is the router's address."""
    if not 0 < len(given) <= MOST_TARGETS:
        raise BadWish(f"targets has {len(given)} entries", cure=f"Give 1 to {MOST_TARGETS}, of several protocols")
    found = tuple(_target(text.strip(), router) for text in given)
    for target in found:
        if found.count(target) > 1:
            raise BadWish(f"targets has {target.name} twice", cure="Give each once")
    return found


def _target(text: str, router: str) -> Target:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _bad(text) from error
    protocol, host = parts.scheme, parts.hostname or ""
    if protocol not in PORTS or parts.username or parts.query or parts.fragment or not is_name(host):
        raise _bad(text)
    port = PORTS[protocol] if port is None else port
    path = parts.path
    if protocol == "dns":
        path = path.strip("/")
        if len(path) > MOST_DNS_NAME or not is_name(path):
            raise _bad(text)
    elif protocol == "http":
        path = path or "/"
    elif path not in ("", "/"):
        raise _bad(text)
    else:
        path = ""
    if (protocol == "icmp") != (port == 0):
        raise _bad(text)
    return Target(protocol, router if host == ROUTER else host, port, path)


def _bad(text: str) -> BadWish:
    return BadWish(f"targets has {text!r}, which is no target", cure=_CURE)
