# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pace that is asked for by its name or by its effect becomes the numbers that it stands for.

Once, before anything else looks at the wish: behind that a pace is compared, written and read back as any numbers are.
"""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._advice import Pace, advise, preset
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities, interval_range
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import differing
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._timing import detection_of
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish


def paced(wish: Wish, nvram: Nvram, router: Capabilities) -> Wish:
    """The wish with the numbers of its preset, or of ``failover_within``, where it gives none itself.

    Raises BadWish where no numbers would do.
    """
    pace = _pace(wish, nvram, router)
    if pace is None:
        return wish
    return replace(
        wish,
        preset=None,
        failover_within=None,
        megabytes_per_month=None,
        interval=pace.interval if wish.interval is None else wish.interval,
        failover_count=pace.failover_count if wish.failover_count is None else wish.failover_count,
        failback_count=pace.failback_count if wish.failback_count is None else wish.failback_count,
    )


def _pace(wish: Wish, nvram: Nvram, router: Capabilities) -> Pace | None:
    intervals = interval_range(router, nvram)
    if wish.preset is not None:
        return preset(wish.preset, intervals)
    if wish.failover_within is None:
        return None
    probes = detection_of({**nvram, **{setting.nvram: value for setting, value in differing(wish, nvram, router)}})
    return advise(probes, intervals, wish.failover_within, wish.megabytes_per_month)
