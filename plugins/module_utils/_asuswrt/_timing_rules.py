# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The failover daemon's rules, as ranges of seconds.

Sources: the daemon of 386.69061, timed under emulation with eight pairs of interval and count; wanduck.c of 382 and
3006 for what was not timed. The least is what the rule alone takes, the most adds one interval of phase, every probe
waiting as long as it may, and :data:`LOOP_SECONDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

PING_WAIT_SECONDS = 2
"""How long a ping that nobody answers waits by itself (``ping -w2``, 382 wanduck.c; seen in the timings of 386)."""
DNS_WAIT_SECONDS = 3
"""Where ``dns_probe_timeout`` says nothing else (382 wanduck.c)."""
DNS_SKIPPED_ROUNDS = 2
"""Without asking, after a success, where ``dns_delay_round`` says nothing else (382 wanduck.c)."""
DNS_TOLERATED_ROUNDS = 2
"""Misses that do not count (382 wanduck.c)."""
LOOP_SECONDS = 1
"""One of twelve timings lay 0.8 s above ``N x (T + 2)``."""
PING_BYTES = 128
"""One probe and its answer on the line, by the firmware's own estimate (page of the 4G models)."""
DNS_BYTES = 600
"""At the most, of a round that asks: two questions, for IPv4 and IPv6, and their answers. A guess; nothing at all where
a name server in the house answers."""
SECONDS_PER_MONTH = 30 * 86400
ETHERNET = ("wan", "wan2", "lan", "sfp+")
"""Lines whose link decides with half the count (382 wanduck.c)."""
COLD_DIAL_SECONDS, HOT_DIAL_SECONDS = 15, 3
"""At the most, until a line that was turned to has an address. Nobody timed it: guesses."""

SEEN, SOURCE, INFERRED = "seen", "source", "inferred"
_KNOWN: Mapping[str, Mapping[str, str]] = {
    "silent ping": {"386": SEEN, "382": SOURCE},
    "answered ping": {"386": SEEN},
    "silent DNS": {"382": SOURCE, "3006": SOURCE},
    "link": {"386": SEEN, "382": SOURCE},
    "phone": {"382": SOURCE},
    "failback": {"382": SOURCE},
}
"""From where a rule is known, by the generation's name; else it is inferred from the others'."""


def known(rule: str, generation: str) -> str:
    """The word for it: :data:`SEEN` (the genuine daemon was timed), :data:`SOURCE` (its code was read), or INFERRED."""
    return _KNOWN.get(rule, {}).get(generation, INFERRED)


@dataclass(frozen=True)
class Seconds:
    """From the least to the most, and from where that is known."""

    least: int
    most: int
    source: str

    def as_result(self) -> dict[str, int | str]:
        """As ``timing`` has it."""
        return {"min": self.least, "max": self.most, "source": self.source}

    def and_then(self, other: Seconds) -> Seconds:
        """Both, one after the other: known no better than the less known."""
        weaker = max(self.source, other.source, key=(SEEN, SOURCE, INFERRED).index)
        return Seconds(self.least + other.least, self.most + other.most, weaker)


@dataclass(frozen=True)
class Detection:
    """What the daemon goes by. With both probes on, both must fail."""

    generation: str
    interval: int
    losses: int
    """``wandog_maxfail``."""
    returns: int
    """``wandog_fb_count``."""
    ping: bool
    dns: bool
    dns_limit: int
    """``dns_probe_timeout``; 0 for none."""
    dns_skipped: int
    dns_wait_follows: bool
    """Whether a DNS probe without a limit waits two seconds less than the interval (3006 wanduck.c)."""

    def every(self, interval: int, losses: int) -> Detection:
        """The same probes at another pace."""
        return replace(self, interval=interval, losses=losses)

    @property
    def probes(self) -> bool:
        return self.ping or self.dns

    @property
    def dns_wait(self) -> int:
        """How long a DNS probe waits at the most."""
        if not self.dns:
            return 0
        return self.dns_limit or (max(self.interval - 2, 1) if self.dns_wait_follows else DNS_WAIT_SECONDS)

    @property
    def longest_wait(self) -> int:
        """Of one round. That the two probes wait one after the other is inferred."""
        return self.dns_wait + (PING_WAIT_SECONDS if self.ping else 0)

    def silent_loss(self) -> Seconds:
        """Until the daemon gives a line up whose probes vanish. Only with a probe."""
        wait = PING_WAIT_SECONDS if self.ping else 0  # a name server nearby may tell at once that it has none to ask
        return self._lost(wait, self.longest_wait, "silent")

    def answered_loss(self) -> Seconds:
        """The same where the provider answers that there is no way. The ping then fails at once, 2 s are on top."""
        found = self._lost(0, self.dns_wait, "answered")
        return replace(found, most=found.most + (PING_WAIT_SECONDS if self.ping else 0))

    def _lost(self, shortest: int, longest: int, how: str) -> Seconds:
        least = self.losses + (DNS_TOLERATED_ROUNDS if self.dns else 0)
        most = least + (self.dns_skipped if self.dns else 0)
        probe = "both" if self.ping and self.dns else "ping" if self.ping else "DNS"
        return Seconds(
            max(least - 1, 0) * self.interval + least * shortest,
            most * (self.interval + longest) + LOOP_SECONDS,
            known(f"{how} {probe}", self.generation),
        )

    def link_loss(self, port: str) -> Seconds:
        """Until it gives up a line whose cable is pulled; a probe under way is waited for.

        How an odd count is halved is not known: the one timing (2.6 s with 2 and 3) allows both.
        """
        half = port in ETHERNET
        fewest, rounds = (max(self.losses // 2, 1), (self.losses + 1) // 2) if half else (self.losses, self.losses)
        most = rounds * self.interval + self.longest_wait + LOOP_SECONDS
        source = known("link", self.generation) if half else INFERRED
        return Seconds(max(fewest - 1, 0) * self.interval, most, source)

    def phone_unplugged(self) -> Seconds:
        """Until it leaves a phone that carries the traffic and is unplugged: at its next look."""
        return Seconds(0, self.interval + self.longest_wait + LOOP_SECONDS, known("phone", self.generation))

    def failback(self) -> Seconds:
        """Until it returns to a primary that works again; a probe that still fails is waited for."""
        return Seconds(
            max(self.returns - 1, 0) * self.interval,
            self.returns * self.interval + self.longest_wait + LOOP_SECONDS,
            known("failback", self.generation),
        )

    def ping_megabytes(self) -> float:
        """A month of pinging, in units of 2^20 bytes, on the line in use."""
        return _megabytes(self.interval, PING_BYTES) if self.ping else 0.0

    def dns_megabytes(self) -> float:
        """A month of DNS probes at the most."""
        return _megabytes(self.interval * (1 + self.dns_skipped), DNS_BYTES) if self.dns else 0.0


def dial(hot_standby: bool) -> Seconds:
    """Until the line that was turned to has an address: a hot standby has one already."""
    return Seconds(0, HOT_DIAL_SECONDS if hot_standby else COLD_DIAL_SECONDS, INFERRED)


def _megabytes(seconds: int, size: int) -> float:
    return round(SECONDS_PER_MONTH / seconds * size / 2**20, 1) if seconds else 0.0
