# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer for who keeps LlamaLab Automate: what it tells, what is started, what is left to a hand."""

from __future__ import annotations

from typing import Any

import pytest

from integration.house import House, Outcome

FLOW = "content://com.llamalab.automate.provider/flows/1/statements/1"
NOTE = "/data/local/tmp/homelab.dualwan.automate"


def keepalive(house: House, **options: Any) -> Outcome:
    outcome = house.run("android_tether_keepalive", **{"strategy": ["automate"], "automate_flow": FLOW, **options})
    assert not outcome.failed, outcome.message
    return outcome


def app(house: House, state: str) -> None:
    house.lab.ctl("phone", "set", "automate", state)


def on_the_phone(house: House) -> dict[str, Any]:
    found: dict[str, Any] = house.phone_state()["automate"]
    return found


def test_the_flow_is_started_once_and_left_alone_by_the_battery_optimisation(house: House) -> None:
    app(house, "privileged")
    done = keepalive(house)
    assert (done["layers"]["automate"]["before"], done["layers"]["automate"]["after"]) == ("absent", "running")
    assert done["warnings"] == []
    assert on_the_phone(house) == {"installed": True, "privileged": True, "runs": True, "exempt": True, "starts": 1}
    again = keepalive(house)
    assert (again["changed"], on_the_phone(house)["starts"]) == (False, 1)
    assert again["by_hand"] == [
        "let Automate run on system startup, in its settings: whether it does is told to nobody"
    ]


def test_it_brings_the_tether_back_after_a_wiggle(house: House) -> None:
    app(house, "privileged")
    house.run("android_usb_tether", plug_in_default=False)
    keepalive(house)
    with house.tether_lost():
        house.lab.ctl("cable", "wiggle", "5")
    house.until(house.serving, "the tether again, by the flow")


@pytest.mark.parametrize("flow", ["content://com.llamalab.automate.provider/flows/1", FLOW])
def test_a_flow_is_named_with_or_without_its_statement(house: House, flow: str) -> None:
    app(house, "privileged")
    keepalive(house, automate_flow=flow)
    assert on_the_phone(house)["runs"]


def test_a_privileged_service_that_does_not_run_is_a_warning_and_for_a_hand(house: House) -> None:
    app(house, "installed")
    done = keepalive(house)
    assert any("privileged service does not run" in warning for warning in done["warnings"])
    assert any(hand.startswith("start Automate's privileged service") for hand in done["by_hand"])
    assert on_the_phone(house)["runs"]


def test_what_adb_has_started_ends_with_adbd_and_is_told(house: House) -> None:
    app(house, "privileged")
    keepalive(house)
    house.lab.ctl("phone", "restart-adbd")
    assert any("privileged service" in warning for warning in keepalive(house)["warnings"])


def test_after_a_reboot_it_is_started_anew(house: House) -> None:
    app(house, "privileged")
    keepalive(house)
    house.lab.ctl("phone", "reboot")
    house.until(lambda: house.phone_state()["boots"] == 2, "the phone again")
    house.until(lambda: not house.run("android_info").failed, "the phone by adb")
    assert keepalive(house)["changed"] is True
    assert on_the_phone(house)["starts"] == 2


def test_without_the_app_it_is_refused_by_name_and_left_out_of_auto(house: House) -> None:
    refused = house.run("android_tether_keepalive", strategy=["automate"], automate_flow=FLOW)
    assert refused["reason"] == "not_supported"
    assert "Automate is not installed" in refused.message
    done = keepalive(house, strategy=["auto"])
    assert done["layers"]["automate"]["chosen"] is False
    assert [hand.partition(" on the")[0] for hand in done["by_hand"]] == ["install LlamaLab Automate"]


def test_auto_takes_it_besides_where_a_flow_is_named(house: House) -> None:
    app(house, "privileged")
    assert keepalive(house, strategy=["auto"], automate_flow=None)["layers"]["automate"]["chosen"] is False
    assert not on_the_phone(house)["runs"]
    done = keepalive(house, strategy=["auto"])
    assert [name for name, layer in done["layers"].items() if layer["chosen"]] == ["default_usb", "loop", "automate"]
    assert keepalive(house, strategy=["auto"])["changed"] is False


def test_check_mode_promises_and_starts_nothing(house: House) -> None:
    app(house, "privileged")
    promised = keepalive(house, check_mode=True)
    assert (promised["changed"], on_the_phone(house)["starts"], on_the_phone(house)["exempt"]) == (True, 0, False)
    done = keepalive(house)
    assert (promised["layers"], promised["diff"]) == (done["layers"], done["diff"])


def test_a_flow_that_is_not_there_is_told(house: House) -> None:
    app(house, "privileged")
    wrong = FLOW.replace("flows/1/", "flows/9/")
    outcome = house.run("android_tether_keepalive", strategy=["automate"], automate_flow=wrong)
    assert outcome["reason"] == "not_stored"
    assert "Automate does not run" in outcome.message


@pytest.mark.parametrize("strategy", [["automate"], ["auto"]])
def test_a_start_that_android_refuses_is_told_by_its_cause_and_leaves_what_can_be_undone(
    house: House, strategy: list[str]
) -> None:
    app(house, "privileged")
    house.lab.ctl("phone", "set", "am", "refuses")
    outcome = house.run("android_tether_keepalive", strategy=strategy, automate_flow=FLOW)
    assert outcome["reason"] == "not_stored"
    assert "Permission Denial" in outcome.message
    assert keepalive(house, strategy=strategy, state="absent", automate_flow=None)["changed"] is True
    assert (on_the_phone(house)["exempt"], house.shell(f"ls {NOTE}")) == (False, "")


@pytest.mark.parametrize("strategy", [["automate"], ["auto"]])
def test_removed_is_what_can_be_and_the_rest_is_told(house: House, strategy: list[str]) -> None:
    app(house, "privileged")
    keepalive(house, strategy=strategy)
    gone = keepalive(house, strategy=strategy, state="absent", automate_flow=None)
    assert gone["changed"] is True
    assert "stop the flow in Automate: nobody can from outside" in gone["by_hand"]
    (diff,) = [one for one in gone["diff"] if "flow of Automate" in one["before"]]
    assert "battery optimisation: yes" in diff["before"]
    assert "battery optimisation: no" in diff["after"]
    assert (on_the_phone(house)["exempt"], house.shell(f"ls {NOTE}")) == (False, "")
    assert keepalive(house, strategy=strategy, state="absent", automate_flow=None)["changed"] is False


def test_who_had_exempted_it_before_keeps_that(house: House) -> None:
    app(house, "privileged")
    house.shell("cmd deviceidle whitelist +com.llamalab.automate")
    keepalive(house)
    (diff,) = keepalive(house, state="absent")["diff"]
    assert "battery optimisation: yes" in diff["after"]
    assert on_the_phone(house)["exempt"] is True


@pytest.mark.parametrize("state", ["paused", "stopped"])
def test_it_can_be_neither_paused_nor_stopped_from_outside(house: House, state: str) -> None:
    app(house, "privileged")
    keepalive(house)
    outcome = keepalive(house, state=state)
    assert outcome["changed"] is False
    assert outcome["layers"]["automate"]["after"] == "running"
    assert outcome["by_hand"] == ["stop the flow in Automate: nobody can from outside"]


def test_android_info_tells_of_the_app(house: House) -> None:
    app(house, "privileged")
    keepalive(house)
    assert house.run("android_info")["automate"] == {
        "installed": True,
        "privileged_service": True,
        "any_flow_runs": True,
        "battery_optimised": False,
        "flow_started": FLOW,
    }
