# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the control door says to the router: ``router …`` and ``wan …``."""

from __future__ import annotations

from typing import Any

from .device import Router
from .fault_words import CLEAR, VOCABULARY, WordsUnknown, parse
from .faults import Moment
from .outside import ETHERNET, PHONE, SECOND_ETHERNET

__all__ = ["WordsUnknown", "router_words", "wan_words"]


async def router_words(router: Router, words: list[str]) -> Any:
    """``router nvram|set|unset|requests|forget-requests|state|reboot|power-on|crash-httpd|fault …``."""
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
        case ["power-on"]:
            await router.power_on()
        case ["crash-httpd"]:
            _must_be_up(router)
            await router.crash_httpd()
        case ["fault"]:
            raise WordsUnknown(VOCABULARY)
        case ["fault", name, *rest]:
            await _fault(router, name, rest)
        case _:
            raise WordsUnknown(
                "router nvram [NAME...]|set NAME VALUE|unset NAME|requests|forget-requests|state|reboot|power-on|"
                "crash-httpd|fault NAME [SECONDS|ARG...] [at|after KIND [N]]"
            )
    return None


async def wan_words(router: Router, words: list[str]) -> Any:
    """``wan upstream 0|1|2 up|silent|refused``, ``wan link 0|1 up|down``, ``wan state``."""
    match words:
        case ["upstream", ("0" | "1" | "2") as line, path]:
            router.outside.set_upstream(int(line), path)
        case ["link", "0", ("up" | "down") as link]:
            router.outside.wan_cable = link == "up"
        case ["link", "1", ("up" | "down") as link]:
            router.outside.second_cable = link == "up"
        case ["state"]:
            return {
                "0": {
                    "upstream": router.outside.upstream[ETHERNET],
                    "link": "up" if router.outside.wan_cable else "down",
                    "path": router.outside.path(ETHERNET),
                },
                "1": {"upstream": router.outside.upstream[PHONE], "path": router.outside.path(PHONE)},
                "2": {
                    "upstream": router.outside.upstream[SECOND_ETHERNET],
                    "link": "up" if router.outside.second_cable else "down",
                    "path": router.outside.path(SECOND_ETHERNET),
                },
            }
        case _:
            raise WordsUnknown("wan upstream 0|1|2 up|silent|refused, wan link 0|1 up|down, wan state")
    return None


async def _fault(router: Router, name: str, words: list[str]) -> None:
    if name == CLEAR and not words:
        router.faults.clear()
        await router.happenings.end()
        return
    order = parse(name, words)
    if name == "silent-drop":
        router.faults.dropped_names.add(order.texts[0])
    elif name == "no-applyapp":
        router.faults.applyapp_missing = True
    elif name == "other-values-after-reboot":
        router.faults.values_after_reboot[order.texts[0]] = order.texts[1]
    elif order.row.moment is Moment.EVENT and order.point is None:
        _must_be_up(router)
        await router.happenings.happen(name, order.amount)
    else:
        router.faults.arm(name, order.amount, order.point)


def _must_be_up(router: Router) -> None:
    if not router.up:
        raise ValueError("the router is down")
