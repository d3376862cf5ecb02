# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong in a house whose backup link stands, and what a doctor should name first: one row each.

A row says what is done to the simulated devices, in the lab's own words, and what is waited for until it shows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from integration.house import House, Outcome

DAY = 86400

Deed = Callable[[House], object]


@dataclass(frozen=True)
class Mutation:
    """One state of the house."""

    name: str
    """For people."""
    cause: str
    """The rule that is to come first."""
    do: tuple[Deed, ...] = ()
    shows: Mapping[str, str] = field(default_factory=dict)
    """nvram values to wait for."""
    until: Callable[[House], Any] | None = None
    """Anything else to wait for."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of the doctor."""


def lab(*words: object) -> Deed:
    """Said to the lab's control door."""
    return lambda house: house.lab.ctl(*words)


def stored(**values: str) -> tuple[Deed, ...]:
    """As by a hand over SSH."""
    return tuple(lab("router", "set", name, value) for name, value in values.items())


def adb(script: str) -> Deed:
    """In the phone's shell."""
    return lambda house: house.shell(script)


def task(module: str, **options: Any) -> Deed:
    """By a task of this collection."""
    return lambda house: house.run(module, **options)


def days_ago(days: int) -> str:
    return str(int(time.time()) - days * DAY)


def usb(name: str, value: object) -> Callable[[House], bool]:
    return lambda house: house.phone_state()["usb"][name] == value


def serves(value: bool) -> Callable[[House], bool]:
    return lambda house: house.phone_state()["tether"]["serving"] is value


def awaited(**values: str) -> Deed:
    """What is done next is done once the router has these."""
    return lambda house: house.until(lambda: house.nvram(*values) == values, f"{values}")


LIMITED = {"tl_enable": "1", "tl_cycle": "5", "tl1_limit_enable": "1", "tl1_limit_max": "40"}
NO_KEEPALIVE = task("android_tether_keepalive", state="absent")
GONE = {"usb_modem_act_dev": "", "link_wan1": "0"}
ON_THE_PHONE = {"wan_primary": "1", "link_internet": "2"}

ROUTERS = (
    Mutation("Dual WAN off", "dual_wan_off", stored(wans_dualwan="wan none")),
    Mutation("lines held by Auto USB Backup", "automatic_only", stored(wans_usb_bk_act="1")),
    Mutation("Auto USB Backup on", "auto_usb_backup", stored(wans_usb_bk="1")),
    Mutation("USB modems off", "modem_off", stored(modem_enable="0")),
    Mutation("secondary switched off", "secondary_disabled", stored(wan1_enable="0")),
    Mutation("primary switched off", "primary_disabled", stored(wan0_enable="0")),
    Mutation(
        "load balance",
        "load_balance",
        (*stored(wans_mode="lb"), lab("router", "reboot")),
        {"wan0_state_t": "2", "wan1_state_t": "2", "link_internet": "2"},
    ),
    Mutation("a mode that is none", "mode", stored(wans_mode="zz")),
    Mutation("failback off", "no_failback", stored(wans_mode="fo")),
    Mutation("no probe", "no_probe", stored(wandog_enable="0")),
    Mutation("a ping at nothing", "no_target", (lab("router", "unset", "wandog_target"),)),
    Mutation("failed probes overridden", "overridden", stored(web_redirect="1")),
    Mutation("an interval that is no number", "detection_numbers", stored(wandog_interval="5x")),
    Mutation("one lost ping decides", "hair_trigger", stored(wandog_maxfail="1")),
    Mutation("return after one good ping", "hasty_failback", stored(wandog_fb_count="1")),
    Mutation("detection takes five minutes", "slow_detection", stored(wandog_maxfail="40")),
    Mutation("ping at the provider's gateway", "target_is_gateway", stored(wandog_target="203.0.113.1")),
    Mutation("ping at the house's own NAS", "target_in_lan", stored(wandog_target="192.168.50.20")),
    Mutation("ping at a name", "target_by_name", stored(wandog_target="example.com")),
    Mutation("a long pause after a switch", "long_pause", stored(wandog_delay="90")),
    Mutation("hot standby beside slow detection", "hot_standby", stored(wans_standby="1", wandog_maxfail="12")),
    Mutation("LAN in an old phone's network", "tether_subnet", stored(lan_ipaddr="192.168.42.1")),
    Mutation("USB set to a modem", "usb_device_type", stored(modem_android="0")),
    Mutation("an MTU that cannot be", "usb_mtu", stored(modem_mtu="300")),
    Mutation("the phone came back as usb1", "usb_interface_differs", stored(wan1_ifname="usb1")),
    Mutation("plugged in before USB was a WAN", "usb_not_taken", stored(usb_modem_act_dev="")),
    Mutation("WAN aggregation beside Dual WAN", "wan_aggregation", stored(bond_wan="1")),
    Mutation("USB gone from the router's ports", "no_usb", stored(wans_cap="wan lan")),
    Mutation("router as access point", "no_router", stored(sw_mode="3")),
    Mutation("firmware with Multi-WAN profiles", "profiles", stored(rc_support="dualwan modem usbX1 mtwancfg")),
    Mutation("a nightly reboot", "nightly_reboot", stored(reboot_schedule_enable="1")),
    Mutation("DDNS goes with the active line", "ddns_on_backup", stored(ddns_enable_x="1", ddns_wan_unit="-1")),
    Mutation(
        "a name server tied to the primary",
        "dns_pinned",
        stored(wan0_dnsenable_x="0", wan0_dns1_x="9.9.9.9", dhcp_dns1_x="9.9.9.9"),
    ),
    Mutation("a name server of the provider", "dns_of_one_line", stored(dhcp_dns1_x="203.0.113.53")),
    Mutation("a data cap's month of 40 days", "limit_stuck", stored(**LIMITED, tl_date_start=days_ago(40))),
    Mutation(
        "a data cap from the 31st on",
        "limit_late_day",
        stored(**{**LIMITED, "tl_cycle": "31"}, tl_date_start=days_ago(3)),
    ),
    Mutation("a data cap without a beginning", "limit_not_begun", stored(**LIMITED)),
    Mutation(
        "a data cap below the probes",
        "limit_below_probes",
        stored(**{**LIMITED, "tl1_limit_max": "0.05"}, tl_date_start=days_ago(3)),
    ),
    Mutation(
        "the alert after the cap",
        "limit_alert_after",
        stored(**LIMITED, tl_date_start=days_ago(3), tl1_alert_enable="1", tl1_alert_max="50"),
    ),
    Mutation("a router that is starting", "starting", stored(success_start_service="0")),
    Mutation("a router that is busy", "busy", (lab("router", "fault", "busy", "600"),)),
)
LINES = (
    Mutation("the primary's cable is out", "primary_unplugged", (lab("wan", "link", "0", "down"),), ON_THE_PHONE),
    Mutation("the provider is silent", "on_backup", (lab("wan", "upstream", "0", "silent"),), ON_THE_PHONE),
    Mutation(
        "the phone's cable is out", "phone_without_host", (lab("cable", "pull"),), GONE, usb("connected", value=False)
    ),
    Mutation(
        "the phone is in the computer",
        "phone_elsewhere",
        (lab("cable", "plug", "computer"),),
        GONE,
        serves(True),
    ),
)
PHONES = (
    Mutation(
        "tethering off", "phone_tether_off", (NO_KEEPALIVE, adb("svc usb setFunctions")), GONE, usb("function", "none")
    ),
    Mutation("no default at plug-in", "phone_no_default", (adb("svc usb setScreenUnlockedFunctions"),)),
    Mutation(
        "another default",
        "phone_another_default",
        (
            NO_KEEPALIVE,
            adb("svc usb setScreenUnlockedFunctions ncm"),
            awaited(usb_modem_act_type="ncm", link_wan1="1"),
            adb("svc usb setFunctions rndis"),
        ),
        {"usb_modem_act_type": "rndis", "link_wan1": "1"},
        serves(True),
    ),
    Mutation("mobile data off", "phone_mobile_data", (NO_KEEPALIVE, lab("phone", "set", "mobile_data", "false"))),
    Mutation("Data Saver on", "phone_data_saver", (NO_KEEPALIVE, lab("phone", "set", "data_saver", "true"))),
    Mutation("no SIM", "phone_sim_missing", (lab("phone", "set", "sim", "absent"),)),
    Mutation("the SIM wants its PIN", "phone_sim_locked", (lab("phone", "set", "sim", "pin_required"),)),
    Mutation("a weak signal", "phone_weak_signal", (lab("phone", "set", "signal", "-122"),)),
    Mutation("a hot battery", "phone_battery_health", (NO_KEEPALIVE, lab("phone", "set", "temperature", "480"))),
    Mutation("Wi-Fi on", "phone_wifi_off", (lab("phone", "set", "wifi", "true"),)),
    Mutation("battery saver on", "phone_battery_saver", (adb("settings put global low_power 1"),)),
    Mutation("a secure lock screen", "phone_lock_screen", (lab("phone", "set", "lock", "secure"),)),
    Mutation(
        "locked by a PIN",
        "phone_locked",
        (lab("phone", "set", "lock", "secure"), lab("phone", "set", "screen", "locked")),
    ),
    Mutation("keys expire", "phone_adb_key_expiry", (adb("settings delete global adb_allowed_connection_time"),)),
    Mutation("updates restart it", "phone_ota_restart", (adb("settings put global ota_disable_automatic_update 0"),)),
    Mutation("an APN for tethering", "phone_dun", (adb("settings put global tether_dun_required 1"),)),
    Mutation("the provider refuses", "phone_tether_refused", (NO_KEEPALIVE, lab("phone", "set", "tether_error", "11"))),
    Mutation(
        "the LAN's own network",
        "phone_in_lans_subnet",
        (NO_KEEPALIVE, lab("phone", "set", "subnet", "192.168.50.0/24"), lab("cable", "wiggle", "5")),
        {"link_wan1": "1"},
        serves(True),
    ),
    Mutation("the phone asks for permission", "phone_unauthorised", (lab("phone", "set", "authorised", "false"),)),
    Mutation("no adb server", "adb_server_missing", options={"adb_server_port": 1}),
    Mutation("a phone that adb does not know", "phone_away", options={"serial": "nobody"}),
    Mutation("keepalive paused", "phone_keepalive_paused", (task("android_tether_keepalive", state="paused"),)),
    Mutation("keepalive killed", "phone_keepalive_dead", (adb("kill -9 $(cat /data/local/tmp/homelab.dualwan/pid)"),)),
    Mutation(
        "keepalive edited by hand",
        "phone_keepalive_outdated",
        (adb("echo '# mine' >>/data/local/tmp/homelab.dualwan/keepalive.sh"),),
    ),
)
CHAINS = (
    Mutation(
        "a wiggle, and no default",
        "phone_no_default",
        (NO_KEEPALIVE, adb("svc usb setScreenUnlockedFunctions"), lab("cable", "wiggle", "5")),
        GONE,
        usb("function", "none"),
    ),
    Mutation(
        "a wiggle of a locked phone",
        "phone_locked",
        (
            NO_KEEPALIVE,
            lab("phone", "set", "lock", "secure"),
            lab("phone", "set", "screen", "locked"),
            lab("cable", "wiggle", "5"),
        ),
        GONE,
        usb("function", "none"),
    ),
    Mutation(
        "the primary is back, and the traffic is not",
        "no_failback",
        (
            *stored(wans_mode="fo"),
            lab("wan", "link", "0", "down"),
            awaited(**ON_THE_PHONE),
            lab("wan", "link", "0", "up"),
        ),
        {"link_wan": "1", **ON_THE_PHONE},
    ),
    Mutation(
        "the provider is silent, and nothing looks",
        "no_probe",
        (*stored(wandog_enable="0"), lab("wan", "upstream", "0", "silent")),
    ),
    Mutation(
        "on the phone, whose SIM is locked",
        "phone_sim_locked",
        (NO_KEEPALIVE, lab("phone", "set", "sim", "pin_required"), lab("phone", "set", "mobile_data", "false")),
        until=lambda house: house.phone_state()["tether"]["upstream"] is None,
    ),
    Mutation(
        "USB modems off, and the phone replugged",
        "modem_off",
        (*stored(modem_enable="0"), lab("cable", "wiggle", "5")),
        {"link_wan1": "0"},
    ),
)
WAYS_IN = (
    Mutation("the router is off", "router_unreachable", (lab("router", "fault", "refuse", "600"),)),
    Mutation("locked after failed logins", "router_locked_out", (lab("router", "fault", "lock"),)),
    Mutation("a captcha", "router_login_refused", (lab("router", "fault", "captcha"),)),
    Mutation("a wrong password", "router_wrong_password", options={"password": "not this one"}),
    Mutation("another certificate", "router_certificate_not_trusted", options={"certificate_fingerprint": "0" * 64}),
    Mutation("no TLS on that port", "router_not_asuswrt", options={"port": None, "tls": True}),
)

MUTATIONS = (*ROUTERS, *LINES, *PHONES, *CHAINS, *WAYS_IN)


def bring_up(house: House) -> None:
    """A house in order, from whatever it was."""
    house.lab.ctl("router", "fault", "no-fault")
    house.lab.ctl("reset")
    house.until(usb_ready(house), "the phone on the router's USB")
    for module, options in (
        ("asus_dualwan", ROLE),
        ("android_usb_tether", {"plug_in_default": True}),
        ("android_backup_phone", {}),
        ("android_tether_keepalive", {"strategy": ["default_usb", "loop"], "interval": 2}),
    ):
        outcome = house.run(module, **options)
        assert not outcome.failed, (module, outcome.message)
    house.until(lambda: house.run("asus_wan_info")["ready"], "both lines in order")


def usb_ready(house: House) -> Callable[[], bool]:
    return lambda: bool(house.phone_state()["usb"]["configured"])


ROLE: dict[str, Any] = {
    "state": "enabled",
    "failback": True,
    "auto_usb_backup": False,
    "usb_device": "android",
    "detection": {"interval": 5, "failover_count": 4, "failback_count": 4, "ping_target": "1.1.1.1"},
}
"""As the router role has it."""


def ask(house: House, mutation: Mutation) -> Outcome:
    """Do it to a house in order, wait until it shows, and ask the doctor."""
    for deed in mutation.do:
        deed(house)
    if mutation.shows:
        house.until(lambda: house.nvram(*mutation.shows) == dict(mutation.shows), f"{mutation.name}: {mutation.shows}")
    if mutation.until is not None:
        seen = mutation.until
        house.until(lambda: seen(house), mutation.name)
    given = dict(mutation.options)
    if given.get("port", 0) is None:
        given["port"] = house.lab.http_port
    return house.run("backup_link_doctor", **{"fail_on": "never", **given})
