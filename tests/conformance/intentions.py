# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody wanted of a genuine page, in the words of ``asus_dualwan``: read off what the page then posted.

A page posts its whole form, so the intention names every visible field. What a page refused it did not post: those
visits are told by their number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MODEM_PAGE = "/Advanced_Modem_Content.asp"
MODES = {"fo": ("failover", False), "fb": ("failover", True), "lb": ("load_balance", None)}
ANDROID_UP_TO_386 = {"1": "android", "0": "modem"}
REFUSED = {
    "15": {"detection": {"ping_target": "bad host;x"}},
    "16": {"detection": {"interval": 0}},
    "17": {"state": "enabled", "primary": "usb", "secondary": "lan"},
}
"""By the number that a visit's name begins with: a ping target with a blank, an interval of 0, usb with lan."""
A_HOST = re.compile(r"[A-Za-z0-9._-]*")


class Unknown(Exception):
    """Nothing tells what the visit was meant to do."""


def intention(capture: Mapping[str, Any]) -> dict[str, Any]:
    """The options. Raises Unknown."""
    fields: dict[str, str] = {}
    for apply in capture["applies"]:
        fields |= dict(apply["fields"])
    if not fields:
        number = capture["name"].partition("_")[0]
        if number not in REFUSED:
            raise Unknown(f"{capture['name']} was refused, and it is not written down what it asked for")
        return REFUSED[number]
    if capture["page"].startswith(MODEM_PAGE):
        return _of_the_modem_page(fields, capture["start_nvram"])
    return _of_the_wan_page(fields, capture["start_nvram"])


def is_refused_here(capture: Mapping[str, Any]) -> bool:
    """Whether the collection must refuse: where the page did, and a target that is no host, which some pages post and
    httpd stores."""
    posted = [dict(apply["fields"]).get("wandog_target", "") for apply in capture["applies"]]
    return capture["verdict"] == "refused" or not all(A_HOST.fullmatch(target) for target in posted)


def _of_the_modem_page(fields: Mapping[str, str], start: Mapping[str, str]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if "modem_android" in fields:
        wanted["usb_device"] = ANDROID_UP_TO_386[fields["modem_android"]]
    if "modem_mtu" in fields:
        wanted["usb_mtu"] = int(fields["modem_mtu"])
    if fields.get("wans_dualwan", start["wans_dualwan"]) != start["wans_dualwan"]:
        wanted |= _lines(fields)
    return wanted


def _of_the_wan_page(fields: Mapping[str, str], start: Mapping[str, str]) -> dict[str, Any]:
    wanted = _lines(fields)
    if wanted["state"] == "enabled":
        mode, failback = MODES[fields["wans_mode"]]
        wanted |= {"mode": mode, **({} if failback is None else {"failback": failback})}
    if fields.get("wans_mode") == "lb":
        wanted["load_balance_ratio"] = fields["wans_lb_ratio"]
        rules = fields["wans_routing_rulelist"] if fields.get("wans_routing_enable") == "1" else ""
        wanted["routing_rules"] = [_rule(*row.split(">")) for row in rules.split("<") if row]
    for option, field in (("hot_standby", "wans_standby"), ("auto_usb_backup", "wans_usb_bk")):
        if field in fields and start.get(field):
            wanted[option] = fields[field] == "1"
    return {**wanted, "detection": _detection(fields)}


def _lines(fields: Mapping[str, str]) -> dict[str, Any]:
    primary, secondary = fields["wans_dualwan"].split()
    if secondary == "none":
        return {"state": "disabled", "primary": primary}
    port = {"lan_port": int(fields["wans_lanport"])} if "lan" in (primary, secondary) else {}
    return {"state": "enabled", "primary": primary, "secondary": secondary, **port}


def _rule(source: str, destination: str, unit: str) -> dict[str, str]:
    return {"source": source, "destination": destination, "wan": "secondary" if unit == "1" else "primary"}


def _detection(fields: Mapping[str, str]) -> dict[str, Any]:
    numbers = {"interval": "wandog_interval", "failover_count": "wandog_maxfail", "failback_count": "wandog_fb_count"}
    found: dict[str, Any] = {option: int(fields[field]) for option, field in numbers.items() if field in fields}
    found["ping_target"] = fields["wandog_target"] if fields["wandog_enable"] == "1" else ""
    dns = {"hostname": ""}
    if fields["dns_probe"] == "1":
        dns = {"hostname": fields["dns_probe_host"], "addresses": fields["dns_probe_content"].split()}
    return {**found, "dns_query": dns}
