# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the control door says to the router: ``router …`` and ``wan …``."""

from __future__ import annotations

from typing import Any

from .device import Router
from .door import LOCK_SECONDS
from .faults import NAMES, ON_REQUEST
from .outside import ETHERNET, PHONE

BUSY_SECONDS = 30.0


class WordsUnknown(ValueError):
    """Not in the vocabulary; the message says what is."""


async def router_words(router: Router, words: list[str]) -> Any:
    """``router nvram|set|unset|requests|forget-requests|state|reboot|crash-httpd|fault …``."""
    match words:
        case ["nvram", *names]:
            stored = router.nvram.all()
            return {name: router.nvram.get(name) for name in names} if names else stored
        case ["set", name, value]:
            # A hand at the shell: nvram set and commit, without httpd's swap of per-type settings.
            router.nvram.set(name, value)
            router.nvram.commit()
        case ["unset", name]:
            router.nvram.unset(name)
            router.nvram.commit()
        case ["requests"]:
            return router.journal.as_data()
        case ["forget-requests"]:
            router.journal.forget()
        case ["state"]:
            return router.state()
        case ["reboot"]:
            await router.reboot()
        case ["crash-httpd"]:
            if not router.up:
                raise ValueError("the router is down")
            await router.crash_httpd()
        case ["fault", name, *rest]:
            _fault(router, name, rest)
        case _:
            raise WordsUnknown(
                "router nvram [NAME...]|set NAME VALUE|unset NAME|requests|forget-requests|state|reboot|crash-httpd|"
                "fault NAME [SECONDS]"
            )
    return None


async def wan_words(router: Router, words: list[str]) -> Any:
    """``wan upstream 0|1 up|silent|refused``, ``wan link 0 up|down``, ``wan state``."""
    match words:
        case ["upstream", ("0" | "1") as line, path]:
            router.outside.set_upstream(int(line), path)
        case ["link", "0", ("up" | "down") as link]:
            router.outside.wan_cable = link == "up"
        case ["state"]:
            return {
                "0": {
                    "upstream": router.outside.upstream[ETHERNET],
                    "link": "up" if router.outside.wan_cable else "down",
                    "path": router.outside.path(ETHERNET),
                },
                "1": {"upstream": router.outside.upstream[PHONE], "path": router.outside.path(PHONE)},
            }
        case _:
            raise WordsUnknown("wan upstream 0|1 up|silent|refused, wan link 0 up|down, wan state")
    return None


def _fault(router: Router, name: str, rest: list[str]) -> None:
    if name not in NAMES:
        raise WordsUnknown(f"fault {'|'.join(NAMES)}, not {name}")
    if name == "silent-drop":
        if len(rest) != 1:
            raise WordsUnknown("fault silent-drop NAME")
        router.faults.dropped_names.add(rest[0])
        return
    seconds = float(rest[0]) if rest else None
    if name == "lock":
        router.lock(LOCK_SECONDS if seconds is None else seconds)
    elif name == "busy":
        router.rc.occupy(BUSY_SECONDS if seconds is None else seconds)
    elif name in ON_REQUEST or name == "reboot-after-write":
        router.faults.arm(name, seconds)
    else:
        router.faults.clear()
        router.unlock()
        router.rc.end_occupation()
