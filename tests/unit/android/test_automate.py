# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the phone tells of Automate, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._automate import (
    FLOW,
    automate_from,
    commands,
    plan,
)

URI = "content://com.llamalab.automate.provider/flows/3/statements/1"
SECTIONS = {
    "automate_app": "package:/data/app/com.llamalab.automate-1/base.apk",
    "automate_privileged": "1",
    "automate_service": "2",
    "automate_exempt": "1",
    "automate_note": f"flow={URI}\nboots=7\nexempted=yes",
    "boot_count": "7",
}
RUNNING = automate_from(SECTIONS)


def steps(planned):
    return " ".join(name for name in ("exempt", "start", "restore", "forget") if getattr(planned, name))


def test_a_phone_in_order():
    assert (RUNNING.installed, RUNNING.privileged, RUNNING.service, RUNNING.exempt, RUNNING.exempted) == (True,) * 5
    assert (RUNNING.flow, RUNNING.flow_boots) == (URI, "7")
    assert RUNNING.running(URI)


@pytest.mark.parametrize(
    "differs",
    [
        {"automate_service": "0"},
        {"boot_count": "8"},
        {"automate_note": ""},
        {"automate_note": "flow=content://other\nboots=7"},
    ],
    ids=["the app ended", "the phone has booted since", "nothing was started", "another flow was"],
)
def test_when_the_flow_has_to_be_started_again(differs):
    assert steps(plan("started", URI, automate_from({**SECTIONS, **differs}))) == "start"


@pytest.mark.parametrize(
    ("state", "now", "expected"),
    [
        ("started", RUNNING, ""),
        ("started", replace(RUNNING, exempt=False), "exempt"),
        ("paused", RUNNING, ""),
        ("stopped", RUNNING, ""),
        ("absent", RUNNING, "restore forget"),
        ("absent", replace(RUNNING, exempted=False), "forget"),
        ("absent", replace(RUNNING, exempted=False, flow=None), ""),
    ],
)
def test_the_steps(state, now, expected):
    assert steps(plan(state, URI, now)) == expected


def test_the_type_is_told_where_it_is_known():
    now = replace(RUNNING, service=False)
    whole, short = URI, URI.partition("/statements")[0]
    assert "-t vnd.android.cursor.item" in commands(plan("started", whole, now), whole, now)
    assert " -t " not in commands(plan("started", short, now), short, now)


def test_what_is_to_be_undone_is_written_down_before_it_is_done():
    now = automate_from({**SECTIONS, "automate_note": "", "automate_exempt": "0", "automate_service": "0"})
    script = commands(plan("started", URI, now), URI, now)
    order = ("exempted=yes", "whitelist +", "am start")
    assert sorted(order, key=script.index) == list(order)
    assert script.index(f"flow={URI}") < script.index("am start"), "cut off behind it, it would be started twice"


def test_a_flow_is_not_taken_for_another_that_runs():
    now = automate_from({**SECTIONS, "automate_note": ""})
    script = commands(plan("started", URI, now), URI, now)
    assert script.index("am start") < script.index(f"flow={URI}"), "cut off before it, it would count as running"


def test_an_exemption_that_was_not_followed_by_a_start_is_undone():
    now = automate_from({**SECTIONS, "automate_note": "exempted=yes"})
    assert steps(plan("absent", URI, now)) == "restore forget"


@pytest.mark.parametrize(
    ("uri", "known"),
    [
        (URI, True),
        ("content://com.llamalab.automate.provider/flows/3", True),
        ("content://com.llamalab.automate.provider/flows/3/", False),
        ("content://com.llamalab.automate.provider/flows/3; reboot", False),
        ("content://com.example/flows/3", False),
    ],
)
def test_what_is_a_flow(uri, known):
    assert bool(FLOW.fullmatch(uri)) is known


def test_an_app_that_is_not_there_is_nothing():
    assert automate_from({"automate_note": ""}).as_result() == {
        "installed": False,
        "privileged_service": False,
        "any_flow_runs": False,
        "battery_optimised": None,
        "flow_started": None,
    }
