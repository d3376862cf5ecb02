# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes out for a request, and the ways to spoil it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .wire import Reply, render

_HTML = b"<HTML><HEAD><script>top.location.href='/Main_Login.asp';</script>\n</HEAD></HTML>\n"
_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Delivery:
    """Bytes, whether a reset follows them, and for how many seconds on the wall they are held back."""

    data: bytes
    reset: bool = False
    wall_seconds: float = 0.0

    def head_and_body(self) -> tuple[bytes, bytes]:
        head, mark, body = self.data.partition(_END_OF_HEAD)
        return head + mark, body


def _html_instead(delivery: Delivery, _amount: float) -> Delivery:
    head, _body = delivery.head_and_body()
    return replace(delivery, data=head + _HTML)


def _leading_comma(delivery: Delivery, _amount: float) -> Delivery:
    """As an unknown hook leaves it in front (web API facts 3.1). A body that is no object stays as it is."""
    head, body = delivery.head_and_body()
    return replace(delivery, data=head + (b"{ , " + body[1:].lstrip() if body.startswith(b"{") else body))


def _nothing(delivery: Delivery, _amount: float) -> Delivery:
    return replace(delivery, data=b"")


def _half_of_head(delivery: Delivery, _amount: float) -> Delivery:
    head, _body = delivery.head_and_body()
    return replace(delivery, data=head[: len(head) // 2], reset=True)


def _half_of_body(delivery: Delivery, _amount: float) -> Delivery:
    head, body = delivery.head_and_body()
    return replace(delivery, data=head + body[: max(1, len(body) // 2)])


def _half_and_reset(delivery: Delivery, amount: float) -> Delivery:
    return replace(_half_of_body(delivery, amount), reset=True)


def _held_back(delivery: Delivery, wall_seconds: float) -> Delivery:
    return replace(delivery, wall_seconds=wall_seconds)


_SPOILERS: dict[str, Callable[[Delivery, float], Delivery]] = {
    "html-reply": _html_instead,
    "leading-comma": _leading_comma,
    "truncated-reply": _half_of_body,
    "reset-in-body": _half_and_reset,
    "reset-in-header": _half_of_head,
    "empty-reply": _nothing,
    "slow-reply": _held_back,
}
"""In the order in which they are applied if several hit the same reply."""


def deliver(reply: Reply, faults: dict[str, float | None]) -> Delivery:
    """The reply with those faults, which are by name and with their number."""
    delivery = Delivery(render(reply))
    for name, spoil in _SPOILERS.items():
        if name in faults:
            delivery = spoil(delivery, faults[name] or 0.0)
    return delivery
