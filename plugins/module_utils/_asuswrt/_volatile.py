# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names of nvram are settings, and which only say what goes on: two files that differ in the latter are alike.

nvram does not tell the one from the other, and the table of settings is the firmware's own. So these are patterns. A
state that no row names makes a file count as changed, and one file more is kept: the harmless side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Row:
    """Names that fit ``pattern`` as a whole are ``what``."""

    pattern: str
    what: str


VOLATILE = (
    # 382 shared/rtstate.h, and what rc writes on the way. A setting of a line ends in _x where a state has the same
    # word (wan0_gateway_x), and dhcp_lease is the LAN server's setting.
    Row(r"wan\d*_(state|sbstate|auxstate)_t", "states of a line"),
    Row(r"wan\d*_(primary|realip_(state|ip)|is_usb_modem_ready)", "states of a line"),
    Row(r"wan\d*_x?(ipaddr|netmask|gateway|dns|lease|expires|domain)", "a lease"),
    Row(r"wan\d*_(gw_mac|ifname|gw_ifname|pppoe_ifname|routes|msroutes)", "a lease"),
    Row(r"link_(wan\d*|internet|ipv6)", "whether a link is there"),
    Row(r"rc_service(_pid)?|freeze_duck", "the service that runs, and the pause of the failover daemon meanwhile"),
    Row(r"usb_path[\w.]*", "what is plugged in"),
    Row(r"usb_modem_(act|auto)_\w+", "what is plugged in"),
    Row(r"wans_usb_bk_act", "whether Auto USB Backup WAN has switched Dual WAN on by itself"),
    Row(r"modem_bytes_(rx|tx)\w*|\w*_(tx|rx)_?(bytes|packets)", "counters"),
    Row(r"sys_uptime\w*|success_start_service|(ntp|svc)_ready|start_service_ready", "since the last boot"),
    Row(r"(asus|cfg)_device_list", "caches of devices; making a settings file drops the first (382 web.c)"),
    Row(r"networkmap_fullscan|client_info_tmp|nmp_client_list", "caches of devices"),
    Row(r"httpds?_(login_)?fail\w*|login_(ip|ip_str|timestamp|port)", "logins, and failed ones"),
    Row(r"ddns_(updated|ipaddr|cache|status|return_code\w*)", "what dynamic DNS did last"),
    Row(r"webs_(state|last)_\w+|fwupdate_state", "what the search for a firmware found last"),
    Row(r"(wan|wl|lan|vpn_server|vpn_client)_unit", "the unit that a page showed last"),
)
"""State. Rows on Dual WAN are from 382's sources and 386's captures; the others are likely names, not all seen."""

OF_THE_FIRMWARE = (
    Row(r"firmver|buildno|buildno_org|extendno|buildinfo|innerver|nvramver|rc_support|ss_support|wans_cap", "version"),
    Row(r"productid|odmpid|model|serial_no|label_mac|(lan|wan\d*|et\d)_?(hwaddr|macaddr)", "the unit"),
    Row(r"board(id|type|num|rev)|HwId|HwVer|bl_version|secret_code|territory_code", "the unit"),
    Row(r"\d+:\w+|pci/\S+|sb/\S+|devpath\d+", "the radios' calibration"),
    Row(r"(wan|lan|wl)\d*_?(ifname|ifnames|ports)", "interfaces, named anew at each boot"),
)
"""Differs between two files of one router where its firmware was updated, and stays as it is when one is restored.
Likely names, from the public restore code, which puts back settings only."""


@cache
def _joined(rows: tuple[Row, ...]) -> re.Pattern[str]:
    """Compiled where it is asked for: a task that changes nothing needs none of it."""
    return re.compile("|".join(f"(?:{row.pattern})" for row in rows))


def is_volatile(name: str) -> bool:
    """Whether it says what goes on rather than what is set."""
    return bool(_joined(VOLATILE).fullmatch(name))


def _configured_lines(values: Mapping[str, str]) -> str:
    """Without the second line that Auto USB Backup WAN writes as a phone comes, and takes off as it goes: at a restore
    the router would do so again (3006 ``rc/lan.c``)."""
    stored = values.get("wans_dualwan", "")
    first, _blank, second = stored.partition(" ")
    by_itself = values.get("wans_usb_bk") == "1" and values.get("wans_usb_bk_act") == "1"
    return f"{first} none" if by_itself and second == "usb" else stored


def _alike(name: str, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    if name == "wans_dualwan" and _configured_lines(one) == _configured_lines(other):
        return True
    return one.get(name, "") == other.get(name, "")


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """Names of which one has another value than the other, without those of state; what is not there is empty."""
    return tuple(
        name for name in sorted(one.keys() | other.keys()) if not _alike(name, one, other) and not is_volatile(name)
    )


def restorable(wanted: Mapping[str, str], present: Mapping[str, str]) -> tuple[str, ...]:
    """Names that would change if ``wanted`` was restored. A restore is a merge: what it does not name stays."""
    merged = {**present, **wanted}
    return tuple(name for name in differing(merged, present) if not _joined(OF_THE_FIRMWARE).fullmatch(name))
