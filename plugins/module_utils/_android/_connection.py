# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a phone is reached: the options every phone task has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._checks import is_ipv6, is_name, seconds
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, DeviceError
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Params, Result

AWAY_OPTION: dict[str, Any] = {"may_be_away": {"type": "bool", "default": False}}
PHONE_OPTIONS: dict[str, Any] = {
    # In no log or message: it is the phone's for life, and nobody's business.
    "serial": {"type": "str", "no_log": True},
    "adb_server_host": {"type": "str", "default": "127.0.0.1"},
    "adb_server_port": {"type": "int", "default": 5037},
    "timeout": {"type": "float", "default": 30.0},
}

PHONE_VARIABLES = {name: f"android_{name}" for name in PHONE_OPTIONS}


@dataclass(frozen=True)
class Address:
    """Which phone, by which adb server."""

    serial: str | None
    server_host: str
    server_port: int
    timeout: float

    @property
    def over_network(self) -> bool:
        """Whether the serial is a ``host:port`` that the adb server can be told to connect to."""
        return self.serial is not None and self.serial.rpartition(":")[2].isdigit() and ":" in self.serial

    @property
    def host(self) -> str | None:
        """Of such a serial, the phone's name or address."""
        return (self.serial or "").rpartition(":")[0].strip("[]") if self.over_network else None


def address_from(params: Params) -> Address:
    """Read the phone's options; raises BadWish for what adb could not carry, or no server answer to."""
    serial = params["serial"] or None
    if serial is not None and (any(character.isspace() for character in serial) or not serial.isascii()):
        raise BadWish("serial has a space or a foreign sign in it", cure="Give it as `adb devices` does, or host:port")
    host, port = params["adb_server_host"], params["adb_server_port"]
    if not is_name(host) and not is_ipv6(host):
        raise BadWish(f"adb_server_host is {host!r}", cure="Give a host name or an address, without a port")
    if not 0 < port < 65536:
        raise BadWish(f"adb_server_port is {port}", cure="Give a port from 1 to 65535; adb's own is 5037")
    return Address(serial, host, port, seconds("timeout", params["timeout"]))


def away(error: DeviceError, params: Params) -> Result:
    """What a task returns about a phone that is away, where the user said that it may be; else raises the error."""
    if not params["may_be_away"]:
        raise error
    return {"changed": False, "present": False, "why": error.message, "warnings": [error.message]}
