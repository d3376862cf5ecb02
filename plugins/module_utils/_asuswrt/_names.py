# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that one read asks for: a task reads the whole router in one request."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt import (
    _capabilities,
    _conflicts,
    _dashboard,
    _settings,
    _subnets,
    _timing,
    _unfinished,
    _warnings,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session

PLAIN = tuple(
    dict.fromkeys(
        (
            *_capabilities.NAMES,
            *_settings.NAMES,
            *_dashboard.NAMES,
            *_conflicts.NAMES,
            *_subnets.NAMES,
            *_timing.NAMES,
            *_warnings.NAMES,
            *_unfinished.NAMES,
        )
    )
)
TEXT = (*_settings.TEXT_NAMES, *_conflicts.TEXT_NAMES)


def read_all(session: Session, more: Iterable[str] = ()) -> dict[str, str]:
    """Settings, capabilities and states, in one request; ``more`` are further names."""
    return session.read(tuple(dict.fromkeys((*PLAIN, *more))), TEXT)
