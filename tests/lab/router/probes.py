# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The monitor daemon's ping and DNS query: what they cost and what they find (dual-WAN facts 4.2 and 4.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..clock import Clock
from .lines import Lines
from .nvram import Nvram
from .outside import Outside
from .profiles import Monitor

PING_WAIT = 2.0
"""``ping -c1 -w2``."""
DNS_WAIT = 3.0
"""Without dns_probe_timeout, which 386's table does not have."""
DNS_WAITS_LESS_THAN_INTERVAL = 2
DEFAULT_HOST = "dns.msftncsi.com"
ANY_ADDRESS = "*"
TOLERATED_DNS_MISSES = 2
NOBODYS = "192.0.2."
"""TEST-NET-1: no target in there answers."""
REDIRECT_WHEN_NO_INTERNET = 2
"""Bit of web_redirect; without it a failed probe is overridden."""

_HOST = re.compile(r"[0-9A-Za-z_.:-]+")


@dataclass
class _DnsMemory:
    rounds_to_skip: int = 0
    misses: int = 0


@dataclass(frozen=True)
class Finding:
    """``alive``: some enabled probe got through, or none is enabled; ``every``: all of them did.

    ``dns_missed``: reported even if ping is fine.
    """

    alive: bool
    every: bool = True
    dns_missed: bool = False


class Probes:
    """Of one line; made anew when another line becomes the one watched."""

    def __init__(self, clock: Clock, nvram: Nvram, lines: Lines, outside: Outside, unit: int, monitor: Monitor) -> None:
        self._clock = clock
        self._nvram = nvram
        self._lines = lines
        self._outside = outside
        self._unit = unit
        self._monitor = monitor
        self._unreachable_known = False
        self._dns = _DnsMemory()

    async def look(self) -> Finding:
        """One round of whatever is switched on."""
        results: list[bool] = []
        if self._nvram.number("wandog_enable") == 1 and _HOST.fullmatch(self._nvram.get("wandog_target")):
            target = self._nvram.get("wandog_target")
            results.append(await self._reply_within(PING_WAIT, exists=not target.startswith(NOBODYS)))
        dns_missed = False
        if self._nvram.number("dns_probe") == 1:
            answered = await self._query()
            dns_missed = not answered
            results.append(answered)
        else:
            self._dns = _DnsMemory()
        if not results or not self._nvram.number("web_redirect") & REDIRECT_WHEN_NO_INTERNET:
            return Finding(alive=True)
        return Finding(alive=any(results), every=all(results), dns_missed=dns_missed)

    async def _reply_within(self, seconds: float, *, exists: bool = True) -> bool:
        """Send a packet and wait for what comes back.

        An error that answers ends the wait at once, but not for the first packet of a loss: only so does the
        sum come to the N*T+2 that was seen (12). Why the genuine one takes those two seconds is not known.
        """
        path = self._lines.path(self._unit) if exists else "silent"
        if path == "up":
            self._unreachable_known = False
            return True
        if path == "silent" or not self._unreachable_known:
            await self._clock.sleep(seconds)
        self._unreachable_known = path == "refused"
        return False

    async def _query(self) -> bool:
        if self._dns.rounds_to_skip > 0:
            self._dns.rounds_to_skip -= 1
            return True
        timeout = self._nvram.number("dns_probe_timeout") or self._usual_dns_wait()
        if await self._reply_within(timeout) and self._answer_is_expected():
            self._dns = _DnsMemory(rounds_to_skip=self._nvram.number("dns_delay_round"))
            return True
        self._dns.misses += 1
        return self._dns.misses <= TOLERATED_DNS_MISSES

    def _usual_dns_wait(self) -> float:
        if not self._monitor.dns_waits_by_interval:
            return DNS_WAIT
        return max(0, self._nvram.number("wandog_interval") - DNS_WAITS_LESS_THAN_INTERVAL)

    def _answer_is_expected(self) -> bool:
        host, content = self._nvram.get("dns_probe_host"), self._nvram.get("dns_probe_content")
        if self._monitor.empty_dns_is_default:
            host, content = host or DEFAULT_HOST, content or ANY_ADDRESS
        found = self._outside.resolve(host)
        expected = content.split()
        if ANY_ADDRESS in expected:
            return any(address not in self._monitor.any_address_but for address in found)
        return any(address in expected for address in found)
