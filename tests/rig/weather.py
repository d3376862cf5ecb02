# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How bad a line is when nothing is broken: delay, jitter and loss."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Weather:
    """Of the round trip: half of each is there on the way out, half on the way in."""

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    loss_percent: float = 0.0

    @property
    def told(self) -> str:
        return f"{self.delay_ms:g} ± {self.jitter_ms:g} ms, {self.loss_percent:g} %"

    @property
    def netem(self) -> list[str]:
        """One way of it, as ``tc`` wants to be told."""
        delay = ["delay", f"{self.delay_ms / 2}ms", f"{self.jitter_ms / 2}ms"]
        return ["netem", *delay, "loss", f"{self.loss_percent / 2}%"]


@dataclass
class Dice:
    """One way of the weather, thrown packet by packet, for kernels without netem. As there, packets may overtake."""

    weather: Weather
    random: Random

    def lost(self) -> bool:
        return self.random.random() < self.weather.loss_percent / 200

    def seconds(self) -> float:
        half = self.weather.delay_ms + self.random.uniform(-1, 1) * self.weather.jitter_ms
        return max(half, 0.0) / 2000


def shape(interface: str, weather: Weather) -> bool:
    """Let the kernel make the weather for what leaves by an interface. False where it has no netem."""
    command = ["tc", "qdisc", "replace", "dev", interface, "root", *weather.netem]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
