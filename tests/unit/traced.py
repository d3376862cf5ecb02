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

SECONDS = 6


def need_strace():
    if shutil.which("strace") is None:
        unavailable("the program strace")


def calls_of(process, trace):
    """Of some seconds: what starts or ends processes, and what opens files."""
    strace = ["strace", "-f", "-qq", "-e", "trace=process,openat", "-o", str(trace), "-p", str(process.pid)]
    with subprocess.Popen(strace, stderr=subprocess.PIPE) as tracer:
        time.sleep(SECONDS)
        tracer.send_signal(signal.SIGINT)
        said = tracer.communicate()[1].decode()
    if "Operation not permitted" in said:
        unavailable("leave to trace processes")
    return trace.read_text()
