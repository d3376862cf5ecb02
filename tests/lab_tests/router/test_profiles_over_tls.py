# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cookie's name over TLS, to a genuine client library."""

from __future__ import annotations

import asyncio
import base64
import ssl
from pathlib import Path

import httpx
import pytest

from lab.cable import Cable
from lab.certificate import make_certificate
from lab.clock import Clock
from lab.router import Router

from .workbench import APP, PASSWORD


@pytest.mark.parametrize(
    ("firmware", "over_tls"),
    [("382", "asus_token"), ("386", "asus_token"), ("388", "asus_s_token"), ("3006", "asus_s_token")],
)
def test_from_388_on_the_cookie_has_another_name_over_tls(firmware: str, over_tls: str, tmp_path: Path) -> None:
    asyncio.run(_tell(firmware, over_tls, tmp_path))


async def _tell(firmware: str, over_tls: str, folder: Path) -> None:
    certificate = make_certificate(folder)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate.path, certificate.key_path)
    clock = Clock(50)
    router = Router(clock, Cable(clock), firmware=firmware, username="admin", password=PASSWORD, tls=tls)
    await router.start()
    try:
        await asyncio.to_thread(_converse, f"http://127.0.0.1:{router.http_port}", "asus_token", certificate.path)
        await asyncio.to_thread(_converse, f"https://127.0.0.1:{router.https_port}", over_tls, certificate.path)
    finally:
        await router.stop()


def _converse(address: str, cookie: str, certificate: Path) -> None:
    strict = ssl.create_default_context(cafile=str(certificate))
    authorization = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    with httpx.Client(base_url=address, verify=strict, headers={"User-Agent": APP}, trust_env=False) as client:
        login = client.post("/login.cgi", data={"login_authorization": authorization})
        token = login.json()["asus_token"]
        assert dict(client.cookies) == {cookie: token}
        assert "wans_mode" in client.get("/appGet.cgi?hook=nvram_get(wans_mode)").json()
        # Clients that send the token by the old name all the same get in as well.
        client.cookies.clear()
        by_old_name = client.get("/appGet.cgi?hook=nvram_get(wans_mode)", headers={"Cookie": f"asus_token={token}"})
        assert "wans_mode" in by_old_name.json()
