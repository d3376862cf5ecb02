# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What httpx makes of the faults on the wire, in a lab of its own and by the words that a playbook's test says."""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from lab.client import LabClient, LabError, running

from .workbench import APP

READ = {"hook": "nvram_get(wans_mode)"}
WRITE = {"action_mode": "apply", "wandog_interval": "6"}
SPEED = 20


@pytest.fixture(scope="module")
def house() -> Iterator[LabClient]:
    with running(speed=SPEED) as lab:
        yield lab


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(house: LabClient, scheme: str) -> Iterator[httpx.Client]:
    house.ctl("reset")
    with logged_in(house, scheme) as session:
        yield session


@contextmanager
def logged_in(house: LabClient, scheme: str) -> Iterator[httpx.Client]:
    port = house.http_port if scheme == "http" else house.https_port
    strict = ssl.create_default_context(cafile=str(house.certificate))
    with httpx.Client(
        base_url=f"{scheme}://127.0.0.1:{port}",
        verify=strict,
        headers={"User-Agent": APP},
        trust_env=False,
    ) as session:
        authorization = base64.b64encode(f"admin:{house.password}".encode()).decode()
        assert session.post("/login.cgi", data={"login_authorization": authorization}).json()["asus_token"]
        yield session


def fault(house: LabClient, words: str) -> None:
    house.ctl("router", "fault", *words.split())


def in_lab(house: LabClient, seconds: float) -> None:
    give_up = house.ctl("clock")["now"] + seconds
    while house.ctl("clock")["now"] < give_up:
        time.sleep(0.02)


@pytest.mark.parametrize("name", ["reset-in-header", "empty-reply"])
def test_a_spoiled_reply_to_a_write_is_a_transport_error_and_the_write_is_done(
    house: LabClient, client: httpx.Client, name: str
) -> None:
    fault(house, f"{name} at write")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        client.post("/applyapp.cgi", data=WRITE)
    assert house.ctl("router", "nvram", "wandog_interval") == {"wandog_interval": "6"}
    assert client.post("/applyapp.cgi", data=WRITE).json() == {"modify": "0"}


def test_a_reset_in_the_body_is_seen_by_a_plain_client_only(house: LabClient, client: httpx.Client) -> None:
    whole = '{ "modify": "1" }\n'
    fault(house, "reset-in-body at write")
    if client.base_url.scheme == "http":
        with pytest.raises(httpx.ReadError):
            client.post("/applyapp.cgi", data=WRITE)
    else:
        # Python's ssl takes a reset for the end of the data: to its caller the reply is a short one.
        assert client.post("/applyapp.cgi", data=WRITE).text == whole[: len(whole) // 2]
    assert house.ctl("router", "nvram", "wandog_interval") == {"wandog_interval": "6"}


def test_a_truncated_reply_looks_whole_to_the_library(house: LabClient, client: httpx.Client) -> None:
    whole = client.post("/appGet.cgi", data=READ).text
    fault(house, "truncated-reply at read")
    assert client.post("/appGet.cgi", data=READ).text == whole[: len(whole) // 2]


@pytest.mark.parametrize(("words", "over_after"), [("refuse 40 after read", 0), ("crash after read", 3)])
def test_what_comes_right_after_an_answer_is_there_before_the_next_request(
    scheme: str, words: str, over_after: float
) -> None:
    # By the wall, so that the web server is not back before a busy machine has asked again.
    with running(speed=1) as house, logged_in(house, scheme) as client:
        fault(house, words)
        client.post("/appGet.cgi", data=READ)
        with pytest.raises(httpx.ConnectError):
            client.post("/appGet.cgi", data=READ)
        fault(house, "no-fault")
        in_lab(house, over_after)
        assert client.post("/appGet.cgi", data=READ).status_code == 200


def test_a_cut_before_the_write_is_no_write(house: LabClient, client: httpx.Client) -> None:
    fault(house, "refuse 40 at write")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        client.post("/applyapp.cgi", data=WRITE)
    with pytest.raises(httpx.ConnectError):
        client.post("/applyapp.cgi", data=WRITE)
    assert house.ctl("router", "nvram", "wandog_interval") == {"wandog_interval": "5"}
    assert [entry["kind"] for entry in house.ctl("router", "requests")] == ["login", "cut"]


def test_a_reply_may_come_too_late_and_its_write_is_done(house: LabClient, client: httpx.Client) -> None:
    fault(house, "slow-reply 5 at write")
    with pytest.raises(httpx.ReadTimeout):
        client.post("/applyapp.cgi", data=WRITE, timeout=0.3)
    # Others are served meanwhile.
    assert client.post("/applyapp.cgi", data=WRITE).json() == {"modify": "0"}


def test_the_settings_file_goes_there_and_back(house: LabClient, client: httpx.Client) -> None:
    saved = client.get("/Settings_lab.CFG", params={"path": 0, "remove_passwd": 0}).content
    house.ctl("router", "set", "wandog_target", "192.0.2.1")
    said = client.post("/upload.cgi", files={"file": ("lab.CFG", saved, "application/octet-stream")})
    assert "detect_httpd" in said.text
    assert house.ctl("router", "nvram", "wandog_target") == {"wandog_target": ""}
    assert [entry["kind"] for entry in house.ctl("router", "requests")] == ["login", "download", "upload"]


def test_an_unknown_fault_is_answered_with_all_there_are(house: LabClient) -> None:
    with pytest.raises(LabError, match=r"busy .*other-values-after-reboot NAME VALUE.*no-fault, not 'explode'"):
        fault(house, "explode at read")
