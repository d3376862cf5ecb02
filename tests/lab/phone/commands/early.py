# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs say that ask a service of Android, before there is one: adbd is there long before system_server is.

Sources: cmds/dumpsys, cmds/cmd, cmds/service and cmds/svc of Android 10 to 14, and RuntimeInit.
"""

from __future__ import annotations

from collections.abc import Callable

from ..standins import Answer, Call

_NOT_FOUND = 20
_NO_SUCH_SERVICE = 10
_KILLED = -9
_BY_CMD = {"am": "activity", "locksettings": "lock_settings", "pm": "package", "settings": "settings"}
"""Shell scripts on the phone: each is ``cmd`` with the name of its service."""


def _dumpsys(call: Call) -> Answer:
    """The one that ends with 0 all the same."""
    return Answer(errors=f"Can't find service: {' '.join(call.arguments[:1])}\n")


def _cmd(call: Call) -> Answer:
    name = _BY_CMD.get(call.program) or " ".join(call.arguments[:1])
    return Answer(errors=f"cmd: Can't find service: {name}\n", status=_NOT_FOUND)


def _service(call: Call) -> Answer:
    return Answer(errors=f"service: Service {' '.join(call.arguments[1:2])} does not exist\n", status=_NO_SUCH_SERVICE)


def _svc(call: Call) -> Answer:
    """An exception that nobody catches."""
    return Answer(errors="java.lang.NullPointerException\n", status=_KILLED)


WITHOUT_SERVICES: dict[str, Callable[[Call], Answer]] = {
    "cmd": _cmd,
    "dumpsys": _dumpsys,
    "service": _service,
    "svc": _svc,
    **dict.fromkeys(_BY_CMD, _cmd),
}
