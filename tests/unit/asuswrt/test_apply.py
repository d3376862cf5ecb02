# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two endpoints, one table behind them: what is posted, and what the answer says."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._apply import (
    Written,
    app_answer,
    app_form,
    by_unit,
    page_answer,
    page_form,
    stored_as,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadReply

DEFINITIONS = "<script>function done_committing(){ }\nfunction restart_needed_time(second){ time = second; }</script>"


def page(*calls):
    return f"<html><head>{DEFINITIONS}</head>{''.join(f'<script>{call};</script>' for call in calls)}</html>"


def test_the_app_s_form():
    assert app_form({"wans_mode": "fb"}, "reboot") == {
        "action_mode": "apply",
        "wans_mode": "fb",
        "rc_service": "reboot",
    }
    assert "rc_service" not in app_form({"wans_mode": "fb"}, "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('{ "modify": "1", "run_service": "restart_wan_if 0" }', Written(True, "restart_wan_if 0")),
        ('{ "modify": "0" }', Written(False, "")),
        # 3006 has one more, which may be junk.
        ('{ "modify": "1", "run_service": "reboot", "restart_needed_time": 32767 }', Written(True, "reboot")),
    ],
    ids=["service", "none", "3006"],
)
def test_the_app_s_answer(text, written):
    assert app_answer(text) == written


@pytest.mark.parametrize("text", ['{"statusCode":"4001"}', "", "<html></html>", "{}"])
def test_any_other_answer_is_unclear(text):
    with pytest.raises(BadReply) as failed:
        app_answer(text)
    assert failed.value.cure


@pytest.mark.parametrize("changes", [{"wans_mode": "fb"}, {}], ids=["with values", "alone"])
def test_the_page_s_form_has_its_service_run_whether_anything_is_new_or_not(changes):
    form = page_form(changes, "start_multipath")
    assert (form["action_mode"], form["action_script"]) == ("apply", "start_multipath")
    assert changes.items() <= form.items()


def test_the_page_puts_the_unit_behind_by_itself():
    form = page_form({"wan1_enable": "0"}, "restart_wan_if 1")
    assert (form["action_script"], form["wan_unit"]) == ("restart_wan_if", "1")


@pytest.mark.parametrize(
    ("calls", "service", "written"),
    [
        (("no_changes_and_no_committing()",), "reboot", Written(False, "")),
        (("done_committing()",), "", Written(True, "")),
        (("done_committing()", "restart_needed_time(10)"), "start_multipath", Written(True, "start_multipath")),
        # httpd's own mind: nothing but wans_mode changed, and a reboot took the place of what was asked for.
        (("done_committing()", "restart_needed_time(70)"), "", Written(True, "reboot")),
    ],
    ids=["nothing new", "stored", "service", "its own reboot"],
)
def test_the_page_s_verdict(calls, service, written):
    assert page_answer(page(*calls), service) == written


def test_a_page_without_a_verdict_is_unclear():
    with pytest.raises(BadReply, match="no verdict"):
        page_answer(page(), "")


@pytest.mark.parametrize(
    ("values", "posted"),
    [
        ({}, []),
        ({"wan1_enable": "1"}, [{"wan_unit": "1", "wan_enable": "1"}]),
        (
            {"wan1_enable": "1", "wan0_enable": "1", "wan1_ifname_x": "eth0"},
            [{"wan_unit": "0", "wan_enable": "1"}, {"wan_unit": "1", "wan_enable": "1", "wan_ifname_x": "eth0"}],
        ),
    ],
    ids=["nothing", "one line", "both lines"],
)
def test_what_is_of_a_line_is_posted_by_its_unit_and_stored_under_its_number(values, posted):
    assert list(by_unit(values)) == posted
    assert {name: value for one in posted for name, value in stored_as(one).items()} == values


def test_what_is_of_no_line_is_stored_as_it_is_posted():
    assert stored_as({"wans_mode": "fb"}) == {"wans_mode": "fb"}
