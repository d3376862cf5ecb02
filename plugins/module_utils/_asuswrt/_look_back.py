# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an earlier run left, for who only looks at the router.

A change that is seen to be well has had its trial: an outage of a later day is not its doing, and is no reason to take
it back. Nothing is written on the router for that.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import AnotherRun, NotRemembered
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import NONE
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._unfinished import Leftover, judge
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here


def look_back(session: Session, nvram: Nvram, here: Here) -> Leftover:
    """Judge the note of an unfinished change by ``nvram``, and unless in check mode end its way back if all is well.

    That of a run which is still at it is no leftover.
    """
    change = None if session.debts.holder() else session.memory.unfinished(nvram["lan_hwaddr"])
    since_boot = session.seconds_since_boot() if change else None
    left = judge(change, nvram, here.clock.epoch(), since_boot)
    if change and left.well and not here.check_mode:
        # A look is worth as much without, and the next one tries again.
        with suppress(AnotherRun, NotRemembered), session.debts.held("looking back"):
            if session.memory.unfinished(change.identity) != change:
                return left  # a run that began meanwhile has noted its own
            if left.owed == NONE:
                session.memory.end(change.identity)
            else:
                session.memory.begin(replace(change, rollback_seconds=0))
    return left
