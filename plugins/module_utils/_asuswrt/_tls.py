# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom to trust at the other end: an authority, one certificate, or, if the user says so, anyone."""

from __future__ import annotations

import hashlib
import socket
import ssl
import warnings
from dataclasses import replace

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

_LEGACY_SERVER_CONNECT = 0x4
"""``ssl.OP_LEGACY_SERVER_CONNECT``, which Python names from 3.12 on."""

NOT_PINNED = "not the pinned certificate, but the one with fingerprint"


def context_for(router: Router) -> ssl.SSLContext:
    """The context for this router. A pin replaces all other checks: routers sign their own certificate, for a name
    and a date that rarely fit, so the certificate itself is what can be known."""
    context = _context_for(router)
    if router.tls_legacy:
        _allow_old(context)
    return context


def _context_for(router: Router) -> ssl.SSLContext:
    if router.fingerprint is not None:
        return _pinned(router.fingerprint)
    if not router.validate_certs:
        return _unchecked()
    try:
        return ssl.create_default_context(cafile=router.ca_path)
    except (OSError, ssl.SSLError) as error:
        raise BadWish(f"ca_path {router.ca_path} cannot be used ({error})", cure="Give a readable PEM file") from error


def _allow_old(context: ssl.SSLContext) -> None:
    """TLS 1.0, its ciphers and renegotiation, for firmware before 384 (RT-AC66U: handshake failure). Whom to trust
    stays as it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= _LEGACY_SERVER_CONNECT


def presented_fingerprint(router: Router) -> str | None:
    """SHA-256 of what the router presents, from a handshake alone; None where even that fails."""
    try:
        with (
            socket.create_connection((router.host, router.port), timeout=router.timeout) as plain,
            _handshake_only(router).wrap_socket(plain) as secure,
        ):
            return _digest(secure)
    except OSError:
        return None


def _handshake_only(router: Router) -> ssl.SSLContext:
    return context_for(replace(router, fingerprint=None, validate_certs=False))


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
