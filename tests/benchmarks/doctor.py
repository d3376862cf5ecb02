# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the doctor names first what was done to the house, and how long it thinks.

Writes ``build/benchmarks/doctor.json``. One lab, brought up anew for each state, is made ill in one way of
:data:`MUTATIONS`; ``own_seconds`` is the longest that the doctor took besides the devices.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.checkout import BUILD, ROOT, link_tree

RESULT = BUILD / "benchmarks" / "doctor.json"
LAB_SPEED = 20


@dataclass(frozen=True)
class Diagnosis:
    """What came of one state."""

    name: str
    cause: str
    told: tuple[str, ...]
    own_seconds: float

    @property
    def first(self) -> bool:
        return self.told[:1] == (self.cause,)


def main() -> None:
    """Make it ill, ask, print a table, write the JSON file."""
    sys.path.insert(0, str(link_tree()))
    importlib.invalidate_caches()
    with tempfile.TemporaryDirectory(prefix="dualwan-doctor-") as home:
        os.environ["XDG_STATE_HOME"] = str(Path(home) / "state")
        found = diagnoses(Path(home))
    result = {
        "states": len(found),
        "named_first": sum(diagnosis.first for diagnosis in found),
        "own_seconds": max(diagnosis.own_seconds for diagnosis in found),
        "missed": {diagnosis.name: list(diagnosis.told) for diagnosis in found if not diagnosis.first},
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    show(found)
    print(f"{result['named_first']} of {result['states']} named first, {result['own_seconds']:.3f} s at the most")
    print(f"written to {RESULT.relative_to(ROOT)}")


def diagnoses(home: Path) -> list[Diagnosis]:
    """One for each state."""
    # These know the collection, which has just been put on the path.
    from benchmarks.mutations import MUTATIONS, ask, bring_up
    from integration.house import House
    from lab.client import running

    found = []
    with running(speed=LAB_SPEED, adb_server=True) as lab:
        house = House(lab, home)
        for number, mutation in enumerate(MUTATIONS, 1):
            print(f"{number} of {len(MUTATIONS)}: {mutation.name}", file=sys.stderr, flush=True)
            bring_up(house)
            outcome = ask(house, mutation)
            told = tuple(finding["id"] for finding in outcome["findings"])
            found.append(Diagnosis(mutation.name, mutation.cause, told, outcome["seconds"]["own"]))
    return found


def show(found: list[Diagnosis]) -> None:
    """A row for each."""
    print(f"{'state':<46}{'cause':<32}first  besides")
    for diagnosis in found:
        others = [name for name in diagnosis.told if name != diagnosis.cause]
        row = f"{diagnosis.name:<46}{diagnosis.cause:<32}{'yes' if diagnosis.first else 'NO':<7}{', '.join(others)}"
        print(row.rstrip())


if __name__ == "__main__":
    main()
