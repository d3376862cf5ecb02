# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both doors to a task: inside the control process, and as a module. Same options, same result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.house import House

OPTIONS: dict[str, dict[str, Any]] = {
    "asus_dualwan": {"state": "enabled", "failback": True, "detection": {"interval": 7, "ping_target": "1.1.1.1"}},
    "asus_settings_backup": {"keep": 3},
    "asus_wan": {"wan": "primary", "state": "enabled"},
    "asus_wan_info": {},
    "backup_link_doctor": {"fail_on": "never"},
    "backup_link_drill": {"fault": "watch", "watch_seconds": 1, "targets": ["tcp://127.0.0.1:1"], "address_url": ""},
    "android_ethernet_tether_info": {},
    "android_info": {},
    "android_backup_phone": {},
    "android_usb_tether": {"state": "enabled", "function": "rndis"},
    "android_tether_keepalive": {"state": "stopped", "interval": 60},
}
FAILING: dict[str, dict[str, Any]] = {
    "asus_dualwan": {"primary": "wan", "secondary": "wan"},
    "asus_settings_backup": {"state": "restored", "file": "newest", "confirm": "yes"},
    "asus_wan": {"wan": "primary", "state": "enabled", "wait_seconds": -1},
    "asus_wan_info": {"port": 1, "tls": False},
    "backup_link_doctor": {"port": 1, "tls": False},
    "backup_link_drill": {"targets": []},
    "android_ethernet_tether_info": {"wait_seconds": -1},
    "android_info": {"serial": "nobody"},
    "android_backup_phone": {"serial": "nobody"},
    "android_usb_tether": {"adb_server_port": 1},
    "android_tether_keepalive": {"interval": 0},
}
OF_THE_DOOR = {
    "ansible_job_id", "finished", "results_file", "started", "stderr", "stderr_lines", "stdout", "stdout_lines",
    "invocation", "deprecations", "exception", "_ansible_no_log",
}  # fmt: skip

MEASURED = {"backup_link_doctor": {"seconds"}, "backup_link_drill": {"drill", "told", "history_file"}}
"""What of a result is never the same twice."""


def playbook(house: House, path: Path, options: dict[str, dict[str, Any]], *, check: bool) -> Path:
    """Each task by the in-process door, then by the module's; ``async`` is what asks for the latter."""
    tasks: list[dict[str, Any]] = []
    for module, given in options.items():
        task = {f"homelab.dualwan.{module}": house.reach(module) | given, "ignore_errors": True, "check_mode": check}
        # Check mode and async exclude each other in ansible-core, whatever the module.
        tasks += [{"name": "in process", **task}, {"name": "module", **task, "async": 60, "poll": 1}]
    variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": variables, "tasks": tasks}
    path.write_text(yaml.safe_dump([play]))
    return path


@pytest.mark.parametrize("options", [OPTIONS, FAILING], ids=["succeeding", "failing"])
def test_each_task_gives_the_same_result_by_both_doors_and_tells_no_password(
    house: House, tmp_path: Path, options: dict[str, dict[str, Any]]
) -> None:
    for module in (
        "asus_dualwan",
        "asus_settings_backup",
        "android_backup_phone",
        "android_usb_tether",
        "android_tether_keepalive",
    ):
        assert not house.run(module, **OPTIONS[module]).failed
    house.until(lambda: house.run("asus_wan_info")["phone"]["interface"], "the phone on the router's USB")

    report = house.play(playbook(house, tmp_path / "doors.yml", options, check=False), "-vvv", "--diff")
    told = {(task["action"], task["task"]): task["result"] for task in report.tasks}
    assert {task["how"] for task in report.tasks} == {"failed" if options is FAILING else "ok"}, report.output
    assert len(told) == 2 * len(options), report.output
    for module in options:
        action = f"homelab.dualwan.{module}"
        inside, outside = (
            {
                name: value
                for name, value in told[action, door].items()
                if name not in OF_THE_DOOR | MEASURED.get(module, set())
            }
            for door in ("in process", "module")
        )
        assert inside == outside, module
    assert house.lab.password not in report.output
    assert house.lab.password not in str(report.tasks)
