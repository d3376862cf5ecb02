# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``backup_link_drill`` is asked for, checked before anything is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._conduct import RESERVE, WATCH, Plan
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._faults import FAULTS, Fault
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._prober import PROBE_SECONDS
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._public_address import (
    DEFAULT_URL,
    PublicAddress,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._targets import (
    DEFAULT_TARGETS,
    Target,
    targets_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._verdict import (
    FAILED,
    SLOW,
    Prediction,
    Range,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._files import FILE_OPTIONS, Places, places_from

NEVER = "never"
LEAST_WAIT_SECONDS = 20.0
"""Of any wait, however short the prediction."""
RESERVE_SECONDS = 90.0
"""For a phone to be back: a guess, as nothing is foretold of it, and it may reboot for more than a minute."""
SETTLING_SECONDS = 15.0
WATCH_LOOK_SECONDS = 1.0
"""Between two looks while watching, which may go on for long: the router's web server answers one request at a time."""

DRILL_OPTIONS: dict[str, Any] = {
    "fault": {"type": "str", "choices": list(FAULTS), "default": "primary_off"},
    "confirmed": {"type": "bool", "default": False},
    "targets": {"type": "list", "elements": "str", "default": list(DEFAULT_TARGETS)},
    "address_url": {"type": "str", "default": DEFAULT_URL},
    "probe_period": {"type": "float", "default": 0.2},
    "probe_timeout": {"type": "float", "default": PROBE_SECONDS},
    "baseline_seconds": {"type": "float", "default": 10.0},
    "on_backup_seconds": {"type": "float", "default": 10.0},
    "after_seconds": {"type": "float", "default": 10.0},
    "watch_seconds": {"type": "float", "default": 300.0},
    "person_seconds": {"type": "float", "default": 120.0},
    "patience": {"type": "float", "default": 2.0},
    "fail_on": {"type": "str", "choices": [FAILED, SLOW, NEVER], "default": FAILED},
    "keep": {"type": "int", "default": 50},
    **FILE_OPTIONS,
}

MOST_SAMPLES = 2_000_000
"""All of them are kept until the end, for the verdict and the document: some hundred bytes each."""

_RANGES = {
    "probe_period": (0.05, 10),
    "probe_timeout": (0.1, 10),
    "baseline_seconds": (1, 3600),
    "on_backup_seconds": (0, 3600),
    "after_seconds": (0, 3600),
    "watch_seconds": (1, 7 * 86400),
    "person_seconds": (5, 3600),
    "patience": (1, 20),
    "keep": (1, 10_000),
}


@dataclass(frozen=True)
class DrillWish:
    """The options."""

    fault: Fault
    confirmed: bool
    targets: tuple[Target, ...]
    address: PublicAddress | None
    files: Places
    params: Mapping[str, Any]

    def plan(self, foretold: Prediction) -> Plan:
        """How long each part may take."""
        given, fault = self.params, self.fault
        failover = RESERVE_SECONDS * given["patience"] if fault.kind == RESERVE else self._wait(foretold.failover)
        proof = SETTLING_SECONDS
        if fault.short_stay and foretold.failover is not None:
            # The daemon judges the backup by the same probes, and leaves it as soon as it left the primary.
            proof = min(SETTLING_SECONDS, foretold.failover.least / 2)
        return Plan(
            kind=fault.kind,
            baseline=given["watch_seconds"] if fault.kind == WATCH else given["baseline_seconds"],
            failover=failover,
            on_backup=0.0 if fault.short_stay else given["on_backup_seconds"],
            settling=SETTLING_SECONDS,
            proof=proof,
            failback=self._wait(foretold.failback),
            after=given["after_seconds"],
            dated_by_outage=fault.dated_by_outage,
            **({"look": WATCH_LOOK_SECONDS} if fault.kind == WATCH else {}),
        )

    def _wait(self, foretold: Range | None) -> float:
        most = 0.0 if foretold is None else foretold.most
        return max(most * float(self.params["patience"]), LEAST_WAIT_SECONDS)

    def fails(self, verdict: str) -> bool:
        """Whether the task fails with such a verdict."""
        bad = {FAILED: ("failed", "aborted"), SLOW: ("slow", "failed", "aborted"), NEVER: ()}
        return verdict in bad[self.params["fail_on"]]


def drill_wish_from(params: Mapping[str, Any], router: str) -> DrillWish:
    """Read and check the options; raises BadWish. ``router`` is the router's address."""
    for name, (least, most) in _RANGES.items():
        if not least <= params[name] <= most:
            raise BadWish(f"{name} is {params[name]}", cure=f"Give a number from {least} to {most}")
    url = params["address_url"].strip()
    fault, targets = FAULTS[params["fault"]], targets_from(params["targets"], router)
    _bearable(fault, len(targets), params)
    return DrillWish(
        fault=fault,
        confirmed=params["confirmed"],
        targets=targets,
        address=PublicAddress(url) if url else None,
        files=places_from(params),
        params=params,
    )


def _bearable(fault: Fault, targets: int, params: Mapping[str, Any]) -> None:
    spans = ("watch_seconds",) if fault.kind == WATCH else ("baseline_seconds", "on_backup_seconds", "after_seconds")
    samples = targets * sum(params[name] for name in spans) / params["probe_period"]
    if samples > MOST_SAMPLES:
        raise BadWish(
            f"{targets} targets every {params['probe_period']} s for so long make {samples / 1e6:.1f} million samples, "
            f"and {MOST_SAMPLES / 1e6:.0f} million can be kept",
            cure=f"Give a longer probe_period, fewer targets, or less of {' and '.join(spans)}",
        )
