# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to run the collection where nothing needs to change, which is what happens every day.

Seconds depend on the machine and the hour, so each play is timed in turn with the yardstick, a play of six pings, and
the ratios are what counts. Requests, logins and started programs are counted, and have no noise at all.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.process import Cost, count_programs, measure
from benchmarks.waiting import WaitMeter
from lab.client import LabClient, running
from lab.inventory import inventory
from tools.checkout import BUILD, ROOT, link_tree

ROUNDS = 9
LAB_SPEED = 10
RESULT = BUILD / "benchmarks" / "converge.json"
HOME = BUILD / "home-benchmarks"
CONFIG = HOME / "ansible.cfg"
"""Empty: whatever configuration the person or the machine has, is not measured."""
PLAYS = Path(__file__).parent
SITE = ROOT / "playbooks" / "site.yml"


def main() -> None:
    """Measure, print a table, write the JSON file."""
    HOME.mkdir(parents=True, exist_ok=True)
    CONFIG.touch()
    # Two houses: what site.yml wants of a router is its own business, and neither play may undo the other's.
    with house() as (one, one_inventory, _meters), house() as (_other, other_inventory, meters):
        ping6 = playbook(PLAYS / "ping6.yml", one_inventory)
        router = playbook(PLAYS / "router.yml", one_inventory)
        site = playbook(SITE, other_inventory)
        settle(router)
        settle(site)
        costs: dict[str, list[Cost]] = {"ping6": [], "router": [], "site": []}
        waits: dict[str, list[float]] = {"phone": [], "router": []}
        for number in range(1, ROUNDS + 1):
            print(f"round {number} of {ROUNDS}", file=sys.stderr, flush=True)
            costs["ping6"].append(measure(ping6, environment()))
            costs["router"].append(measure(router, environment()))
            for meter in meters.values():
                meter.seconds = 0.0
            costs["site"].append(measure(site, environment()))
            for device, meter in meters.items():
                waits[device].append(meter.seconds)
        one.ctl("router", "forget-requests")
        measure(router, environment())
        requests = one.ctl("router", "requests")
        execve = count_programs(router, environment())

    seconds = {name: [cost.seconds for cost in runs] for name, runs in costs.items()}
    own = [total - sum(waited) for total, *waited in zip(seconds["site"], *waits.values(), strict=True)]
    result = {
        "router_ratio": ratio(seconds["router"], seconds["ping6"]),
        "site_ratio": ratio(own, seconds["ping6"]),
        "requests": len(requests),
        "logins": sum(request["kind"] == "login" for request in requests),
        "execve": execve,
        "peak_megabytes": round(max(cost.peak_megabytes for cost in costs["router"] + costs["site"]), 1),
        "times": {
            **{f"{name}_seconds": round(statistics.median(values), 3) for name, values in seconds.items()},
            **{
                f"{name}_cpu_seconds": round(statistics.median(run.cpu_seconds for run in runs), 3)
                for name, runs in costs.items()
            },
            **{
                f"site_waiting_for_{device}_seconds": round(statistics.median(waited), 3)
                for device, waited in waits.items()
            },
            "rounds": seconds,
        },
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    show(result)


@contextmanager
def house() -> Iterator[tuple[LabClient, Path, dict[str, WaitMeter]]]:
    """A lab, its inventory, and the meters between Ansible and its router and phone."""
    with (
        running(speed=LAB_SPEED, adb_server=True) as lab,
        WaitMeter(lab.adb_server_port) as phone,
        WaitMeter(lab.https_port) as router,
    ):
        path = inventory(lab, router_port=router.port, adb_server_port=phone.port)
        yield lab, path, {"phone": phone, "router": router}


def playbook(path: Path, inventory_file: Path) -> list[str]:
    """The command, of the environment that this runs in."""
    return [str(Path(sys.executable).with_name("ansible-playbook")), "--inventory", str(inventory_file), str(path)]


def environment() -> dict[str, str]:
    """That of the caller without what is set for other Ansible runs."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "ASUSWRT_"))}
    settings = {"ANSIBLE_COLLECTIONS_PATH": str(link_tree()), "ANSIBLE_CONFIG": str(CONFIG)}
    return {**inherited, **settings, "HOME": str(HOME), "XDG_STATE_HOME": str(HOME / "state")}


def settle(command: list[str]) -> None:
    """Run until nothing changes: once to set up, and once more to be sure."""
    measure(command, environment())
    output = measure(command, environment()).output
    if re.search(r"changed=[1-9]", output):
        raise SystemExit(f"A second run still changed something:\n{output}")


def ratio(measured: list[float], yardstick: list[float]) -> float:
    """The median of the ratios of each round."""
    return round(statistics.median(one / other for one, other in zip(measured, yardstick, strict=True)), 3)


def show(result: dict[str, object]) -> None:
    """Print the numbers, one to a line."""
    meaning = {
        "router_ratio": "a router in order, in times of six pings",
        "site_ratio": "site.yml in order, without waiting for the devices, in times of six pings",
        "requests": "to the router",
        "logins": "",
        "execve": "programs started for the router (strace), ansible-playbook included",
        "peak_megabytes": "of the largest process",
    }
    for name, text in meaning.items():
        print(f"{name:16}{result[name]!s:>8}  {text}".rstrip())
    times = result["times"]
    if isinstance(times, dict):
        for name, value in times.items():
            if isinstance(value, float):
                print(f"  {name:34}{value:8.3f}")
    print(f"written to {RESULT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
