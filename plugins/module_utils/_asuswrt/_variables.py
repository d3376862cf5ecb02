# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router's settings as variables of ``roles/router``: with them, ``site.yml`` changes nothing on it.

Each is tried: what a plan would change, or the options would not take, is null, which the role leaves alone. So
what another hand or an older firmware left in nvram (an interval of ``5x``, rules stored and switched off) survives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import refuse_the_impossible
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._options import options
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._page_ports import settled
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import Problem
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import differing
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import wish_from
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import DeviceError

ROUTER_OPTIONS = (
    "state",
    "primary",
    "secondary",
    "lan_port",
    "mode",
    "failback",
    "hot_standby",
    "load_balance_ratio",
    "routing_rules",
    "detection",
    "auto_usb_backup",
    "usb_device",
    "usb_mtu",
    "usb_ttl_extend",
    "usb_ttl_spoof",
)
"""Those that the role passes on, those first that others depend on."""

OF_THE_MOMENT = Problem(
    "automatic_lines",
    "Auto USB Backup WAN holds the phone's line for the moment, so role_variables says nothing of state, primary and "
    "secondary",
    "Unplug the phone and ask again, or set router_state and its lines as you want them",
)

Path = tuple[str, ...]


def role_variables(nvram: Nvram, router: Capabilities) -> dict[str, Any]:
    """``router_state`` and so on, each with its value or None."""
    stored = {name: options(nvram, router).get(name) for name in ROUTER_OPTIONS}
    kept: dict[Path, Any] = {}
    for path, value in _leaves(stored):
        tried = {**kept, path: value}
        kept[path] = value if value is not None and _changes_nothing(_tree(tried), nvram, router) else None
    return {f"router_{name}": value for name, value in _tree(kept).items()}


def _changes_nothing(given: Mapping[str, Any], nvram: Nvram, router: Capabilities) -> bool:
    try:
        wish = settled(wish_from(given), nvram, router)
        refuse_the_impossible(wish, router, nvram)
        return not list(differing(wish, nvram, router))
    except DeviceError:
        return False


def _leaves(tree: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[Path, Any]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name), value


def _tree(leaves: Mapping[Path, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in leaves.items():
        branch = tree
        for name in path[:-1]:
            branch = branch.setdefault(name, {})
        branch[path[-1]] = value
    return tree
