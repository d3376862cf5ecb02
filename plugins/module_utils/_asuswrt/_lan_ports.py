# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which LAN ports a model can use as WAN, and which of them it can join (link aggregation).

All are values of ``wans_lanport``, which is what the option ``lan_port`` means. On GT-AC5300 the labels on the case and
the page, 1, 2, 5 and 6, are the values 2, 1, 4 and 3.

Sources: the page of 388 with its rules by model (``Advanced_WANPort_Content.asp``, ``state.js`` of Merlin), which names
older models as well.
"""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities

USUAL = "1234"
WITHOUT_4 = (
    "RT-AC95U RT-AX95Q XT8PRO BT12 BT10 BQ16 BQ16_PRO XT8_V2 RT-AXE95Q ET8PRO ET8_V2 RT-AX82_XD6 RT-AX82_XD6S XD4S "
    "RT-AX53U XD6_V2 RT-AX59U RT-AX52"
).split()
BY_MODEL = {
    **dict.fromkeys(("BRT-AC828", "RT-AC88Q", "RT-AD7200"), "5678"),
    **dict.fromkeys(("XT12", "ET12"), "123"),
    **dict.fromkeys(("TUF-AX6000", "GT-AX6000"), "12345"),
    **dict.fromkeys(("RT-AC87U", "TUF-AX3000_V2"), "234"),
    **dict.fromkeys(("RT-N19", "PL-AX56_XP4"), "12"),
    **dict.fromkeys(WITHOUT_4, "123"),
}
BY_HARDWARE = {("TUF-AX4200", "B"): "12345"}
USUALLY_JOINED = "12"
JOINED = {
    **dict.fromkeys(("GT-AC5300", "RT-AC86U", "GT-AC2900", "BQ16", "BQ16_PRO"), "34"),
    **dict.fromkeys(("XT8PRO", "BT12", "BM68"), "23"),
    **dict.fromkeys(("GT-BE98", "GT-BE98_PRO", "GT-BE96", "GT-BE19000"), "56"),
}


def lan_ports(router: Capabilities) -> str | None:
    """The values that the page offers; None where it asks the router for the state of its ports (NEW_PHYMAP)."""
    if router.generation.asks_ports and "NEW_PHYMAP" in router.words:
        return None
    by_hardware = BY_HARDWARE.get((router.base_model, router.hardware))
    return by_hardware or BY_MODEL.get(router.base_model, USUAL)


def joined_ports(router: Capabilities) -> str:
    """Those that link aggregation joins while it is on."""
    return JOINED.get(router.base_model, USUALLY_JOINED)
