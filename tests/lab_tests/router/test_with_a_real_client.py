# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""End to end with httpx: TLS, cookies, connection handling and all, as a genuine client library does them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
from pathlib import Path
from typing import Any

import httpx

from lab.cable import Cable
from lab.certificate import make_certificate
from lab.clock import Clock
from lab.router import Router

from .workbench import APP, PASSWORD


def test_httpx_logs_in_reads_and_writes_over_tls(tmp_path: Path) -> None:
    asyncio.run(_tell(tmp_path))


async def _tell(folder: Path) -> None:
    certificate = make_certificate(folder)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate.path, certificate.key_path)
    clock = Clock(50)
    router = Router(clock, Cable(clock), firmware="386", username="admin", password=PASSWORD, tls=tls)
    await router.start()
    try:
        # In a thread, as the blocking client is what is really used.
        await asyncio.to_thread(_converse, router.http_port, router.https_port, certificate.path)
        assert router.nvram.get("wandog_target") == "198.51.100.1"
    finally:
        await router.stop()
    der = ssl.PEM_cert_to_DER_cert(certificate.path.read_text())
    assert hashlib.sha256(der).hexdigest() == certificate.fingerprint


def _converse(http_port: int, https_port: int, certificate: Path) -> None:
    strict = ssl.create_default_context(cafile=str(certificate))
    common: dict[str, Any] = {"headers": {"User-Agent": APP}, "trust_env": False}
    with (
        httpx.Client(base_url=f"https://127.0.0.1:{https_port}", verify=strict, **common) as client,
        httpx.Client(base_url=f"http://127.0.0.1:{http_port}", **common) as plain,
    ):
        authorization = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        login = client.post("/login.cgi", data={"login_authorization": authorization})
        assert login.http_version == "HTTP/1.0"
        token = login.json()["asus_token"]
        assert client.cookies["asus_token"] == token
        read = client.post("/appGet.cgi", data={"hook": "nvram_get(wans_mode);nvram_get(rc_support)"})
        assert "dualwan" in read.json()["rc_support"].split()
        written = client.post("/applyapp.cgi", data={"action_mode": "apply", "wandog_target": "198.51.100.1"})
        assert written.json() == {"modify": "1"}
        # httpd and httpds don't know each other's tokens.
        elsewhere = plain.get("/ajax_status.xml", headers={"Cookie": f"asus_token={token}"})
        assert elsewhere.json()["error_status"] == "2"
