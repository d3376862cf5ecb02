# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which address the internet sees: what tells by which line the traffic leaves."""

from __future__ import annotations

import http.client
import ipaddress
import ssl
from urllib.parse import urlsplit

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

DEFAULT_URL = "https://1.1.1.1/cdn-cgi/trace"
"""By its address, so that it needs no name server; its certificate is for that address. Answers lines, one ``ip=…``."""
ANSWER_SECONDS = 3.0
_MOST_BYTES = 4096
_BY_IPV4 = ("0.0.0.0", 0)
"""Dual WAN moves IPv4; a name may have both, and which one answers must not look like another line."""


class PublicAddress:
    """Asks one URL, on a connection of its own each time, and by no proxy: another way out would tell another story."""

    def __init__(self, url: str) -> None:
        bad = BadWish(
            f"address_url is {url!r}",
            cure="Give an http or https URL that answers the address it is asked from, or '' for the router's word",
        )
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise bad from error
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or " " in parts.hostname:
            raise bad
        try:
            self._port = parts.port
        except ValueError as error:
            raise BadWish(f"address_url is {url!r}", cure="Give a port from 1 to 65535, or none") from error
        self._host = parts.hostname
        self._tls = parts.scheme == "https"
        self._path = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"

    def ask(self) -> str | None:
        """None for no answer, or one without an address in it."""
        connection = self._connection()
        try:
            connection.request("GET", self._path, headers={"User-Agent": "homelab.dualwan"})
            response = connection.getresponse()
            text = response.read(_MOST_BYTES).decode("ascii", errors="replace")
        except (OSError, http.client.HTTPException, UnicodeError):
            return None
        finally:
            connection.close()
        return address_in(text) if response.status == 200 else None

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls:
            return http.client.HTTPSConnection(
                self._host,
                self._port,
                timeout=ANSWER_SECONDS,
                source_address=_BY_IPV4,
                context=ssl.create_default_context(),
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=ANSWER_SECONDS, source_address=_BY_IPV4)


def address_in(text: str) -> str | None:
    """The address that a body consists of, or that stands in its line ``ip=…``."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    candidates = [line.removeprefix("ip=") for line in lines if line.startswith("ip=")] or lines[:1]
    for candidate in candidates:
        try:
            return str(ipaddress.ip_address(candidate))
        except ValueError:
            continue
    return None


def coarse(address: str | None) -> str | None:
    """What is kept of it on disk: enough to tell one provider from another, and no line from its neighbour's."""
    if address is None:
        return None
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return None
    network = ipaddress.ip_network((number, 16 if number.version == 4 else 32), strict=False)
    return str(network)
