# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is of the keepalive on a phone, what is to be, and the way from the one to the other. Pure.

The loop is the Automate flow of old, as a script. It is best effort: it runs under adbd and dies with it (init kills
the service's whole process group, Android 8 to 15), and with a reboot of the phone. What survives both is the default
at plug-in, which ``android_usb_tether`` sets; the loop repairs what that leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._heartbeat import Heartbeat, heartbeat_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import (
    DIRECTORY,
    KeepaliveScript,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections

TAIL_LINES = 5
FILES = ("keepalive.sh", "keepalive.new", "pid", "log", "log.old", "heartbeat", "paused")
"""All that is ever in that directory."""

STATES = ("started", "paused", "stopped", "absent")
_RUNNING = ("started", "paused")


@dataclass(frozen=True)
class KeepaliveWish:
    """The options of ``android_tether_keepalive``."""

    state: str
    """Of :data:`STATES`."""
    script: KeepaliveScript


@dataclass(frozen=True)
class Keepalive:
    """What is on the phone."""

    installed: str | None
    """SHA-256 of the script there."""
    script: str
    running: str | None
    """SHA-256 of the script that the running loop was started from."""
    paused: bool
    log: tuple[str, ...]
    heartbeat: Heartbeat | None

    def as_result(self) -> dict[str, Any]:
        """As the modules return it. A loop whose last word was not that it ends, and that does not run, has died."""
        health = self.heartbeat.as_result() if self.heartbeat else None
        if health and self.running is None and health["state"] != "ended":
            health |= {"state": "died", "late": False}
        return {
            "installed": self.installed is not None,
            "running": self.running is not None,
            "outdated": self.running is not None and self.running != self.installed,
            "paused": self.paused,
            "checksum": self.installed,
            "health": health,
            "log": list(self.log),
        }


PROBE: Mapping[str, str] = {
    "keepalive_sum": f"sha256sum {DIRECTORY}/keepalive.sh",
    "keepalive_script": f"cat {DIRECTORY}/keepalive.sh",
    "keepalive_process": f'pid=$(cat {DIRECTORY}/pid) && tr "\\0" " " <"/proc/$pid/cmdline"',
    "keepalive_paused": f"ls {DIRECTORY}/paused",
    "keepalive_heartbeat": f"cat {DIRECTORY}/heartbeat",
    "keepalive_log": f"tail -n {TAIL_LINES} {DIRECTORY}/log",
    "uptime": "cat /proc/uptime",
}


def keepalive_from(sections: Sections) -> Keepalive:
    """Read the sections of :data:`PROBE`."""
    words = sections["keepalive_process"].split()
    ours = len(words) > 2 and words[-2] == f"{DIRECTORY}/keepalive.sh"
    return Keepalive(
        installed=sections["keepalive_sum"].partition(" ")[0] or None,
        script=sections["keepalive_script"],
        running=words[-1] if ours else None,
        paused=bool(sections["keepalive_paused"]),
        log=tuple(sections["keepalive_log"].splitlines()),
        heartbeat=heartbeat_from(sections["keepalive_heartbeat"], sections["uptime"]),
    )


@dataclass(frozen=True)
class KeepalivePlan:
    """The steps, in this order."""

    stop: bool = False
    remove: bool = False
    install: bool = False
    pause: bool = False
    resume: bool = False
    start: bool = False

    @property
    def changes(self) -> bool:
        return self.stop or self.remove or self.install or self.pause or self.resume or self.start


def plan(wish: KeepaliveWish, now: Keepalive) -> KeepalivePlan:
    """From what is on the phone to the wish."""
    if wish.state == "absent":
        return KeepalivePlan(stop=now.running is not None, remove=now.installed is not None)
    current = now.running == wish.script.checksum
    wants_running = wish.state in _RUNNING
    return KeepalivePlan(
        stop=now.running is not None and not (wants_running and current),
        install=now.installed != wish.script.checksum,
        pause=wish.state == "paused" and not now.paused,
        resume=wish.state == "started" and now.paused,
        start=wants_running and not current,
    )


def commands(planned: KeepalivePlan, wish: KeepaliveWish) -> str:
    """For the phone's shell; ends at the first step that fails, with the shell's own words on stderr.

    A new script is written in full before the old loop is stopped, so that a full storage leaves the old one running.
    """
    lines = ["set -e"]
    if planned.install:
        lines.append(f"mkdir -p {DIRECTORY}")
        end = f"END-{wish.script.checksum}"  # which no line of the script can be
        lines.append(f"cat >{DIRECTORY}/keepalive.new <<'{end}' || {{ {_GIVE_UP}; }}\n{wish.script.text}{end}")
        lines.append(f"sh -n {DIRECTORY}/keepalive.new || {{ {_GIVE_UP}; }}")
        if wish.script.command is not None:
            lines.append(f"sh -n <<'{end}' || {{ {_GIVE_UP}; }}\n{wish.script.command}\n{end}")
    if planned.stop:
        lines.append(_STOP)
    if planned.install:
        lines.append(f"mv -f {DIRECTORY}/keepalive.new {DIRECTORY}/keepalive.sh")
    if planned.remove:
        files = " ".join(f"{DIRECTORY}/{name}" for name in FILES)
        lines.append(f"rm -f {files}\nrmdir {DIRECTORY}")
    if planned.pause:
        lines.append(f"touch {DIRECTORY}/paused")
    if planned.resume:
        lines.append(f"rm -f {DIRECTORY}/paused")
    if planned.start:
        # In a subshell of its own: `cd x && setsid y &` would keep adb's stdout open and hang the call.
        checksum = wish.script.checksum
        lines.append(f"( exec setsid sh {DIRECTORY}/keepalive.sh {checksum} ) </dev/null >/dev/null 2>&1 &")
    return "\n".join(lines)


_GIVE_UP = f"rm -f {DIRECTORY}/keepalive.new; rmdir {DIRECTORY} 2>/dev/null; exit 1"

# The whole group, the loop and whatever program it waits for; it still writes its last words meanwhile.
_STOP = f"""\
pid=$(cat {DIRECTORY}/pid)
kill -TERM "-$pid"
turns=0
while [ -e "/proc/$pid" ] && [ "$turns" -lt 50 ]; do sleep 0.1; turns=$((turns + 1)); done
rm -f {DIRECTORY}/pid"""
