# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default route, changed at a moment that is known: the kernel has done it when the call returns."""

from __future__ import annotations

import os
import socket
import struct

from .namespaces import RigError, inside

_NEW_ROUTE, _ERROR = 24, 2
_REQUEST, _ACK, _REPLACE, _CREATE = 0x1, 0x4, 0x100, 0x400
_MAIN, _STATIC, _LINK, _UNICAST = 254, 4, 253, 1
_RTA_OIF = 4


class DefaultRoute:
    """Of one namespace."""

    def __init__(self, namespace: str) -> None:
        with inside(namespace):
            self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self._namespace = namespace

    def lead_to(self, interface: str) -> None:
        """``ip route replace default dev …``, without a program to wait for."""
        with inside(self._namespace):
            index = socket.if_nametoindex(interface)
        route = struct.pack("=BBBBBBBBI", socket.AF_INET, 0, 0, 0, _MAIN, _STATIC, _LINK, _UNICAST, 0)
        body = route + struct.pack("=HHI", 8, _RTA_OIF, index)
        flags = _REQUEST | _ACK | _CREATE | _REPLACE
        self._socket.send(struct.pack("=IHHII", 16 + len(body), _NEW_ROUTE, flags, 0, 0) + body)
        answer = self._socket.recv(4096)
        kind, error = struct.unpack_from("=H", answer, 4)[0], struct.unpack_from("=i", answer, 16)[0]
        if kind != _ERROR or error:
            raise RigError(f"the route to {interface}: {os.strerror(-error)}")

    def close(self) -> None:
        self._socket.close()
