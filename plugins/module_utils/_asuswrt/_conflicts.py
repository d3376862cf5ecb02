# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What other pages of the router may have set that is in the way of a WAN."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram

GUEST_NETWORKS = range(10)
"""``apgN_``: 388 has 6 unless it says otherwise, and business models have more."""
NAMES = (
    "switch_stb_x",
    "switch_wantag",
    "lacp_enabled",
    "bond_wan",
    "wrs_protect_enable",
    "wan0_proto",
    "label_mac",
    *(f"apg{number}_enable" for number in GUEST_NETWORKS),
)
TEXT_NAMES = ("vlan_trunk_rl", *(f"apg{number}_dut_list" for number in GUEST_NETWORKS))

WIRED_ALONE = ("dhcp", "pppoe")
"""With another protocol the page offers no automatic WAN port."""


def iptv_on(nvram: Nvram) -> bool:
    """By a port of its own, or by the provider's VLANs."""
    return nvram["switch_stb_x"] not in ("", "0") or nvram["switch_wantag"] not in ("", "none")


def iptv_ports(stored: str) -> str:
    """LAN ports behind a value of ``switch_stb_x`` (page of 380)."""
    return {"1": "1", "2": "2", "3": "3", "4": "4", "5": "12", "6": "34"}.get(stored, "")


def joined(nvram: Nvram, router: Capabilities) -> bool:
    """Whether link aggregation is on; a router without it may have the name left over."""
    return nvram["lacp_enabled"] == "1" and "lacp" in router.words


def profile_ports(nvram: Nvram) -> set[str]:
    """LAN ports that a network profile (SDN) of 388 and later has, by its page: ``<MAC>...>L3,L4`` for access ports of
    this very router, ``<port>...`` for trunks."""
    found = {row.partition(">")[0] for row in nvram["vlan_trunk_rl"].split("<") if row}
    for number in GUEST_NETWORKS:
        if nvram[f"apg{number}_enable"] != "1":
            continue
        for row in nvram[f"apg{number}_dut_list"].split("<"):
            mac, *columns = row.split(">")
            if mac.upper() == nvram["label_mac"].upper() and len(columns) > 1:
                found |= {port[1:2] for port in columns[1].split(",")}
    return found - {""}


def in_the_way_of_auto(nvram: Nvram, router: Capabilities) -> list[str]:
    """What keeps the router from looking for its WAN port by itself, for a message (page of 388)."""
    found = {
        "IPTV": iptv_on(nvram),
        "link aggregation": joined(nvram, router),
        "WAN aggregation": nvram["bond_wan"] == "1",
        f"the WAN's protocol {nvram['wan0_proto']}": nvram["wan0_proto"] not in WIRED_ALONE,
    }
    return [what for what, there in found.items() if there]
