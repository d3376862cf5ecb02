# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guards of ``asus_dualwan``, asked of what a router has already: as if someone asked for just that. Pure.

httpd stores nearly everything, and so does a hand over SSH, so what no page would let pass may be there all the same.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import Case
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import is_enabled, lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram, whole
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._rules import decode_rules
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import SETTINGS
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._warnings import Outcome
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish


class StoredCase(Case):
    """A case in which all that is stored would be written."""

    @cached_property
    def values(self) -> dict[str, str]:
        return {setting.nvram: self.nvram[setting.nvram] for setting in SETTINGS}

    @cached_property
    def pair(self) -> tuple[str, str]:
        """As it is, also where both are the same port, which no wish may ask for."""
        return lines(self.nvram)

    @property
    def missing_ports(self) -> tuple[str, ...]:
        """Also those that are in use: a firmware of another kind may have come since."""
        known = (*self.router.ports, "none")
        return tuple(port for port in self.pair if port not in known) if self.router.ports else ()


def stored_wish(nvram: Nvram) -> Wish:
    """What is stored, unchecked, as if it was wished for."""
    first, second = lines(nvram)
    dual = is_enabled(nvram)
    return Wish(
        enabled=dual,
        primary=first,
        secondary=second if dual else None,
        interval=whole(nvram["wandog_interval"]),
        routing_rules=decode_rules(nvram["wans_routing_rulelist"]),
        ping_target=nvram["wandog_target"] if nvram["wandog_enable"] == "1" else "",
        dns_hostname=nvram["dns_probe_host"] if nvram["dns_probe"] == "1" else "",
        fast_lan=nvram["wans_extwan"] == "1",
        fast_wan=nvram["wans_extwan"] == "1",
    )


def stored_case(nvram: Nvram, router: Capabilities) -> StoredCase:
    """For a guard."""
    return StoredCase(stored_wish(nvram), nvram, router)


def stored_outcome(nvram: Nvram, router: Capabilities) -> Outcome:
    """For a warning of ``asus_dualwan``: as if all of it had just been set."""
    return Outcome(stored_wish(nvram), defaultdict(str), nvram, router)
