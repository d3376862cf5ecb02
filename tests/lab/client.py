# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For tests, benchmarks and scripts: start a lab, talk to it, end it.

>>> with running(speed=20) as lab:
...     lab.ctl("router", "set", "wandog_enable", "1")
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TESTS = Path(__file__).resolve().parent.parent
_CTL_TIMEOUT = 120.0


class LabError(Exception):
    """What the lab answered instead of doing it."""


class LabClient:
    """A running lab, found by its state directory. Attributes are those of the line that ``up`` prints."""

    http_port: int
    https_port: int
    adb_port: int
    adb_server_port: int
    """Of the lab's own adb server, where it was asked for one."""
    internet_http_port: int
    internet_tls_port: int
    internet_dns_port: int
    control_port: int
    serial: str
    username: str
    password: str
    pid: int
    state_dir: Path
    certificate: Path
    certificate_fingerprint: str

    def __init__(self, state_dir: str | Path) -> None:
        try:
            described = json.loads((Path(state_dir) / "lab.json").read_text())
        except FileNotFoundError:
            raise LabError(f"no lab in {state_dir}") from None
        self._token: str = described.pop("token")
        self.http_port = described["http_port"]
        self.https_port = described["https_port"]
        self.adb_port = described["adb_port"]
        self.adb_server_port = described["adb_server_port"]
        self.internet_http_port = described["internet_http_port"]
        self.internet_tls_port = described["internet_tls_port"]
        self.internet_dns_port = described["internet_dns_port"]
        self.control_port = described["control_port"]
        self.serial = described["serial"]
        self.username = described["username"]
        self.password = described["password"]
        self.pid = described["pid"]
        self.state_dir = Path(described["state_dir"])
        self.certificate = Path(described["certificate"])
        self.certificate_fingerprint = described["certificate_fingerprint"]
        self.described: dict[str, Any] = described
        # Whatever proxy the environment names, it has nothing to do with loopback.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ctl(self, *words: object) -> Any:
        """Say the words to the control door; a :class:`LabError` if it declines."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.control_port}/",
            data=json.dumps({"argv": [str(word) for word in words]}).encode(),
            headers={"Authorization": f"Bearer {self._token}"},
        )
        try:
            with self._opener.open(request, timeout=_CTL_TIMEOUT) as reply:
                answer = json.load(reply)
        except urllib.error.HTTPError as refused:
            answer = json.load(refused)
        except OSError as error:
            raise LabError(f"the lab in {self.state_dir} does not answer: {error}") from error
        if not answer["ok"]:
            raise LabError(answer["error"])
        return answer["result"]


@contextmanager
def running(**options: object) -> Iterator[LabClient]:
    """A lab for the length of a block; options are those of ``up`` (``speed=20``, ``android=14``, …).

    It also ends with the process that asked for it.
    """
    options.setdefault("parent_pid", os.getpid())
    arguments = [text for name, value in options.items() for text in _option(name, value)]
    client = LabClient(json.loads(_lab("up", *arguments))["state_dir"])
    try:
        yield client
    finally:
        _lab("down", "--state-dir", str(client.state_dir))


def _option(name: str, value: object) -> list[str]:
    flag = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return [flag] if value else []
    return [flag, str(value)]


def _lab(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "lab", *arguments],
        env={**os.environ, "PYTHONPATH": str(_TESTS)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LabError(done.stderr.strip() or f"lab {arguments[0]} ended with {done.returncode}")
    return done.stdout
