# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of a drill: a row for each, with what it does, what it needs, and what is foretold of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._never import pings, reasons
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settle import WITH_FAILBACK, return_seconds
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import timing
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing_rules import dial
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._conduct import FAILOVER, RESERVE, WATCH
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._verdict import Prediction, Range

NOWHERE = "192.0.2.254"
"""TEST-NET-1 (RFC 5737): nobody has it. A provider lets packets to it vanish, or answers that there is no way."""
HAND_OVER_SECONDS = 30
"""At the most, until the traffic moves from a line that is switched off: two services of the router. A guess."""

ROUTER, PHONE, PERSON = "router", "phone", "person"


@dataclass(frozen=True)
class Fault:
    """A row."""

    name: str
    kind: str
    does: str
    """For who is asked whether it may: a clause."""
    needs: tuple[str, ...] = (ROUTER,)
    never_of: str = "link_loss"
    """The kind of loss (see ``timing``) that the daemon must be able to notice."""
    lends: Callable[[Nvram], dict[str, str]] = lambda _nvram: {}
    """What is written to nvram for it, besides the switch of a line."""
    failover: Callable[[Mapping[str, Any]], Range | None] = lambda _timing: None
    """From the router's ``timing``, with what is lent."""
    failback: Callable[[Mapping[str, Any], Nvram], Range | None] = lambda _timing, _nvram: None
    cuts: Callable[[Prediction, Nvram], float] = lambda _foretold, _nvram: 0.0
    """For how many seconds there may be no internet."""
    short_stay: bool = False
    """Whether the daemon judges the backup by the same fault, and leaves it soon."""
    dated_by_outage: bool = False

    def foretold(self, nvram: Nvram) -> Prediction:
        """What should happen with the settings that are stored. A house without failback is given it for the return."""
        settings = {
            **nvram,
            **self.lends(nvram),
            **({"wans_mode": WITH_FAILBACK} if nvram["wans_mode"] == "fo" else {}),
        }
        found = timing(settings)
        return Prediction(self.failover(found), self.failback(found, settings), None, self.why_never(nvram))

    def why_never(self, nvram: Nvram) -> tuple[str, ...]:
        """Why the failover would not happen."""
        if self.kind != FAILOVER:
            return ()
        never = reasons({**nvram, **self.lends(nvram)})
        return tuple(f"{reason.what}. {reason.cure}" for reason in never if self.never_of in reason.of)


def _range(found: Mapping[str, Any] | None) -> Range | None:
    return None if found is None else Range(found["min"], found["max"])


def _widest(*found: Range | None) -> Range | None:
    some = [each for each in found if each is not None]
    return Range(min(each.least for each in some), max(each.most for each in some)) if some else None


def _of_loss(name: str) -> Callable[[Mapping[str, Any]], Range | None]:
    return lambda found: _range(found["failover"][name])


def _of_either_loss(found: Mapping[str, Any]) -> Range | None:
    return _widest(_of_loss("silent_loss")(found), _of_loss("answered_loss")(found))


def _return(found: Mapping[str, Any], _nvram: Nvram) -> Range | None:
    return _range(found["failback"])


def _return_with_lease(found: Mapping[str, Any], nvram: Nvram) -> Range | None:
    """Of a line that has to come up first."""
    least = _range(found["failback"])
    return None if least is None else Range(least.least, return_seconds(nvram))


def _until_taken_over(foretold: Prediction, _nvram: Nvram) -> float:
    return 0.0 if foretold.failover is None else foretold.failover.most


def _no_answer(nvram: Nvram) -> dict[str, str]:
    """Values with which the daemon's probes fail on any line. With both on, both must fail: DNS is switched off.

    Facts 12: the running daemon takes them up (386).
    """
    if pings(nvram):
        return {"wandog_target": NOWHERE, **({"dns_probe": "0"} if nvram["dns_probe"] == "1" else {})}
    return {"dns_probe_content": NOWHERE} if nvram["dns_probe"] == "1" else {}


FAULTS = {
    fault.name: fault
    for fault in (
        Fault(
            "primary_off",
            FAILOVER,
            "switches the primary WAN off in the router, moves the traffic to the backup, and switches it on again",
            failover=lambda _timing: Range(0, HAND_OVER_SECONDS),
            failback=_return_with_lease,
            cuts=_until_taken_over,
        ),
        Fault(
            "target_unreachable",
            FAILOVER,
            "gives the router's own probes something that nobody answers, so that it takes the primary for lost, and "
            "takes that back once the traffic has moved",
            never_of="silent_loss",
            lends=_no_answer,
            failover=_of_either_loss,
            failback=_return,
            cuts=lambda _foretold, nvram: dial(nvram["wans_standby"] == "1").most,
            short_stay=True,
        ),
        Fault(
            "pull_cable",
            FAILOVER,
            "asks a person to pull the primary's cable, and to plug it in again",
            needs=(ROUTER, PERSON),
            failover=_of_loss("link_loss"),
            failback=_return_with_lease,
            cuts=_until_taken_over,
            dated_by_outage=True,
        ),
        Fault(
            "tether_off",
            RESERVE,
            "switches the phone's tether off by adb, and waits for what keeps it on",
            needs=(ROUTER, PHONE),
        ),
        Fault(
            "phone_reboot",
            RESERVE,
            "reboots the phone by adb, and waits until the router sees its tether again",
            needs=(ROUTER, PHONE),
        ),
        Fault("watch", WATCH, "touches nothing, and watches", failover=_of_loss("silent_loss")),
    )
}
