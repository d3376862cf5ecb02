# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line from the router to a provider: two interfaces without a wire, and this between them.

A packet that one end sends is read here and written to the other end, unless a fault stops it. So a fault begins and
ends between two packets, at a moment that is known exactly. The weather is netem's where the kernel has it, else it is
made here.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import struct
from random import Random

from .addresses import INTERFACE, THEIRS
from .faults import FAULTS, Fault
from .namespaces import inside
from .packets import Packet, unreachable
from .truth import FAULT_BEGAN, FAULT_ENDED, Truth
from .weather import Dice, Weather, shape

_TUNSETIFF, _TUNSETCARRIER = 0x400454CA, 0x400454E2
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_LARGEST = 2048


class Cable:
    """One line, and what is wrong with it."""

    def __init__(self, line: str, router: str, provider: str, truth: Truth) -> None:
        self._line = line
        self._namespaces = (router, provider)
        self._truth = truth
        self._fault: Fault | None = None
        self._router = _interface(router, INTERFACE[line])
        self._provider = _interface(provider, INTERFACE[line])
        self._ways: tuple[_Way, ...] = ()

    def begin(self, weather: Weather, seed: int) -> bool:
        """Pass packets on. True where netem makes the weather."""
        by_netem = all(self._shaped(namespace, weather) for namespace in self._namespaces)  # none, or both
        made_here = Weather() if by_netem else weather
        ends = (self._router, self._provider)
        self._ways = tuple(
            _Way(self, source, target, Dice(made_here, Random(f"{seed} {self._line} {source is self._router}")))
            for source, target in (ends, ends[::-1])
        )
        return by_netem

    def _shaped(self, namespace: str, weather: Weather) -> bool:
        with inside(namespace):
            return shape(INTERFACE[self._line], weather)

    @property
    def plugged(self) -> bool:
        """Whether the router's interface has a carrier."""
        return self._fault is None or not self._fault.pulled

    def break_(self, name: str) -> float:
        """Begin a fault, instead of any other. Returns when."""
        self.mend()
        self._fault = FAULTS[name]
        self._set_carrier()
        return self._truth.note(FAULT_BEGAN, self._line, name).at

    def mend(self) -> float | None:
        """End the fault. Returns when, or None where there was none."""
        if self._fault is None:
            return None
        name, self._fault = self._fault.name, None
        self._set_carrier()
        return self._truth.note(FAULT_ENDED, self._line, name).at

    def _set_carrier(self) -> None:
        fcntl.ioctl(self._router, _TUNSETCARRIER, struct.pack("i", self.plugged))

    def stopped(self, packet: Packet, source: int) -> bool:
        """Whether the fault takes it; what leaves the router may get an error instead of its answer."""
        fault = self._fault
        if fault is None or not fault.stops(packet):
            return False
        if fault.answered and source == self._router and not packet.is_error:
            _write(self._router, unreachable(packet, THEIRS[self._line]))
        return True

    def close(self) -> None:
        """The interfaces go."""
        for way in self._ways:
            way.close()
        os.close(self._router)
        os.close(self._provider)


class _Way:
    """One direction of a cable."""

    def __init__(self, cable: Cable, source: int, target: int, dice: Dice) -> None:
        self._cable = cable
        self._source = source
        self._target = target
        self._dice = dice
        self._loop = asyncio.get_running_loop()
        self._under_way: set[asyncio.TimerHandle] = set()
        self._loop.add_reader(source, self._read)

    def _read(self) -> None:
        while True:
            try:
                packet = Packet(os.read(self._source, _LARGEST))
            except BlockingIOError:
                return
            if packet.is_ipv4 and not self._cable.stopped(packet, self._source) and not self._dice.lost():
                self._pass_on(packet)

    def _pass_on(self, packet: Packet) -> None:
        seconds = self._dice.seconds()
        if not seconds:
            _write(self._target, packet.raw)
            return
        handle: asyncio.TimerHandle

        def arrive() -> None:
            self._under_way.discard(handle)
            _write(self._target, packet.raw)

        handle = self._loop.call_later(seconds, arrive)
        self._under_way.add(handle)

    def close(self) -> None:
        self._loop.remove_reader(self._source)
        for handle in self._under_way:
            handle.cancel()


def _interface(namespace: str, name: str) -> int:
    """A TUN device; its file descriptor stands for the far end of its wire."""
    with inside(namespace):
        descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return descriptor


def _write(descriptor: int, raw: bytes) -> None:
    # An interface that is full, down or without carrier loses what comes.
    with contextlib.suppress(OSError):
        os.write(descriptor, raw)
