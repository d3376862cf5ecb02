# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a verdict in words for people. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._outages import Outage
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._phases import FAILED_BACK, FAILED_OVER

if TYPE_CHECKING:
    from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._verdict import Case, Range


def back_told(case: Case) -> str:
    if FAILED_BACK not in case.seen.marks:
        return f"The traffic was not back on the primary within {case.drill.plan.failback:.0f} s (complaints 1)"
    early = "" if case.seen.failback is not None else ", before the fault had ended"
    return f"The traffic returned to the primary{early}"


def took(seconds: float | None, foretold: Range | None) -> str:
    took = "not seen" if seconds is None else f"{seconds:.1f} s"
    return took if foretold is None else f"{took}, where {foretold.least:.0f} to {foretold.most:.0f} s were foretold"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def over_told(case: Case) -> str:
    if FAILED_OVER in case.seen.marks:
        return "The traffic moved to the backup"
    waited = f"The traffic did not move to the backup within {case.drill.plan.failover:.0f} s"
    return f"{waited}. Look at the doctor's findings, and give more patience if the line was still being given up"


def carried_told(case: Case) -> str:
    before, during = case.drill.before, case.drill.during
    if before is None:
        return "Nobody could be asked for our address, so the router's word is all that says who carried the traffic"
    if not case.asked:
        what = "no other address" if during is None else "another address"
        return f"The router gave {what} than before, which is its word alone"
    if during is None:
        return "The internet did not see another address than before, so nothing proves that the backup carried it"
    return "The internet saw another address than before: the backup carried the traffic"


def protocols_told(names: tuple[str, ...], where: str) -> str:
    if not names:
        return f"All that was answered before was answered {where}"
    told = f"No answer {where} for {_names(names)}"
    if not any(name.startswith("dns") for name in names):
        return told
    return (
        f"{told}. Name servers that are reached by one line only are a known cause (complaints 4): let the router take "
        "those of the line in use (WAN, DNS Server: automatic)"
    )


def flapping_told(case: Case) -> str:
    number = len(case.drill.moves)
    if not case.seen.flapping:
        return f"The traffic moved {number} times"
    return (
        f"The traffic moved {number} times: it flaps. A larger detection.failover_count tolerates more loss, a larger "
        "failback_count waits for a line that stays"
    )


def unjustified(case: Case) -> tuple[str, ...]:
    started = case.drill.course.started
    return tuple(
        f"to the {switch.to} after {switch.at - started:.0f} s"
        for switch in case.seen.switches
        if switch.justified is False
    )


def switches_told(case: Case) -> str:
    wrong = unjustified(case)
    if not wrong:
        return "Every move of the traffic had its reason"
    return f"The traffic moved without a reason that the probes saw: {_names(wrong)}. One ping target may lie"


def partial_told(case: Case) -> str:
    if not case.seen.partial:
        return "What failed, failed for all protocols"
    return f"An outage that not every probe sees: {_names(tuple(each.told for each in case.seen.partial))}"


def of_all(case: Case) -> tuple[Outage, ...]:
    """Outages that every protocol suffered; what only some did is judged by itself."""
    return tuple(
        outage
        for outage in case.seen.whole
        if not any(
            each.outage.touches(outage.begin, case.seen.ended if outage.end is None else outage.end)
            for each in case.seen.partial
        )
    )


def outages_told(case: Case) -> str:
    if not of_all(case):
        return "No outage of all probes was seen"
    started, ended = case.drill.course.started, case.seen.ended
    each = [f"{outage.seconds(ended):.1f} s from {outage.begin - started:.0f} s on" for outage in of_all(case)]
    return f"Without a way for {_names(tuple(each))}"


def given_back_told(case: Case) -> str:
    if case.drill.not_given_back is not None:
        return case.drill.not_given_back.message
    if case.drill.stays_away:
        return "All is set as it was before, and the traffic is still on the backup"
    return "The line is as it was before"
