# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One line off, on, and reconnected, in a house that fails over."""

from __future__ import annotations

from typing import Any

import pytest

from integration.house import House

UNCHANGED = ["login", "read", "logout"]


@pytest.fixture
def backed_up(house: House) -> House:
    """Dual WAN on, the phone ready to take over, and nobody has asked anything since."""
    up(house, failback=True)
    return house


def up(house: House, *, failback: bool) -> None:
    detection = {"interval": 2, "failover_count": 2, "failback_count": 2, "ping_target": "1.1.1.1"}
    house.run("asus_dualwan", state="enabled", failback=failback, usb_device="android", detection=detection)
    house.run("android_usb_tether")
    house.until(lambda: house.run("asus_wan_info")["ready"], "the backup ready")
    house.forget()


def active(house: House) -> Any:
    return house.run("asus_wan_info")["active"]


@pytest.mark.parametrize("failback", [True, False])
def test_the_primary_off_puts_the_traffic_on_the_phone(house: House, failback: bool) -> None:
    up(house, failback=failback)
    off = house.run("asus_wan", wan="primary", state="disabled")
    assert (off["changed"], off["after"]["status"], off["active"]) == (True, "disabled", "secondary")
    assert "Nothing is in reserve" in off["warnings"][0]
    kinds = house.kinds()
    assert (kinds.count("login"), kinds.count("write"), kinds[-1]) == (1, 3, "logout")
    state = house.lab.ctl("router", "state")
    assert (state["active_wan"], state["internet"]) == (1, True)


def test_without_failback_the_primary_on_again_stands_by_until_it_is_needed(house: House) -> None:
    up(house, failback=False)
    house.run("asus_wan", wan="primary", state="disabled")
    on = house.run("asus_wan", wan="primary", state="enabled")
    assert (on["after"]["status"], on["active"]) == ("hot_standby", "secondary")
    back = house.run("asus_wan", wan="secondary", state="disabled")
    assert (back["after"]["status"], back["active"]) == ("disabled", "primary")


def test_a_line_that_is_off_takes_no_traffic_back_until_it_is_on(backed_up: House) -> None:
    house = backed_up
    house.lab.ctl("wan", "link", "0", "down")
    house.until(lambda: active(house) == "secondary", "the failover")
    off = house.run("asus_wan", wan="primary", state="disabled")
    assert (off["changed"], off["activation"]) == (True, "restart_wan_if 0")

    house.lab.ctl("wan", "link", "0", "up")
    house.until(lambda: house.run("asus_wan_info")["wans"][0]["link"], "the cable back")
    later = house.lab.ctl("clock")["now"] + 30  # several times what a failback takes here
    house.until(lambda: house.lab.ctl("clock")["now"] > later, "the time")
    assert active(house) == "secondary"
    on = house.run("asus_wan", wan="primary", state="enabled")
    assert on["connected"] is True
    house.until(lambda: active(house) == "primary", "the failback")


def test_a_line_where_it_is_wanted_is_read_once(backed_up: House) -> None:
    for state in ("enabled", "disabled"):
        backed_up.run("asus_wan", wan="secondary", state=state)
        backed_up.forget()
        assert backed_up.run("asus_wan", wan="secondary", state=state)["changed"] is False
        assert backed_up.kinds() == UNCHANGED


def test_an_idle_line_costs_one_write_and_is_switched_by_its_own_name_once_the_router_has_booted(
    backed_up: House,
) -> None:
    house = backed_up
    assert house.run("asus_wan", wan="secondary", state="disabled")["changed"] is True
    assert posted(house) == [["wan1_enable"], ["wan_enable", "wan_unit"]]
    house.lab.ctl("router", "reboot")
    house.until(lambda: not house.lab.ctl("router", "state")["up"], "the reboot")
    house.until(lambda: house.lab.ctl("router", "state")["up"], "the router up again")
    house.until(lambda: active_or_none(house), "the primary connected")

    house.forget()
    on = house.run("asus_wan", wan="secondary", state="enabled")
    assert posted(house) == [["wan1_enable"]]
    kinds = house.kinds()
    assert (kinds[:3], kinds[-2:], kinds.count("login")) == (["login", "read", "write"], ["read", "logout"], 1)
    assert on["after"]["status"] in ("cold_standby", "hot_standby")


def posted(house: House) -> list[list[str]]:
    """The names of each write."""
    fields = [request["names"] for request in house.lab.ctl("router", "requests") if request["kind"] == "write"]
    return [sorted(name for name in names if name.startswith("wan")) for names in fields]


def active_or_none(house: House) -> Any:
    outcome = house.run("asus_wan_info")
    return None if outcome.failed else outcome["active"] == "primary" and outcome["internet"]


@pytest.mark.parametrize("state", ["disabled", "reconnected"])
def test_without_a_backup_the_line_is_left_alone(backed_up: House, state: str) -> None:
    house = backed_up
    house.lab.ctl("cable", "pull")
    house.until(lambda: not house.run("asus_wan_info")["ready"], "the phone gone")
    house.forget()
    outcome = house.run("asus_wan", wan="primary", state=state)
    assert outcome["reason"] == "bad_wish"
    assert "even_without_backup" in outcome.message
    assert house.kinds() == UNCHANGED
    assert house.lab.ctl("router", "state")["internet"] is True


def test_there_is_no_secondary_while_dual_wan_is_off(house: House) -> None:
    outcome = house.run("asus_wan", wan="secondary", state="enabled")
    assert outcome["reason"] == "bad_wish"
    assert "asus_dualwan" in outcome.message
    assert house.kinds() == UNCHANGED


def test_the_only_line_is_reconnected_where_that_is_asked_for(house: House) -> None:
    outcome = house.run("asus_wan", wan="primary", state="reconnected", even_without_backup=True)
    assert (outcome["changed"], outcome["connected"]) == (True, True)
    assert outcome["seconds"] > 0
    assert outcome["before"]["address"] == outcome["after"]["address"] == "203.0.113.20"
    services = [service["service"] for service in house.lab.ctl("router", "state")["services"]]
    assert services == ["restart_wan_if 0"]
    assert house.kinds().count("write") == 1


def test_the_phone_is_reconnected_while_it_stands_by(backed_up: House) -> None:
    outcome = backed_up.run("asus_wan", wan="secondary", state="reconnected")
    assert (outcome["changed"], outcome["active"]) == (True, "primary")
    assert outcome["after"]["status"] in ("cold_standby", "hot_standby")


def test_a_line_without_its_phone_is_switched_on_with_a_warning(backed_up: House) -> None:
    house = backed_up
    house.run("asus_wan", wan="secondary", state="disabled")
    house.lab.ctl("cable", "pull")
    house.until(lambda: not house.run("asus_wan_info")["phone"]["seen"], "the phone gone")
    outcome = house.run("asus_wan", wan="secondary", state="enabled")
    assert (outcome["changed"], outcome["connected"]) == (True, False)
    assert outcome["after"]["status"] == "phone_missing"
    assert "USB tethering" in outcome["warnings"][0]


def test_a_line_that_does_not_return_is_told(house: House) -> None:
    house.run("asus_wan", wan="primary", state="disabled", even_without_backup=True)
    house.lab.ctl("wan", "upstream", "0", "silent")
    house.until(lambda: not house.lab.ctl("router", "state")["internet"], "the internet gone")
    outcome = house.run("asus_wan", wan="primary", state="enabled", wait_seconds=1)
    assert outcome["reason"] == "not_activated"
    assert "its switch is stored" in outcome.message
    assert house.nvram("wan0_enable") == {"wan0_enable": "1"}


@pytest.mark.parametrize(("wan", "state"), [("primary", "disabled"), ("secondary", "reconnected")])
def test_check_mode_writes_nothing(backed_up: House, wan: str, state: str) -> None:
    before = backed_up.lab.ctl("router", "state")["services"]
    outcome = backed_up.run("asus_wan", check_mode=True, wan=wan, state=state)
    assert (outcome["changed"], outcome["after"]) == (True, None)
    assert backed_up.kinds() == UNCHANGED
    assert backed_up.lab.ctl("router", "state")["services"] == before
