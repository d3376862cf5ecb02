# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is stored, in the words of ``asus_dualwan``: the table of settings read backwards."""

from __future__ import annotations

from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import is_enabled
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram, whole
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._page_ports import page_lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._rules import decode_rules


def options(nvram: Nvram, router: Capabilities) -> dict[str, Any]:
    """What is stored, in the words of ``asus_dualwan``'s options, so that it can be given back to it.

    None stands for what those words cannot say, such as an interval of ``5x``.
    """
    first, second = page_lines(nvram, router)
    mode = {"lb": "load_balance", "fo": "failover", "fb": "failover"}.get(nvram["wans_mode"])
    found: dict[str, Any] = {
        "state": "enabled" if is_enabled(nvram) else "disabled",
        "primary": first,
        "secondary": second if is_enabled(nvram) else None,
        "mode": mode,
        "failback": nvram["wans_mode"] == "fb" if mode == "failover" else None,
        "hot_standby": _switch(nvram["wans_standby"]),
        "detection": {
            "interval": whole(nvram["wandog_interval"]),
            "failover_count": whole(nvram["wandog_maxfail"]),
            "failback_count": whole(nvram["wandog_fb_count"]),
            "ping_target": nvram["wandog_target"] if nvram["wandog_enable"] == "1" else "",
            "dns_query": {
                "hostname": _text(nvram, router, "dns_probe_host") if nvram["dns_probe"] == "1" else "",
                "addresses": _text(nvram, router, "dns_probe_content").split(),
            },
        },
        "usb_device": _usb_device(nvram, router),
        "usb_mtu": whole(nvram["modem_mtu"]),
        "usb_ttl_extend": _switch(nvram["ttl_inc_enable"]),
        "usb_ttl_spoof": _switch(nvram["ttl_spoof_enable"]),
        "auto_usb_backup": _switch(nvram["wans_usb_bk"]) if router.usb_backup else None,
    }
    if "lan" in (first, second):
        found["lan_port"] = whole(nvram["wans_lanport"])
    if mode == "load_balance":
        found["load_balance_ratio"] = nvram["wans_lb_ratio"]
        enabled = nvram["wans_routing_enable"] == "1"
        found["routing_rules"] = [
            {
                "source": rule.source,
                "destination": rule.destination,
                "wan": "secondary" if rule.unit else "primary",
            }
            for rule in (decode_rules(nvram["wans_routing_rulelist"]) if enabled else ())
        ]
    return found


def _switch(stored: str) -> bool | None:
    return {"0": False, "1": True}.get(stored)


def _text(nvram: Nvram, router: Capabilities, name: str) -> str:
    return nvram[name] or router.generation.when_empty.get(name, "")


def _usb_device(nvram: Nvram, router: Capabilities) -> str | None:
    if _switch(nvram["modem_android"]) is None:
        return None
    return "android" if nvram["modem_android"] == router.generation.android else "modem"
