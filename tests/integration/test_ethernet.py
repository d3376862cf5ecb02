# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other way to plug in: a USB-C Ethernet adapter at the phone, and a cable from it into a LAN port."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.house import House, Report

BY_ETHERNET = ("-e", "backup_plug=ethernet", "-e", "router_lan_port=3")


@pytest.fixture
def by_ethernet(house: House) -> House:
    house.lab.ctl("cable", "plug", "lan")
    house.until(lambda: house.phone_state()["ethernet"]["adapter"], "the adapter")
    return house


def a_hand_switches_it(house: House, *, on: bool = True) -> None:
    house.lab.ctl("phone", "set", "ethernet_tether", str(on).lower())
    house.until(lambda: house.phone_state()["ethernet"]["serving"] is on, "the Ethernet tether")


def site(house: House, playbooks: Path, *arguments: str) -> Report:
    return house.play(playbooks / "site.yml", *BY_ETHERNET, *arguments)


def test_one_variable_brings_the_link_up_and_the_next_run_changes_nothing(by_ethernet: House, playbooks: Path) -> None:
    a_hand_switches_it(by_ethernet)
    first = site(by_ethernet, playbooks)
    assert first.code == 0, first.output
    stored = by_ethernet.nvram("wans_dualwan", "wans_lanport", "modem_android", "wans_usb_bk")
    assert stored["wans_dualwan"] == "wan lan"
    assert stored["wans_lanport"] == "3"
    phone = by_ethernet.phone_state()
    assert (phone["usb"]["default"], phone["processes"]) == ("none", [])

    by_ethernet.forget()
    second = site(by_ethernet, playbooks)
    assert second.code == 0, second.output
    assert second.changed == []
    assert set(by_ethernet.kinds()) == {"login", "read", "logout"}


def test_the_router_fails_over_to_the_phone_on_its_lan_port(by_ethernet: House, playbooks: Path) -> None:
    a_hand_switches_it(by_ethernet)
    site(by_ethernet, playbooks)
    by_ethernet.lab.ctl("wan", "upstream", "0", "silent")
    by_ethernet.until(
        lambda: by_ethernet.nvram("wan_primary", "link_internet") == {"wan_primary": "1", "link_internet": "2"},
        "the failover",
    )
    by_ethernet.lab.ctl("phone", "set", "mobile_data", "false")
    by_ethernet.until(lambda: by_ethernet.nvram("link_internet")["link_internet"] != "2", "the end of mobile data")


def test_what_only_a_hand_can_do_is_said(by_ethernet: House, playbooks: Path) -> None:
    report = site(by_ethernet, playbooks)
    assert report.code != 0
    assert "switch Ethernet tethering on in the phone's settings" in report.output
    found = report.of("android_ethernet_tether_info")[-1]
    assert (found["serving"], found["not_serving_why"]) == (False, "Ethernet tethering is off")


def test_until_ethernet_serves_a_tether_by_usb_is_left_on(house: House, playbooks: Path) -> None:
    assert house.play(playbooks / "site.yml").code == 0
    refused = site(house, playbooks, "--limit", "android_phones")
    assert refused.code != 0
    assert "the phone has no Ethernet adapter" in refused.output
    assert house.serving()
    assert house.keepalives()


def test_a_flow_of_automate_needs_no_hand(by_ethernet: House, playbooks: Path) -> None:
    by_ethernet.lab.ctl("phone", "set", "automate", "privileged")
    flow = "phone_automate_flow=content://com.llamalab.automate.provider/flows/1/statements/1"
    # What -e gives is a text, also where it is a number.
    given = ("-e", flow, "-e", "phone_ethernet_wait_seconds=120")
    first = site(by_ethernet, playbooks, *given)
    assert first.code == 0, first.output
    assert by_ethernet.phone_state()["ethernet"]["serving"] is True
    assert site(by_ethernet, playbooks, *given).changed == []


def test_a_wait_that_is_no_number_is_refused_before_the_phone_is_asked(by_ethernet: House, playbooks: Path) -> None:
    wrong = ("-e", "phone_ethernet_wait_seconds=soon", "--limit", "android_phones")
    report = site(by_ethernet, playbooks, *wrong)
    assert report.code != 0
    assert "phone_ethernet_wait_seconds is soon; give 0 to 3600" in " ".join(report.output.split())
    assert report.of("android_ethernet_tether_info") == []


def test_check_mode_writes_nothing_and_waits_for_no_hand(by_ethernet: House, playbooks: Path) -> None:
    report = site(by_ethernet, playbooks, "--check")
    assert report.code == 0, report.output
    assert set(by_ethernet.kinds()) == {"login", "read", "logout"}


def test_it_waits_for_the_hand(by_ethernet: House) -> None:
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        a_hand_switches_it(by_ethernet)

    found = by_ethernet.run("android_ethernet_tether_info", wait_seconds=60, tell=tell)
    assert found["serving"] is True
    assert len(told) == 1
    assert "for a hand: switch Ethernet tethering on" in told[0]


def test_the_tether_outlives_the_routers_reboot_and_not_the_adapter(by_ethernet: House) -> None:
    a_hand_switches_it(by_ethernet)
    by_ethernet.lab.ctl("cable", "wiggle", "5")
    assert by_ethernet.run("android_ethernet_tether_info")["serving"] is True
    by_ethernet.lab.ctl("cable", "pull")
    by_ethernet.lab.ctl("cable", "plug", "lan")
    assert by_ethernet.run("android_ethernet_tether_info")["not_serving_why"] == "Ethernet tethering is off"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("cable", "plug", "router"), "the phone has no Ethernet adapter"),
        (("phone", "set", "mobile_data", "false"), "the tether has no way out"),
        (("phone", "set", "ethernet_tether", "false"), "Ethernet tethering is off"),
    ],
)
def test_the_first_thing_that_is_missing_is_told(by_ethernet: House, words: tuple[str, ...], why: str) -> None:
    a_hand_switches_it(by_ethernet)
    by_ethernet.lab.ctl(*words)
    found = by_ethernet.run("android_ethernet_tether_info")
    assert (found["not_serving_why"], len(found["by_hand"])) == (why, 1)
    assert found["warnings"] == [f"The phone does not tether by Ethernet: {why}"]


def test_android_10_has_none(by_ethernet: House) -> None:
    by_ethernet.lab.ctl("phone", "set", "android", "10")
    by_ethernet.until(lambda: not by_ethernet.run("android_info").failed, "the other phone by adb")
    assert "Android 11" in by_ethernet.run("android_ethernet_tether_info")["not_serving_why"]


@pytest.mark.parametrize("wrong", [("backup_plug=thunderbolt",), ("backup_plug=ethernet",)], ids=["no plug", "no port"])
def test_a_plug_that_there_is_not_or_a_port_left_out_is_refused(
    house: House, playbooks: Path, wrong: tuple[str, ...]
) -> None:
    report = house.play(playbooks / "site.yml", "-e", *wrong)
    assert report.code != 0
    assert "router_lan_port, the LAN port that the phone's adapter" in " ".join(report.output.split())
    assert house.kinds() == []


def test_teardown_tells_the_hand_what_is_left(by_ethernet: House, playbooks: Path) -> None:
    a_hand_switches_it(by_ethernet)
    site(by_ethernet, playbooks)
    report = by_ethernet.play(playbooks / "teardown.yml", "-e", "backup_plug=ethernet")
    assert report.code == 0, report.output
    assert "switch Ethernet tethering off" in report.output
    assert by_ethernet.nvram("wans_dualwan")["wans_dualwan"] == "wan none"


def test_back_from_ethernet_to_usb(by_ethernet: House, playbooks: Path) -> None:
    a_hand_switches_it(by_ethernet)
    site(by_ethernet, playbooks)
    by_ethernet.lab.ctl("cable", "plug", "router")
    the_port_stays = ("-e", "backup_plug=usb", *BY_ETHERNET[2:])
    report = by_ethernet.play(playbooks / "site.yml", *the_port_stays)
    assert report.code == 0, report.output
    assert by_ethernet.nvram("wans_dualwan")["wans_dualwan"] == "wan usb"
    assert by_ethernet.play(playbooks / "site.yml", *the_port_stays).changed == []
