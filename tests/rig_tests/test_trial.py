# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill that is wrong is found out."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from rig import trial as rig_trial
from rig.addresses import OURS, PRIMARY, SECONDARY
from rig.cases import FAILOVERS, FLAPPING, TCP_ONLY, Run
from rig.plan import RigPlan
from rig.trial import ATTEMPTS, STALL_SECONDS, Trial, attempt
from rig.truth import CARRIES, FAULT_BEGAN, FAULT_ENDED, PROTOCOLS, Event, Truth

RUN = Run(1, FAILOVERS[0], RigPlan())
TRUTH = Truth(
    [
        Event(90.0, CARRIES, PRIMARY),
        Event(103.0, FAULT_BEGAN, PRIMARY, "silent"),
        Event(108.0, CARRIES, SECONDARY),
        Event(112.0, FAULT_ENDED, PRIMARY, "silent"),
        Event(115.0, CARRIES, PRIMARY),
    ]
)
OUTAGE = [103.05, 107.95]
RIGHT: dict[str, Any] = {
    "period": 0.2,
    "started": 100.0,
    "marks": {"fault_injected": 103.0, "failed_over": 108.1, "fault_ended": 112.0, "failed_back": 114.9},
    "whole": [OUTAGE],
    "by_protocol": {name: [OUTAGE] for name in PROTOCOLS},
    "partial": [],
    "switches": [
        {"at": 108.1, "to": SECONDARY, "justified": True},
        {"at": 114.9, "to": PRIMARY, "justified": True},
    ],
    "flapping": False,
    "carried": [OURS[PRIMARY], OURS[SECONDARY]],
    "verdict": "passed",
    "not_held": [],
}


def judged(found: dict[str, Any], run: Run = RUN) -> Trial:
    compared, missed = rig_trial._compare(found, TRUTH)
    misjudged = (*missed, *rig_trial._misjudged(run.case, found, TRUTH))
    return Trial(
        run, by_netem=False, translated=True, found=found, truth=TRUTH, comparisons=tuple(compared),
        misjudged=misjudged, stalled=0.0,
    )  # fmt: skip


def test_a_drill_that_is_right_is_right() -> None:
    trial = judged(RIGHT)
    assert trial.misjudged == ()
    assert trial.precise
    assert trial.worst == pytest.approx(0.1)
    assert {"all began", "dns ended", "failed_over", "failed_back"} <= {each.what for each in trial.comparisons}


@pytest.mark.parametrize(
    "late",
    [
        lambda found: found["whole"][0].__setitem__(1, 108.4),
        lambda found: found["by_protocol"]["dns"][0].__setitem__(0, 102.6),
        lambda found: found["marks"].update(failed_back=115.4),
        lambda found: found["switches"][0].update(at=107.6),
    ],
)
def test_a_moment_that_is_off_by_more_than_a_period_and_a_tenth_is_found(late: Callable[[dict[str, Any]], Any]) -> None:
    found = deepcopy(RIGHT)
    late(found)
    trial = judged(found)
    assert not trial.precise
    assert trial.misjudged == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"whole": []},
        {"whole": [OUTAGE, [120.0, 121.0]]},
        {"whole": [[103.05, None]]},
        {"switches": RIGHT["switches"][:1]},
        {"switches": [{"at": 108.1, "to": SECONDARY, "justified": False}, RIGHT["switches"][1]]},
        {"flapping": True},
        {"partial": [{"out": ["tcp"], "through": ["icmp"]}]},
        {"verdict": "failed", "not_held": ["failed_back"]},
        {"carried": [OURS[PRIMARY], None]},
    ],
)
def test_what_a_drill_says_wrongly_is_found(wrong: dict[str, Any]) -> None:
    assert judged({**RIGHT, **wrong}).misjudged


@pytest.mark.parametrize("case", [TCP_ONLY, FLAPPING])
def test_trouble_that_a_drill_does_not_see_is_found(case: Any) -> None:
    assert judged(RIGHT, replace(RUN, case=case)).misjudged


@pytest.mark.parametrize(
    ("stalled", "misjudged", "attempts"),
    [
        (0.0, (), 1),
        (0.0, ("something",), 1),
        (2 * STALL_SECONDS, (), 1),
        (2 * STALL_SECONDS, ("something",), ATTEMPTS),
    ],
)
def test_only_what_went_wrong_on_a_machine_that_stalled_is_tried_again(
    stalled: float, misjudged: tuple[str, ...], attempts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = replace(judged(RIGHT), stalled=stalled, misjudged=misjudged)
    monkeypatch.setattr(rig_trial, "_once", lambda _run: outcome)
    assert attempt(RUN).attempts == attempts
