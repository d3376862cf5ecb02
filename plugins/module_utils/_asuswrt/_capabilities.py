# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router says of itself, and what follows for Dual WAN.

Sources: ``rc_support`` words and ``wans_cap`` (httpd and rc of 382 and 386), limits from the router_defaults tables and
the page's own checks of each generation.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram

NAMES = (
    "productid",
    "odmpid",
    "firmver",
    "buildno",
    "extendno",
    "rc_support",
    "wans_cap",
    "sw_mode",
    "reboot_time",
    "dns_probe_timeout",
)

DEFAULT_REBOOT_SECONDS = 70
"""``reboot_time`` where the model sets none."""


@dataclass(frozen=True)
class Generation:
    """What differs by firmware generation and cannot be read from the router."""

    name: str
    intervals: range
    """Seconds that the page takes for ``wandog_interval``."""
    android: str
    """``modem_android`` for a phone: 1 up to 386 means an Android phone; from 388 on, 0 is automatic and 1 legacy."""
    rules: int
    """How many routing rules the page takes."""


GENERATIONS = {
    "380": Generation("380", range(1, 10), "1", 32),
    "382": Generation("382", range(1, 10), "1", 32),
    "384": Generation("384", range(1, 100), "1", 32),
    "386": Generation("386", range(1, 100), "1", 32),
    "388": Generation("388", range(3, 100), "0", 64),
    "3006": Generation("3006", range(3, 100), "0", 64),
}


@dataclass(frozen=True)
class Capabilities:
    """One router's model, firmware and abilities."""

    model: str
    firmware: str
    generation: Generation
    dual_wan: bool
    usb_modem: bool
    usb_backup: bool
    """Has 'Auto USB Backup WAN', which rewrites ``wans_dualwan`` by itself when a phone comes or goes."""
    ports: tuple[str, ...]
    """The tokens it offers as WAN, from ``wans_cap``."""
    router_mode: bool
    profiles: bool
    """Multi-WAN profiles (ExpertWiFi) instead of the Dual WAN tab."""
    reboot_seconds: int


def capabilities(nvram: Nvram) -> Capabilities:
    """Read them from nvram :data:`NAMES`."""
    support = nvram["rc_support"].split()
    ports = tuple(nvram["wans_cap"].split())
    return Capabilities(
        model=nvram["odmpid"] or nvram["productid"],
        firmware="_".join(filter(None, (f"{nvram['firmver']}.{nvram['buildno']}", nvram["extendno"]))),
        generation=_generation(nvram),
        dual_wan="dualwan" in support,
        usb_modem="modem" in support and "usb" in ports,
        usb_backup="usb_bk" in support,
        ports=ports,
        router_mode=nvram["sw_mode"] == "1",
        profiles="mtwancfg" in support,
        reboot_seconds=int(nvram["reboot_time"]) if nvram["reboot_time"].isdigit() else DEFAULT_REBOOT_SECONDS,
    )


def _generation(nvram: Nvram) -> Generation:
    if nvram["firmver"].startswith("3.0.0.6"):
        return GENERATIONS["3006"]
    number = nvram["buildno"].split(".")[0]
    known = [name for name in GENERATIONS if name != "3006" and number.isdigit() and int(name) <= int(number)]
    return GENERATIONS[max(known, default="380")]
