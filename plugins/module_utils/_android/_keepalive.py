# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is of the keepalive on a phone, what is to be, and the way from the one to the other. Pure.

The script is the Automate flow of old. As ``loop`` it is best effort: it runs under adbd and dies with it (init kills
the service's whole process group, Android 8 to 15), and with a reboot of the phone. As ``root_service`` it is started
by Magisk, KernelSU or APatch at each boot and runs under their daemon. What both leave to read lies in one directory,
so one pid file keeps the two from running at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from shlex import quote
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._abilities import SU_SECONDS
from ansible_collections.homelab.dualwan.plugins.module_utils._android._heartbeat import Heartbeat, heartbeat_from
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import (
    DIRECTORY,
    KeepaliveScript,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._mobile_data import DATA_IS_OFF
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import MARK, Sections

TAIL_LINES = 5
FILES = ("pid", "log", "log.old", "heartbeat", "said", "data_off", "paused")
"""What the script and its pause leave in :data:`DIRECTORY`."""
PAUSE_FILE = f"{DIRECTORY}/paused"


@dataclass(frozen=True)
class Place:
    """Where a layer keeps the script, and what starts it at boot."""

    layer: str
    directory: str
    launcher: str | None = None

    @property
    def script(self) -> str:
        return f"{self.directory}/keepalive.sh"

    @property
    def fresh(self) -> str:
        """The script while it is being written."""
        return f"{self.directory}/keepalive.new"


LOOP = Place("loop", DIRECTORY)
# Root runs it, so it lies where only root can change it.
ROOT_SERVICE = Place("root_service", "/data/adb/homelab.dualwan", "/data/adb/service.d/homelab.dualwan.sh")

_LAUNCHER = """\
#!/system/bin/sh
# homelab.dualwan: keeps USB tethering on. Run at boot by Magisk, KernelSU or APatch, which wait for it to return.
PATH=/system/bin:/system/xbin:$PATH
export PATH
(
  until [ "$(getprop sys.boot_completed)" = 1 ]; do sleep 5; done
  # What the script leaves to read is the shell user's, and lies where people clean up.
  mkdir -p {directory} && chown 2000:2000 {directory}
  exec setsid /system/bin/sh {script} {checksum}
) </dev/null >/dev/null 2>&1 &
"""

NO_ROOT = 13
"""The exit code of :func:`commands` where su gives no root. Nothing was done then."""

STATES = ("started", "paused", "stopped", "absent")
_RUNNING = ("started", "paused")


@dataclass(frozen=True)
class KeepaliveWish:
    """The options of ``android_tether_keepalive``."""

    state: str
    """Of :data:`STATES`."""
    script: KeepaliveScript
    place: Place = LOOP

    @property
    def launcher(self) -> str:
        """The text of what starts the script at boot; empty where nothing does, or shall."""
        if self.place.launcher is None or self.state not in _RUNNING:
            return ""
        return _LAUNCHER.format(script=self.place.script, checksum=self.script.checksum, directory=DIRECTORY)


@dataclass(frozen=True)
class Keepalive:
    """What is on the phone, of one layer."""

    place: Place
    installed: str | None
    """SHA-256 of the script there."""
    script: str
    launcher: str
    """What starts it at boot; empty where nothing does, or where that may not be run."""
    running: str | None
    """SHA-256 of the script that the running loop was started from."""
    paused: bool
    log: tuple[str, ...]
    heartbeat: Heartbeat | None
    data_off: bool = False
    """A loop that is no more was ended before it had put mobile data on again. Of the root service only where root is
    granted: anybody may put it on, so without root that is left to the loop."""
    other_runs: bool = False
    """The other layer's script does, whose number, log and heartbeat these are."""

    def as_result(self) -> dict[str, Any]:
        """As the modules return it. A loop whose last word was not that it ends, and that does not run, has died."""
        health = self.heartbeat.as_result() if self.heartbeat else None
        if health and self.running is None and health["state"] != "ended":
            health |= {"state": "died", "late": False}
        return {
            "layer": self.place.layer,
            "installed": self.installed is not None,
            "running": self.running is not None,
            "outdated": self.running is not None and self.running != self.installed,
            "paused": self.paused,
            "checksum": self.installed,
            "health": health,
            "log": list(self.log),
        }


PROBE: Mapping[str, str] = {
    "keepalive_sum": f"sha256sum {LOOP.script}",
    "keepalive_script": f"cat {LOOP.script}",
    "keepalive_process": f'pid=$(cat {DIRECTORY}/pid) && tr "\\0" " " <"/proc/$pid/cmdline"',
    "keepalive_paused": f"ls {PAUSE_FILE} {DIRECTORY}/data_off",
    "keepalive_heartbeat": f"cat {DIRECTORY}/heartbeat",
    "keepalive_log": f"tail -n {TAIL_LINES} {DIRECTORY}/log",
    "uptime": "cat /proc/uptime",
}


# Through one su; its first words go to the section that asks, the marks begin the others.
_AS_ROOT = f"""\
id -u
echo '{MARK}root_sum'
sha256sum {ROOT_SERVICE.script}
echo '{MARK}root_script'
cat {ROOT_SERVICE.script}
echo '{MARK}root_launcher'
[ ! -x {ROOT_SERVICE.launcher} ] || cat {ROOT_SERVICE.launcher}"""
ROOT_PROBE: Mapping[str, str] = {
    "root_uid": f"command -v su >/dev/null && timeout {SU_SECONDS} su -c {quote(_AS_ROOT)} </dev/null",
}


def keepalive_from(sections: Sections, place: Place = LOOP) -> Keepalive:
    """Read the sections of :data:`PROBE`, and for the root service those of :data:`ROOT_PROBE`."""
    words = sections["keepalive_process"].split()
    ours = len(words) > 2 and words[-2] == place.script
    marks = {path.rpartition("/")[2] for path in sections["keepalive_paused"].split()}
    kind = "keepalive" if place is LOOP else "root"
    reached = place is LOOP or sections.get("root_uid") == "0"
    return Keepalive(
        place=place,
        installed=sections.get(f"{kind}_sum", "").partition(" ")[0] or None,
        script=sections.get(f"{kind}_script", ""),
        launcher=sections.get(f"{kind}_launcher", ""),
        running=words[-1] if ours else None,
        paused="paused" in marks,
        log=tuple(sections["keepalive_log"].splitlines()),
        heartbeat=heartbeat_from(sections["keepalive_heartbeat"], sections["uptime"]),
        data_off=reached and "data_off" in marks and not words,
        other_runs=len(words) > 2 and words[-2] == (ROOT_SERVICE if place is LOOP else LOOP).script,
    )


def whichever_runs(sections: Sections) -> Keepalive:
    """Read the sections of :data:`PROBE` alone: the root service while that runs, else the loop."""
    root = keepalive_from(sections, ROOT_SERVICE)
    return replace(root, installed=root.running) if root.running else keepalive_from(sections)


@dataclass(frozen=True)
class KeepalivePlan:
    """The steps, in this order."""

    stop: bool = False
    remove: bool = False
    install: bool = False
    pause: bool = False
    resume: bool = False
    start: bool = False
    spare: bool = False
    """No step: what is removed leaves what the other layer's script, which runs, has in the same directory."""

    @property
    def changes(self) -> bool:
        return self.stop or self.remove or self.install or self.pause or self.resume or self.start


def plan(wish: KeepaliveWish, now: Keepalive) -> KeepalivePlan:
    """From what is on the phone to the wish."""
    if wish.state == "absent":
        there = now.installed is not None or bool(now.launcher)
        return KeepalivePlan(stop=now.running is not None or now.data_off, remove=there, spare=now.other_runs)
    current = now.running == wish.script.checksum
    wants_running = wish.state in _RUNNING
    return KeepalivePlan(
        stop=now.data_off or (now.running is not None and not (wants_running and current)),
        install=now.installed != wish.script.checksum or now.launcher != wish.launcher.strip(),
        pause=wish.state == "paused" and not now.paused,
        resume=wish.state == "started" and now.paused,
        start=wants_running and not current,
    )


def commands(planned: KeepalivePlan, wish: KeepaliveWish) -> str:
    """For the phone's shell; ends at the first step that fails, with the shell's own words on stderr.

    A new script is written in full before the old loop is stopped, so that a full storage leaves the old one running.
    The root service's all go through one ``su``; only the directory that the shell user shall own does not. Another
    asks for root first, for as long as an answer may take: the work itself may take longer.
    """
    place = wish.place
    lines = ["set -e", *_steps(planned, wish)]
    if place.launcher is None:
        return "\n".join(lines)
    before = f"mkdir -p {DIRECTORY} || exit 1\n" if planned.install or planned.pause or planned.start else ""
    after = f"rmdir {DIRECTORY} 2>/dev/null || true" if planned.remove else ""
    asked = f"timeout {SU_SECONDS} su -c true </dev/null >/dev/null 2>&1 || exit {NO_ROOT}\n"
    return f"{asked}{before}su -c {quote(chr(10).join(lines))} </dev/null || exit $?\n{after}"


def _steps(planned: KeepalivePlan, wish: KeepaliveWish) -> list[str]:
    place = wish.place
    end = f"END-{wish.script.checksum}"  # which no line of the script can be
    give_up = f"rm -f {place.fresh}; rmdir {place.directory} 2>/dev/null; exit 1"
    lines = []
    if planned.install:
        lines.append(f"mkdir -p {place.directory}")
        lines.append(f"cat >{place.fresh} <<'{end}' || {{ {give_up}; }}\n{wish.script.text}{end}")
        lines.append(f"sh -n {place.fresh} || {{ {give_up}; }}")
        if wish.script.command is not None:
            lines.append(f"sh -n <<'{end}' || {{ {give_up}; }}\n{wish.script.command}\n{end}")
    if planned.stop:
        lines.append(_STOP)
    if planned.install:
        lines.append(f"mv -f {place.fresh} {place.script}")
        if place.launcher is not None and not wish.launcher:
            lines.append(f"rm -f {place.launcher}")
        elif place.launcher is not None:
            # Magisk makes that directory at its first boot; others leave it to who has something for it.
            lines.append(f"mkdir -p {place.launcher.rpartition('/')[0]}")
            lines.append(f"cat >{place.launcher} <<'{end}'\n{wish.launcher}{end}\nchmod 755 {place.launcher}")
    if planned.remove:
        lines += _removal(place, planned)
    if planned.pause:
        lines.append(f"touch {PAUSE_FILE}")
    if planned.resume:
        lines.append(f"rm -f {PAUSE_FILE}")
    if planned.start:
        lines += _start(wish)
    return lines


def _removal(place: Place, planned: KeepalivePlan) -> list[str]:
    files = [] if planned.spare else [f"{DIRECTORY}/{name}" for name in FILES]
    files += [place.script, place.fresh]
    if place.launcher is not None:
        files.append(place.launcher)
    kept = " 2>/dev/null || true" if planned.spare and place is LOOP else ""
    removal = f"rm -f {' '.join(files)}\nrmdir {place.directory}{kept}"
    return [_STILL_OFF, removal] if planned.stop else [removal]


def _start(wish: KeepaliveWish) -> list[str]:
    if wish.place.launcher is not None:
        return [f"sh {wish.place.launcher}"]
    return [
        # Root's, of a service before the phone lost its root: the directory is the shell user's, so they can go.
        f'for name in pid log heartbeat said; do [ -w "{DIRECTORY}/$name" ] || rm -f "{DIRECTORY}/$name"; done',
        # In a subshell of its own: `cd x && setsid y &` would keep adb's stdout open and hang the call.
        f"( exec setsid sh {wish.place.script} {wish.script.checksum} ) </dev/null >/dev/null 2>&1 &",
    ]


# The whole group, the loop and whatever program it waits for, but a cure, which has a group and an end of its own; it
# still writes its last words meanwhile, unless another has been started by then. It may be dead
# already, or die before it has put mobile data on again, of which the note stays until it is. A kill of -1 would be one
# of every process.
_STOP = f"""\
{DATA_IS_OFF}pid=$(cat {DIRECTORY}/pid 2>/dev/null) || pid=
if [ "${{pid:-0}}" -gt 1 ] 2>/dev/null && kill -TERM "-$pid" 2>/dev/null; then
  turns=0
  while [ -e "/proc/$pid" ] && [ "$turns" -lt 50 ]; do sleep 0.1; turns=$((turns + 1)); done
fi
rm -f {DIRECTORY}/pid
if [ -e {DIRECTORY}/data_off ]; then
  svc data enable || true
  turns=0
  while data_is_off && [ "$turns" -lt 3 ]; do sleep 1; turns=$((turns + 1)); done
  data_is_off || rm -f {DIRECTORY}/data_off
fi"""
# Who removes the keepalive would remove what else brings mobile data back.
_STILL_OFF = f"""\
[ ! -e {DIRECTORY}/data_off ] || {{
  echo "mobile data was put off by the keepalive and does not come on: switch it on on the phone" >&2
  exit 1
}}"""
