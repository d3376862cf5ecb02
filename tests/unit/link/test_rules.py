# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every rule fires in a house that ails from it, and none in a house that is in order."""

from __future__ import annotations

import re

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._readiness import ITEMS
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._guards import ROUTERS, WISHES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._never import REASONS
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._readiness import BLIND_SPOTS, CURES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._warnings import WARNINGS
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    LINK,
    NODE,
    PHONE,
    ROUTER,
    SEVERITIES,
    findings,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rulebook import BY_ID, RULES
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rules_guards import (
    LEFT_OUT,
    OF_ROUTERS,
    OF_SETTINGS,
    OF_WARNINGS,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rules_lines import (
    NEVER_WORDS,
    TOLD_ELSEWHERE,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rules_upkeep import CHECKLIST, NEVER_TOLD
from unit.link.ailments import AILMENTS, by_wifi, router
from unit.scenes import A_DRILL, DAY, NOW, a_scene


def ids(scene):
    return [finding.rule.id for finding in findings(scene, RULES)]


def test_a_house_in_order_has_no_finding():
    assert ids(a_scene()) == []


def test_every_rule_has_a_house_that_ails_from_it():
    assert set(AILMENTS) == set(BY_ID)


@pytest.mark.parametrize("name", AILMENTS)
def test_a_rule_fires_in_its_house(name):
    assert name in ids(AILMENTS[name])


def test_a_pause_that_was_forgotten_on_a_phone_without_a_script_is_found():
    """It holds for a machine that looks after the phone."""
    no_script = {"keepalive_sum": "", "keepalive_script": "", "keepalive_process": ""}
    scene = a_scene(phone={**no_script, "keepalive_paused": "/data/local/tmp/homelab.dualwan/paused"})
    assert "phone_keepalive_paused" in ids(scene)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_all_that_a_person_needs(rule):
    finding = next(found for found in findings(AILMENTS[rule.id], RULES) if found.rule is rule)
    assert re.fullmatch("[a-z][a-z_]+", rule.id)
    assert rule.severity in SEVERITIES
    assert rule.about in (ROUTER, PHONE, NODE, LINK)
    for text in (rule.what, finding.evidence, finding.cure, rule.source):
        assert text.strip(), rule.id
        assert not text.endswith("."), text
        assert "None" not in text.replace("Screen lock: None or Swipe", ""), text
    assert rule.what[0].isupper() or rule.what.startswith(("adb", "web_redirect")), rule.what


def test_what_a_rule_explains_is_a_rule():
    assert {effect for rule in RULES for effect in rule.explains} <= set(BY_ID)


def test_no_two_rules_have_the_same_name():
    assert len(BY_ID) == len(RULES)


def test_every_guard_and_warning_is_a_rule_or_is_left_out_with_a_reason():
    adopted = {row.id for row in (*OF_ROUTERS, *OF_SETTINGS, *OF_WARNINGS)}
    assert adopted | set(LEFT_OUT) == {each.id for each in (*ROUTERS, *WISHES, *WARNINGS)}
    assert not adopted & set(LEFT_OUT)


def test_every_problem_and_caution_of_asus_wan_info_is_a_rule():
    of_lines = {f"{role}_{status}" for role in ("primary", "secondary") for status in CURES}
    assert of_lines | {spot.problem.id for spot in BLIND_SPOTS} <= set(BY_ID)
    for name in AILMENTS:
        scene = AILMENTS[name]
        if scene.router:
            assert set(scene.router.problems) <= set(BY_ID), name
            assert set(scene.router.problems) <= set(ids(scene)), name


def test_every_reason_for_no_failover_is_a_rule_or_told_by_one():
    assert {reason.id for reason in REASONS} == set(NEVER_WORDS) | set(TOLD_ELSEWHERE)
    assert set(TOLD_ELSEWHERE.values()) <= set(BY_ID)


def fired(*drills):
    scene = a_scene(drills=tuple({**A_DRILL, **drill} for drill in drills))
    return {finding.rule.id: finding for finding in findings(scene, RULES)}


@pytest.mark.parametrize(
    "drill", [{"fault": "watch"}, {"fault": "tether_off"}, {"verdict": "failed"}, {"verdict": "aborted"}], ids=str
)
def test_a_drill_that_did_not_move_the_traffic_proves_nothing(drill):
    assert "none moved the traffic" in fired(drill)["never_drilled"].evidence
    assert "never_drilled" not in fired({}, drill)


def test_a_watch_does_not_make_an_old_proof_a_new_one():
    assert "drill_old" in fired({"started": NOW - 100 * DAY}, {"fault": "watch", "started": NOW - DAY})


def test_every_item_of_the_phones_checklist_is_a_rule_or_cannot_be_told():
    assert {item.name for item in ITEMS} == set(CHECKLIST) | set(NEVER_TOLD)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("LOADED", None),
        ("LOADED,PIN_REQUIRED", None),
        ("", None),
        ("ABSENT", "phone_sim_missing"),
        ("ABSENT,ABSENT", "phone_sim_missing"),
        ("ABSENT,", "phone_sim_missing"),
        ("PUK_REQUIRED", "phone_sim_locked"),
        ("NOT_READY,PIN_REQUIRED", "phone_sim_locked"),
        ("READY", "phone_sim_not_ready"),
        ("NOT_READY,ABSENT", "phone_sim_not_ready"),
        ("UNKNOWN", "phone_sim_not_ready"),
        ("CARD_IO_ERROR", "phone_sim_not_ready"),
    ],
)
def test_a_sim_is_missing_only_where_every_slot_says_so(said, found):
    of_sims = [name for name in ids(a_scene(phone={"sim": said})) if name.startswith("phone_sim_")]
    assert of_sims == ([found] if found else [])


NEAR_MISSES = {
    "hair_trigger": router(wandog_maxfail="3"),
    "hasty_failback": router(wandog_interval="5", wandog_fb_count="4"),
    "slow_detection": router(wandog_interval="5", wandog_maxfail="12"),
    "usb_mtu": router(modem_mtu="576"),
    "usb_mtu_small": router(modem_mtu="1280"),
    "limit_late_day": router(tl_enable="1", tl1_limit_enable="1", tl_date_start=str(int(NOW)), tl_cycle="28"),
    "limit_december": router(tl_enable="1", tl1_limit_enable="1", tl_date_start=str(int(NOW))),
    "limit_stuck": router(tl_enable="1", tl1_limit_enable="1", tl_date_start=str(int(NOW - 31 * DAY))),
    "limit_below_probes": router(tl_enable="1", tl1_limit_enable="1", tl1_limit_max="1", tl_date_start=str(int(NOW))),
    "limit_not_begun": router(tl_enable="0", tl1_limit_enable="1"),
    "no_data_cap": router(tl_enable=""),
    "dns_pinned": router(wan0_dnsenable_x="1", wan0_dns1_x="9.9.9.9", dhcp_dns1_x="9.9.9.9"),
    "dns_of_one_line": router(dhcp_dns1_x="192.168.50.2", wan0_dnsenable_x="0", wan0_dns1_x="1.1.1.1"),
    "ddns_on_backup": router(ddns_enable_x="1", ddns_wan_unit="0"),
    "ddns_behind_nat": router(ddns_enable_x="1", ddns_wan_unit="0"),
    "usb_device_type": router(buildno="388", modem_android="0"),
    "usb_known_to_fail": router(productid="TUF-AX3000_V2", buildno="386"),
    "usb_not_taken": router(usb_modem_act_dev="", link_wan1="0", modem_enable="0"),
    "double_nat": router(wan0_ipaddr="0.0.0.0", wan0_netmask="0.0.0.0"),
    "drill_old": a_scene(drills=({**A_DRILL, "started": NOW - 91 * DAY},)),
    "never_drilled": a_scene(drills=None),
    "phone_weak_signal": a_scene(phone={"signal": ""}),
    "phone_dun": a_scene(phone={"dun": "null"}),
    "phone_sim_missing": a_scene(phone={"sim": "ABSENT,LOADED"}),
    "phone_sim_locked": a_scene(phone={"sim": ""}),
    "phone_sim_not_ready": a_scene(phone={"sim": "NOT_READY,LOADED"}),
    "phone_old_android": a_scene(phone={"sdk": "28"}),
    "phone_drops": a_scene(phone={"keepalive_heartbeat": ""}),
    "phone_in_routers_wifi": a_scene(phone=by_wifi("192.168.88.77/24")),
    "starting": router(success_start_service="1"),
    "protection": router(wrs_protect_enable="1"),
    "rules": router(wans_routing_rulelist="<192.168.50.2>all>1" * 32),
    "iptv": router(switch_stb_x="4"),
}


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_rule_is_silent_just_beside_what_it_means(name):
    assert name not in ids(NEAR_MISSES[name])


@pytest.mark.parametrize("about", [PHONE, ROUTER])
def test_of_an_end_that_was_not_reached_nothing_is_said(about):
    scene = AILMENTS["phone_away"] if about == PHONE else AILMENTS["router_unreachable"]
    told = {finding.rule.id for finding in findings(scene, RULES) if finding.rule.about == about}
    assert told <= {"phone_away"}
