# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a failover takes, from the daemon's rules.

Source: the daemon of 386.69061, timed with eight pairs of interval and count. A silent loss costs
``N x (T + 2)`` seconds less up to one round, as each ping that nobody answers waits 2 s itself; the page's own
``N x T`` is too short. That 388 and 3006 behave alike is inferred.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import generation
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import is_enabled
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram, whole

PING_WAIT_SECONDS = 2
DNS_WAIT_SECONDS = 3
"""Where ``dns_probe_timeout`` says nothing else."""
DNS_TOLERANCE_ROUNDS = 4
"""After a success the DNS probe skips two rounds, and then tolerates two misses (382 wanduck.c)."""
LOOP_SECONDS = 1
"""One of eight timings lay 0.8 s above ``N x (T + 2)``."""
PING_BYTES = 128
"""One probe and its answer on the line, by the firmware's own estimate (page of the 4G models)."""
SECONDS_PER_MONTH = 30 * 86400


def timing(nvram: Nvram) -> dict[str, Any]:
    """What the stored settings mean.

    ``failover_seconds`` is the longest until the traffic is moved after a silent loss of the primary's internet (None:
    never noticed); dialling a cold secondary comes on top. ``failback_seconds`` is how long the primary must work first
    (None: no return). ``probe_megabytes_per_month`` is of pinging alone, in units of 2^20 bytes.
    """
    interval, losses, returns = (_whole(nvram[f"wandog_{name}"]) for name in ("interval", "maxfail", "fb_count"))
    probing = is_enabled(nvram) and nvram["wans_mode"] in ("fo", "fb")
    pinging = probing and nvram["wandog_enable"] == "1" and bool(nvram["wandog_target"])
    failover = losses * (interval + PING_WAIT_SECONDS) + LOOP_SECONDS if pinging else None
    if probing and nvram["dns_probe"] == "1":
        unlimited = max(interval - 2, 1) if generation(nvram).dns_wait_follows else DNS_WAIT_SECONDS
        wait = _whole(nvram["dns_probe_timeout"]) or unlimited
        failover = (losses + DNS_TOLERANCE_ROUNDS) * (interval + wait) + LOOP_SECONDS
    megabytes = SECONDS_PER_MONTH / interval * PING_BYTES / 2**20 if pinging and interval else 0.0
    return {
        "failover_seconds": failover,
        "failback_seconds": returns * interval if probing and nvram["wans_mode"] == "fb" else None,
        "probe_megabytes_per_month": round(megabytes, 1),
    }


def probe_round_seconds(nvram: Nvram) -> int:
    """How long one round of the daemon's probes takes at the most; 0 where it probes nothing."""
    if nvram["wandog_enable"] != "1" and nvram["dns_probe"] != "1":
        return 0
    return _whole(nvram["wandog_interval"]) + max(PING_WAIT_SECONDS, DNS_WAIT_SECONDS) + LOOP_SECONDS


def _whole(text: str) -> int:
    return whole(text) or 0
