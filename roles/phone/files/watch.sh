#!/bin/sh
# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The phone's end of the layer host: what rearm.sh runs there, by one `adb shell` that stays open. Ends when there is
# something to do about the tether, or after $lasts seconds, with a line of up to three words. The first is
#   serving, on (Android says so, the table of routes does not), gone (no function of a tether), idle (there is one, and
#   no tether on it, or the host does not take it), away (nothing plugged in), switching, starting, paused, waiting;
# then rndis or ncm, the function that serves or is set, or else the phone's default at plug-in; and `again` where it
# was plugged in anew meanwhile. Before it go, from the machine,
#   lasts  the seconds;                 trace  the seconds until the machine looks again at the latest, 0: at an event;
#   every  how often dumpsys is asked, in seconds, where the tether has been gone for a minute, or $hold is not over;
#   wait   the seconds in which dumpsys is not asked, after a cure;
#   hold   the seconds in which gone and idle are no news, until the next cure;
#   was    the first word of the watch before; empty: as if the tether had served.
# POSIX sh for mksh with toybox. Routes, pauses and dumpsys are read as the keepalive script reads them, whose text
# another machine does not have: plugins/module_utils/_android/_keepalive_script.py. Without its Android 8.
: "${lasts:?}" "${trace:?}" "${every:?}" "${wait:?}" "${hold:?}" "${was?}"

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

# Whether Android says that the tether serves. Of the dump only lines such as "rndis0 - TetheredState - lastError = 0"
# count: its log, at the end, names the interfaces as well.
tethered() {
  if [ "$(getprop ro.build.version.sdk)" -ge 30 ]; then
    dump=$(dumpsys tethering 2>/dev/null)
  else
    dump=$(dumpsys connectivity tethering 2>/dev/null)
  fi
  tether=$(echo "$dump" | grep -E '^ *(rndis|ncm|usb)[0-9]+ - [A-Za-z]+ - lastError = [0-9]')
  case "$tether " in
    *" - TetheredState - lastError = 0"[!0-9]*) return 0 ;;
  esac
  return 1
}

# Sets function to rndis or ncm where a list of functions has one of a tether, else fails.
network() {
  case $1 in
    *RNDIS*) function=rndis ;;
    *NCM* | *0x400*) function=ncm ;;
    *) return 1 ;;
  esac
}

# Sets found to away, switching, gone, starting, on or idle.
ask() {
  asked=$now
  usb=$(dumpsys usb 2>/dev/null)
  usb=${usb%%host_connected=*}
  before=$found found=away
  case $usb in
    *[!_]connected=true*) found=switching ;;
    *)
      switching=''
      return
      ;;
  esac
  case $usb in
    *current_functions_applied=true*[!_]configured=true*) switching='' ;;
    *)
      # Android is still switching, or the host has not taken it. It gives up by itself after 5 s, if it works.
      [ -n "$switching" ] || switching=$now
      [ $((now - switching)) -ge 30 ] || return
      ;;
  esac
  found=gone
  current=${usb#*current_functions=}
  default=${usb#*screen_unlocked_functions=}
  if ! network "${current%%current_functions_applied*}"; then
    network "${default%%screen_locked*}" || function=''
    return
  fi
  if [ -n "$switching" ]; then
    found=idle
    return
  fi
  if [ "$was" = on ] && tethered; then
    found=on
    return
  fi
  # It may just be starting; where Android says nothing of it, that is all that is known.
  found=starting
  [ "$before" = starting ] || starting=$now
  [ $((now - starting)) -ge 6 ] || return
  if tethered; then
    found=on
  elif [ -n "$dump" ]; then
    found=idle
  fi
}

now
setprop debug.homelab.dualwan "$now $trace"
began=$now next=$((now + wait)) held=$((now + hold)) found=$was function='' again=''
asked=0 lost='' starting=$now switching='' second=$now turns=0 routes='' name=''
case $was in
  '' | serving) ;;
  on | away) lost=0 ;;
  *) lost=$now ;;
esac
unplugged=''
[ "$was" != away ] || unplugged=yes
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
    # At once, and then ever more seldom; until the next cure only to see whether it is plugged in anew.
    elif [ $((now - asked)) -ge "$every" ] || { [ "$now" -ge "$held" ] && [ $((now - lost)) -lt 60 ]; }; then
      ask
      case $found in
        away) unplugged=yes ;;
        gone | idle)
          # A switch that hangs is the cure's own doing, also where the phone left the bus for it.
          [ -n "$switching" ] || again=$unplugged
          if [ "$now" -ge "$held" ] || [ -n "$again" ]; then break; fi
          found=waiting
          ;;
        # News, unless that is what the machine knows.
        on) [ "$was" = on ] || break ;;
      esac
      [ "$before" != on ] || [ "$found" = on ] || lost=$now
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
  if [ "$found" = serving ] || [ "$now" -lt "$next" ] || [ "$now" -lt "$held" ] || [ $((now - lost)) -ge 10 ]; then
    pause 1
  elif [ $((now - lost)) -lt 4 ]; then
    pause 0.25
  else
    pause 0.5
  fi
done
if [ "$found" = serving ]; then
  case $routes$newline$name in
    *"$newline"rndis[0-9]*) function=rndis ;;
    *"$newline"ncm[0-9]*) function=ncm ;;
  esac
fi
echo "$found${function:+ $function}${again:+ again}"
