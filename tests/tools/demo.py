# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: a house with a simulated router and phone, and ``site.yml`` bringing its backup link up.

Runs the playbook twice, insists that the second run changes nothing and sends the router no write, shows both lines.
Whatever it started ends with it, also after Ctrl-C.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from lab.client import LabClient, LabError, running
from lab.inventory import inventory
from tools.checkout import BUILD, ROOT, link_tree

LAB_SPEED = 20
PATIENCE_SECONDS = 60
"""For ansible-playbook to tidy up after Ctrl-C."""
SITE = ROOT / "playbooks" / "site.yml"
CHECK = ROOT / "playbooks" / "check.yml"


class DemoFailed(Exception):
    """The demo saw something else than it promises."""


def main() -> int:
    """The exit status."""
    started = time.monotonic()
    try:
        with ExitStack() as house:
            show(house)
    except KeyboardInterrupt:
        say("interrupted; lab, phone and adb server are stopped")
        return 130
    except (DemoFailed, LabError) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    say(f"done in {time.monotonic() - started:.0f} s; everything that was started is stopped")
    return 0


def show(house: ExitStack) -> None:
    """The story, in a house that is empty again afterwards."""
    say(f"starting a simulated router and phone, on a clock {LAB_SPEED} times as fast as the wall's")
    lab = house.enter_context(running(speed=LAB_SPEED, adb_server=True))
    home = Path(house.enter_context(tempfile.TemporaryDirectory(prefix="dualwan-demo-")))
    house_inventory = inventory(lab)
    say(f"router at https://127.0.0.1:{lab.https_port}, phone {lab.serial}, adb server on port {lab.adb_server_port}")

    say("first run of site.yml: the link is brought up")
    play(SITE, house_inventory, home)

    say("second run of site.yml: nothing is left to do")
    lab.ctl("router", "forget-requests")
    changed = play(SITE, house_inventory, home)
    writes = [request for request in lab.ctl("router", "requests") if request["kind"] == "write"]
    if changed or writes:
        raise DemoFailed(f"the second run reported changed={changed} and sent {len(writes)} writes to the router")
    say(f"changed=0, and the router saw {conversation(lab)}: no write")

    say("the dashboard, by check.yml")
    play(CHECK, house_inventory, home)
    say("the same, as the simulated devices have it")
    devices(lab)


def play(playbook: Path, house_inventory: Path, home: Path) -> int:
    """Run a playbook before the person's eyes, and return how many tasks changed something."""
    config = home / "ansible.cfg"
    config.touch()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "ASUSWRT_"))}
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "--inventory", str(house_inventory)]
    process = subprocess.Popen(
        [*command, str(playbook)],
        env={
            **inherited,
            "ANSIBLE_CONFIG": str(config),
            "ANSIBLE_HOME": str(BUILD / "ansible-home"),
            "XDG_STATE_HOME": str(home / "state"),
            "ANSIBLE_COLLECTIONS_PATH": str(link_tree()),
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
            "ANSIBLE_FORCE_COLOR": "1" if sys.stdout.isatty() else "0",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,  # Ctrl-C comes from us alone, once: a second one would cut its tidying up short
    )
    changed = 0
    with process:
        try:
            for line in process.stdout or ():
                print(f"  {line.rstrip()}".rstrip(), flush=True)
                changed += sum(int(count) for count in re.findall(r"\bchanged=(\d+)", line))
        except KeyboardInterrupt:
            # Its workers live in sessions of their own, so it has to end them itself, which it does on SIGINT only.
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
    if process.returncode:
        raise DemoFailed(f"{playbook.name} ended with {process.returncode}")
    return changed


def conversation(lab: LabClient) -> str:
    """What was sent to the router, counted by kind."""
    kinds = [request["kind"] for request in lab.ctl("router", "requests")]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))


def devices(lab: LabClient) -> None:
    """Both ends of the cable, asked by the lab's own door instead of by the collection."""
    names = ("wans_dualwan", "wans_mode", "wan0_state_t", "wan0_primary", "link_wan1", "usb_modem_act_dev")
    for name, value in lab.ctl("router", "nvram", *names).items():
        print(f"  router  {name:18} {value}")
    phone: dict[str, Any] = lab.ctl("phone", "state")
    for name in ("usb", "tether"):
        told = ", ".join(f"{key} {value}" for key, value in phone[name].items())
        print(f"  phone   {name:18} {told}")


def say(text: str) -> None:
    """A line of the story."""
    print(f"\n=== {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
