# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone around the keepalive script or a machine's watch: its files, stand-ins for its programs, a time that leaps.

The script finds no terminal to wait at, so it waits by ``sleep``; the stand-in for that sets the clock on, lets happen
what is due, and ends the script at the end of the story. All the rest is the script's own doing, in a real shell.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import (
    DIRECTORY,
    KeepaliveScript,
)
from tools.checkout import ROOT
from tools.needs import unavailable
from unit.dumps import dumpsys_tethering, dumpsys_usb

BOOTED = 1000
"""Seconds of uptime at which each story begins."""

ROUTES = "Iface\tDestination\tGateway\tFlags\nrmnet_data2\t005B3E0A\t00000000\t0001\n"
OWN_ROUTE = "{}\t002AA8C0\t00000000\t0001\n"

# At the end of every dump of tethering; 1 is available, 2 is tethered.
TETHERING_LOG = """\
  Log:
    2026-11-25T14:40:00.512034 - OBSERVED iface=rndis0 state=1 error=0
    2026-11-25T14:40:01.203377 - OBSERVED iface=rndis0 state=2 error=0
"""

WATCH = ROOT / "roles/phone/files/watch.sh"
SCRIPT = KeepaliveScript(2, "rndis", ("function", "default", "reset", "data"), 450)

_SLEEP = """
read -r t _ <{here}/uptime
step=${{1%.*}}
[ "$step" -gt 0 ] || step=1
t=$((${{t%.*}} + step))
echo "$t.00 1.00" >{here}/uptime
for event in {here}/events/*; do
  [ -e "$event" ] || continue
  at=${{event##*/}}
  [ "$t" -lt "${{at%%-*}}" ] || {{ . "$event"; rm -f "$event"; }}
done
[ "$t" -lt {end} ] || kill "$PPID"
"""


def shell_command(shell):
    """How to start one of the shells that the script is tried with."""
    program = shell.split()[0]
    found = shutil.which(program)
    if found is None:
        unavailable(f"the program {program}")
    return [found, *shell.split()[1:]]


class World:
    """Arrange, then :meth:`live`, then look at ``log``, ``heartbeat`` and :meth:`asked`."""

    def __init__(self, path, shell="mksh", sdk=34):
        self.here = path
        self.shell = shell_command(shell)
        self.kept = path / "homelab.dualwan"
        self._events = 0
        for name in ("bin", "events", "power", "settings"):
            (path / name).mkdir()
        self.kept.mkdir()
        (path / "uptime").write_text(f"{BOOTED}.00 1.00\n")
        for name, text in {
            "dumpsys": 'echo "$*" >>{here}/asked.dumpsys\ncase $* in usb) cat {here}/usb ;; '
            "*tethering) cat {here}/tethering ;; battery) echo '  temperature: 312' ;; esac",
            "getprop": f"echo {sdk}",
            "setprop": 'echo "$*" >>{here}/asked.setprop',
            "svc": 'read -r t _ <{here}/uptime\necho "${{t%.*}} $*" >>{here}/asked.svc\n'
            "case $* in 'data enable') echo 1 >{here}/settings/mobile_data ;; "
            "'data disable') echo 0 >{here}/settings/mobile_data ;; esac\n"
            "[ ! -e {here}/on_svc ] || . {here}/on_svc",
            "settings": '[ -e "{here}/settings/$3" ] || echo null\ncat "{here}/settings/$3"',
            "service": 'echo "$*" >>{here}/asked.service',
            "su": '[ "$1" = -c ] && echo "$2" >>{here}/asked.su && exec sh -c "$2"',
        }.items():
            self._program(name, text.format(here=path))
        self._write(self.serving() + self.has_set(mobile_data=1))

    # What the phone may be like, as commands for its shell.

    def serving(self, interface="rndis0"):
        return self._is(usb={"current": ("RNDIS",)}, route=OWN_ROUTE.format(interface))

    def lost(self, **usb):
        return self._is(usb={"current": (), **usb})

    def away(self):
        return self._is(usb={"current": (), "connected": False, "configured": False})

    def switching(self, current=("RNDIS",)):
        return self._is(usb={"current": current, "applied": False, "configured": False})

    def refused(self, error=11):
        return self._is(usb={"current": ("RNDIS",)}, tethering={"error": error, "state": "AvailableState"})

    def route_says_nothing(self):
        return self._is(usb={"current": ("RNDIS",)}, tethering={"error": 0})

    def _is(self, usb, route="", tethering=None):
        files = {
            "usb": dumpsys_usb(**usb),
            "route": ROUTES + route,
            "tethering": dumpsys_tethering(**(tethering or {"interface": None})) + TETHERING_LOG,
        }
        return "".join(f"cat >{self.here}/{name} <<'EOF'\n{text}EOF\n" for name, text in files.items())

    # What happens.

    def at(self, seconds, commands):
        """So many seconds into the story."""
        self._events += 1
        (self.here / "events" / f"{BOOTED + seconds}-{self._events}").write_text(commands)

    def at_once(self, commands):
        self._write(commands)

    def when_svc_is_called(self, commands):
        (self.here / "on_svc").write_text(commands)

    def has_set(self, **settings):
        return "".join(f"echo {value} >{self.here}/settings/{name}\n" for name, value in settings.items())

    def kernel_says(self, state):
        """Which makes the script one of root's."""
        return f"echo {state} >{self.here}/state\n"

    def live(self, seconds, script=SCRIPT, **settings):
        """The script's life for so long; what it said on its standard streams."""
        (self.kept / "keepalive.sh").write_text(self.placed(replace(script, **settings).text, seconds))
        return self._run(str(self.kept / "keepalive.sh"), "the-version")

    def watch(self, seconds=3600, **settings):
        """The life of a machine's watch, to its end or for so long; the words that it ended with."""
        told = {"lasts": 300, "trace": 305, "every": 5, "wait": 0, "hold": 0, "was": "serving", **settings}
        words = "".join(f"{name}={value}\n" for name, value in told.items())
        done = self._run("-c", words + self.placed(WATCH.read_text(), seconds))
        assert done.stderr == ""
        return done.stdout.removesuffix("\n")

    @property
    def uptime(self):
        """Seconds into the story."""
        return int((self.here / "uptime").read_text().partition(".")[0]) - BOOTED

    def placed(self, text, seconds):
        """A script in this world, which ends after so many seconds."""
        self._program("sleep", _SLEEP.format(here=self.here, end=BOOTED + seconds))
        for path, instead in {
            DIRECTORY: self.kept,
            "/proc/uptime": self.here / "uptime",
            "/proc/net/route": self.here / "route",
            "/sys/class/android_usb/android0/state": self.here / "state",
            "/sys/class/power_supply/battery/temp": self.here / "temp",
            "/sys/power/": f"{self.here}/power/",
            "/dev/ptmx": self.here / "no-terminal",
        }.items():
            text = text.replace(path, str(instead))
        return text

    def _run(self, *arguments):
        return subprocess.run(
            [*self.shell, *arguments],
            env={"PATH": f"{self.here}/bin:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    # What came of it.

    @property
    def log(self):
        """Without the times."""
        return [line.partition(" ")[2] for line in (self.kept / "log").read_text().splitlines()]

    @property
    def heartbeat(self):
        lines = (self.kept / "heartbeat").read_text().splitlines()
        assert lines[-1] == "end"
        return dict(line.split("=", 1) for line in lines[:-1])

    def asked(self, program):
        file = self.here / f"asked.{program}"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def cures(self):
        """Seconds into the story and the words for ``svc``."""
        return [(int(line.split()[0]) - BOOTED, line.partition(" ")[2]) for line in self.asked("svc")]

    def _program(self, name, text):
        (self.here / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.here / "bin" / name).chmod(0o755)

    def _write(self, commands):
        subprocess.run(["/bin/sh", "-c", commands], check=True, timeout=60)
