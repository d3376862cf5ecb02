# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For tests and benchmarks: make a rig, ask it, break it, end it.

>>> with Rig(RigPlan()) as rig:
...     rig.ask("break", "silent")
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .namespaces import RigError
from .plan import SOCKET, RigPlan
from .truth import Truth

TESTS = Path(__file__).resolve().parent.parent
ANSWER_SECONDS = 30.0
END_SECONDS = 30.0


class Line:
    """To a rig that runs, by its socket; also from within one of its namespaces."""

    def __init__(self, path: str | Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(ANSWER_SECONDS)
        self._socket.connect(str(path))
        self._answers = self._socket.makefile("rb")

    def ask(self, *words: Any) -> Any:
        """What the rig answers."""
        self._socket.sendall(json.dumps(words).encode() + b"\n")
        answer = self._answers.readline()
        if not answer:
            raise RigError(f"the rig did not do this: {' '.join(map(str, words))}")
        return json.loads(answer)

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


class Rig:
    """A process with its namespaces. It ends with the one that made it, however that one ends."""

    by_netem: bool
    """Whether the kernel makes the weather."""
    translated: bool
    """Whether the router translates addresses."""
    pid: int

    def __init__(self, plan: RigPlan) -> None:
        self._plan = plan
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        with self._closing as closing:
            directory = closing.enter_context(tempfile.TemporaryDirectory(prefix="dualwan-rig-"))
            process = subprocess.Popen(
                [sys.executable, "-m", "rig.world", directory],
                cwd=TESTS,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            closing.callback(_end, process)
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(self._plan.as_result()) + "\n")
            process.stdin.flush()
            ready = process.stdout.readline()
            if not ready:
                raise RigError("the rig did not come up")
            described = json.loads(ready)
            self.pid = process.pid
            self.host: str = described["host"]
            self.by_netem, self.translated = described["by_netem"], described["translated"]
            self.socket = Path(directory) / SOCKET
            self._line = Line(self.socket)
            closing.callback(self._line.close)
            self._closing = closing.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def ask(self, *words: Any) -> Any:
        """What the rig answers."""
        return self._line.ask(*words)

    def truth(self) -> Truth:
        """What happened so far."""
        return Truth.from_result(self.ask("truth"))

    def on_host(self, command: list[str]) -> list[str]:
        """The command that runs another behind the router."""
        return ["ip", "netns", "exec", self.host, *command]


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
