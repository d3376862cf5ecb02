# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How a router is reached."""

    DOCUMENTATION = r"""
options:
  host:
    description:
      - Name or address of the router, without scheme and port. Needed, in one of the ways below.
      - If not set, the host's variable C(asuswrt_host) is used, then the environment variable E(ASUSWRT_HOST).
    type: str
  port:
    description:
      - Port of the router's web interface. The default is V(8443) with O(tls) and V(80) without.
      - If not set, the host's variable C(asuswrt_port) is used, then the environment variable E(ASUSWRT_PORT).
    type: int
  tls:
    description:
      - Whether to speak HTTPS. In the router, under Administration, System, I(Authentication Method) must offer it.
      - If not set, the host's variable C(asuswrt_tls) is used, then the environment variable E(ASUSWRT_TLS).
    type: bool
    default: true
  validate_certs:
    description:
      - Whether the router's certificate must be trusted. A router signs its own, so set O(certificate_fingerprint) or
        O(ca_path) rather than switching this off.
      - If not set, the host's variable C(asuswrt_validate_certs) is used, then the environment variable
        E(ASUSWRT_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - A PEM file with the authorities to trust instead of the system's.
      - If not set, the host's variable C(asuswrt_ca_path) is used.
    type: path
  certificate_fingerprint:
    description:
      - SHA-256 fingerprint of the router's certificate, 64 hexadecimal digits with or without colons.
      - Exactly this certificate is trusted then, whatever its name and dates. It is compared before the password is
        sent.
      - If not set, the host's variable C(asuswrt_certificate_fingerprint) is used.
    type: str
  username:
    description:
      - User of the web interface. Needed, in one of the ways below.
      - If not set, the host's variable C(asuswrt_username) is used, then the environment variable E(ASUSWRT_USERNAME).
    type: str
  password:
    description:
      - Password of that user. Needed, in one of the ways below. A refused one is tried exactly once, as five
        failures lock the router for everyone.
      - If not set, the host's variable C(asuswrt_password) is used, then the environment variable E(ASUSWRT_PASSWORD).
    type: str
  timeout:
    description:
      - Seconds to wait for one answer. The router may hold a write for 15 seconds while it runs a service.
      - If not set, the host's variable C(asuswrt_timeout) is used.
    type: float
    default: 30.0
  login:
    description:
      - How to log in. With V(auto) the router is asked once for a nonce, which carries no password; one that gives
        none has the V(classic) login, which is remembered on the control node.
      - V(nonce) refuses to send a password in a form from which it could be read.
      - If not set, the host's variable C(asuswrt_login) is used.
    type: str
    choices: [auto, classic, nonce]
    default: auto
  tls_legacy:
    description:
      - Whether to allow TLS 1.0 and old ciphers, which firmware before 384 may need. The certificate is verified as
        ever.
      - If not set, the host's variable C(asuswrt_tls_legacy) is used.
    type: bool
    default: false
requirements:
  - httpx >= 0.27
attributes:
  action_group:
    description: Use C(group/homelab.dualwan.asuswrt) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - homelab.dualwan.asuswrt
"""
