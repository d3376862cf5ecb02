# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs of the phone that a stand-in plays, by name."""

from __future__ import annotations

from ..standins import Answer, Call, not_simulated
from . import apps, cmd, dumpsys, early, ip, locksettings, logcat, properties, service, settings, sleep, su, svc, system
from .handset import Handset, Program

PROGRAMS: dict[str, Program] = {
    "am": apps.am,
    "cmd": cmd.run,
    "dumpsys": dumpsys.run,
    "getenforce": system.getenforce,
    "getprop": properties.getprop,
    "ip": ip.run,
    "locksettings": locksettings.run,
    "logcat": logcat.run,
    "pm": apps.pm,
    "reboot": system.reboot,
    "service": service.run,
    "setprop": properties.setprop,
    "settings": settings.run,
    "sleep": sleep.run,
    "su": su.run,
    "svc": svc.run,
}

ABSENT = frozenset(
    """
    app_process content dmesg dpm free ifconfig input iptables log monkey mount nc netcat netstat ndc ping ping6
    screencap setenforce start stop sysctl telecom top traceroute uiautomator wm
    """.split()
)
"""A real phone has these; here they say that they are not simulated."""

__all__ = ["ABSENT", "PROGRAMS", "Handset", "run"]


async def run(handset: Handset, call: Call) -> Answer:
    """Play one call."""
    program = PROGRAMS.get(call.program)
    if not handset.services and call.program in early.WITHOUT_SERVICES:
        return early.WITHOUT_SERVICES[call.program](call)
    if program is None:
        return not_simulated(" ".join([call.program, *call.arguments]))
    return await program(handset, call)
