# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m lab up|down|status|ctl``."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import string
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from . import resident
from .client import LabClient, LabError
from .options import Options

_START_SECONDS = 120.0
_PASSWORD_LENGTH = 16
"""The most that a router of this generation takes (web API facts 2.1)."""


def main(arguments: list[str]) -> int:
    """The exit status."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    try:
        return COMMANDS[chosen.command](chosen)
    except (LabError, ValueError, resident.AlreadyThere, OSError) as error:
        # The resident process is heard through the one that started it, which says the rest.
        print(error if chosen.command == "live" else f"lab {chosen.command}: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lab", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="up|down|status|inventory|ctl")
    up = commands.add_parser("up", help="start a lab, print how to reach it as one line of JSON, and leave it running")
    for port in ("http", "https", "adb"):
        up.add_argument(f"--{port}-port", type=int, default=0, help="0 (the default) is any free one")
    up.add_argument("--username", default="admin")
    up.add_argument("--password", help="default: a new one for each lab")
    up.add_argument("--firmware", default="386", help="one of those in the README; 386 is the default")
    up.add_argument("--android", default="14")
    up.add_argument("--speed", type=float, default=1.0, help="lab seconds in one second on the wall")
    up.add_argument("--state-dir", type=Path, help="default: a new private directory, which the lab removes")
    up.add_argument("--parent-pid", type=int, help="end when that process does")
    up.add_argument("--foreground", action="store_true", help="stay until interrupted")
    up.add_argument("--real-adbd", type=Path, help="run the adbd that `python -m lab.real_adbd DIRECTORY` put there")
    up.add_argument("--adb-server", action="store_true", help="run a real adb server too, which ends with the lab")
    for name, text in (
        ("down", "end a lab"),
        ("status", "tell whether it runs, and how to reach it"),
        ("inventory", "print an Ansible inventory of it; has the password"),
    ):
        commands.add_parser(name, help=text).add_argument("--state-dir", type=Path, required=True)
    ctl = commands.add_parser("ctl", help="cause and observe things in a lab; see the README for the words")
    ctl.add_argument("--state-dir", type=Path, required=True)
    ctl.add_argument("words", nargs=argparse.REMAINDER)
    commands.add_parser("live").add_argument("--state-dir", type=Path, required=True)
    return parser


def _up(chosen: argparse.Namespace) -> int:
    options = Options(
        username=chosen.username,
        password=chosen.password or "".join(secrets.choice(string.ascii_letters) for _turn in range(_PASSWORD_LENGTH)),
        http_port=chosen.http_port,
        https_port=chosen.https_port,
        adb_port=chosen.adb_port,
        firmware=chosen.firmware,
        android=chosen.android,
        speed=chosen.speed,
        adb_server=chosen.adb_server,
        real_adbd=str(chosen.real_adbd.resolve()) if chosen.real_adbd else None,
    )
    if chosen.state_dir is None:
        state_dir = Path(tempfile.mkdtemp(prefix="dualwan-lab-")).resolve()
        owns = True
    else:
        state_dir = chosen.state_dir.resolve()
        owns = not state_dir.exists()
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if resident.is_alive(state_dir):
            raise resident.AlreadyThere(f"a lab is running in {state_dir} already")
    try:
        if chosen.foreground:
            _stay(options, state_dir, owns, chosen.parent_pid)
            return 0
        _start_in_background(options, state_dir, owns, chosen.parent_pid)
    except BaseException:
        resident.remove_traces(state_dir, whole=owns)
        raise
    _tell(state_dir)
    return 0


def _tell(state_dir: Path) -> None:
    print(json.dumps(resident.describe(state_dir)), flush=True)


def _stay(options: Options, state_dir: Path, owns: bool, parent_pid: int | None) -> None:
    from .living import live

    live(options, state_dir, owns_state_dir=owns, parent_pid=parent_pid, ready=lambda: _tell(state_dir))


def _start_in_background(options: Options, state_dir: Path, owns: bool, parent_pid: int | None) -> None:
    log_path = state_dir / resident.LOG
    with log_path.open("w") as log:
        # What it is to do goes in by a pipe: an argument would show the password to everyone on the machine.
        process = subprocess.Popen(
            [sys.executable, "-m", "lab", "live", "--state-dir", str(state_dir)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
        )
        assert process.stdin is not None
        order = {"options": asdict(options), "owns": owns, "parent_pid": parent_pid}
        process.stdin.write(json.dumps(order).encode())
        process.stdin.close()
    give_up = time.monotonic() + _START_SECONDS
    while not (state_dir / resident.DESCRIPTION).exists():
        if process.poll() is not None or time.monotonic() > give_up:
            if process.poll() is None:
                process.kill()
                process.wait()
            lines = log_path.read_text().strip().splitlines() if log_path.exists() else []
            raise LabError("the lab did not start: " + (lines[-1] if lines else f"status {process.returncode}"))
        time.sleep(0.02)


def _live(chosen: argparse.Namespace) -> int:
    from .living import live

    order = json.load(sys.stdin)
    live(
        Options(**order["options"]),
        chosen.state_dir,
        owns_state_dir=order["owns"],
        parent_pid=order["parent_pid"],
    )
    return 0


def _down(chosen: argparse.Namespace) -> int:
    if not resident.end(chosen.state_dir.resolve()):
        print(f"no lab is running in {chosen.state_dir}", file=sys.stderr)
    return 0


def _inventory(chosen: argparse.Namespace) -> int:
    from .inventory import groups

    print(json.dumps(groups(LabClient(chosen.state_dir)), indent=2))
    return 0


def _status(chosen: argparse.Namespace) -> int:
    alive = resident.is_alive(chosen.state_dir)
    told = resident.describe(chosen.state_dir) if alive else {}
    print(json.dumps({"running": alive, **told}))
    return 0 if alive else 1


def _ctl(chosen: argparse.Namespace) -> int:
    print(json.dumps(LabClient(chosen.state_dir).ctl(*chosen.words)))
    return 0


COMMANDS = {"up": _up, "down": _down, "status": _status, "inventory": _inventory, "ctl": _ctl, "live": _live}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
