# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that tells whoever looks after the tether to leave it alone, on a phone that gets no script.

A script is brought to its state together with that file. Another machine heeds it too, and has nothing else there.
"""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import NotStored
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive import (
    PAUSE_FILE,
    PROBE,
    keepalive_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import DIRECTORY
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_scripts import not_written
from ansible_collections.homelab.dualwan.plugins.module_utils._android._layers import Outcome
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections, ask

PAUSE = "pause"
"""Not a layer; of its outcome the name."""
_COMMANDS = {
    True: f"mkdir -p {DIRECTORY} && touch {PAUSE_FILE}",
    False: f"rm -f {PAUSE_FILE} && {{ rmdir {DIRECTORY} 2>/dev/null || true; }}",
}


def bring_pause(phone: Phone, wanted: bool, found: Sections, *, check_mode: bool) -> Outcome:
    """Have it, or not. Raises PhoneError."""
    before = keepalive_from(found).as_result()
    outcome = Outcome(
        PAUSE,
        changed=before["paused"] != wanted,
        before=_word(before["paused"]),
        after=_word(wanted),
        diff={"before": _told(before["paused"]), "after": _told(wanted)},
        keepalive=(before, before | {"paused": wanted}),
    )
    if check_mode or not outcome.changed:
        return outcome
    doing = "pausing what looks after the tether" if wanted else "ending its pause"
    reply = phone.shell(_COMMANDS[wanted], doing=doing)
    if reply.code:
        raise not_written(reply.errors.strip() or reply.output.strip(), doing)
    if keepalive_from(ask(phone, PROBE, doing=doing)).paused != wanted:
        raise NotStored(
            f"The phone {'does not have' if wanted else 'still has'} the file {PAUSE_FILE}",
            doing=doing,
            cure="Run again, which is safe",
        )
    return outcome


def _word(paused: bool) -> str:
    return "paused" if paused else "not paused"


def _told(paused: bool) -> str:
    return f"what looks after the tether: {_word(paused)}\n"
