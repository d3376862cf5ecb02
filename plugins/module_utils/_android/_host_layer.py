# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer that is another machine in the house: what the phone has to have for it, and when that last looked.

The machine is the role's (``tasks_from: host``). Its script holds a shell on the phone open, which ends every few
minutes and is begun anew. At each begin it leaves the time in a property that the user shell may set and a reboot
forgets, so the phone itself tells whether somebody looks after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NotStored
from ansible_collections.homelab.dualwan.plugins.module_utils._android._layers import HOST, Outcome
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections, ask

TRACE = "debug.homelab.dualwan"
"""``<seconds of /proc/uptime> <seconds to the next trace at the latest, 0 where an event decides>``."""
NEVER = "0"
FIRST_TO_EXPIRE = 30
"""Android 11: a computer's key is forgotten a week after its last connection, unless told otherwise."""
HOST_PROBE: Mapping[str, str] = {
    "host_trace": f"getprop {TRACE}",
    "adb_key_life": "settings get global adb_allowed_connection_time",
}
_PATIENCE = 60
"""Seconds that a machine may take to reach the phone again."""


@dataclass(frozen=True)
class Host:
    """What the phone tells of it."""

    key_stays: bool
    seconds_ago: int | None
    """Since a machine left its trace; None where none has since the phone's boot."""
    every: int

    @property
    def looks(self) -> bool:
        """Whether a machine does look after the phone. One that waits for an event may have had none."""
        if self.seconds_ago is None:
            return False
        return self.every == 0 or self.seconds_ago <= self.every + _PATIENCE


def host_from(sections: Sections, sdk: int) -> Host:
    """Read the sections of :data:`HOST_PROBE` and ``uptime``."""
    words = sections["host_trace"].split()
    known = len(words) == 2 and all(word.isdigit() for word in words)
    uptime = sections["uptime"].partition(".")[0]
    return Host(
        key_stays=sdk < FIRST_TO_EXPIRE or sections["adb_key_life"] == NEVER,
        seconds_ago=max(int(uptime) - int(words[0]), 0) if known and uptime.isdigit() else None,
        every=int(words[1]) if known else 0,
    )


def bring_host(phone: Phone, state: str, found: Sections, sdk: int, *, check_mode: bool) -> Outcome:
    """Have the phone remember its computers for good. The machine itself is none of the phone's. Raises PhoneError."""
    now = host_from(found, sdk)
    changes = state == "started" and not now.key_stays
    word = "running" if now.looks else "absent"
    outcome = Outcome(
        HOST,
        changed=changes,
        before=word,
        after=word,
        diff={"before": "computers: forgotten after a while\n", "after": "computers: remembered for good\n"},
        by_hand=_by_hand(state, now, over_network=phone.address.over_network),
    )
    if check_mode or not changes:
        return outcome
    doing = "telling the phone to remember its computers"
    phone.shell(f"settings put global adb_allowed_connection_time {NEVER}", doing=doing)
    if not host_from(ask(phone, {**HOST_PROBE, "uptime": "cat /proc/uptime"}, doing=doing), sdk).key_stays:
        raise NotStored(
            "The phone still forgets computers after a while",
            doing=doing,
            cure="Switch on Disable adb authorisation timeout in its developer options",
        )
    return outcome


def _by_hand(state: str, now: Host, *, over_network: bool) -> tuple[str, ...]:
    if state == "paused":
        return ()
    if state != "started":
        return ("end the service on the machine that looks after it (tasks_from: host_remove)",) if now.looks else ()
    hands = []
    if not now.looks:
        last = "none has since its boot" if now.seconds_ago is None else f"the last trace is {now.seconds_ago} s old"
        hands.append(f"have a machine look after the phone ({last}): the role phone with tasks_from: host makes one")
    if over_network:
        hands.append("after each reboot of the phone, `adb tcpip 5555` by USB: it ends adb over the network")
        hands.append(
            "have it in a Wi-Fi without internet, never in the router's own: by that the backup would be a circle"
        )
    return tuple(hands)
