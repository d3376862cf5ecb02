# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drill's times agree with the truth, and what it says of an outage is what happened."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from rig.cases import CASES, runs
from rig.trial import Trial, attempt

pytestmark = pytest.mark.usefixtures("able")

SEED = 11
SIDE_BY_SIDE = 3
"""Most of a run is waiting, but each has two processes that are to be on time."""


@pytest.fixture(scope="module")
def trials(able: None) -> dict[str, Trial]:
    """A run of each case."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as side_by_side:
        return {trial.run.case.name: trial for trial in side_by_side.map(attempt, runs(len(CASES), SEED))}


@pytest.mark.parametrize("case", [case.name for case in CASES])
def test_what_happened_is_what_the_drill_says(case: str, trials: dict[str, Trial]) -> None:
    assert trials[case].misjudged == ()


@pytest.mark.parametrize("case", [case.name for case in CASES])
def test_its_times_are_right_within_a_probe_period_and_a_tenth_of_a_second(case: str, trials: dict[str, Trial]) -> None:
    trial = trials[case]
    assert trial.comparisons
    assert trial.precise, trial.table()
