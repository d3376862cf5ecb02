# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that keeps the tether on, as text for the phone's shell.

What of USB and of the tether the user shell may read without a program is AOSP's policy (shell.te of Android 9 to 15):
``/proc/net``, ``/proc/uptime``, the names in ``/sys/class/net``, the battery's files. ``/proc/net/route`` has the
tether's interface from when it has an address until it is taken down, as the kernel makes that route by itself. The
kernel's own word on USB, ``/sys/class/android_usb/android0/state``, is for root; the user shell asks ``dumpsys usb``
instead, and only while the tether is gone. Whether every phone has the route in that table was not seen on one: where
the system says that the tether serves and the table has nothing, the script says so in its log and asks ``dumpsys``
every 10 s, until the table has it.

``roles/phone/files/watch.sh``, for a machine in the house, looks, waits and reads ``dumpsys usb`` in the same way; it
is text of its own, as that machine has none of this. A change of one is for the other too: tests tell them the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from shlex import quote

from ansible_collections.homelab.dualwan.plugins.module_utils._android._mobile_data import DATA_IS_OFF

DIRECTORY = "/data/local/tmp/homelab.dualwan"
"""The one place where the shell user may keep and run files; it survives a reboot."""
SETTLE_SECONDS = 6
"""After a switch, leave Android alone: it gives the gadget 3 s and the host 5 s, then falls back by itself."""
BEAT_SECONDS = 300
"""How often a healthy loop writes its heartbeat."""
LOG_BYTES = 65536
CURES = ("function", "default", "reset", "data", "reboot")
"""In the order of their cost: the USB function again; the default at plug-in (Android 9); the gadget off and on
(Android 12); mobile data off and on; the phone, not within an hour of its last boot."""
CURES_FROM = {"default": 28, "reset": 31}
"""The API level that has a cure first; what is not here every phone has."""

_SETTINGS = """\
# homelab.dualwan keepalive: turns USB tethering on again when it is gone. POSIX sh for mksh with toybox: no awk, no ip.
# A look at a healthy phone starts no program.
interval={interval}
function={function}
wanted='{cures}'
hottest={hottest}
directory={directory}
kernel_state=/sys/class/android_usb/android0/state
# Seconds: after a switch Android is left alone (3 s for the gadget, 5 s for the host); a switch that takes longer than
# the second has failed; the longest wait between two cures.
settle={settle}
stuck_seconds=30
longest=300
reboot_seconds=3600
# How often dumpsys is asked where it alone tells whether the tether is there.
asking_seconds=10
beat_seconds={beat_seconds}
# And how often mobile data is told to come back that did not.
data_seconds=60
log_bytes={log_bytes}
version=${{1:-unknown}}

# toybox has timeout since Android 6. A phone whose su asks nobody would end the loop without it.
run() {{
  timeout -k 5 "$stuck_seconds" {run}
}}

rearm() {{
{rearm}
}}

"""

_REARM = """\
  if [ "$sdk" -ge 28 ]; then
    # Android sets no function that is set (setEnabledFunctions): one that is there and has no tether goes first.
    off=''
    [ "$function_now" != "$function" ] || off='svc usb setFunctions; '
    run "${off}svc usb setFunctions $function"
  else
    # setUsbTethering of Android 8, for root; its function alone is a network card without addresses.
    run "service call connectivity 34 i32 1"
  fi"""

_BODY = r"""
# Whole seconds since the phone was switched on: unlike `date` it needs no program and nobody sets it.
now() {
  read -r now _ </proc/uptime
  now=${now%.*}
}

# pause SECONDS: a read with a time-out, from a terminal's master whose other end nobody opens, which is a sleep without
# a program. mksh and ash have read -t, POSIX has not: else sleep.
if (exec 9</dev/ptmx && eval 'read -r -t 1 _ </proc/uptime') 2>/dev/null; then
  exec 9</dev/ptmx
  pause() { eval 'read -r -t "$1" _ <&9'; }
else
  pause() { sleep "$1"; }
fi

# One line in the log, which is put aside when it has grown. Leaves the time in stamp.
say() {
  stamp=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  size=$(wc -c <"$directory/log") || size=0
  [ "$size" -lt "$log_bytes" ] || mv -f "$directory/log" "$directory/log.old"
  echo "$stamp $*" >>"$directory/log"
} 2>/dev/null

# For who asks how it goes. Its last line tells that it is whole.
beat() {
  beaten=$now
  echo "version=$version
pid=$$
user=$user
source=$source
since=$since
now=$now
interval=$interval
state=$state
drops=$drops
last_drop=$last_drop
last_drop_why=$last_drop_why
cures=$tried
last_cure=$last_cure
last_cure_at=$last_cure_at
recoveries=$recoveries
last_recovery_seconds=$last_recovery_seconds
end" >"$directory/heartbeat"
} 2>/dev/null

# Another one that lives has its number in the file.
another() {
  [ -e "$directory/pid" ] || return 1
  read -r other <"$directory/pid"
  case $other in
    "" | *[!0-9]* | "$$") return 1 ;;
  esac
  [ -e "/proc/$other/cmdline" ] || return 1
  line=
  read -r line <"/proc/$other/cmdline"
  case $line in
    *homelab.dualwan/keepalive.sh*) return 0 ;;
  esac
  return 1
} 2>/dev/null

mine() {
  other=
  [ ! -e "$directory/pid" ] || read -r other <"$directory/pid"
  [ "$other" = "$$" ]
}

data_stays_off='mobile data was told to come on again, and is off'

# Mobile data on again, after the cure that puts it off, whoever began that. The note of it stays until it is on.
data_back() {
  [ -e "$directory/data_off" ] || return 0
  data_next=$((now + data_seconds))
  run "svc data enable"
  for _ in 1 2 3; do
    data_is_off || {
      rm -f "$directory/data_off"
      return
    }
    pause 1
  done
  return 1
}

taken_over() {
  say "ended: process $other took over"
  exit 0
}

leave() {
  trap : INT TERM
  data_back || say "$data_stays_off"
  # While a cure ran to its end another may have been started, whose heartbeat and wake lock these are.
  ! another || taken_over
  say "ended: $1"
  state=ended
  now
  beat
  [ ! -w /sys/power/wake_unlock ] || echo homelab.dualwan >/sys/power/wake_unlock
  ! mine || rm -f "$directory/pid"
  exit 0
}

# Whether the kernel has a route by the tether's interface: it has an address then, and is up. Any shell's read takes a
# file byte by byte; mksh, which Android has, takes it in one piece by $(<file), and starts nothing for it.
newline='
'
case ${KSH_VERSION:-} in
  *MIRBSD*)
    serving() {
      routes=''
      eval 'routes=$(</proc/net/route)'
      case $routes in
        *"$newline"rndis[0-9]* | *"$newline"ncm[0-9]* | *"$newline"usb[0-9]*) return 0 ;;
      esac
      return 1
    } 2>/dev/null
    ;;
  *)
    serving() {
      while read -r name _; do
        case $name in
          rndis[0-9]* | ncm[0-9]* | usb[0-9]*) return 0 ;;
        esac
      done </proc/net/route
      return 1
    } 2>/dev/null
    ;;
esac

# What the system says of USB, by the one program that tells the user shell: fields since Android 9, lines before.
# What follows host_connected is about the port, where a mere charger counts as connected.
ask() {
  usb=$(dumpsys usb 2>/dev/null)
  asked=$now
  usb=${usb%%host_connected=*}
  usb=${usb%%mHostConnected:*}
  connected='' settled='' locked='' function_now='' functions=''
  case $usb in
    *[!_]connected=true* | *mConnected:\ true*) connected=yes ;;
  esac
  case $usb in
    *current_functions_applied=true*[!_]configured=true*) settled=yes ;;
    *mCurrentFunctionsApplied:\ true*mConfigured:\ true*) settled=yes ;;
  esac
  case $usb in
    *screen_locked=true*) locked=', screen locked' ;;
  esac
  case $usb in
    *current_functions=*)
      functions=${usb#*current_functions=}
      functions=${functions%%current_functions_applied*}
      ;;
    *mCurrentFunctions:*)
      functions=${usb#*mCurrentFunctions:}
      functions=${functions%%mCurrent*}
      ;;
  esac
  case $functions in
    *RNDIS* | *rndis*) function_now=rndis ;;
    *NCM* | *ncm* | *0x400*) function_now=ncm ;;
  esac
}

# Whether the system says that the tether serves, and else by which error it does not. Of the dump only lines such as
# "rndis0 - TetheredState - lastError = 0" count: its log, at the end, names the interfaces as well.
tethered() {
  if [ "$sdk" -ge 30 ]; then
    dump=$(dumpsys tethering 2>/dev/null)
  else
    dump=$(dumpsys connectivity tethering 2>/dev/null)
  fi
  tether=$(echo "$dump" | grep -E '^ *(rndis|ncm|usb)[0-9]+ - [A-Za-z]+ - lastError = [0-9]')
  error=${tether#*lastError = }
  error=${error%%[!0-9]*}
  case "$tether " in
    *" - TetheredState - lastError = 0"[!0-9]*) return 0 ;;
  esac
  return 1
}

# Sets found to serving, away, switching, unknown or down, and why. Only down is for a cure.
look() {
  now
  why=
  if serving; then
    found=serving
    if [ "$source" = dumpsys ]; then
      say "/proc/net/route has the tether: asking nobody from now on"
      source=route
      beat
    fi
    return
  fi
  # The kernel's own word, for root (STATE_PATH of UsbDeviceManager.java).
  if [ -r "$kernel_state" ]; then
    line=
    read -r line <"$kernel_state"
    if [ "$line" = DISCONNECTED ]; then
      found=away
      return
    fi
  # The user shell has to ask dumpsys, which it does less often when nothing was plugged in for a while.
  elif [ "$found" = away ] && [ $((now - asked)) -lt "$away_seconds" ]; then
    return
  fi
  if [ "$source" = dumpsys ] && [ "$found" = serving ] && [ $((now - asked)) -lt "$asking_seconds" ]; then
    return
  fi
  ask
  case $connected$settled in
    yesyes) ;;
    yes)
      # Android is still switching, or the host has not taken it. It gives up by itself after 5 s, if it works.
      [ "$found" = switching ] || switching=$now
      found=switching
      [ $((now - switching)) -lt "$stuck_seconds" ] || {
        found=down
        why="stuck: the host did not take the function"
      }
      return
      ;;
    *)
      found=away
      [ -n "$usb" ] || found=unknown
      return
      ;;
  esac
  if [ -z "$function_now" ]; then
    found=down
    why="function lost$locked"
    return
  fi
  if [ "$source" = dumpsys ] && tethered; then
    found=serving
    return
  fi
  # It may just be starting.
  [ "$found" = starting ] || {
    starting=$now
    found=starting
  }
  [ $((now - starting)) -ge "$settle" ] || return
  if tethered; then
    say "the system says that the tether serves, and /proc/net/route has none of it: asking dumpsys from now on"
    source=dumpsys
    found=serving
    return
  fi
  # Who says nothing of any tether says nothing of this one, and a cure would take it down.
  [ -n "$dump" ] || {
    found=unknown
    return
  }
  found=down
  why="tether refused, lastError ${error:-unknown}"
  [ "$error" != 0 ] || why='tether not started'
}

hot() {
  [ "$hottest" -gt 0 ] || return 1
  degrees=
  [ ! -r /sys/class/power_supply/battery/temp ] || read -r degrees </sys/class/power_supply/battery/temp
  if [ -z "$degrees" ]; then
    degrees=$(dumpsys battery)
    degrees=${degrees#*temperature: }
    degrees=${degrees%%[!0-9-]*}
  fi
  limit=$hottest
  [ "$state" != hot ] || limit=$((hottest - 30))
  [ "${degrees:-0}" -ge "$limit" ]
} 2>/dev/null

cure() {
  case $1 in
    function) rearm ;;
    default) run "svc usb setScreenUnlockedFunctions $function" ;;
    reset) run "svc usb resetUsbGadget" ;;
    data)
      echo >"$directory/data_off" || return
      run "svc data disable"
      pause 3
      ;;
    reboot) run "svc power reboot" ;;
  esac
}

# The next cure in the list, from its begin again after its end.
choose() {
  [ -n "$left" ] || left=$wanted
  chosen=${left%% *}
  left=${left#"$chosen"}
  left=${left# }
}

# Whether a cure can be of use now.
helps() {
  case $1 in
    # Of a locked phone it takes away what function there is; and it is none for a function that is set already.
    default) [ -z "$locked" ] && [ "$function_now" != "$function" ] ;;
    # Data that is off somebody wants off.
    data) ! data_is_off ;;
    # Not again and again: the clock starts anew with a reboot.
    reboot) [ "$now" -ge "$reboot_seconds" ] ;;
  esac
}

# The next cure that is of use, and twice as long till the one after it; fails where there is none.
act() {
  chosen=''
  for _ in $wanted; do
    choose
    ! helps "$chosen" || break
    chosen=''
  done
  [ -n "$chosen" ] || {
    next=$((now + settle))
    return 1
  }
  last_cure=$chosen
  tried=$((tried + 1)) cured=$now
  say "cure: $last_cure"
  last_cure_at=$stamp
  # By a file, as a pipe is read until the last of those that have it has ended.
  said=$directory/said
  { true >"$said"; } 2>/dev/null || said=/dev/null
  cure "$last_cure" >"$said" 2>&1 || say "$last_cure ended with $?"
  [ ! -s "$said" ] || say "$(cat "$said")"
  data_back || say "$data_stays_off"
  now
  next=$((now + delay))
  delay=$((delay * 2))
  [ "$delay" -le "$longest" ] || delay=$longest
}

become() {
  [ "$state" != "$1" ] || return 0
  state=$1
  beat
}

dropped() {
  [ -z "$down_since" ] || return 0
  down_since=$now
  drops=$((drops + 1))
  last_drop_why=$1
  say "tether gone: $1"
  last_drop=$stamp
}

decide() {
  case $found in
    serving)
      if [ -n "$down_since" ]; then
        last_recovery_seconds=$((now - down_since))
        recoveries=$((recoveries + 1))
        by='by itself'
        [ "$cured" -lt "$down_since" ] || by="after $last_cure"
        say "serving again after $last_recovery_seconds s, $by"
        down_since=
      fi
      left='' delay=$settle away_since=''
      become serving
      ;;
    away)
      [ "$state" != serving ] || dropped 'host gone'
      [ -n "$away_since" ] || away_since=$now
      gone_at=$now
      away_seconds=0
      [ $((now - away_since)) -lt 60 ] || away_seconds=10
      become away
      ;;
    down)
      away_since=
      if [ "$state" = serving ] || [ -z "$down_since" ]; then dropped "$why"; fi
      if [ "$state" = away ]; then
        say "host back: $why"
        # What was in vain before tells nothing of a host that was away; a cure takes the phone off the bus itself.
        [ $((gone_at - cured)) -lt "$stuck_seconds" ] || left='' delay=$settle next=$now
      fi
      if [ -e "$directory/paused" ]; then
        become paused
      elif [ "$now" -lt "$next" ]; then
        become down
      elif hot; then
        [ "$state" = hot ] || say "battery at $degrees tenths of a degree: no cure before it has cooled"
        become hot
      else
        if act; then
          state=down
          beat
        else
          become down
        fi
      fi
      ;;
  esac
}

umask 022
trap '' HUP
trap 'leave "told to"' INT TERM
now
if another; then
  say "not started: process $other keeps the tether on already"
  exit 1
fi
echo "$$" >"$directory/pid"
data_back || say "$data_stays_off"
user=$(id -un)
sdk=$(getprop ro.build.version.sdk)
there=
for name in $wanted; do
  case $name in
    default) [ "$sdk" -ge 28 ] || continue ;;
    reset) [ "$sdk" -ge 31 ] || continue ;;
  esac
  there="$there $name"
done
wanted=${there# }
delay=$settle next=0 cured=0 state=starting found=starting source=route
asked=0 starting=$now switching=0 away_since='' away_seconds=0 down_since='' left=''
drops=0 last_drop='' last_drop_why='' tried=0 last_cure='' last_cure_at='' recoveries=0 last_recovery_seconds=''
[ ! -w /sys/power/wake_lock ] || echo homelab.dualwan >/sys/power/wake_lock
say "started as $user, looking every $interval s"
since=$stamp
beat
# A pause that does not last would make this a busy loop.
before=$now
pause 2
now
[ "$now" -gt "$before" ] || pause() { sleep "$1"; }
# Whoever wrote its number last stays.
while mine; do
  look
  decide
  # A tether that serves is worth nothing without it.
  [ ! -e "$directory/data_off" ] || [ "$now" -lt "$data_next" ] || data_back
  [ $((now - beaten)) -lt "$beat_seconds" ] || beat
  # While the tether is gone it is looked for more often, whatever the interval, and at once after it went.
  if [ "$found" = serving ]; then
    pause "$interval"
  elif [ $((now - ${down_since:-0})) -lt 4 ]; then
    pause 0.25
  elif [ $((now - ${down_since:-0})) -lt 10 ]; then
    pause 0.5
  else
    pause 1
  fi
done
# Another one has the phone kept awake by the same name.
! another || taken_over
leave 'its number is not in the file pid'
"""


@dataclass(frozen=True)
class KeepaliveScript:
    """What the script is told."""

    interval: int
    """Seconds from one look to the next."""
    function: str
    """``rndis`` or ``ncm``."""
    cures: tuple[str, ...]
    """Of :data:`CURES`, in the order in which they are tried."""
    hottest: int
    """No cure from this temperature of the battery on, in tenths of a degree Celsius; 0 is no limit."""
    command: str | None = None
    """For the phone's shell, in place of the first cure."""
    through_su: bool = False
    """For a script that is not root itself."""

    @property
    def text(self) -> str:
        """All of it."""
        settings = _SETTINGS.format(
            interval=self.interval,
            function=self.function,
            cures=" ".join(self.cures),
            hottest=self.hottest,
            directory=DIRECTORY,
            settle=SETTLE_SECONDS,
            beat_seconds=BEAT_SECONDS,
            log_bytes=LOG_BYTES,
            run='su -c "$1"' if self.through_su else 'sh -c "$1"',
            rearm=_REARM if self.command is None else f"  run {quote(self.command)}",
        )
        return settings + DATA_IS_OFF + _BODY

    @property
    def checksum(self) -> str:
        """SHA-256 of the text: in the file it tells a changed one, on the command line an outdated loop."""
        return hashlib.sha256(self.text.encode()).hexdigest()
