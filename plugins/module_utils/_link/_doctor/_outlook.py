# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill would take, and what the settings promise, in a line for people. Pure."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import RouterSeen, Scene

AROUND_SECONDS = 20
"""What a drill looks at before its fault, on the backup, and afterwards."""


def drill_seconds(router: RouterSeen | None) -> int | None:
    """For how long one lasts that has the daemon find a silent loss; None where it would see no failover."""
    if router is None:
        return None
    failover, failback = router.timing["failover"]["silent_loss"], router.timing["failback"]
    return int(failover["max"] + failback["max"] + AROUND_SECONDS) if failover and failback else None


def phone_line(scene: Scene) -> list[str]:
    """What the phone does, below the dashboard's lines; none where it was not asked."""
    if not scene.phone_asked:
        return []
    if scene.phone is None:
        return ["   phone      not reached by adb"]
    usb, ethernet, battery = scene.phone.usb, scene.phone.ethernet, scene.phone.battery_words
    function = ("Ethernet" if ethernet.tethered else None) if scene.by_ethernet else usb.function
    upstream = ethernet.upstream if scene.by_ethernet else usb.upstream
    does = f"tethers by {function}" if function else "does not tether"
    way = f", way out {upstream}" if upstream else ""
    kept = f", keepalive {scene.phone.keepalive_state}" if scene.phone.keepalive_state else ""
    return [f"   phone      {does}{way}{kept}{battery}"]


def outlook(router: RouterSeen | None) -> list[str]:
    """A line, or none where the router was not reached."""
    if router is None:
        return []
    seconds = drill_seconds(router)
    if seconds is None:
        return ["a drill would see no failover and return with these settings"]
    there, back = router.timing["failover"]["silent_loss"], router.timing["failback"]
    told = f"failover in {there['min']}-{there['max']} s, return in {back['min']}-{back['max']} s"
    return [f"a drill by target_unreachable would take some {seconds} s: {told}"]
