# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a client waits for what is behind a TCP port."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from types import TracebackType
from typing import Self


class WaitMeter:
    """A port on loopback that passes all on to another, and times the waiting.

    A client waits from what it last sent until the last that it received before it sends again or leaves. So a shell
    command on a phone counts from its request to the end of its output, with the adb server's part in it, and what the
    client does with the answer doesn't count.
    """

    def __init__(self, target_port: int) -> None:
        self.seconds = 0.0
        """Waited so far, over all connections; to be set to 0 between measurements."""
        self._target = ("127.0.0.1", target_port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._receive, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.close()

    def _receive(self) -> None:
        while True:
            try:
                client = self._door.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._target) as server, selectors.DefaultSelector() as ready:
            for end in (client, server):  # else what goes through in two pieces waits for an acknowledgement
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            asked: float | None = None
            waited = 0.0
            while True:
                for key, _events in ready.select():
                    try:
                        data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    except OSError:
                        data = b""
                    now = time.monotonic()
                    if key.fileobj is server and asked is not None:
                        waited = now - asked
                    if not data or key.fileobj is client:
                        self.seconds += waited
                        asked, waited = now, 0.0
                    if not data:
                        return
                    key.data.sendall(data)
