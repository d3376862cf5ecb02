# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real systemd, started for a test and apart from this machine's own: as a user's manager, with a /run and process
numbers of its own, all of which end with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from integration.house import until
from lab.parent import lives
from tools.needs import unavailable

PROGRAM = Path("/lib/systemd/systemd")
# A manager for a user starts only on a machine that runs systemd, which is what the directory says.
START = """
mount -t tmpfs none /run
mkdir -p /run/systemd/system
"$0" --user --log-target=console --log-level=info --unit=timers.target &
wait
"""
TARGETS = ("timers", "basic", "sysinit", "shutdown", "exit", "network-online")


class OwnSystemd:
    """What a test may tell it, and ask."""

    def __init__(self, journal: Path, environment: Mapping[str, str]) -> None:
        self._journal = journal
        self.environment = environment
        """For who shall find this manager by the name of ``systemctl``."""

    def systemctl(self, *words: str) -> str:
        done = subprocess.run(
            ["systemctl", *words], env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        return done.stdout.strip()

    def said(self) -> str:
        """What came into the journal, from the manager and from what it ran."""
        return self._journal.read_text(errors="replace")


@contextmanager
def own_systemd(units: Path, programs: Path, settings: Mapping[str, str]) -> Iterator[OwnSystemd]:
    """With the units of a directory, and ``programs`` before all others."""
    if not PROGRAM.exists() or not shutil.which("unshare") or os.getuid() != 0:
        unavailable("root, systemd and unshare")
    real = shutil.which("systemctl")
    with tempfile.TemporaryDirectory(prefix="dualwan-systemd-") as name:
        base = Path(name)
        targets, enabled, journal = base / "targets", base / ".config/systemd/user", base / "journal"
        (targets / "service.d").mkdir(parents=True)
        (targets / "service.d/output.conf").write_text(f"[Service]\nStandardOutput=append:{journal}\n")
        for target in TARGETS:
            (targets / f"{target}.target").write_text("[Unit]\nDefaultDependencies=no\n")
        environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": name,
            "XDG_RUNTIME_DIR": name,
            "SYSTEMD_UNIT_PATH": f"{enabled}:{units}:{targets}",
            **settings,
        }
        with (
            journal.open("ab") as output,
            subprocess.Popen(
                ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", START, PROGRAM],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            ) as manager,
        ):
            children = Path(f"/proc/{manager.pid}/task/{manager.pid}/children")
            try:
                # It hears those alone whose process numbers it knows.
                inside = until(children.read_text, "a process in it").strip()
                systemctl = programs / "systemctl"
                systemctl.write_text(f'#!/bin/sh\nexec nsenter --target {inside} --mount --pid {real} --user "$@"\n')
                systemctl.chmod(0o755)
                own = OwnSystemd(journal, environment)
                until(lambda: own.systemctl("is-active", "timers.target") == "active", "systemd")
                own.systemctl("import-environment", "PATH", *settings)
                yield own
            finally:
                first = children.read_text().split()
                manager.kill()  # which all that it started ends with; unshare takes no gentler word
                # The first process ends as the last, and until then files may be written where they are to be removed.
                until(lambda: not any(lives(int(pid)) for pid in first), "an end of all that it started")
