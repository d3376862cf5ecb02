#!/bin/sh
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The phone's end of the layer host: what rearm.sh runs there, by one `adb shell` that stays open. Ends when there is
# something to do about the tether, or after $lasts seconds, with one word: serving, on (Android says so, the table of
# routes does not), away (nothing plugged in), switching, paused, waiting, gone. Before it go, from the machine,
#   lasts  the seconds;                 trace  the seconds until the machine looks again at the latest, 0: at an event;
#   every  how often dumpsys is asked, in seconds, where the tether has been gone for a minute;
#   wait   the seconds in which dumpsys is not asked, after a cure;
#   was    the word of the watch before; empty: as if the tether had served.
# POSIX sh for mksh with toybox. Routes, pauses and dumpsys are read as the keepalive script reads them, whose text
# another machine does not have: plugins/module_utils/_android/_keepalive_script.py. Without its Android 8.
: "${lasts:?}" "${trace:?}" "${every:?}" "${wait:?}" "${was?}"

now() {
  read -r now _ </proc/uptime
  now=${now%.*}
}

if (exec 9</dev/ptmx && eval 'read -r -t 1 _ </proc/uptime') 2>/dev/null; then
  exec 9</dev/ptmx
  pause() { eval 'read -r -t "$1" _ <&9'; }
else
  pause() { sleep "$1"; }
fi

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

# Sets found to away, switching, on or gone.
ask() {
  asked=$now
  usb=$(dumpsys usb 2>/dev/null)
  usb=${usb%%host_connected=*}
  before=$found found=away
  case $usb in
    *[!_]connected=true*) found=switching ;;
    *) return ;;
  esac
  case $usb in
    *current_functions_applied=true*[!_]configured=true*) found=gone ;;
    *) return ;;
  esac
  functions=${usb#*current_functions=}
  functions=${functions%%current_functions_applied*}
  case $functions in
    *RNDIS* | *NCM* | *0x400*) found=on ;;
  esac
}

now
setprop debug.homelab.dualwan "$now $trace"
began=$now next=$((now + wait)) found=$was asked=0 lost='' since=$now second=$now turns=0
case $was in
  '' | serving) ;;
  on | away) lost=0 ;;
  *) lost=$now ;;
esac
while :; do
  now
  if serving; then
    found=serving
    [ -z "$lost" ] || break
  else
    [ -n "$lost" ] || lost=$now
    if [ -e /data/local/tmp/homelab.dualwan/paused ]; then
      found=paused
    elif [ "$now" -lt "$next" ]; then
      found=waiting
    # At once, and then ever more seldom.
    elif [ $((now - lost)) -lt 60 ] || [ $((now - asked)) -ge "$every" ]; then
      ask
      [ "$found" != gone ] || break
      if [ "$found" != "$before" ]; then
        since=$now
        [ "$before" != on ] || lost=$now
      fi
      # It may just be starting; one that is on for longer is news, unless that is what the machine knows.
      [ "$found" != on ] || [ "$was" = on ] || [ $((now - since)) -lt 6 ] || break
    fi
  fi
  [ $((now - began)) -lt "$lasts" ] || break
  # A pause that does not last would make this a busy loop.
  if [ "$now" -gt "$second" ]; then
    second=$now turns=0
  else
    turns=$((turns + 1))
    [ "$turns" -lt 20 ] || pause() { sleep "$1"; }
  fi
  if [ "$found" = serving ] || [ "$now" -lt "$next" ] || [ $((now - lost)) -ge 10 ]; then
    pause 1
  elif [ $((now - lost)) -lt 4 ]; then
    pause 0.25
  else
    pause 0.5
  fi
done
echo "$found"
