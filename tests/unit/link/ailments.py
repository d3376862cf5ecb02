# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A house for each rule of the doctor, in which that rule fires: one row each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import (
    BadAnswer,
    NoPermission,
    NoPhone,
    Offline,
    ServerMissing,
    SeveralPhones,
    StillBooting,
    Unauthorised,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    BadReply,
    CertificateNotTrusted,
    LockedOut,
    LoginRefused,
    NotAsuswrt,
    NotConnected,
    WrongPassword,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import Problem
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._unfinished import Leftover
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._look import NoLibrary
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import Scene
from unit.dumps import a_phone, dumpsys_tethering, dumpsys_usb, ip_addresses, lte, nr, signal
from unit.scenes import A_DRILL, DAY, IN_ORDER, NOW, a_scene, heartbeat

NO_PHONE_SEEN = {"usb_path1": "", "usb_modem_act_dev": "", "link_wan1": "0"}
LAN_SECOND = {"wans_dualwan": "wan lan", "wans_lanport": "3"}
NEW = {"buildno": "388", "dns_probe_content": "*", "wandog_interval": "5"}
LIMITED = {"tl_enable": "1", "tl1_limit_enable": "1", "tl1_limit_max": "40", "tl_date_start": str(int(NOW - 9 * DAY))}
DECEMBER_20 = "1797724800"


def router(**nvram: str) -> Scene:
    return a_scene(nvram)


def phone(**sections: str) -> Scene:
    return a_scene(phone=sections)


def usb(**said: Any) -> Scene:
    return a_scene(phone={"usb": dumpsys_usb(**{"current": ("ADB", "RNDIS"), "default": ("RNDIS",), **said})})


def node(**differs: Any) -> Scene:
    return replace(a_scene(), node=replace(a_scene().node, **differs))


def no_router(error: Any) -> Scene:
    return a_scene(router=None, router_error=error("It did not", cure="Do that"))


def no_phone(error: Any) -> Scene:
    return replace(_away(), phone_error=error("It did not", cure="Do that"))


def _away() -> Scene:
    return replace(a_scene(), phone=None)


def by_wifi(address: str) -> dict[str, str]:
    """What a phone says that forwards to the Wi-Fi where it has this address."""
    return {
        "tethering": dumpsys_tethering(upstream="[wlan0]"),
        "addresses": ip_addresses() + f"21: wlan0    inet {address} brd 192.168.50.255 scope global wlan0",
        "wifi": "1",
    }


def drilled(**differs: Any) -> Scene:
    return a_scene(drills=({**A_DRILL, **differs},))


def judged(name: str) -> Scene:
    return drilled(judgements=[{"id": name, "ok": False, "told": "It moved nine times"}])


AILMENTS: dict[str, Scene] = {
    # the way to the router, and what earlier runs left
    "router_unreachable": no_router(NotConnected),
    "router_not_asuswrt": no_router(NotAsuswrt),
    "router_certificate_not_trusted": no_router(CertificateNotTrusted),
    "router_wrong_password": no_router(WrongPassword),
    "router_locked_out": no_router(LockedOut),
    "router_login_refused": no_router(LoginRefused),
    "router_unreadable": no_router(BadReply),
    "unfinished_drill": a_scene(drill=Problem("unfinished_drill", "It has not ended", "Run check.yml")),
    "unfinished_switch": a_scene(drill=Problem("unfinished_switch", "It has not ended", "Run check.yml")),
    "drill_running": a_scene(drill=Problem("drill_running", "One is running", "Wait")),
    "unfinished_change": a_scene(leftover=Leftover(restore=True, told="It ended in the middle")),
    "service_owed": a_scene(leftover=Leftover(owed="reboot", told="reboot is owed")),
    "not_verified": node(verified=False),
    "not_encrypted": node(tls=False),
    "dns_silent": node(dns="silent"),
    "dns_failing": node(dns="failing"),
    "dns_refused": node(dns="refused"),
    "clock_differs": node(skew_seconds=-3600.0),
    "node_elsewhere": node(gateway="192.0.2.1"),
    # what the router can do
    "dsl_firmware": router(firmver="1.1.2.3"),
    "profiles": router(rc_support="dualwan modem mtwancfg"),
    "no_dual_wan": router(rc_support="modem usbX1"),
    "no_router": router(sw_mode="3"),
    "not_set_up": router(x_Setting="0"),
    "automatic_only": router(wans_usb_bk_act="1"),
    "dual_wan_off": router(wans_dualwan="wan none"),
    "one_port_twice": router(wans_dualwan="wan wan"),
    # what it would refuse
    "no_usb": router(wans_cap="wan lan"),
    "port": router(wans_dualwan="wan wan2"),
    "usb_and_lan": router(wans_dualwan="usb lan"),
    "dsl_second": router(wans_dualwan="wan dsl", wans_cap="wan usb lan dsl"),
    "lan_port": router(wans_dualwan="wan lan", wans_lanport="4"),
    "iptv_port": router(**LAN_SECOND, switch_stb_x="3"),
    "iptv": router(**NEW, switch_stb_x="4"),
    "link_aggregation": router(wans_dualwan="wan lan", wans_lanport="2", rc_support="dualwan lacp", lacp_enabled="1"),
    "wan_aggregation": router(bond_wan="1"),
    "profile_port": router(**NEW, **LAN_SECOND, rc_support="dualwan modem mtlancfg", vlan_trunk_rl="<2>all<3>10"),
    "protection": router(wans_mode="lb", wrs_protect_enable="1"),
    "interval": router(**{**NEW, "wandog_interval": "2"}),
    "rules": router(wans_routing_rulelist="<192.168.50.2>all>1" * 40),
    "auto_conflict": router(**NEW, rc_support="dualwan modem autowan", autowan_enable="1", switch_stb_x="4"),
    "qos": router(qos_enable="1", qos_type="0"),
    "balanced": router(wans_mode="lb"),
    "load_balance_probes": router(wans_mode="lb"),
    "hot_standby": router(wans_standby="1", wandog_interval="5", wandog_maxfail="12"),
    # the phone, by adb
    "phone_unauthorised": no_phone(Unauthorised),
    "phone_offline": no_phone(Offline),
    "phone_still_booting": no_phone(StillBooting),
    "adb_server_missing": no_phone(ServerMissing),
    "phone_several_phones": no_phone(SeveralPhones),
    "phone_away": no_phone(NoPhone),
    "phone_no_permission": no_phone(NoPermission),
    "adbutils_missing": no_phone(NoLibrary),
    "phone_unreadable": no_phone(BadAnswer),
    "phone_not_asked": replace(_away(), phone_asked=False),
    "phone_sim_missing": phone(sim="ABSENT"),
    "phone_sim_locked": phone(sim="PIN_REQUIRED,ABSENT"),
    "phone_sim_not_ready": phone(sim="NOT_READY,ABSENT"),
    "phone_no_line": router(**LAN_SECOND),
    "phone_no_ethernet": replace(router(**LAN_SECOND), plug="ethernet"),
    "phone_tether_refused": phone(tethering=dumpsys_tethering(state="AvailableState", error=11)),
    "phone_in_lans_subnet": phone(addresses=ip_addresses(address="192.168.50.129/24")),
    "phone_in_routers_wifi": phone(**by_wifi("192.168.50.77/24")),
    "phone_tether_off": phone(**a_phone(default=("RNDIS",))),
    "phone_without_host": usb(connected=False, configured=False),
    "phone_tether_stuck": usb(applied=False),
    "phone_no_way_out": phone(tethering=dumpsys_tethering(upstream="null")),
    "phone_locked": usb(locked=True),
    "phone_no_default": usb(default=()),
    "phone_another_default": usb(default=("0x400",)),
    "phone_weak_signal": phone(signal=signal(lte=lte(-121, 1), nr=nr(-90, 3))),
    "phone_old_android": phone(sdk="27", android="8.1.0"),
    "phone_legacy_gadget": phone(gadget="unknown"),
    # its life on a charger
    "phone_mobile_data": phone(mobile_data="0"),
    "phone_data_saver": phone(data_saver="Restrict background status: enabled"),
    "phone_wifi_off": phone(wifi="1"),
    "phone_battery_health": phone(battery=IN_ORDER["battery"].replace("312", "470")),
    "phone_charging": phone(battery=IN_ORDER["battery"].replace("powered: true", "powered: false")),
    "phone_battery_saver": phone(battery_saver="1"),
    "phone_lock_screen": phone(lock_disabled="", secure_lock="secure=true"),
    "phone_adb_key_expiry": phone(adb_key_life="null"),
    "phone_ota_restart": phone(ota="null"),
    "phone_dun": phone(dun="1"),
    "phone_keepalive_hot": phone(keepalive_heartbeat=heartbeat(state="hot")),
    "phone_keepalive_paused": phone(keepalive_paused="/data/local/tmp/homelab.dualwan/paused"),
    "phone_keepalive_dead": phone(keepalive_process=""),
    "phone_keepalive_late": phone(uptime="99000.00 1.00"),
    "phone_drops": phone(keepalive_heartbeat=heartbeat(drops="3", last_drop_why="function lost")),
    "phone_keepalive_outdated": phone(keepalive_sum="d" * 64),
    # the router's USB port
    "phone_elsewhere": router(**NO_PHONE_SEEN),
    "usb_not_taken": router(usb_modem_act_dev="", link_wan1="0"),
    "usb_sim_locked": router(link_wan1="3"),
    "usb_known_to_fail": router(productid="TUF-AX3000_V2", buildno="388.11", extendno="1"),
    "usb_driver": router(usb_modem_act_type="qmi"),
    "usb_interface_differs": router(wan1_ifname="usb1"),
    "usb_device_type": router(modem_android="0"),
    "auto_usb_backup": router(wans_usb_bk="1"),
    "usb_mtu": router(modem_mtu="400"),
    "usb_mtu_small": router(modem_mtu="1200"),
    # the data cap
    "data_limit_reached": router(wan1_sbstate_t="11"),
    "limit_stuck": router(**{**LIMITED, "tl_date_start": str(int(NOW - 40 * DAY))}),
    "limit_not_begun": router(**{**LIMITED, "tl_date_start": ""}),
    "limit_late_day": router(**LIMITED, tl_cycle="31"),
    "limit_december": router(**{**LIMITED, "tl_date_start": DECEMBER_20}),
    "limit_below_probes": router(**{**LIMITED, "tl1_limit_max": "0.05"}),
    "limit_alert_after": router(**LIMITED, tl1_alert_enable="1", tl1_alert_max="45"),
    "no_data_cap": router(tl_enable="0"),
    # names, addresses, and a router that is about to change
    "starting": router(success_start_service="0"),
    "dns_pinned": router(wan0_dnsenable_x="0", wan0_dns1_x="9.9.9.9", dhcp_dns1_x="9.9.9.9"),
    "dns_of_one_line": router(dhcp_dns1_x="203.0.113.53"),
    "lines_overlap": router(wan1_ipaddr="203.0.113.66", wan1_netmask="255.255.255.0"),
    "ddns_behind_nat": router(
        ddns_enable_x="1", ddns_wan_unit="0", wan0_ipaddr="100.64.1.2", wan0_realip_ip="192.0.2.1"
    ),
    "busy": router(rc_service="restart_wan"),
    "nightly_reboot": router(reboot_schedule_enable="1"),
    "ddns_on_backup": router(ddns_enable_x="1", ddns_wan_unit="-1"),
    "double_nat": router(wan0_ipaddr="192.168.178.20", wan0_gateway="192.168.178.1"),
    # detection
    "detection_numbers": router(wandog_interval="5x"),
    "target_in_lan": router(wandog_target="192.168.50.20"),
    "target_is_gateway": router(wandog_target="203.0.113.1"),
    "hair_trigger": router(wandog_maxfail="2"),
    "hasty_failback": router(wandog_fb_count="2"),
    "dns_probe_waits": router(dns_probe="1", dns_probe_timeout="5"),
    "slow_detection": router(wandog_maxfail="30"),
    "long_pause": router(wandog_delay="90"),
    "target_by_name": router(wandog_target="example.com"),
    # the lines
    "no_probe": router(wandog_enable="0"),
    "no_failback": router(wans_mode="fo"),
    "same_subnet": router(wan1_ipaddr="192.168.50.7", wan1_netmask="255.255.255.0"),
    "tether_subnet": router(lan_ipaddr="192.168.42.1"),
    "load_balance": router(wans_mode="lb"),
    "mode": router(wans_mode="zz"),
    "no_target": router(wandog_target="", dns_probe="1"),
    "overridden": router(web_redirect="1"),
    "on_demand": router(wan0_proto="pppoe", wan0_pppoe_demand="1"),
    "modem_off": router(modem_enable="0"),
    "primary_disabled": router(wan0_enable="0"),
    "secondary_disabled": router(wan1_enable="0"),
    "primary_unplugged": router(wan0_auxstate_t="1"),
    "secondary_unplugged": router(**LAN_SECOND, wan1_auxstate_t="1"),
    "primary_phone_missing": router(wans_dualwan="usb wan", **NO_PHONE_SEEN, link_wan="0"),
    "secondary_phone_missing": router(**NO_PHONE_SEEN),
    "primary_stopped": router(wan0_state_t="4", wan0_sbstate_t="3"),
    "secondary_stopped": router(wan1_state_t="4", wan1_sbstate_t="4"),
    "primary_disconnected": router(wan0_auxstate_t="2"),
    "secondary_disconnected": router(wan1_auxstate_t="2"),
    "on_backup": router(wan0_primary="0", wan1_primary="1", wan1_state_t="2"),
    "no_internet": router(link_internet="1"),
    # the past
    "drill_not_given_back": drilled(given_back=False),
    "flapping": judged("no_flapping"),
    "unjustified_switch": drilled(switches=[{"at": 3.0, "to": "secondary", "justified": False}]),
    "last_drill_failed": drilled(verdict="failed"),
    "last_drill_slow": drilled(verdict="slow"),
    "last_drill_aborted": drilled(verdict="aborted"),
    "drill_old": drilled(started=NOW - 100 * DAY),
    "never_drilled": a_scene(drills=()),
}
