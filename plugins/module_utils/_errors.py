# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong with a device, said so that a person knows what to do next."""

from __future__ import annotations

from typing import Any


class DeviceError(Exception):
    """A router or a phone did not do what was asked.

    ``happened`` is one clause, ``doing`` what was under way, ``cure`` the next step for the person; ``stands``, which
    may be added later, is how the device was left. ``reason`` is a stable word that playbooks can test; ``facts`` are
    further values for the task's result.
    """

    reason = "failed"

    def __init__(self, happened: str, *, cure: str, doing: str = "", **facts: Any) -> None:
        self.happened = happened
        self.cure = cure
        self.doing = doing
        self.stands = ""
        self.facts = facts
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        """One line: what happened, while doing what, how the device was left, and the cure."""
        while_doing = f" while {self.doing}" if self.doing else ""
        return ". ".join(filter(None, (f"{self.happened}{while_doing}", self.stands, self.cure)))

    def as_result(self) -> dict[str, Any]:
        """What a failed task returns."""
        return {"msg": self.message, "reason": self.reason, **self.facts}


class BadWish(DeviceError):
    """The task asks for something that cannot be. Nothing was written."""

    reason = "bad_wish"


class MissingLibrary(Exception):
    """A Python library that this task needs cannot be imported."""

    def __init__(self, name: str, minimum: str, cause: Exception | None) -> None:
        self.name = name
        self.minimum = minimum
        self.cause = cause
        super().__init__(f"{name} {minimum} or later is needed")
