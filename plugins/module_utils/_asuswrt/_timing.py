# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long an outage lasts with the settings that are stored, and what watching for it costs."""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import generation
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._never import NAMES as NEVER_NAMES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._never import pings, reasons
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram, whole
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing_rules import (
    DNS_SKIPPED_ROUNDS,
    DNS_TOLERATED_ROUNDS,
    INFERRED,
    LOOP_SECONDS,
    Detection,
    Seconds,
    dial,
)

NAMES = ("dns_delay_round", "wandog_delay", "wandog_delay_rpt", *NEVER_NAMES)

FREEZE_SECONDS = 15
"""httpd makes the daemon pause before it runs any service (``freeze_duck``, 382 web.c)."""


def timing(nvram: Nvram) -> dict[str, Any]:
    """What the stored settings mean, in seconds and in units of 2^20 bytes.

    ``detection`` is from the loss until the router turns to the other line, ``failover`` until that line carries the
    traffic, by the kind of loss; ``failback`` from the primary's return. Each is a range, or None where it never
    happens, and ``never`` says why. ``failover_seconds`` is the longest detection of a silent loss,
    ``failback_seconds`` count x interval, ``probe_megabytes_per_month`` of pinging alone.
    """
    detection = detection_of(nvram)
    why = reasons(nvram)
    never = {name for reason in why if reason.stored for name in reason.of}
    detected = {name: None if name in never else found for name, found in _detected(detection, nvram).items()}
    dialled = dial(nvram["wans_standby"] == "1")
    silent = detected["silent_loss"]
    moves = "silent_loss" not in never
    pinging, asking = (detection.ping_megabytes(), detection.dns_megabytes()) if moves else (0.0, 0.0)
    return {
        "failover_seconds": silent.most if silent else None,
        "failback_seconds": None if "failback" in never else detection.returns * detection.interval,
        "probe_megabytes_per_month": pinging,
        "detection": {name: found and found.as_result() for name, found in detected.items()},
        "failover": {name: found and found.and_then(dialled).as_result() for name, found in detected.items()},
        "failback": None if "failback" in never else detection.failback().as_result(),
        "pauses": {"after_a_service": FREEZE_SECONDS, "after_a_switch": _pause(nvram)},
        "data_per_month": {"min": pinging, "max": round(pinging + asking, 1), "source": INFERRED},
        "never": [reason.as_result() for reason in why],
    }


def detection_of(nvram: Nvram) -> Detection:
    """The daemon's settings; what is no number counts as 0."""
    ours = generation(nvram)
    skipped = whole(nvram["dns_delay_round"])
    return Detection(
        generation=ours.name,
        interval=_whole(nvram["wandog_interval"]),
        losses=_whole(nvram["wandog_maxfail"]),
        returns=_whole(nvram["wandog_fb_count"]),
        ping=pings(nvram),
        dns=nvram["dns_probe"] == "1",
        dns_limit=_whole(nvram["dns_probe_timeout"]),
        dns_skipped=DNS_SKIPPED_ROUNDS if skipped is None else skipped,
        dns_wait_follows=ours.dns_wait_follows,
    )


def probe_round_seconds(nvram: Nvram) -> int:
    """How long one round of the daemon's probes takes at the most; 0 where it probes nothing."""
    return _rounds_seconds(detection_of(nvram), 1)


def shows_within_seconds(nvram: Nvram) -> int:
    """How long a loss may be there before ``link_internet`` says so; 0 where nothing is probed.

    One round with a ping. A DNS probe alone is not asked for some rounds after a success, and its first misses do not
    count (382 wanduck.c).
    """
    detection = detection_of(nvram)
    return _rounds_seconds(detection, 1 if detection.ping else 1 + detection.dns_skipped + DNS_TOLERATED_ROUNDS)


def _rounds_seconds(detection: Detection, rounds: int) -> int:
    return rounds * (detection.interval + detection.longest_wait) + LOOP_SECONDS if detection.probes else 0


def _detected(detection: Detection, nvram: Nvram) -> dict[str, Seconds | None]:
    pair = lines(nvram)
    return {
        "silent_loss": detection.silent_loss(),
        "answered_loss": detection.answered_loss(),
        # A primary on USB has no cable but the phone's.
        "link_loss": None if pair[0] in ("usb", "usb2") else detection.link_loss(pair[0]),
        "phone_unplugged": detection.phone_unplugged() if {"usb", "usb2"} & {*pair} else None,
    }


def _pause(nvram: Nvram) -> int:
    """3006 has a name of its own for the pause after a switch."""
    return _whole(nvram["wandog_delay_rpt"] if generation(nvram).name == "3006" else nvram["wandog_delay"])


def _whole(text: str) -> int:
    return whole(text) or 0
