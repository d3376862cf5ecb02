# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``am`` and ``pm``, for the one app that there may be (ActivityManagerShellCommand, PackageManagerShellCommand)."""

from __future__ import annotations

from ..automate import PACKAGE
from ..standins import Answer, Call, not_simulated
from .handset import Handset

STATES = ("ok", "refuses", "mute")
"""Whether ``am start`` does what it says, is denied it, or says and does nothing."""
_OPTIONS = {"-a": "act", "-d": "dat", "-t": "typ", "-p": "pkg"}
_START = f"{PACKAGE}.intent.action.START_FLOW"
_FLOWS = f"content://{PACKAGE}.provider/flows/"
_TYPES = {True: f"vnd.android.cursor.item/vnd.{PACKAGE}.provider.flow_statement", False: None}
"""By whether a statement is named. Without a type Android asks the app, whose answer is its own affair."""

_DENIED = """
Exception occurred while executing 'start':
java.lang.SecurityException: Permission Denial: starting {intent} from null (pid=4711, uid=2000) not exported from \
uid 10234
\tat com.android.server.wm.ActivityTaskSupervisor.checkStartAnyActivityPermission(ActivityTaskSupervisor.java:1137)
\tat com.android.server.wm.ActivityStarter.executeRequest(ActivityStarter.java:1038)
\tat android.os.Binder.execTransact(Binder.java:1275)
"""
"""BasicShellCommandHandler, 11 and later; the lines below it as many as there are."""


async def pm(handset: Handset, call: Call) -> Answer:
    match call.arguments:
        case ["path", package]:
            if package != PACKAGE or not handset.automate.installed:
                return Answer(status=1)
            return Answer(f"package:/data/app/~~AAAAAAAAAAAAAAAAAAAAAA==/{PACKAGE}-BBBBBBBBBBBBBBBBBBBBBB==/base.apk\n")
        case _:
            return not_simulated(" ".join(["pm", *call.arguments]))


async def am(handset: Handset, call: Call) -> Answer:
    verb, *words = call.arguments or [""]
    names, values = words[::2], words[1::2]
    if verb != "start" or len(names) != len(values) or not set(names) <= set(_OPTIONS):
        return not_simulated(" ".join(["am", *call.arguments]))
    given = dict(zip(names, values, strict=True))
    intent = "Intent { " + " ".join(f"{_OPTIONS[name]}={given[name]}" for name in _OPTIONS if name in given) + " }"
    said = f"Starting: {intent}\n"
    data = given.get("-d", "")
    automate = handset.automate
    flow, statement = data.removeprefix(_FLOWS).partition("/")[::2]
    resolved = automate.installed and given.get("-a") == _START and data.startswith(_FLOWS)
    if not resolved or given.get("-t") not in (None, _TYPES[bool(statement)]):
        # To standard error, and no exit code says so.
        return Answer(said, f"Error: Activity not started, unable to resolve {intent}\n")
    if handset.am == "refuses":
        return Answer(said, _DENIED.format(intent=intent), status=255)
    if handset.am == "ok":
        automate.start(flow)
    return Answer(said)
