# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is true of the router, and whether a failed task said so. Nothing here asks the collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from integration.fault_matrix.faults import Fault
from integration.fault_matrix.stories import Story
from integration.house import House, Outcome


@dataclass(frozen=True)
class Truth:
    """The router, as one who stands next to it sees it."""

    nvram: Mapping[str, str]
    before: Mapping[str, str]
    requests: list[dict[str, Any]]
    state: dict[str, Any]

    @property
    def written(self) -> bool:
        """Whether any write or file reached it, looked at or not."""
        return any(request["path"] in WRITES for request in self.requests)

    def differing(self, wanted: Mapping[str, str]) -> list[str]:
        return [name for name, value in wanted.items() if self.nvram[name] != value]

    def is_right(self, story: Story) -> bool:
        """Stored, and what makes it true ran afterwards."""
        return not self.differing(story.wanted) and all(self._ran(name, what) for name, what in story.needs.items())

    def _ran(self, name: str, what: str) -> bool:
        stored = max(
            (one["at"] for one in self.requests if name in one["changed"] or one["kind"] == "upload"), default=0.0
        )
        if self.state["boots"] > 1 and self.state["booted"] > stored:
            return True
        return any(one["service"] == what and one["at"] >= stored and not one["note"] for one in self.state["services"])


LOGINS = ("/get_Nonce.cgi", "/login.cgi", "/login_v2.cgi")
FAILURES = {"lock": 2 * 5, "captcha": 2 * 2}
WRITES = ("/applyapp.cgi", "/start_apply.htm", "/upload.cgi")


def truth(house: House, before: Mapping[str, str]) -> Truth:
    return Truth(house.nvram(), before, house.lab.ctl("router", "requests"), house.lab.ctl("router", "state"))


Claim = Callable[[Truth, Story, str], bool]


def _unchanged(seen: Truth, story: Story, _named: str) -> bool:
    return all(seen.nvram[name] == seen.before[name] for name in story.wanted)


def _stored(seen: Truth, story: Story, _named: str) -> bool:
    return not seen.differing(story.wanted)


def _kept_others(seen: Truth, story: Story, named: str) -> bool:
    return set(named.split(", ")) == set(seen.differing(story.wanted))


def _sent(seen: Truth, _story: Story, _named: str) -> bool:
    return seen.written


_CLAIMS: tuple[tuple[str, Claim], ...] = (
    (r"No setting was changed", _unchanged),
    (r"Nothing was restored", _unchanged),
    (r"The settings are stored", _stored),
    (r"were sent, and the router has not stored ([a-z0-9_, ]+)\.", _kept_others),
    (r"whether the router has stored them was not seen", _sent),
    (r"whether the router took it was not seen", _sent),
    (r"and kept others: (\w+)", lambda seen, story, named: named in seen.differing(story.wanted)),
    (r"by both of its names and kept", lambda seen, story, _named: bool(seen.differing(story.wanted))),
    (r"The former values were written again", _unchanged),
    (r"The former values are stored", _unchanged),
    (r"The former values were not sent yet", _sent),
)
"""What a message may say of the settings, and what has to be so then."""

_WORDS: dict[str, Claim] = {
    "nothing": _unchanged,
    "all": _stored,
    "not_all": lambda seen, story, _named: bool(seen.differing(story.wanted)),
    "unknown": _sent,
}
"""The same for the result's ``stored``."""


def check_what_was_told(outcome: Outcome, seen: Truth, story: Story) -> None:
    """A message that says how the router was left, and says it right."""
    message = outcome.message
    assert "Traceback" not in message
    assert not re.search(r"[A-Za-z]+Exception\b", message), message
    found = [(claim, match) for words, claim in _CLAIMS for match in re.finditer(words, message)]
    assert found, f"it does not say how the router was left: {message}"
    for claim, match in found:
        assert claim(seen, story, match[1] if match.re.groups else ""), f"not so: {match[0]!r} in {message}"
    stored = outcome["stored"]
    assert _WORDS[stored](seen, story, ""), f"stored is {stored}: {message}"


_REFUSALS = {"error_status 3": "wrong_password", "error_status 7": "locked_out", "error_status 10": "login_refused"}


def check_logins(outcome: Outcome, seen: Truth) -> None:
    """A refused login is the last of its run, and named for what it is; the failures count no more than that one."""
    answers = [request["answer"] for request in seen.requests if request["path"] in LOGINS]
    refused = [answer for answer in answers if answer in _REFUSALS]
    if refused:
        assert answers[-1] == refused[0], f"after a refused login came another: {answers}"
        assert outcome["reason"] == _REFUSALS[refused[0]], outcome.message


def check_failures(seen: Truth, fault: Fault) -> None:
    """As many failed logins as the fault made of its own accord, in both web servers, and one at the most."""
    assert seen.state["failed_logins"] <= FAILURES.get(fault.lab_name, 0) + 1
