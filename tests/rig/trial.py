# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run: a rig, the drill in it, and how far what the drill found is from the truth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tools.checkout import link_tree

from .addresses import OURS, PRIMARY, SECONDARY
from .cases import Case, Run
from .client import TESTS, Rig
from .truth import FAULT_BEGAN, FAULT_ENDED, PROTOCOLS, Truth

ALLOWED_BEYOND_PERIOD = 0.1
"""Seconds."""
DRILL_SECONDS = 180.0
"""The longest that a drill takes, with a machine that has much else to do."""
ATTEMPTS = 3
STALL_SECONDS = 0.1
"""A machine that keeps the rig or the drill waiting for so long has made an outage of its own, of which the truth knows
nothing."""
_TOLD_OF = "began", "ended"


@dataclass(frozen=True)
class Comparison:
    """One moment, in seconds since the drill started."""

    what: str
    truth: float
    drill: float

    @property
    def error(self) -> float:
        return self.drill - self.truth


@dataclass(frozen=True)
class Trial:
    """What came of a run."""

    run: Run
    by_netem: bool
    translated: bool
    found: dict[str, Any]
    truth: Truth
    comparisons: tuple[Comparison, ...]
    misjudged: tuple[str, ...]
    """In words; none if all was judged as it was."""
    stalled: float
    """The longest time that the machine kept the rig or the drill waiting, in seconds."""
    attempts: int = 1

    @property
    def worst(self) -> float:
        """Seconds."""
        return max((abs(each.error) for each in self.comparisons), default=0.0)

    @property
    def precise(self) -> bool:
        period: float = self.found["period"]
        return self.worst <= period + ALLOWED_BEYOND_PERIOD

    def table(self) -> str:
        """Every comparison, for people."""
        head = f"{'':18}{'truth':>9}{'drill':>9}{'error':>9}"
        rows = [
            f"{each.what:18}{each.truth:8.2f}s{each.drill:8.2f}s{1000 * each.error:+7.0f}ms"
            for each in self.comparisons
        ]
        return "\n".join([head, *rows])


def attempt(run: Run) -> Trial:
    """Make the rig, drill, and compare. What went wrong on a machine that stalled shows nothing, so then again."""
    for number in range(1, ATTEMPTS + 1):
        trial = replace(_once(run), attempts=number)
        if trial.stalled < STALL_SECONDS or (trial.precise and not trial.misjudged):
            break
    return trial


def _once(run: Run) -> Trial:
    with Rig(run.rig) as rig:
        found = _drill(rig, run)
        truth = rig.truth()
        stalled = max(rig.ask("stalled"), found["stalled"])
    compared, missed = _compare(found, truth)
    misjudged = (*missed, *_misjudged(run.case, found, truth))
    return Trial(run, rig.by_netem, rig.translated, found, truth, tuple(compared), misjudged, stalled)


def _drill(rig: Rig, run: Run) -> dict[str, Any]:
    paths = os.pathsep.join([str(TESTS), str(link_tree())])
    done = subprocess.run(
        rig.on_host([sys.executable, "-m", "rig.drill"]),
        cwd=TESTS,
        env={**os.environ, "PYTHONPATH": paths},
        input=json.dumps(run.as_order(str(rig.socket))),
        capture_output=True,
        text=True,
        timeout=DRILL_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the drill of run {run.number} ended with {done.returncode}: {done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _compare(found: dict[str, Any], truth: Truth) -> tuple[list[Comparison], list[str]]:
    """Every moment that both know, and what only one of them does."""
    started = found["started"]
    compared: list[Comparison] = []
    missed: list[str] = []

    def both(what: str, real: float, told: float) -> None:
        compared.append(Comparison(what, real - started, told - started))

    marks = found["marks"]
    for mark, moments in (
        ("fault_injected", truth.moments(FAULT_BEGAN)),
        ("fault_ended", truth.moments(FAULT_ENDED)),
        ("failed_over", [move.at for move in truth.moves() if move.line == SECONDARY]),
        ("failed_back", [move.at for move in truth.moves() if move.line == PRIMARY]),
    ):
        if mark in marks:
            both(mark, moments[0], marks[mark])
    whole = [each for each in truth.outages("icmp") if each in truth.outages("tcp")]
    series = {"all": (whole, found["whole"])}
    series.update({name: (truth.outages(name), found["by_protocol"].get(name, [])) for name in PROTOCOLS})
    for name, (real, told) in series.items():
        missed += _pair_up(name, real, told, both)
    moves = [switch["at"] for switch in found["switches"]]
    if len(moves) != len(truth.moves()):
        missed.append(f"{len(truth.moves())} moves, {len(moves)} found")
    else:
        for move, at in zip(truth.moves(), moves, strict=True):
            both(f"to the {move.line}", move.at, at)
    return compared, missed


def _pair_up(name: str, real: Sequence[Any], told: Sequence[Any], both: Any) -> list[str]:
    if len(real) != len(told):
        return [f"{name}: {len(real)} outages, {len(told)} found"]
    missed = []
    for real_times, told_times in zip(real, told, strict=True):
        for which, is_so, is_told in zip(_TOLD_OF, real_times, told_times, strict=True):
            if (is_so is None) != (is_told is None):
                missed.append(f"{name}: an outage's end that only one knows")
            elif is_so is not None:
                both(f"{name} {which}", is_so, is_told)
    return missed


def _misjudged(case: Case, found: dict[str, Any], truth: Truth) -> list[str]:
    """Of what a drill says in words: failed over with or without reason, flapping, some protocols only."""
    wrong = []
    moves = truth.moves()
    for move, switch in zip(moves, found["switches"], strict=False):
        if switch["to"] == SECONDARY and switch["justified"] is not truth.justified(move):
            wrong.append(f"the move is justified: {truth.justified(move)}, found {switch['justified']}")
    if found["flapping"] is not (len(moves) > 2):
        wrong.append(f"flapping: {len(moves)} moves, found {found['flapping']}")
    if bool(found["partial"]) is not case.partial:
        wrong.append(f"some protocols only: {case.partial}, found {found['partial']}")
    victims = [each["out"] for each in found["partial"]]
    if case.partial and [{*some} for some in victims] != [{"tcp", "tls", "http"}]:
        wrong.append(f"the protocols that were out: {victims}")
    if case.flapping is not found["flapping"]:
        wrong.append(f"flapping was meant: {case.flapping}")
    if case.fault:
        if found["verdict"] != "passed":
            wrong.append(f"verdict {found['verdict']}: {', '.join(found['not_held'])}")
        if found["carried"] != [OURS[PRIMARY], OURS[SECONDARY]]:
            wrong.append(f"carried by {found['carried']}")
    return wrong
