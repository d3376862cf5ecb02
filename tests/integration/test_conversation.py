# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes over the line, counted."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from benchmarks.process import count_programs
from integration.house import House
from tools.needs import unavailable
from unit.builders import CONNECTION

WISH = {"state": "enabled", "failback": True, "usb_device": "android", "detection": {"ping_target": "1.1.1.1"}}


def test_a_router_in_order_is_read_once(house: House) -> None:
    house.run("asus_dualwan", **WISH)
    house.forget()
    assert house.run("asus_dualwan", **WISH)["changed"] is False
    assert house.kinds() == ["login", "read", "logout"]


def test_a_change_costs_one_write_and_is_read_back(house: House) -> None:
    outcome = house.run("asus_dualwan", **WISH)
    assert outcome["changed"] is True
    assert outcome["activation"] == "start_multipath"
    kinds = house.kinds()
    assert kinds.count("write") == 1
    assert kinds.count("login") == 1
    assert (kinds[0], kinds[-2], kinds[-1]) == ("login", "read", "logout")


def test_what_the_daemon_takes_up_by_itself_needs_no_service(house: House) -> None:
    house.run("asus_dualwan", **WISH)
    house.forget()
    outcome = house.run("asus_dualwan", detection={"interval": 9, "failover_count": 2}, failback=False)
    assert (outcome["changed"], outcome["activation"], outcome["rebooted"]) == (True, "none", False)
    assert house.kinds() == ["login", "read", "write", "read", "logout"]


def test_check_mode_foretells_and_never_writes(house: House) -> None:
    foretold = house.run("asus_dualwan", check_mode=True, **WISH)
    assert house.kinds() == ["login", "read", "logout"]
    done = house.run("asus_dualwan", **WISH)
    assert (foretold["changed"], foretold["activation"]) == (done["changed"], done["activation"])
    assert foretold["after"] == done["after"]


def test_a_reboot_is_waited_for_and_read_back(house: House) -> None:
    outcome = house.run("asus_dualwan", **WISH, activation="reboot")
    assert (outcome["rebooted"], outcome["after"]["state"]) == (True, "enabled")
    assert house.lab.ctl("router", "state")["boots"] == 2
    assert house.kinds().count("login") == 2  # the reboot ended the first session


def test_info_never_writes(house: House) -> None:
    house.run("asus_wan_info")
    assert house.kinds() == ["login", "read", "logout"]


def test_a_phone_in_order_is_asked_once_and_told_nothing(house: House) -> None:
    house.run("android_usb_tether")
    house.run("android_tether_keepalive")
    house.lab.ctl("phone", "forget-log")
    before = house.phone_state()["adb"]["requests"]
    assert house.run("android_usb_tether")["changed"] is False
    assert house.run("android_tether_keepalive")["changed"] is False
    assert house.run("android_info")["usb"]["serving"] is True
    assert house.phone_state()["adb"]["requests"] - before == 3
    assert [entry for entry in house.lab.ctl("phone", "log") if "set" in entry["what"]] == []


def test_the_router_task_starts_no_program_beside_ansible_playbook(house: House) -> None:
    house.run("asus_dualwan", **WISH)
    play = Path(__file__).parents[1] / "benchmarks" / "router.yml"
    house.play(play)
    started = count_programs(house.command(play), house.environment())
    if started is None:
        unavailable("strace, with leave to trace")
    assert started == 2  # the script's interpreter line, and ansible-playbook itself


def test_a_thousand_names_and_a_full_rule_list_are_read_whole(house: House) -> None:
    rules = "".join(f"<192.168.50.{number}>198.51.100.0/24>1" for number in range(2, 34))[:1024]
    house.lab.ctl("router", "set", "wans_routing_rulelist", rules)
    house.lab.ctl("router", "set", "wan0_name_of_some_length_999", "the last")
    names = [f"wan0_name_of_some_length_{number}" for number in range(1000)]
    with Session(router_from({**CONNECTION, "tls": True, **house.router})) as session:
        found = session.read(names, ["wans_routing_rulelist"])
    assert len(found) == 1001
    assert found["wan0_name_of_some_length_999"] == "the last"
    assert found["wans_routing_rulelist"] == rules
