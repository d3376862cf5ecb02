# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names say what goes on rather than what is set."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import SETTINGS
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._volatile import (
    OF_THE_FIRMWARE,
    VOLATILE,
    differing,
    is_volatile,
    restorable,
)

STATES = """
wan0_state_t wan1_sbstate_t wan_auxstate_t wan0_primary wan1_realip_ip wan0_ipaddr wan0_xgateway wan0_dns wan1_expires
wan0_lease wan1_ifname wan0_gw_ifname link_wan link_wan1 link_internet rc_service rc_service_pid usb_path1 usb_path1.2.3
usb_modem_act_path usb_modem_auto_running wans_usb_bk_act modem_bytes_rx modem_bytes_tx_reset wl0_tx_bytes
success_start_service asus_device_list nmp_client_list httpd_login_fail_num httpds_fail_num login_timestamp ddns_status
webs_state_info wan_unit freeze_duck
""".split()
SETTINGS_LIKE_STATES = """
wan0_ipaddr_x wan0_gateway_x wan0_dns1_x wan1_proto wan0_enable wan0_ifname_x wan0_mtu wan0_hwaddr_x dhcp_lease
lan_lease lan_ipaddr lan_netmask lan_gateway lan_domain link_aggregation modem_bytes_data_limit
modem_bytes_data_warning wl0_ssid http_passwd login_authorization_x ddns_hostname_x ddns_enable_x
webs_update_enable firmware_check_enable usb_wan_enable
""".split()


@pytest.mark.parametrize("name", STATES)
def test_a_state_makes_two_files_no_different(name):
    assert differing({name: "1"}, {name: "2"}) == ()
    assert restorable({name: "1"}, {name: "2"}) == ()


@pytest.mark.parametrize("name", SETTINGS_LIKE_STATES)
def test_a_setting_does_whatever_it_is_called(name):
    assert differing({name: "1"}, {name: "2"}) == (name,)
    assert restorable({name: "1"}, {name: "2"}) == (name,)


def test_every_setting_of_dual_wan_counts():
    assert [setting.nvram for setting in SETTINGS if is_volatile(setting.nvram)] == ["wans_usb_bk_act"]


@pytest.mark.parametrize(
    "name", ["buildno", "extendno", "rc_support", "lan_hwaddr", "et0macaddr", "0:maclo", "wan_ifnames"]
)
def test_a_new_firmware_makes_a_new_file_and_is_not_undone_by_an_old_one(name):
    assert differing({name: "1"}, {name: "2"}) == (name,)
    assert restorable({name: "1"}, {name: "2"}) == ()


BY_ITSELF = {"wans_dualwan": "wan usb", "wans_usb_bk": "1", "wans_usb_bk_act": "1"}
WITHOUT_PHONE = {"wans_dualwan": "wan none", "wans_usb_bk": "1", "wans_usb_bk_act": "0"}


def test_a_line_that_auto_usb_backup_adds_and_takes_away_is_a_state():
    for one, other in ((BY_ITSELF, WITHOUT_PHONE), (WITHOUT_PHONE, BY_ITSELF)):
        assert differing(one, other) == ()
        assert restorable(one, other) == ()


@pytest.mark.parametrize(
    ("wanted", "present", "names"),
    [
        ({**WITHOUT_PHONE, "wans_dualwan": "lan none"}, BY_ITSELF, ("wans_dualwan",)),
        ({**WITHOUT_PHONE, "wans_dualwan": "wan lan"}, BY_ITSELF, ("wans_dualwan",)),
        # Switched on by a person; off, with the automatic off as well; and one that has just been switched off.
        (WITHOUT_PHONE, {**BY_ITSELF, "wans_usb_bk_act": "0"}, ("wans_dualwan",)),
        ({**WITHOUT_PHONE, "wans_usb_bk": "0"}, BY_ITSELF, ("wans_usb_bk",)),
        ({**WITHOUT_PHONE, "wans_usb_bk": "0"}, {**BY_ITSELF, "wans_usb_bk": "0"}, ("wans_dualwan",)),
        ({**BY_ITSELF, "wans_usb_bk_act": "0"}, BY_ITSELF, ()),
    ],
)
def test_a_line_that_somebody_wants_is_a_setting(wanted, present, names):
    assert restorable(wanted, present) == names


def test_absent_and_empty_are_the_same():
    assert differing({"a": "", "b": "x"}, {"b": "x"}) == ()


def test_a_restore_leaves_what_is_not_in_the_file():
    assert restorable({"a": "1"}, {"a": "1", "b": "2"}) == ()
    assert restorable({"a": "1", "b": ""}, {"a": "1", "b": "2"}) == ("b",)
    assert restorable({"a": "1", "c": "3"}, {"a": "1"}) == ("c",)


@pytest.mark.parametrize("row", [*VOLATILE, *OF_THE_FIRMWARE], ids=lambda row: row.pattern[:20])
def test_every_row_says_what_it_is(row):
    assert row.what
