# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversations as scripts: a request that the script does not have next fails the test."""

from __future__ import annotations

from typing import NamedTuple

import httpx

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from unit.fake_clock import FakeClock

ROUTER = Router(host="192.168.50.1", port=80, tls=False, username="admin", password="a+b/c=d;e&f", login="classic")
TOKEN = "kJ7h2LqPzX0vB4nM8sD1fG6tR3wY5cA"
GOOD_LOGIN = httpx.Response(
    200, headers={"Set-Cookie": f"asus_token={TOKEN}; HttpOnly;"}, text=f'{{\n"asus_token":"{TOKEN}"\n}}\n'
)
LOGGED_OUT = '{"error_status":"8"}'
UP = "<httpd><httpd_info>OK</httpd_info></httpd>"
CHECK = "/httpd_check.xml"
BOOTED = ("/appGet.cgi", '{"uptime":Wed, 25 Nov 2026 14:00:00 +0100(0 secs since boot)}')
DOWN = (CHECK, httpx.ConnectError("refused"))
LOGIN = ("/login.cgi", GOOD_LOGIN)
LOGOUT = ("/Logout.asp", LOGGED_OUT)
NOT_FOUND = httpx.Response(404, text="<HTML><BODY>File not found.</BODY></HTML>")


class Often(NamedTuple):
    """A step that may be asked for any number of times."""

    path: str
    reply: object


class Slow(NamedTuple):
    """A reply that takes so many seconds."""

    seconds: float
    reply: object


class Script:
    """Paths to be asked for in this order, each with its reply: a text, a response, or an exception."""

    def __init__(self, *steps):
        self.steps = list(steps)
        self.requests = []
        self.clock = FakeClock()

    def answer(self, request):
        self.requests.append(request)
        while self.steps and isinstance(self.steps[0], Often) and self.steps[0].path != request.url.path:
            self.steps.pop(0)
        assert self.steps, f"surplus request to {request.url.path}"
        path, reply = self.steps[0] if isinstance(self.steps[0], Often) else self.steps.pop(0)
        assert request.url.path == path
        if isinstance(reply, Slow):
            self.clock.time += reply.seconds
            reply = reply.reply
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else httpx.Response(200, text=reply)

    @property
    def transport(self):
        return httpx.MockTransport(self.answer)

    def session(self, router=ROUTER):
        return Session(router, self.clock, self.transport)

    def is_over(self):
        return all(isinstance(step, Often) for step in self.steps)

    def body(self, index):
        return self.requests[index].content.decode()

    @property
    def paths(self):
        return [request.url.path for request in self.requests]
