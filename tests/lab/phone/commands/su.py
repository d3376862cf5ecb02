# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``su`` as Magisk has it: the command runs under Magisk's daemon, so adbd's end is not its end."""

from __future__ import annotations

import asyncio
import errno

from ..standins import Answer, Call, not_simulated
from .handset import Handset

SHELL = "/system/bin/sh"
ROOTS = ("none", "granted", "denied", "asks", "hangs")
ASK_SECONDS = 10.0
"""How long Magisk's question stays on the screen before it counts as a no. Its default, from memory."""


async def run(handset: Handset, call: Call) -> Answer:
    if handset.root == "hangs":
        # Not even the question's own time-out comes, as where the screen that should ask never opens.
        await asyncio.get_running_loop().create_future()
    if handset.root == "asks":
        await _answer(handset)
    if handset.root != "granted":
        return Answer(errors="Permission denied\n", status=errno.EACCES)
    match call.arguments:
        case ["-v"]:
            return Answer("27.0:MAGISKSU\n")
        case [] | ["-"] | ["root"] | ["0"]:
            argv = [SHELL]
        case ["-c", *command] | ["0", "-c", *command] | ["root", "-c", *command] if command:
            # Magisk takes the rest of the line for the command.
            argv = [SHELL, "-c", " ".join(command)]
        case _:
            return not_simulated(" ".join(["su", *call.arguments]))
    return Answer(status=await handset.run_as_root(call, argv))


async def _answer(handset: Handset) -> None:
    """Until a hand has answered by another ``root``, or nobody did."""
    handset.journal.note("su asks on the screen")
    given_up = asyncio.Event()
    timer = handset.clock.later(ASK_SECONDS, given_up.set)
    waiting = [asyncio.ensure_future(event.wait()) for event in (handset.root_answered, given_up)]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        timer.cancel()
        for task in waiting:
            task.cancel()
