# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon a tether serves again after a wiggle of the cable, and what watching it costs.

Writes ``build/benchmarks/recovery.json``.
Each layer keeps a simulated phone of its own, all of them side by side and at the pace of the wall. A drop is a loss of
contact that is half a second longer than what the phone's Android puts up with. Seconds count from the tether gone to
the tether serving, by the phone's journal. The yardstick is what people write first: set the function every 10 seconds.
Of the layer ``host`` the machine is this one, with the role's script run as its timer does; what it starts to
begin a watch is counted apart, and comes on top of what it starts within one.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from lab.adb_server import adb_program, adb_server
from lab.client import LabClient, running
from tools.checkout import BUILD, ROOT, link_tree
from tools.rearm_script import script_in

DROPS = 20
WATCHED_SECONDS = 60.0
RESULT = BUILD / "benchmarks" / "recovery.json"

PATIENCE_SECONDS = 40.0
"""With a layer; after which the tether counts as not brought back."""
READY_SECONDS = 120.0
"""In which a phone is ready to be measured, with all the others that are made ready beside it."""
STARTED_AT_A_TIME = 4
REST_SECONDS = 7.0
"""Between two drops: a cure is never within 6 s of the one before it."""
BEYOND_DEBOUNCE_SECONDS = 0.5
NAIVE_SECONDS = 10
HOST_SECONDS = 5
WATCH_SECONDS = 300
"""The role's defaults: from a run's end to the next, and how long a watch on the phone lasts."""
BEGIN_SECONDS = 5.0
"""In which a watch that runs has begun to look."""
TRACE = "debug.homelab.dualwan"
"""The property that it sets when it begins."""
NAIVE = f"while :; do svc usb setFunctions rndis; sleep {NAIVE_SECONDS}; done"
DIRECTORY = "/data/local/tmp/homelab.dualwan"


@dataclass(frozen=True)
class Case:
    """A layer on a phone."""

    android: str
    layer: str
    """Of the keepalive, or ``naive``."""
    locked: bool = False

    @property
    def profile(self) -> str:
        return f"{self.android} locked" if self.locked else self.android

    @property
    def debounce_seconds(self) -> float:
        """What the lab's profile has; the facts are UsbDeviceManager's."""
        return 1.0 if self.locked or self.android in ("8.1", "10") else 3.0


CASES = (
    Case("8.1", "root_service"),
    *(
        Case(android, layer)
        for android in ("10", "12", "14", "16")
        for layer in ("default_usb", "root_service", "loop", "naive")
    ),
    Case("10", "host"),
    Case("14", "host"),
    Case("14", "root_service", locked=True),
    Case("14", "loop", locked=True),
)


@dataclass(frozen=True)
class Recovery:
    """What came of one case."""

    profile: str
    layer: str
    drops: int
    recovered: int
    median_seconds: float | None
    worst_seconds: float | None
    processes_per_hour: float | None
    """That the layer itself starts while the tether serves; None where strace cannot tell."""
    cpu_ms_per_hour: float


class Bench:
    """One phone under one layer."""

    def __init__(self, case: Case, lab: LabClient, server_port: int) -> None:
        self.case = case
        self._lab = lab
        self._connection = {"serial": lab.serial, "adb_server_port": server_port}

    def measure(self, drops: int, watched_seconds: float) -> Recovery:
        """Set up, watch a healthy phone, then drop its tether again and again."""
        self._set_up()
        if self.case.layer != "host":
            return self._measure(drops, watched_seconds, 0.0)
        begins = self._begins()
        with self._machine():
            self._await_trace()
            return self._measure(drops, watched_seconds, begins)

    def _measure(self, drops: int, watched_seconds: float, begins: float | None) -> Recovery:
        self._await(self._serving, "the tether did not come up")
        time.sleep(REST_SECONDS)
        processes, cpu = self._watch(watched_seconds)
        seconds = []
        for _turn in range(drops):
            if (took := self._drop()) is not None:
                seconds.append(took)
            time.sleep(REST_SECONDS)
        return Recovery(
            profile=self.case.profile,
            layer=self.case.layer,
            drops=drops,
            recovered=len(seconds),
            median_seconds=round(statistics.median(seconds), 2) if seconds else None,
            worst_seconds=round(max(seconds), 2) if seconds else None,
            processes_per_hour=None if processes is None or begins is None else processes + begins,
            cpu_ms_per_hour=cpu,
        )

    def _set_up(self) -> None:
        case = self.case
        if case.layer == "root_service":
            self._lab.ctl("phone", "set", "root", "granted")
        if case.android != "8.1":
            self._run("android_usb_tether", plug_in_default=False)
        if case.layer == "host":
            self._run("android_tether_keepalive", strategy=["host"])
        elif case.layer == "naive":
            self._shell(f"( exec setsid sh -c '{NAIVE}' ) </dev/null >/dev/null 2>&1 &")
        else:
            cures = ["function", "reset", "data"]
            self._run("android_tether_keepalive", strategy=[case.layer], cures=cures)
        if case.locked:
            self._lab.ctl("phone", "set", "lock", "secure")
            self._lab.ctl("phone", "set", "screen", "locked")

    def _drop(self) -> float | None:
        """Seconds from gone to serving; None if it is not back in time, after which it is put right."""
        self._lab.ctl("phone", "forget-log")
        self._lab.ctl("cable", "wiggle", self.case.debounce_seconds + BEYOND_DEBOUNCE_SECONDS)
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            at = {entry["what"]: entry["at"] for entry in self._lab.ctl("phone", "log")}
            if at.get("tether serving", -1.0) > at.get("tether down", float("inf")):
                return float(at["tether serving"] - at["tether down"])
            time.sleep(0.1)
        self._run("android_usb_tether", plug_in_default=self.case.layer == "default_usb")
        return None

    def _serving(self) -> bool:
        return bool(self._lab.ctl("phone", "state")["tether"]["serving"])

    def _watched(self) -> bool:
        return any("lasts=" in str(one["command"]) for one in self._lab.ctl("phone", "state")["processes"])

    def _await(self, seen: Callable[[], bool], otherwise: str) -> None:
        _await(seen, f"{self.case}: {otherwise}")

    def _await_trace(self) -> None:
        self._await(lambda: bool(self._shell(f"getprop {TRACE}").strip()), "no watch has begun")

    def _watch(self, seconds: float) -> tuple[float | None, float]:
        """Processes started by the layer, and its milliseconds of CPU, both per hour of a phone that serves."""
        if self.case.layer == "default_usb":
            return 0.0, 0.0  # nothing of ours runs there
        pids = self._inside() if self.case.layer == "host" else [self._loop()]
        before = sum(map(_cpu_ms, pids))
        time.sleep(seconds)
        cpu = (sum(map(_cpu_ms, pids)) - before) * 3600 / seconds
        started = _processes_started(pids, lambda: time.sleep(seconds), theirs_too=self.case.layer == "host")
        return None if started is None else round(started * 3600 / seconds, 1), round(cpu, 1)

    def _loop(self) -> int:
        """The loop's process, by its number on this machine."""
        wanted = "svc usb setFunctions" if self.case.layer == "naive" else "homelab.dualwan/keepalive.sh"
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().split(b"\0")
                if wanted in b" ".join(words).decode(errors="replace") and self._is_ours(int(path.parent.name)):
                    return int(path.parent.name)
        raise RuntimeError(f"the loop of {self.case} does not run")

    def _begins(self) -> float | None:
        """Processes started on the phone to begin a watch, per hour; the stand-in for a program starts one itself."""
        self._await(self._serving, "the tether did not come up")

        def begin() -> None:
            machine.enter_context(self._machine())
            self._await(self._watched, "no watch runs")
            time.sleep(BEGIN_SECONDS)

        with contextlib.ExitStack() as machine:
            count = _processes_started(self._inside(), begin, theirs_too=True)
            self._await_trace()
        self._await(lambda: not self._watched(), "the watch does not end with its machine")
        self._shell(f"setprop {TRACE} ''")
        return None if count is None else count * 3600 / WATCH_SECONDS

    def _inside(self) -> list[int]:
        """Who lives in the phone: all that is started there comes from one of them."""
        found = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
        return [pid for pid in found if pid != self._lab.pid and self._is_ours(pid)]

    @contextlib.contextmanager
    def _machine(self) -> Iterator[None]:
        """Another one in the house, which looks after the phone."""
        with tempfile.TemporaryDirectory(prefix="dualwan-recovery-") as name:
            directory = Path(name)
            script_in(directory)
            (directory / "adb").symlink_to(adb_program())
            command = f"while :; do {directory}/rearm.sh; sleep {HOST_SECONDS}; done"
            settings = {
                "PATH": f"{directory}:{os.environ['PATH']}",
                "HOME": name,
                "ANDROID_ADB_SERVER_PORT": str(self._connection["adb_server_port"]),
                "ANDROID_SERIAL": self._lab.serial,
                "REARM_INTERVAL": str(HOST_SECONDS),
                "RUNTIME_DIRECTORY": name,
            }
            with subprocess.Popen(
                ["sh", "-c", command], env=settings, stdout=subprocess.DEVNULL, start_new_session=True
            ) as looking:
                try:
                    yield
                finally:
                    os.killpg(looking.pid, signal.SIGKILL)

    def _is_ours(self, pid: int) -> bool:
        while pid > 1 and pid != self._lab.pid:
            try:
                pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                return False  # it has just ended
        return pid == self._lab.pid

    def _run(self, module: str, **options: Any) -> None:
        task = importlib.import_module(f"ansible_collections.homelab.dualwan.plugins.modules.{module}").TASK
        here = importlib.import_module("ansible_collections.homelab.dualwan.plugins.module_utils._task").Here()
        checked = ArgumentSpecValidator(task.argument_spec).validate({**self._connection, **options})
        result = task.outcome(checked.validated_parameters, here)
        if result.get("failed"):
            raise RuntimeError(f"{module} on {self.case}: {result['msg']}")

    def _shell(self, command: str) -> str:
        import adbutils

        device = adbutils.AdbClient(port=self._connection["adb_server_port"]).device(self._lab.serial)
        return str(device.shell(command))


def _cpu_ms(pid: int) -> float:
    """Of the process by the scheduler's account, and of its children that ended, which the kernel counts in ticks."""
    own = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return own + 10.0 * (int(fields[13]) + int(fields[14]))


def _processes_started(pids: list[int], meanwhile: Callable[[], None], *, theirs_too: bool) -> int | None:
    """Forks and the like of these processes while that is done, and of their children's if so asked."""
    if not shutil.which("strace"):
        return None
    with tempfile.NamedTemporaryFile("r") as trace:
        traced = [f"--attach={pid}" for pid in pids]
        command = ["strace", "-qq", "-e", "trace=fork,vfork,clone,clone3", "-o", trace.name, *traced]
        command += ["--follow-forks"] * theirs_too
        with subprocess.Popen(command, stderr=subprocess.PIPE) as tracer:
            _await(lambda: tracer.poll() is not None or all(map(_is_traced, pids)), "strace does not get hold of all")
            meanwhile()
            tracer.send_signal(signal.SIGINT)
            said = tracer.communicate()[1].decode()
        if "Operation not permitted" in said:
            return None
        return sum("(" in line for line in trace)


def _await(seen: Callable[[], bool], otherwise: str) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while not seen():
        if time.monotonic() > give_up:
            raise RuntimeError(otherwise)
        time.sleep(0.1)


def _is_traced(pid: int) -> bool:
    try:
        return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True  # it has just ended


@contextlib.contextmanager
def benches(cases: tuple[Case, ...]) -> Iterator[list[Bench]]:
    """A phone for each, and one adb server for all."""
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dualwan-recovery-")))
        port = stack.enter_context(adb_server(home))

        def bench(case: Case) -> Bench:
            return Bench(case, stack.enter_context(running(android=case.android)), port)

        with ThreadPoolExecutor(STARTED_AT_A_TIME) as pool:
            found = list(pool.map(bench, cases))
        yield found


def measure(
    cases: tuple[Case, ...] = CASES, drops: int = DROPS, watched_seconds: float = WATCHED_SECONDS
) -> list[Recovery]:
    """All of them side by side."""
    sys.path.insert(0, str(link_tree()))
    with benches(cases) as all_of_them, ThreadPoolExecutor(len(cases)) as pool:
        return list(pool.map(lambda bench: bench.measure(drops, watched_seconds), all_of_them))


def show(recoveries: list[Recovery]) -> None:
    """Print a table; ``naive`` is the yardstick."""
    print("tether gone to tether serving, simulated phones at the pace of the wall; per hour of a phone that serves")
    print(f"{'Android':<11}{'layer':<14}{'recovered':>10}{'median s':>10}{'worst s':>9}{'processes':>11}{'CPU ms':>9}")
    for one in recoveries:
        print(
            f"{one.profile:<11}{one.layer:<14}{f'{one.recovered}/{one.drops}':>10}{one.median_seconds!s:>10}"
            f"{one.worst_seconds!s:>9}{one.processes_per_hour!s:>11}{one.cpu_ms_per_hour!s:>9}"
        )


def main() -> None:
    """Measure, print the table, write the JSON file."""
    recoveries = measure()
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps([asdict(one) for one in recoveries], indent=2) + "\n", encoding="utf-8")
    show(recoveries)
    print(f"written to {RESULT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
