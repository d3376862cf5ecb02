# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom to trust at the other end: an authority, one certificate, or, if the user says so, anyone."""

from __future__ import annotations

import hashlib
import socket
import ssl

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

NOT_PINNED = "not the pinned certificate, but the one with fingerprint"


def context_for(router: Router) -> ssl.SSLContext:
    """The context for this router. A pin replaces all other checks: routers sign their own certificate, for a name
    and a date that rarely fit, so the certificate itself is what can be known."""
    if router.fingerprint is not None:
        return _pinned(router.fingerprint)
    if not router.validate_certs:
        return _unchecked()
    try:
        return ssl.create_default_context(cafile=router.ca_path)
    except (OSError, ssl.SSLError) as error:
        raise BadWish(f"ca_path {router.ca_path} cannot be used ({error})", cure="Give a readable PEM file") from error


def presented_fingerprint(router: Router) -> str | None:
    """SHA-256 of what the router presents, from a handshake alone; None where even that fails."""
    try:
        with (
            socket.create_connection((router.host, router.port), timeout=router.timeout) as plain,
            _unchecked().wrap_socket(plain) as secure,
        ):
            return _digest(secure)
    except OSError:
        return None


def _unchecked() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _pinned(fingerprint: str) -> ssl.SSLContext:
    class PinnedSocket(ssl.SSLSocket):
        """Ends the connection after the handshake, before a byte of ours, unless the certificate is the pinned one."""

        def do_handshake(self, block: bool = False) -> None:
            super().do_handshake(block)
            seen = _digest(self)
            if seen != fingerprint:
                self.close()
                raise ssl.SSLCertVerificationError(f"{NOT_PINNED} {seen}")

    context = _unchecked()
    context.sslsocket_class = PinnedSocket
    return context


def _digest(connection: ssl.SSLSocket) -> str:
    return hashlib.sha256(connection.getpeercert(binary_form=True) or b"").hexdigest()
