# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The adb server as a program of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[2]


def test_it_says_where_it_is_and_goes_when_it_is_told(adb_server_port: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lab.adb_server", "--home", str(tmp_path / "home"), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert told["pid"] == process.pid
        assert told["port"] != adb_server_port
        with socket.create_connection(("127.0.0.1", told["port"])) as connection:
            connection.sendall(b"000chost:version")
            assert connection.recv(4) == b"OKAY"
        assert (tmp_path / "home/.android/adbkey").is_file()
        process.send_signal(signal.SIGTERM)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", told["port"])) != 0
