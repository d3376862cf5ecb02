# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pins and authorities, against a real TLS server on loopback."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import re
import socket
import ssl
import threading
import warnings
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import CertificateNotTrusted, NotAsuswrt
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from unit.fake_clock import FakeClock

REPLIES = {
    "/login.cgi": '{"asus_token":"0123456789012345678901234567890"}',
    "/appGet.cgi": '{"wans_mode":"fb"}',
    "/Logout.asp": '{"error_status":"8"}',
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate as routers make them: signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "router.asus.com")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def old_server(certificate):
    """As firmware of ten years ago speaks: TLS 1.0 and nothing newer."""
    with TlsServer(certificate, old=True) as running:
        yield running


@pytest.fixture
def server(certificate):
    with TlsServer(certificate) as running:
        yield running


class TlsServer:
    """Answers each request on a connection of its own, and keeps every byte that came through TLS."""

    def __init__(self, certificate, *, old=False):
        self.certificate = certificate
        self.heard = b""
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        if old:
            self._context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                self._context.minimum_version = self._context.maximum_version = ssl.TLSVersion.TLSv1
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)
        assert not self._thread.is_alive()

    @property
    def fingerprint(self):
        der = ssl.PEM_cert_to_DER_cert(self.certificate.read_text().partition("-----BEGIN PRIVATE")[0])
        return hashlib.sha256(der).hexdigest()

    def router(self, **given):
        return Router("127.0.0.1", self.port, True, "admin", "x", timeout=5.0, **given)

    def _serve(self):
        while True:
            try:
                plain, _rest = self._socket.accept()
            except OSError:
                return
            plain.settimeout(5)
            with plain, suppress(OSError), self._context.wrap_socket(plain, server_side=True) as secure:
                self._answer(secure)

    def _answer(self, secure):
        request = b""
        while not _is_whole(request):
            piece = secure.recv(65536)
            if not piece:
                return
            request += piece
            self.heard += piece
        text = REPLIES.get(request.split(b" ")[1].decode(), "")
        secure.sendall(f"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n{text}".encode())


def _is_whole(request):
    # Closing while the client still sends would reset the connection, and the reply with it.
    head, found, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return bool(found) and len(body) >= int(length.group(1) if length else 0)


def ask(router):
    with Session(router, FakeClock()) as session:
        return session.read(["wans_mode"])


def test_the_pinned_certificate_is_trusted_whatever_its_name(server):
    assert ask(server.router(fingerprint=server.fingerprint)) == {"wans_mode": "fb"}


def test_another_certificate_ends_the_talk_before_a_byte_of_ours(server):
    with pytest.raises(CertificateNotTrusted, match="pinned") as failed:
        ask(server.router(fingerprint="0" * 64))
    assert server.heard == b""
    assert server.fingerprint in failed.value.cure
    assert "No password was sent" in failed.value.cure


def test_a_certificate_that_nobody_signed_is_shown_with_its_fingerprint(server):
    with pytest.raises(CertificateNotTrusted, match="not trusted") as failed:
        ask(server.router())
    assert server.heard == b""
    assert "certificate_fingerprint" in failed.value.cure
    assert server.fingerprint in failed.value.cure


def test_the_router_itself_may_be_the_authority(server):
    assert ask(server.router(ca_path=str(server.certificate))) == {"wans_mode": "fb"}


def test_anyone_is_trusted_if_the_user_says_so(server):
    assert ask(server.router(validate_certs=False)) == {"wans_mode": "fb"}


def test_a_pin_counts_even_then(server):
    with pytest.raises(CertificateNotTrusted):
        ask(server.router(validate_certs=False, fingerprint="0" * 64))
    assert server.heard == b""


def test_a_missing_file_of_authorities_is_named():
    with pytest.raises(BadWish, match=r"/nowhere\.pem"):
        Session(Router("127.0.0.1", 1, True, "admin", "x", ca_path="/nowhere.pem"))


def test_a_port_that_speaks_no_tls_is_told_apart():
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def answer():
            with plain.accept()[0] as client:
                client.recv(65536)
                client.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        router = Router("127.0.0.1", plain.getsockname()[1], True, "admin", "x", timeout=5.0)
        with pytest.raises(NotAsuswrt, match="does not speak TLS") as failed:
            ask(router)
        thread.join(5)
    assert "set tls to false" in failed.value.cure


def test_an_old_router_s_tls_is_told_apart_and_its_cure_named(old_server):
    with pytest.raises(NotAsuswrt, match="does not speak TLS") as failed:
        ask(old_server.router(fingerprint=old_server.fingerprint))
    assert "tls_legacy: true" in failed.value.cure
    assert old_server.heard == b""


def test_old_ciphers_are_spoken_where_the_user_allows_them(old_server):
    assert ask(old_server.router(tls_legacy=True, fingerprint=old_server.fingerprint)) == {"wans_mode": "fb"}


def test_old_ciphers_loosen_no_pin(old_server):
    with pytest.raises(CertificateNotTrusted, match="pinned"):
        ask(old_server.router(tls_legacy=True, fingerprint="0" * 64))
    assert old_server.heard == b""


def test_old_ciphers_loosen_no_authority(old_server):
    with pytest.raises(CertificateNotTrusted, match="not trusted") as failed:
        ask(old_server.router(tls_legacy=True))
    assert old_server.fingerprint in failed.value.cure
    assert ask(old_server.router(tls_legacy=True, ca_path=str(old_server.certificate))) == {"wans_mode": "fb"}


def test_a_new_router_is_spoken_to_as_new_where_old_ones_are_allowed(server):
    assert ask(server.router(tls_legacy=True, fingerprint=server.fingerprint)) == {"wans_mode": "fb"}
