# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that turns tethering on again, every X seconds, and what a phone says about it.

The Automate flow of old, as a script: look every ``interval`` seconds, and where the tether is gone while a host is
connected, run the command that brings it back. It acts neither while Android is still switching nor where nothing is
plugged in. The loop is best effort: it runs under adbd and dies with it (init kills the service's whole process group,
Android 8 to 15), and with a reboot of the phone. What survives both is the default at plug-in, which
``android_usb_tether`` sets; the loop repairs what that leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections

DIRECTORY = "/data/local/tmp/homelab.dualwan"
"""The one place where the shell user may keep and run files; it survives a reboot."""
SETTLE_SECONDS = 8
"""After a switch, leave Android alone: it debounces for up to 3 s and gives the host 5 s to enumerate."""
LOG_BYTES = 65536
TAIL_LINES = 5
FILES = ("keepalive.sh", "keepalive.new", "pid", "log", "log.old")
"""All that is ever in that directory."""

_SCRIPT = """\
# homelab.dualwan keepalive: turns USB tethering on again when it is gone. POSIX sh, no awk, no ip.
interval={interval}
settle={settle}
log={directory}/log

rearm() {{
{command}
}}

say() {{
  size=$(wc -c <"$log" 2>/dev/null) || size=0
  [ "$size" -lt {log_bytes} ] || mv -f "$log" "$log.old"
  echo "$(date '+%Y-%m-%d %H:%M:%S') $*" >>"$log"
}}

# gone: a host is connected, Android has finished switching, and the function is no tether.
# What follows host_connected is about the port, where a mere charger counts as connected.
gone() {{
  usb=$(dumpsys usb 2>/dev/null)
  usb=${{usb%%host_connected=*}}
  case $usb in
    *"current_functions_applied=true"*) ;;
    *) return 1 ;;
  esac
  case $usb in
    *[!_]connected=true*) ;;
    *) return 1 ;;
  esac
  now=${{usb#*current_functions=}}
  now=${{now%%current_functions_applied*}}
  case $now in
    *RNDIS* | *NCM* | *0x400*) return 1 ;;
  esac
  return 0
}}

echo $$ >{directory}/pid
say "started, looking every $interval s"
while :; do
  if gone; then
    say "tether gone, bringing it back"
    rearm >>"$log" 2>&1 || say "the command failed with $?"
    sleep "$settle"
  fi
  sleep "$interval"
done
"""


@dataclass(frozen=True)
class KeepaliveWish:
    """The options of ``android_tether_keepalive``."""

    state: str
    """``started``, ``stopped`` or ``absent``."""
    interval: int
    command: str
    as_root: bool

    @property
    def script(self) -> str:
        """The loop's text."""
        command = f"su -c {quote(self.command)}" if self.as_root else self.command
        return _SCRIPT.format(
            interval=self.interval,
            settle=SETTLE_SECONDS,
            directory=DIRECTORY,
            command=command,
            log_bytes=LOG_BYTES,
        )

    @property
    def version(self) -> str:
        """SHA-256 of the script: in the file it tells a changed one, on the command line an outdated loop."""
        return hashlib.sha256(self.script.encode()).hexdigest()


@dataclass(frozen=True)
class Keepalive:
    """What is on the phone."""

    installed: str | None
    """SHA-256 of the script there."""
    script: str
    running: str | None
    """SHA-256 of the script that the running loop was started from."""
    log: tuple[str, ...]

    def as_result(self) -> dict[str, Any]:
        """As the modules return it."""
        return {
            "installed": self.installed is not None,
            "running": self.running is not None,
            "outdated": self.running is not None and self.running != self.installed,
            "log": list(self.log),
        }


PROBE: Mapping[str, str] = {
    "keepalive_sum": f"sha256sum {DIRECTORY}/keepalive.sh",
    "keepalive_script": f"cat {DIRECTORY}/keepalive.sh",
    "keepalive_process": f'pid=$(cat {DIRECTORY}/pid) && tr "\\0" " " <"/proc/$pid/cmdline"',
    "keepalive_log": f"tail -n {TAIL_LINES} {DIRECTORY}/log",
}


def keepalive_from(sections: Sections) -> Keepalive:
    """Read the sections of :data:`PROBE`."""
    words = sections["keepalive_process"].split()
    ours = len(words) > 2 and words[-2] == f"{DIRECTORY}/keepalive.sh"
    return Keepalive(
        installed=sections["keepalive_sum"].partition(" ")[0] or None,
        script=sections["keepalive_script"],
        running=words[-1] if ours else None,
        log=tuple(sections["keepalive_log"].splitlines()),
    )


@dataclass(frozen=True)
class KeepalivePlan:
    """The steps, in this order."""

    stop: bool
    remove: bool
    install: bool
    start: bool

    @property
    def changes(self) -> bool:
        return self.stop or self.remove or self.install or self.start


def plan(wish: KeepaliveWish, now: Keepalive) -> KeepalivePlan:
    """From what is on the phone to the wish."""
    if wish.state == "absent":
        return KeepalivePlan(stop=now.running is not None, remove=now.installed is not None, install=False, start=False)
    install = now.installed != wish.version
    current = now.running == wish.version
    wants_running = wish.state == "started"
    return KeepalivePlan(
        stop=now.running is not None and not (wants_running and current),
        remove=False,
        install=install,
        start=wants_running and not current,
    )


def commands(planned: KeepalivePlan, wish: KeepaliveWish) -> str:
    """For the phone's shell; ends at the first step that fails, with the shell's own words on stderr.

    A new script is written in full before the old loop is stopped, so that a full storage leaves the old one running.
    """
    lines = ["set -e"]
    if planned.install:
        lines.append(f"mkdir -p {DIRECTORY}")
        end = f"END-{wish.version}"  # which no line of the script can be
        lines.append(f"cat >{DIRECTORY}/keepalive.new <<'{end}' || {{ {_GIVE_UP}; }}\n{wish.script}{end}")
        lines.append(f"sh -n {DIRECTORY}/keepalive.new || {{ {_GIVE_UP}; }}")
    if planned.stop:
        # The whole group: the loop and the sleep that it waits for.
        lines.append(f'kill -TERM "-$(cat {DIRECTORY}/pid)"\nrm -f {DIRECTORY}/pid')
    if planned.install:
        lines.append(f"mv -f {DIRECTORY}/keepalive.new {DIRECTORY}/keepalive.sh")
    if planned.remove:
        files = " ".join(f"{DIRECTORY}/{name}" for name in FILES)
        lines.append(f"rm -f {files}\nrmdir {DIRECTORY}")
    if planned.start:
        # In a subshell of its own: `cd x && setsid y &` would keep adb's stdout open and hang the call.
        lines.append(f"( exec setsid sh {DIRECTORY}/keepalive.sh {wish.version} ) </dev/null >/dev/null 2>&1 &")
    return "\n".join(lines)


_GIVE_UP = f"rm -f {DIRECTORY}/keepalive.new; rmdir {DIRECTORY} 2>/dev/null; exit 1"
