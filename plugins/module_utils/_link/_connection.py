# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How both ends of a backup link are reached: the options of the tasks that look at the link as a whole."""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import (
    PHONE_OPTIONS,
    PHONE_VARIABLES,
    Address,
    address_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import (
    ROUTER_OPTIONS,
    ROUTER_VARIABLES,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Params

PHONES_OWN = ("serial", "adb_server_host", "adb_server_port")
"""``timeout`` serves both ends."""

LINK_OPTIONS: dict[str, Any] = {
    **ROUTER_OPTIONS,
    **{name: PHONE_OPTIONS[name] for name in PHONES_OWN},
    "phone": {"type": "bool", "default": True},
}
LINK_VARIABLES = {**ROUTER_VARIABLES, **{name: PHONE_VARIABLES[name] for name in PHONES_OWN}}


def phone_address_from(params: Params) -> Address | None:
    """The phone, or None where it is not to be asked. Raises BadWish as the phone's own tasks do."""
    return address_from(params) if params["phone"] else None
