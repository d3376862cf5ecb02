# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a change that was made without a reboot shows in what the router reports. Pure.

That ``start_multipath`` is enough for usb coming or going is httpd's own choice, and was never seen on a device: so
look. What the daemon takes up while it runs shows nowhere until a line is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import CONNECTED
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import MULTIPATH, REBOOT, Plan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._usb_port import phone_on

EFFECT_SECONDS = 30.0
"""A line that has not come up by then is told of, and not waited for. The daemon pauses 15 s after any service."""


@dataclass(frozen=True)
class Effect:
    """What was looked for."""

    seen: bool | None
    """None where nothing that the router reports could show it."""
    evidence: str

    def as_result(self) -> dict[str, bool | str | None]:
        """As ``asus_dualwan`` returns it."""
        return {"seen": self.seen, "evidence": self.evidence}


def effect(planned: Plan, nvram: Nvram) -> Effect:
    """Judge ``nvram`` as read after the plan was carried out."""
    if planned.activation.service == REBOOT:
        return Effect(True, "the router went down and came back with these settings")
    if planned.activation.service != MULTIPATH or "wans_dualwan" not in planned.values:
        return Effect(None, "nothing that the router reports tells it; the settings were read back")
    if "none" in lines(nvram):
        gone = nvram["wan1_state_t"] != CONNECTED
        return Effect(gone, f"wan1_state_t is {nvram['wan1_state_t'] or 'empty'}, which is not 2 for a line given up")
    phone = phone_on(nvram)
    if not phone.plugged:
        return Effect(None, "no phone is plugged in, so the new line has nothing to show")
    unit = lines(nvram).index("usb")
    link = nvram["link_wan1" if unit else "link_wan"]
    return Effect(link == "1" and bool(phone.interface), _link_evidence(unit, link))


def _link_evidence(unit: int, link: str) -> str:
    return f"link_wan{unit or ''} is {link or 'empty'}, which is 1 for a phone that the router takes as its line"
