# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tether's network interface, a real one in the phone's own network: a bridge with nothing on it.

So ``/proc/net`` tells of it as a phone's does, to who reads that without a program. It leads nowhere.
"""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct

_ADD_BRIDGE, _REMOVE_BRIDGE = 0x89A0, 0x89A1
_SET_FLAGS, _SET_ADDRESS, _SET_NETMASK = 0x8914, 0x8916, 0x891C
_UP = 1
_NAME = "16s"
_LENGTH = 40
"""Of a struct ifreq on 64 bits; less is used of it."""


class TetherInterface:
    """At most one at a time."""

    def __init__(self) -> None:
        self._name: str | None = None

    def become(self, name: str | None, address: str | None, netmask: str) -> None:
        """Have this name and this address, or none. Raises OSError where the kernel has no bridges."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
            if self._name != name:
                self._remove(handle)
            if name is None:
                return
            if self._name is None:
                fcntl.ioctl(handle, _ADD_BRIDGE, struct.pack(_NAME, name.encode()))
                self._name = name
            if address is None:
                fcntl.ioctl(handle, _SET_FLAGS, _request(name, struct.pack("H", 0)))
                return
            fcntl.ioctl(handle, _SET_ADDRESS, _request(name, _socket_address(address)))
            fcntl.ioctl(handle, _SET_NETMASK, _request(name, _socket_address(netmask)))
            fcntl.ioctl(handle, _SET_FLAGS, _request(name, struct.pack("H", _UP)))

    def _remove(self, handle: socket.socket) -> None:
        if self._name is not None:
            with contextlib.suppress(OSError):
                fcntl.ioctl(handle, _SET_FLAGS, _request(self._name, struct.pack("H", 0)))
            fcntl.ioctl(handle, _REMOVE_BRIDGE, struct.pack(_NAME, self._name.encode()))
            self._name = None


def bring_loopback_up() -> None:
    """A new network has it, and down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SET_FLAGS, _request("lo", struct.pack("H", _UP)))


def _socket_address(address: str) -> bytes:
    return struct.pack("HH4s", socket.AF_INET, 0, socket.inet_aton(address))


def _request(name: str, value: bytes) -> bytes:
    return (struct.pack(_NAME, name.encode()) + value).ljust(_LENGTH, b"\0")
