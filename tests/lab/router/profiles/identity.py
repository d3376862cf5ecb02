# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router says of itself (web API facts 5). The one on the lab's table has the same marks whatever it runs."""

from __future__ import annotations

_SHARED_WORDS = "2.4G 5G update switchctrl manual_stb ipv6 PARENTAL2 dualwan modem appbase app iptv"
"""Of ``rc_support``."""


def identity(*, model: str, firmver: str, buildno: str, extendno: str, words: str) -> dict[str, str]:
    """``words`` are those of ``rc_support`` that tell this firmware from others (dual-WAN facts 6)."""
    return {
        "productid": model,
        "model": model,
        "odmpid": "",
        "firmver": firmver,
        "buildno": buildno,
        "extendno": extendno,
        "innerver": "",
        "label_mac": "00:00:5E:00:53:01",
        "lan_hwaddr": "00:00:5E:00:53:01",
        "serial_no": "LAB000000000",
        "rc_support": f"{_SHARED_WORDS} {words}".strip(),
        "ss_support": "",
        "wans_cap": "wan usb lan",
    }
