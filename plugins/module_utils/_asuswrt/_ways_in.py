# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a task, and the person behind it, come in to a router: what must not change unawares when a file is restored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram

PASSWORD = "http_passwd"
RESTRICTED, ALLOWED = "enable_acc_restriction", "restrict_rulelist"
"""Whether only some machines may come in (by iptables), and which (web API, from 382)."""


@dataclass(frozen=True)
class _WayIn:
    """One nvram variable."""

    nvram: str
    open_with: Callable[[Router, Nvram], Collection[str] | None]
    """Values with which this task comes in as before; None where any will do."""


def _as_it_is(name: str) -> Callable[[Router, Nvram], Collection[str]]:
    return lambda _router, nvram: (nvram[name],)


_WAYS_IN = (
    _WayIn("http_username", lambda router, _nvram: (router.username,)),
    # 0 HTTP, 1 HTTPS, 2 both
    _WayIn("http_enable", lambda router, _nvram: ("1", "2") if router.tls else ("0", "2")),
    _WayIn("http_lanport", lambda router, nvram: None if router.tls else (nvram["http_lanport"],)),
    _WayIn("https_lanport", lambda router, nvram: (nvram["https_lanport"],) if router.tls else None),
    _WayIn("lan_ipaddr", _as_it_is("lan_ipaddr")),
    _WayIn("lan_netmask", _as_it_is("lan_netmask")),
    # As access point it takes an address from the main router.
    _WayIn("sw_mode", _as_it_is("sw_mode")),
)

WAY_IN_NAMES = (*(way.nvram for way in _WAYS_IN if way.nvram != "http_username"), RESTRICTED, ALLOWED)
"""To be read from the router."""


def shut(
    wanted: Mapping[str, str], router: Router, nvram: Nvram, *, passwords: Collection[str] | None
) -> tuple[str, ...]:
    """Names in ``wanted`` with which the task could not come in again. ``passwords`` may be None, for not known yet."""
    closed = []
    for way in _WAYS_IN:
        values = way.open_with(router, nvram)
        if values is not None and wanted.get(way.nvram, next(iter(values))) not in values:
            closed.append(way.nvram)
    # Whom a list lets in is not looked at: this machine may have another address there.
    if wanted.get(RESTRICTED, nvram[RESTRICTED]) == "1":
        closed += [name for name in (RESTRICTED, ALLOWED) if wanted.get(name, nvram[name]) != nvram[name]]
    if passwords is not None and PASSWORD in wanted and wanted[PASSWORD] not in passwords:
        closed.append(PASSWORD)
    return tuple(closed)
