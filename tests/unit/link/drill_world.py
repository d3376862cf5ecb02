# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A link that can be broken, and probes over it, in the time of a fake clock."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import DeviceError
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._samples import Sample, Series
from unit.fake_clock import FakeClock

PERIOD, PATIENCE = 0.2, 0.9
PROBES = ("tcp a", "tcp b", "tls a", "dns router", "icmp a")


def samples_of(
    up: Callable[[float], bool],
    begin: float,
    end: float,
    *,
    offset: float = 0.0,
    took: float = 0.02,
    loss: float = 0.0,
    dice: random.Random | None = None,
) -> tuple[Sample, ...]:
    """What a probe finds that is answered where the way is there from its sending to its answer."""
    found, number = [], 0
    while (sent := begin + offset + number * PERIOD) < end:
        number += 1
        lucky = dice is None or dice.random() >= loss
        found.append(Sample(sent, took if up(sent) and up(sent + took) and lucky else None))
    return tuple(found)


def series_of(
    up: Callable[[float], bool], begin: float, end: float, *, names: tuple[str, ...] = PROBES, **how: object
) -> tuple[Series, ...]:
    """Several, one after the other within a period."""
    return tuple(
        _one_of(name, samples_of(up, begin, end, offset=index * PERIOD / len(names), **how))
        for index, name in enumerate(names)
    )


def _one_of(name: str, samples: tuple[Sample, ...]) -> Series:
    protocol, target = name.split()
    return Series(name, protocol, target, samples)


def down_between(*spans: tuple[float, float]) -> Callable[[float], bool]:
    return lambda moment: not any(begin <= moment < end for begin, end in spans)


@dataclass
class World:
    """A primary that hands can break, a router that notices after ``detects`` seconds and returns after ``returns``."""

    clock: FakeClock = field(default_factory=FakeClock)
    detects: float | None = 8.0
    returns: float | None = 4.0
    broken_since: float | None = None
    whole_since: float = 0.0
    period: float = PERIOD
    patience: float = PATIENCE
    injections: int = 0
    mendings: int = 0
    given_back: int = 0
    series_read: int = 0
    """How often all samples were asked for."""
    fails: dict[str, Exception] = field(default_factory=dict)
    dark: list[tuple[float, float]] = field(default_factory=list)
    dead_protocols_on_backup: tuple[str, ...] = ()
    _stopped: float | None = None
    _begun: float = 0.0

    def inject(self) -> None:
        self.injections += 1
        self.broken_since = self.clock.now()
        self._fail("inject")

    def mend(self) -> None:
        self._fail("mend")
        self.mendings += 1
        self._remember()

    def give_back(self) -> None:
        self._fail("give_back")
        self.given_back += 1
        self._remember()
        if self.returns is not None and self._on_backup(self.clock.now()):
            self.clock.sleep(self.returns)

    def active(self) -> str | None:
        self._fail("active")
        return "secondary" if self._on_backup(self.clock.now()) else "primary"

    def address(self) -> str | None:
        now = self.clock.now()
        if not self.up(now):
            return None
        return "198.51.100.77" if self._on_backup(now) else "203.0.113.20"

    def reserve(self) -> bool | None:
        return self.broken_since is None or self.clock.now() - self.broken_since > (self.detects or 1e9)

    def start(self) -> None:
        self._begun = self.clock.now()

    def stop(self) -> None:
        self._stopped = self.clock.now()

    def answering(self, since: float) -> dict[str, bool]:
        return {each.name: each.answers(since, self.clock.now()) for each in self._series()}

    def series(self) -> tuple[Series, ...]:
        self.series_read += 1
        return self._series()

    def _series(self) -> tuple[Series, ...]:
        end = self._stopped if self._stopped is not None else self.clock.now() - self.patience

        def up_for(protocol: str) -> Callable[[float], bool]:
            if protocol not in self.dead_protocols_on_backup:
                return self.up
            return lambda at: self.up(at) and not self._on_backup(at)

        return tuple(
            _one_of(name, samples_of(up_for(name.split()[0]), self._begun, end, offset=index * PERIOD / len(PROBES)))
            for index, name in enumerate(PROBES)
        )

    def up(self, at: float) -> bool:
        if any(begin <= at < end for begin, end in self.dark):
            return False
        broken = self.broken_since is not None and at >= self.broken_since and at < self._mended()
        return not broken or self._on_backup(at)

    def _on_backup(self, at: float) -> bool:
        if self.broken_since is None or self.detects is None or at < self.broken_since + self.detects:
            return False
        return self.returns is None or at < self._mended() + self.returns

    def _mended(self) -> float:
        return self.whole_since if self.whole_since > (self.broken_since or 0.0) else 1e9

    def _remember(self) -> None:
        if self.broken_since is not None and self.whole_since <= self.broken_since:
            self.whole_since = self.clock.now()

    def _fail(self, what: str) -> None:
        if what in self.fails:
            raise self.fails.pop(what)


class Trouble(DeviceError):
    """Anything that a device may do."""

    def __init__(self) -> None:
        super().__init__("It did not work", cure="Try again")
