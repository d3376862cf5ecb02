# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command and tell what it cost."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """Of one run: seconds on the wall, of processor time, and the resident megabytes of the largest process."""

    seconds: float
    cpu_seconds: float
    peak_megabytes: float
    output: str


def measure(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run it; RuntimeError with what it printed if it fails."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{text}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def count_programs(command: Sequence[str], environment: Mapping[str, str]) -> int | None:
    """How many programs it starts, itself included (successful execve calls); None where strace can't tell."""
    if not shutil.which("strace"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder, "counts")
        traced = ["strace", "-f", "-qq", "-c", "-e", "trace=execve", "-o", str(counts), *command]
        try:
            measure(traced, environment)
        except RuntimeError as error:
            # Some containers forbid ptrace; any other failure is the command's own.
            if "ptrace" in str(error):
                return None
            raise
        rows = [line.split() for line in counts.read_text(encoding="utf-8").splitlines()]
    # % time, seconds, usecs/call, calls, errors (left out where there are none), syscall
    for row in rows:
        if row[-1:] == ["execve"]:
            return int(row[3]) - (int(row[4]) if len(row) > 5 else 0)
    return None
