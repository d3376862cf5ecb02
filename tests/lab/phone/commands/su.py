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


async def run(handset: Handset, call: Call) -> Answer:
    if handset.root == "hangs":
        # As when the question on the screen is left unanswered; its own time-out is not simulated.
        await asyncio.get_running_loop().create_future()
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
