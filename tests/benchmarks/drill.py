# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a drill knows when an outage began and ended, and whether it says rightly what it was.

Writes ``build/benchmarks/drill.json``. Thirty runs of the rig, some side by side: six kinds of trouble, each in five
weathers. The seeds are fixed; when the machine lets a packet through is not.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rig.cases import runs
from rig.namespaces import lacking
from rig.trial import ALLOWED_BEYOND_PERIOD, Trial, attempt
from tools.checkout import BUILD

RUNS = 30
SEED = 1
SIDE_BY_SIDE = 6
RESULT = BUILD / "benchmarks" / "drill.json"


def main() -> int:
    """Measure, print a table, write the JSON file. Returns the exit code: 1 where a drill is wrong."""
    if want := lacking():
        print(f"The drill's precision was not measured: this machine lacks {want}", file=sys.stderr)
        return 0
    began = time.monotonic()
    with ThreadPoolExecutor(SIDE_BY_SIDE) as side_by_side:
        trials = []
        for trial in side_by_side.map(attempt, runs(RUNS, SEED)):
            trials.append(trial)
            print(f"run {len(trials)} of {RUNS}", file=sys.stderr, flush=True)
    result = summed_up(trials)
    result["seconds"] = round(time.monotonic() - began, 1)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    show(result)
    return 0 if result["precise"] == result["runs"] and not result["misjudged"] else 1


def summed_up(trials: list[Trial]) -> dict[str, Any]:
    """What the file says."""
    period = trials[0].found["period"]
    errors = [abs(each.error) for trial in trials for each in trial.comparisons]
    return {
        "runs": len(trials),
        "probe_period_ms": _ms(period),
        "allowed_error_ms": _ms(period + ALLOWED_BEYOND_PERIOD),
        "worst_error_ms": _ms(max(errors)),
        "median_error_ms": _ms(statistics.median(errors)),
        "moments": len(errors),
        "precise": sum(trial.precise for trial in trials),
        "misjudged": sum(bool(trial.misjudged) for trial in trials),
        "repeated": sum(trial.attempts - 1 for trial in trials),
        "longest_stall_ms": _ms(max(trial.stalled for trial in trials)),
        "weather_by": "netem" if all(trial.by_netem for trial in trials) else "the rig's cables",
        "addresses_translated": all(trial.translated for trial in trials),
        "each": [_row(trial) for trial in trials],
    }


def _row(trial: Trial) -> dict[str, Any]:
    worst = max(trial.comparisons, key=lambda each: abs(each.error))
    return {
        "run": trial.run.number,
        "case": trial.run.case.name,
        "primary": trial.run.rig.primary.told,
        "secondary": trial.run.rig.secondary.told,
        "probes": trial.found["sent"],
        "lost": trial.found["lost"],
        "moments": len(trial.comparisons),
        "worst": worst.what,
        "worst_error_ms": _ms(worst.error),
        "misjudged": list(trial.misjudged),
    }


def _ms(seconds: float) -> int:
    return round(1000 * seconds)


def show(result: dict[str, Any]) -> None:
    """The table."""
    print(f"{'run':>3}  {'trouble':12}{'primary':22}{'secondary':22}{'probes':>6}{'lost':>6}{'worst':>9}  of")
    for row in result["each"]:
        wrong = "".join(f"  MISJUDGED: {each}" for each in row["misjudged"])
        print(
            f"{row['run']:>3}  {row['case']:12}{row['primary']:22}{row['secondary']:22}{row['probes']:>6}"
            f"{row['lost']:>6}{row['worst_error_ms']:>+6} ms  {row['worst']}{wrong}"
        )
    print(
        f"\n{result['runs']} runs in {result['seconds']:.0f} s, {result['moments']} moments: worst error"
        f" {result['worst_error_ms']} ms of {result['allowed_error_ms']} ms allowed"
        f" (probes every {result['probe_period_ms']} ms), median {result['median_error_ms']} ms;"
        f" {result['misjudged']} misjudged. Weather by {result['weather_by']}. The machine kept a rig waiting for"
        f" {result['longest_stall_ms']} ms at the most; {result['repeated']} repeated for that."
    )


if __name__ == "__main__":
    sys.exit(main())
