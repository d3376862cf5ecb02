# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router's web server in a few lines, as far as one task talks to it: it keeps nvram, and remembers who asked what.

Written from the protocol's description: the body is split at ``&`` and ``;`` before it is decoded, values that are too
long or unknown are dropped in silence, and a change of ``wans_dualwan`` swaps in the settings of the new type of line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote_plus

import httpx

from unit.builders import MAXIMUM
from unit.fake_clock import FakeClock
from unit.settings_file import hdr1

TOKEN = "kJ7h2LqPzX0vB4nM8sD1fG6tR3wY5cA"


class FakeRouter:
    def __init__(self, nvram: dict[str, str]) -> None:
        self.nvram = dict(nvram)
        self.clock = FakeClock()
        self.asked: list[str] = []
        self.services: list[str] = []
        self.written: list[dict[str, str]] = []
        self.drops: set[str] = set()
        self.loses_the_reply_to_a_reboot = False
        self.services_end = True
        self.stored_by_type: dict[str, dict[str, str]] = {}
        self.when_written: Callable[[dict[str, str]], object] = lambda _changes: None
        self.when_done: Callable[[str], object] = lambda _service: None
        self.settings_file: Callable[[dict[str, str]], bytes] = hdr1
        self.downloads: list[str] = []
        self.uploads: list[bytes] = []
        self.refuses_uploads = False
        self.when_uploaded: Callable[[], object] = lambda: None
        self.away_seconds = 60.0
        self.booted = 0.0
        self.transport = httpx.MockTransport(self._answer)
        self._up = True
        self._known: set[str] = set()

    @property
    def writes(self) -> int:
        return self.asked.count("write")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if not self._up:
            message = "[Errno 111] Connection refused"
            raise httpx.ConnectError(message, request=request)
        if request.url.path == "/httpd_check.xml":
            return httpx.Response(200, text="<?xml version='1.0' ?><httpd><httpd_info>OK</httpd_info></httpd>")
        fields = {
            unquote_plus(name): unquote_plus(value)
            for name, _mark, value in (
                piece.partition("=") for piece in re.split("[&;]", request.content.decode(errors="replace"))
            )
        }
        token = request.headers.get("Cookie", "").removeprefix("asus_token=")
        if request.url.path == "/login.cgi":
            self.asked.append("login")
            self._known.add(TOKEN)
            headers = {"Set-Cookie": f"asus_token={TOKEN}; HttpOnly;"}
            return httpx.Response(200, headers=headers, text=f'{{\n"asus_token":"{TOKEN}"\n}}\n')
        if token not in self._known:
            self.asked.append("refused")
            return httpx.Response(200, text='{"error_status":"2"}')
        if request.url.path.endswith(".CFG"):
            self.asked.append("download")
            self.downloads.append(request.url.raw_path.decode())
            self.nvram.pop("asus_device_list", None)
            return httpx.Response(200, content=self.settings_file(self.nvram))
        return getattr(self, "_" + request.url.path.strip("/").partition(".")[0])(request, fields)

    def _Logout(self, request: httpx.Request, fields: dict[str, str]) -> httpx.Response:  # noqa: N802
        self.asked.append("logout")
        self._known.clear()
        return httpx.Response(200, text='{"error_status":"8"}')

    def _appGet(self, request: httpx.Request, fields: dict[str, str]) -> httpx.Response:  # noqa: N802
        self.asked.append("read")
        answers = []
        for hook in fields["hook"].split(";"):
            name, arguments = hook.rstrip(")").split("(")
            if name == "uptime":
                since = int(self.clock.now() - self.booted)
                answers.append(f'"uptime":Wed, 25 Nov 2026 12:00:00 +0000({since} secs since boot)')
            elif name == "nvram_get":
                answers.append(f'"{arguments}":"{_escaped(self.nvram.get(arguments, ""))}"')
            else:
                variable = arguments.partition(",")[2]
                answers.append(f'"{variable}":"{quote(self.nvram.get(variable, ""), safe="")}"')
        return httpx.Response(200, text="{\n" + ",\n".join(answers) + "\n}\n")

    def _applyapp(self, request: httpx.Request, fields: dict[str, str]) -> httpx.Response:
        self.asked.append("write")
        service = fields.pop("rc_service", "")
        assert fields.pop("action_mode") == "apply"
        self.written.append(fields)
        before = dict(self.nvram)
        for name, value in fields.items():
            if name in self.nvram and name not in self.drops and len(value) <= MAXIMUM.get(name, 1):
                self.nvram[name] = value
        if self.nvram["wans_dualwan"] != before["wans_dualwan"]:
            self.nvram |= self.stored_by_type.get(self.nvram["wans_dualwan"].split()[1], {})
        modify = "1" if self.nvram != before else "0"
        self.when_written(fields)
        if not service:
            return httpx.Response(200, text=f'{{ "modify": "{modify}" }}')
        self._start(service)
        if service == "reboot" and self.loses_the_reply_to_a_reboot:
            message = "Server disconnected without sending a response."
            raise httpx.RemoteProtocolError(message, request=request)
        return httpx.Response(200, text=f'{{ "modify": "{modify}", "run_service": "{service}" }}')

    def _upload(self, request: httpx.Request, fields: dict[str, str]) -> httpx.Response:
        self.asked.append("upload")
        head, _blank, rest = request.content.partition(b"\r\n\r\n")
        boundary, _line, headers = head.partition(b"\r\n")
        assert b'name="file"; filename="' in headers
        self.uploads.append(rest.rpartition(b"\r\n" + boundary)[0])
        if self.refuses_uploads:
            return httpx.Response(200, text='<script>alert("Failed to restore");</script>')
        self.when_uploaded()
        self._start("reboot")
        return httpx.Response(200, text='<script>setTimeout("parent.detect_httpd();", 75000);</script>')

    def _start(self, service: str) -> None:
        self.services.append(service)
        self.nvram["rc_service"] = service
        if service == "reboot":
            self.clock.after(3, self._go_down)
        elif self.services_end:
            self.clock.after(4, self._end_service)

    def _go_down(self) -> None:
        self._up = False
        self._known.clear()
        self.clock.after(self.away_seconds, self._come_up)

    def _come_up(self) -> None:
        self._up = True
        self.booted = self.clock.now()
        self._end_service()

    def _end_service(self) -> None:
        service, self.nvram["rc_service"] = self.nvram["rc_service"], ""
        self.when_done(service)


def _escaped(value: str) -> str:
    return re.sub(r'["&<>]', lambda found: f"&#{ord(found.group())}", value)
