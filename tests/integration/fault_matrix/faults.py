# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, a row each, in the words that order it from the lab."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from integration.fault_matrix.stories import Point, Story


@dataclass(frozen=True)
class Fault:
    """In ``words`` {at} stands for a point's request, {after} for right after it, {behind} for right after the one
    before it, and {name} for a setting of the story."""

    name: str
    words: str
    options: dict[str, Any] = field(default_factory=dict)
    """Of the task, in the run that meets the fault."""

    def order(self, story: Story, point: Point) -> list[str]:
        """For ``router fault``; empty where the options are the fault."""
        return self.words.format(
            at=f"at {point.at}",
            after=f"after {point.at}",
            behind=f"after {point.behind}" if point.behind else "",
            name=next(iter(story.wanted), ""),
        ).split()

    @property
    def lab_name(self) -> str:
        """What the lab calls it."""
        return self.words.partition(" ")[0]


REFUSED = Fault("connection refused", "refuse 10 {behind}")
CUT = Fault("cut before it is looked at", "refuse 10 {at}")
RESET_IN_HEADER = Fault("reset in the header", "reset-in-header {at}")
RESET_IN_BODY = Fault("reset in the body", "reset-in-body {at}")
TRUNCATED = Fault("truncated", "truncated-reply {at}")
EMPTY = Fault("empty", "empty-reply {at}")
HTML = Fault("HTML instead of JSON", "html-reply {at}")
COMMA = Fault("leading comma", "leading-comma {at}")
SLOW = Fault("slow, within the timeout", "slow-reply 0.2 {at}")
TOO_SLOW = Fault("slower than the timeout", "slow-reply 2 {at}", {"timeout": 0.8})
SESSION_GONE = Fault("session gone", "session-gone {at}")
CRASH = Fault("httpd dies of it", "crash {at}")
RESTART = Fault("httpd restarts after it", "crash {after}")
BUSY = Fault("rc busy for 40 s", "busy 40 {at}")
STUCK = Fault("rc busy for 150 s", "busy 150 {at}")
DROPPED = Fault("value dropped in silence", "silent-drop {name}")
REBOOTS = Fault("reboots by itself after it", "reboot {after}")
SLOW_REBOOT = Fault("reboot takes three times as long", "slow-reboot 3")
TOO_LONG = Fault("reboot takes six times as long", "slow-reboot 6")
NO_RETURN = Fault("does not come back", "no-return")
OTHER_VALUES = Fault("back with other values", "other-values-after-reboot wans_mode fb")
LOCKED = Fault("login locked", "lock {at}")
CAPTCHA = Fault("captcha demanded", "captcha {at}")
NAME = Fault("name instead of an address", "", {"host": "localhost"})
NO_APPLYAPP = Fault("no applyapp.cgi", "no-applyapp")
INTERNET_GONE = Fault("internet gone after it", "internet-gone 200 {after}")
