# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process asks of the kernel, at the real pace."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time

from tools.needs import unavailable

LOOKS = 4
PATIENCE_SECONDS = 60


def need_strace():
    if shutil.which("strace") is None:
        unavailable("the program strace")


def calls_of_some_looks(process, trace):
    """Of one that looks at most once a second: what starts or ends processes, and what opens files."""
    strace = ["strace", "-f", "-qq", "-e", "trace=process,openat", "-o", str(trace), "-p", str(process.pid)]
    began = time.monotonic()
    with subprocess.Popen(strace, stderr=subprocess.PIPE) as tracer:
        while tracer.poll() is None and _looks(trace) < LOOKS and time.monotonic() < began + PATIENCE_SECONDS:
            time.sleep(0.05)
        tracer.send_signal(signal.SIGINT)
        said = tracer.communicate()[1].decode()
    if "Operation not permitted" in said:
        unavailable("leave to trace processes")
    assert LOOKS <= _looks(trace) <= time.monotonic() - began + 1
    return trace.read_text()


def _looks(trace):
    """Each begins by asking for the time."""
    return trace.read_text().count("uptime") if trace.exists() else 0
