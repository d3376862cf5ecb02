# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends the probes: all in one thread, each by itself, so that one that hangs holds up no other."""

from __future__ import annotations

import asyncio
import socket
import threading
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import replace

from ansible_collections.homelab.dualwan.plugins.module_utils._clock import Clock
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._probes import KINDS, Lost
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._samples import Sample, Series
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._targets import Target

PROBE_SECONDS = 0.9
"""After which a probe counts as lost. Below one second, as Linux then sends the first packet of a connection again: one
that was lost would count as answered, as of when it was sent."""


def resolved(targets: Sequence[Target]) -> tuple[tuple[Target, ...], dict[str, str]]:
    """Those that can be probed from here, with their addresses, and why the others cannot, by name.

    Done once and beforehand: a probe of one protocol must not wait for the name servers of another.
    """
    able: list[Target] = []
    unable: dict[str, str] = {}
    for target in targets:
        why = KINDS[target.protocol].unable()
        address = "" if why else _address(target.host)
        if address:
            able.append(replace(target, address=address))
        else:
            unable[target.name] = why or f"{target.host} has no IPv4 address that this computer knows"
    return tuple(able), unable


def _address(host: str) -> str:
    try:
        found = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return ""
    return str(found[0][4][0])


class Probing:
    """A Prober (see ``_hands``) of real packets. Targets must be resolved."""

    def __init__(
        self, targets: Sequence[Target], clock: Clock, *, period: float = 0.2, patience: float = PROBE_SECONDS
    ) -> None:
        self.period = period
        """In seconds of the clock. The targets take turns within it."""
        self.patience = patience
        """In seconds on the wall, as all waiting for sockets."""
        self._targets = tuple(targets)
        self._clock = clock
        self._lock = threading.Lock()
        self._samples: list[list[Sample]] = [[] for _target in targets]
        self._thread = threading.Thread(target=self._live, name="probes", daemon=True)
        self._over = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the answers that may still come. May be called twice, and before start()."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def series(self) -> tuple[Series, ...]:
        """Every probe so far whose fate is known."""
        with self._lock:
            copied = [tuple(samples) for samples in self._samples]
        return tuple(
            Series(target.name, target.protocol, target.host, samples)
            for target, samples in zip(self._targets, copied, strict=True)
        )

    def answering(self, since: float) -> dict[str, bool]:
        """For each target whether a probe that was sent since then is answered."""
        with self._lock:
            recent = [samples[bisect_left(samples, since, key=_sent) :] for samples in self._samples]
        return {
            target.name: any(not sample.lost for sample in samples)
            for target, samples in zip(self._targets, recent, strict=True)
        }

    def _live(self) -> None:
        asyncio.run(self._send_until_over())

    async def _send_until_over(self) -> None:
        loop = asyncio.get_running_loop()
        # A connection that is given up in its handshake tells the loop of it, which nobody wants to read.
        loop.set_exception_handler(lambda _loop, _context: None)
        under_way: set[asyncio.Task[None]] = set()
        step = self.period / len(self._targets)
        due = self._clock.now()
        turn = 0
        while not self._over.is_set():
            which = turn % len(self._targets)
            task = loop.create_task(self._send(which))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            turn += 1
            # What was missed on a machine that is busy is not sent in a burst afterwards.
            due = max(due + step, self._clock.now() - self.period)
            await loop.run_in_executor(None, self._clock.sleep, max(due - self._clock.now(), 0.0))
        await asyncio.gather(*under_way)

    async def _send(self, which: int) -> None:
        target = self._targets[which]
        sent = self._clock.now()
        try:
            async with asyncio.timeout(self.patience):
                await KINDS[target.protocol].probe(target)
        except (OSError, Lost, EOFError, ValueError, TimeoutError):
            took = None
        else:
            took = self._clock.now() - sent
        with self._lock:
            # A probe that hangs is known after later ones are. In order always, so that nobody has to sort them all
            # while the others wait for the lock: those would count as lost.
            insort(self._samples[which], Sample(sent, took), key=_sent)


def _sent(sample: Sample) -> float:
    return sample.sent
