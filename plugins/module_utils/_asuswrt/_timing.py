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

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram

PING_WAIT_SECONDS = 2
PING_BYTES = 128
"""One probe and its answer on the line, by the firmware's own estimate (page of the 4G models)."""
SECONDS_PER_MONTH = 30 * 86400


def timing(nvram: Nvram) -> dict[str, Any]:
    """``failover_seconds`` (longest, for a silent loss of the primary's internet; None: never noticed),
    ``failback_seconds`` (None: never) and ``probe_megabytes_per_month`` (ping only, 2^20 bytes)."""
    interval, losses, returns = (_whole(nvram[f"wandog_{name}"]) for name in ("interval", "maxfail", "fb_count"))
    pinging = nvram["wandog_enable"] == "1" and bool(nvram["wandog_target"])
    asking_dns = nvram["dns_probe"] == "1"
    failover = losses * (interval + PING_WAIT_SECONDS) if pinging and not asking_dns else None
    if asking_dns:
        # After a success the daemon skips two rounds and then tolerates two misses before it counts.
        failover = (losses + 4) * (interval + PING_WAIT_SECONDS)
    megabytes = SECONDS_PER_MONTH / interval * PING_BYTES / 2**20 if pinging and interval else 0.0
    return {
        "failover_seconds": failover,
        "failback_seconds": returns * interval if nvram["wans_mode"] == "fb" else None,
        "probe_megabytes_per_month": round(megabytes, 1),
    }


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else 0
