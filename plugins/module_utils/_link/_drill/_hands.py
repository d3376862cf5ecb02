# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who does what in a drill: what conduct() asks of others. A rig of its own can stand in for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._samples import Series


class Hands(Protocol):
    """Causes the fault, ends it, and looks. Times are of the clock that conduct() was given."""

    def inject(self) -> float | None:
        """Begin the fault. Returns when it began, or None where that was when this was called."""

    def mend(self) -> float | None:
        """End the fault. Returns when it ended, or None where that was when this was called."""

    def give_back(self) -> None:
        """See to it that everything is as it was before, whatever happened. Called once, at the end, also where
        inject() failed in the middle. Raises DeviceError where it is not."""

    def active(self) -> str | None:
        """``primary`` or ``secondary``, whichever carries the traffic by the router's word; None where it says none."""

    def address(self) -> str | None:
        """The address that the internet sees, or whatever else tells one line from the other; None for no answer."""

    def reserve(self) -> bool | None:
        """Whether the backup could take over, by the router's word; None where it says nothing."""


class Prober(Protocol):
    """Sends probes from start to stop, each by itself."""

    @property
    def period(self) -> float:
        """Seconds of the clock between two probes of one target."""

    @property
    def patience(self) -> float:
        """Seconds of the clock after which a probe without answer counts as lost."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End, and wait for the answers that may still come. May be called twice."""

    def series(self) -> tuple[Series, ...]:
        """Every probe so far whose fate is known."""

    def answering(self, since: float) -> Mapping[str, bool]:
        """For each target by its name whether a probe that was sent since then is answered. Costs no more the longer
        the drill lasts."""
