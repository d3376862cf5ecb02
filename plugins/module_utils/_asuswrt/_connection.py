# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a router is reached: the options every router task has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import env_fallback

from ansible_collections.homelab.dualwan.plugins.module_utils._checks import is_ipv6, is_name, seconds
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Params

ROUTER_OPTIONS: dict[str, Any] = {
    "host": {"type": "str", "fallback": (env_fallback, ["ASUSWRT_HOST"])},
    "port": {"type": "int", "fallback": (env_fallback, ["ASUSWRT_PORT"])},
    "tls": {"type": "bool", "default": True, "fallback": (env_fallback, ["ASUSWRT_TLS"])},
    "validate_certs": {"type": "bool", "default": True, "fallback": (env_fallback, ["ASUSWRT_VALIDATE_CERTS"])},
    "ca_path": {"type": "path"},
    "certificate_fingerprint": {"type": "str"},
    "username": {"type": "str", "fallback": (env_fallback, ["ASUSWRT_USERNAME"])},
    "password": {"type": "str", "no_log": True, "fallback": (env_fallback, ["ASUSWRT_PASSWORD"])},
    "timeout": {"type": "float", "default": 30.0},
    "login": {"type": "str", "choices": ["auto", "classic", "nonce"], "default": "auto"},
    "tls_legacy": {"type": "bool", "default": False},
}

ROUTER_VARIABLES = {name: f"asuswrt_{name}" for name in ROUTER_OPTIONS}

HTTPS_PORT = 8443
"""``https_lanport`` as shipped."""
HTTP_PORT = 80


@dataclass(frozen=True)
class Router:
    """Where a router is and who asks."""

    host: str
    port: int
    tls: bool
    username: str
    password: str = field(repr=False)
    validate_certs: bool = True
    ca_path: str | None = None
    fingerprint: str | None = None
    """SHA-256 of the certificate in DER, 64 lower-case hex digits."""
    timeout: float = 30.0
    """Seconds for one request. Above 20, as the router holds a write for up to 15 s while a service is running."""
    login: str = "auto"
    tls_legacy: bool = False

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


def wait_from(params: Params) -> float:
    """The option ``wait_seconds``; raises BadWish for what nobody could wait."""
    return seconds("wait_seconds", params["wait_seconds"], zero=True)


def router_from(params: Params) -> Router:
    """Read the router's options; raises BadWish for what cannot be an address or a fingerprint."""
    for name in ("host", "username", "password"):
        if not params[name]:
            raise BadWish(
                f"{name} is not given",
                cure=f"Set it in the task, as asuswrt_{name} in the inventory, or as ASUSWRT_{name.upper()} in the "
                "environment",
            )
    host = params["host"].strip()
    if not is_name(host) and not is_ipv6(host):
        raise BadWish(
            f"host is {params['host']!r}, which is no host name or address",
            cure="Give the bare name or address, such as 192.168.50.1; the scheme comes from tls, the port from port",
        )
    port = (HTTPS_PORT if params["tls"] else HTTP_PORT) if params["port"] is None else params["port"]
    if not 0 < port < 65536:
        raise BadWish(f"port is {port}", cure="Give a port from 1 to 65535")
    return Router(
        host=host,
        port=port,
        tls=params["tls"],
        username=params["username"],
        password=params["password"],
        validate_certs=params["validate_certs"],
        ca_path=params["ca_path"],
        fingerprint=_fingerprint(params["certificate_fingerprint"]),
        timeout=seconds("timeout", params["timeout"]),
        login=params["login"],
        tls_legacy=params["tls_legacy"],
    )


def _fingerprint(given: str | None) -> str | None:
    if given is None:
        return None
    digits = given.lower().removeprefix("sha256:").replace(":", "").replace(" ", "")
    if len(digits) != 64 or any(digit not in "0123456789abcdef" for digit in digits):
        raise BadWish(
            "certificate_fingerprint is not a SHA-256 fingerprint",
            cure="Give 64 hexadecimal digits, with or without colons",
        )
    return digits
