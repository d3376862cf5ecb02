# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A house whose backup stands, what a drill of it probes, and what must be the same after it."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._debt import Debt, Debts
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Tell, nobody
from integration.house import House, Outcome

DETECTION = {"interval": 2, "failover_count": 3, "failback_count": 2, "ping_target": "1.1.1.1"}
OF_THE_MOMENT = re.compile(
    r"wan\d_(expires|lease|gw_ifname|ifname|state_t|sbstate_t|auxstate_t|ipaddr|netmask|gateway|dns|realip_\w+)"
    r"|link_internet|link_wan1?|freeze_duck|rc_service\w*|success_start_service|wan_unit|usb_\w+|wan\d_is_usb_modem_ready"
)
"""What a line that was down and is up again has anew."""


def up(house: House, *, failback: bool = True, **detection: Any) -> None:
    """The backup ready to take over."""
    house.run(
        "asus_dualwan",
        state="enabled",
        failback=failback,
        usb_device="android",
        detection=DETECTION | detection,
        rollback_timeout=0,
    )
    house.run("android_usb_tether")
    house.until(lambda: house.run("asus_wan_info")["ready"], "the backup ready")
    house.forget()


def around(house: House) -> dict[str, Any]:
    """The lab's internet as options."""
    lab = house.lab
    return {
        "targets": [
            f"tcp://127.0.0.1:{lab.internet_tls_port}",
            f"tls://127.0.0.1:{lab.internet_tls_port}",
            f"http://127.0.0.1:{lab.internet_http_port}/generate_204",
            f"dns://router:{lab.internet_dns_port}/example.com",
        ],
        "address_url": f"http://127.0.0.1:{lab.internet_http_port}/address",
    }


def briefly(house: House) -> dict[str, Any]:
    """A drill on the wall's clock as variables of the role; only the router's time runs faster."""
    brief = {"probe_period": 0.1, "baseline_seconds": 2, "on_backup_seconds": 2, "after_seconds": 2}
    return {f"drill_{name}": value for name, value in {**around(house), **brief, "confirmed": True}.items()}


def drill(house: House, fault: str, *, tell: Tell = nobody, check_mode: bool = False, **options: Any) -> Outcome:
    """In the router's time, with probes as often as this machine can send them at the lab's speed."""
    short = {"probe_period": 1.5, "probe_timeout": 0.5, "baseline_seconds": 8, "on_backup_seconds": 5}
    return house.run(
        "backup_link_drill",
        check_mode=check_mode,
        tell=tell,
        **{"fault": fault, "confirmed": True, "after_seconds": 5, "timeout": 60, **short, **around(house), **options},
    )


def router_of(house: House) -> Router:
    return Router("127.0.0.1", house.lab.https_port, tls=True, username="", password="")


def debt(house: House) -> Debt | None:
    """What is noted of a drill that has not given the line back."""
    return Debts(router_of(house)).read(house.nvram("lan_hwaddr")["lan_hwaddr"])


def lasting(house: House) -> dict[str, str]:
    """All that the router has stored and that no line brings anew, and which line carries the traffic."""
    return {name: value for name, value in house.nvram().items() if not OF_THE_MOMENT.fullmatch(name)}
