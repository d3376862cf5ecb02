# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report: what is given is shown, what is not is said, and nothing that a device says becomes markup."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish, MissingLibrary
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import directory_of, record
from ansible_collections.homelab.dualwan.plugins.module_utils._link._files import NotWritten
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report import _plot_canvas
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import VOID
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._run import run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from tools import report_samples as sample

SECTIONS = ("link", "findings", "phone", "drill", "history", "timing")
NOTHING = {
    "plot": None,
    "plot_theme": "light",
    "link": None,
    "doctor": None,
    "phone": None,
    "drills": None,
    "router": None,
    "router_port": None,
    "router_tls": True,
    "title": None,
    "seen_at": None,
    "mode": "0600",
}


class Reader(HTMLParser):
    """The text of each section, and which elements and attributes there are; unbalanced elements are an error."""

    def __init__(self):
        super().__init__()
        self.text = dict.fromkeys((*SECTIONS, ""), "")
        self.elements, self.attributes, self.ids = [], [], []
        self._open, self._section = [], ""

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]
        if tag == "section":
            self._section = dict(attrs)["id"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self._open.pop() == tag
        self._section = "" if tag == "section" else self._section

    def handle_data(self, data):
        if self._open and self._open[-1] not in ("style", "desc"):
            self.text[self._section] += f"{data} "


def everything():
    return {
        "link": sample.a_link(),
        "doctor": sample.a_diagnosis(),
        "phone": sample.a_phone(),
        "drills": sample.a_history(5),
    }


@pytest.fixture
def report(tmp_path):
    """Make a page; what the task returned, and what the page says by section."""

    def make(*, check_mode=False, **given):
        params = {"dest": str(tmp_path / "page.html"), **NOTHING, **given}
        result = run(params, Here(check_mode))
        return result, read(tmp_path / "page.html")

    return make


def read(path):
    reader = Reader()
    if path.exists():
        reader.feed(path.read_text())
        reader.close()
    return reader


def test_all_that_was_given_is_shown(report):
    result, page = report(**everything())
    assert result["changed"]
    assert result["notes"] == []
    for section, said in {
        "link": ("Primary", "203.0.113.7 (public)", "Carries the traffic.", "cold standby", "RT-AX53U"),
        "findings": ("warning", "wan1_ipaddr 100.71.12.9", "Reach the house through a tunnel", "wanduck.c, 382"),
        "phone": (
            "Samsung SM-G998B, Android 14",
            "82\N{NO-BREAK SPACE}%",
            "31.4\N{NO-BREAK SPACE}°C",
            "Example Mobile",
        ),
        "drill": ("passed", "26.4\N{NO-BREAK SPACE}s", "icmp 8.8.8.8", "outage begins", "The router failed over."),
        "history": ("2025-11-25 18:00 UTC", "2025-10-28 18:00 UTC", "the primary's cable pulled"),
        "timing": ("23 to 44\N{NO-BREAK SPACE}s", "A pulled cable", "63.2\N{NO-BREAK SPACE}MB a month", "inferred"),
    }.items():
        for text in said:
            assert text in page.text[section], section


@pytest.mark.parametrize(
    ("without", "section", "said"),
    [
        ("link", "link", "The router was not asked for its lines."),
        ("doctor", "findings", "The doctor was not asked"),
        ("phone", "phone", "The phone was not asked."),
        ("drills", "drill", "No drill was given."),
        ("drills", "history", "No drills were given"),
        ("link", "timing", "Not foretold"),
    ],
)
def test_what_was_not_given_is_said(report, without, section, said):
    _result, page = report(**everything() | {without: None})
    assert said in page.text[section]


def test_nothing_at_all_is_a_page_too(report):
    result, page = report()
    assert "Not looked at" in page.text[""]
    assert all(page.text[section] for section in SECTIONS)
    assert [note.split()[0] for note in result["notes"]] == ["link", "doctor", "phone"]


def test_a_router_without_a_drill_says_that_nothing_is_proved(report):
    _result, page = report(link=sample.a_link(), drills=[])
    assert "No drill has been run yet" in page.text["drill"]
    assert "none yet" in page.text[""]


def test_lines_and_timing_of_the_doctor_do_where_the_router_was_not_asked_by_itself(report):
    link = sample.a_link()
    seen = {name: link[name] for name in ("wans", "timing", "model", "firmware", "internet")}
    _result, page = report(doctor=sample.a_diagnosis(**seen))
    assert "203.0.113.7" in page.text["link"]
    assert "A pulled cable" in page.text["timing"]


def test_without_a_doctor_the_routers_own_problems_are_the_findings(report):
    problem = {"id": "no_probe", "what": "Neither probe is on", "cure": "Give one", "told": "…"}
    _result, page = report(link=sample.a_link(cautions=[problem]))
    assert "Neither probe is on." in page.text["findings"]
    assert "Ready, with a warning" in page.text[""]


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"link": sample.a_link(), "doctor": sample.a_diagnosis(findings=[])}, "Ready"),
        ({"link": sample.a_link(), "doctor": sample.a_diagnosis()}, "Ready, with a warning"),
        ({"link": sample.on_the_backup(), "doctor": sample.a_diagnosis()}, "On the backup"),
        ({"link": sample.a_link(ready=False)}, "Not ready"),
        ({"doctor": sample.a_diagnosis(findings=[sample.finding("x", "error", "The tether is off")])}, "Not ready"),
        ({"doctor": sample.a_diagnosis(findings=[])}, "Ready"),
        ({"doctor": sample.a_diagnosis(findings=[], ready=False)}, "Not ready"),
        ({"link": {"failed": True, "msg": "192.168.50.1 refuses connections"}}, "Not looked at"),
    ],
)
def test_the_first_thing_said_is_how_it_stands(report, given, state):
    result, page = report(**given)
    assert f" {state} " in page.text[""]
    assert result["told"][1].startswith(f"{state}: ")


def test_a_finding_names_those_that_make_it_show(report):
    shown = sample.finding("secondary_phone_missing", "error", "No phone is seen") | {
        "explained_by": ["phone_tether_off"]
    }
    _result, page = report(doctor=sample.a_diagnosis(findings=[shown]))
    assert "phone_tether_off" in page.text["findings"]


def test_where_none_was_run_it_is_said_how_long_a_drill_would_take(report):
    _result, page = report(doctor=sample.a_diagnosis(drill_would_take=83), drills=[])
    assert "By target_unreachable it would take some 83.0\N{NO-BREAK SPACE}s." in page.text["history"]


def test_an_absent_phone_is_no_fault(report):
    _result, page = report(phone={"present": False, "why": "The adb server does not know the phone", "changed": False})
    assert "The adb server does not know the phone. That is normal" in re.sub(r"\s+", " ", page.text["phone"])


def test_a_router_or_phone_that_did_not_answer_is_said_with_its_reason(report):
    failed = {"failed": True, "msg": "192.168.50.1 refuses connections. Switch the router on", "changed": False}
    _result, page = report(link=failed, phone={"failed": True, "msg": "no adb server on port 5037"})
    assert "192.168.50.1 refuses connections. Switch the router on." in page.text["link"]
    assert "No adb server on port 5037." in page.text["phone"]


def test_a_doctor_that_did_not_reach_the_router_leaves_the_lines_open(report):
    _result, page = report(doctor=sample.a_diagnosis(wans=[], timing=None, model=None, firmware=None, internet=None))
    assert "The router was not reached" in page.text["link"]


def test_a_fault_that_moves_no_traffic_does_not_say_never(report):
    away = {"failover_seconds": None, "failback_seconds": None, "reserve_seconds": 12.5}
    _result, page = report(drills=[sample.a_drill(fault="phone_reboot", **away)])
    assert "not meant" in page.text["drill"]
    assert "12.5" in page.text["drill"]
    assert "never" not in page.text["drill"]


def test_the_failover_that_is_seen_from_afar_is_that_of_the_last_drill_that_moved_the_traffic(report):
    watched = sample.a_drill(fault="watch", failover_seconds=None, failback_seconds=None, started=sample.STARTED + 9)
    _result, page = report(drills=[sample.a_drill(), watched])
    assert "26.4\N{NO-BREAK SPACE}s" in page.text[""]
    assert "nothing injected, only watched" in re.sub(r"\s+", " ", page.text["drill"]).lower()


def test_a_failover_that_never_happened_says_never(report):
    _result, page = report(drills=[sample.a_drill(failover_seconds=None, verdict="failed")])
    assert "never" in page.text["drill"]
    assert "failed" in page.text["drill"]


def test_a_router_that_did_not_answer_has_not_been_found_well(report):
    result, page = report(link={"failed": True, "msg": "192.168.50.1 refuses connections", "changed": False})
    assert "192.168.50.1 refuses connections" in result["told"][1]
    assert "Nothing to see to" not in page.text["findings"]
    assert "Findings: nobody looked" in result["told"]


def test_a_drill_that_was_broken_off_has_measured_nothing(report):
    broken_off = sample.a_drill(
        failover_seconds=None, failback_seconds=None, verdict="aborted", marks=[], started=sample.STARTED + 9
    )
    result, page = report(drills=[sample.a_drill(), broken_off])
    assert "not measured" in page.text["drill"]
    assert "never" not in page.text["drill"] + result["told"][-1]
    assert "26.4\N{NO-BREAK SPACE}s" in page.text[""]  # by the one before


def test_a_return_before_the_fault_ended_is_one(report):
    result, page = report(drills=[sample.a_drill(failback_seconds=None)])
    assert "before the fault ended" in page.text["drill"]
    assert "never" not in page.text["drill"] + result["told"][-1]


@pytest.mark.parametrize(
    ("fault", "carried", "said"),
    [
        ("pull_cable", {"how": "public_address", "during": "198.51.0.0/16", "proved": True}, "seen"),
        ("pull_cable", {"how": "public_address", "during": None, "proved": False}, "not seen"),
        ("pull_cable", {"how": "router_word", "during": "198.51.0.0/16", "proved": False}, "said, not proved"),
        ("tether_off", {"how": "public_address", "during": None, "proved": False}, "not meant"),
    ],
)
def test_who_carried_is_proved_said_or_not_meant(report, fault, carried, said):
    _result, page = report(drills=[sample.a_drill(fault=fault, carried=carried)])
    assert f"Carried by the phone {said} " in re.sub(r"\s+", " ", page.text["drill"])


EVIL = "</style></svg><script>alert(1)</script><img src=x onerror=alert(1)>\"'&$x$"


def test_nothing_that_a_device_says_becomes_markup(report):
    finding = sample.finding(EVIL, EVIL, EVIL, evidence=EVIL, cure=EVIL, source=EVIL, about=EVIL)
    probe = sample.a_drill()["probes"][0] | {"name": EVIL}
    drill = sample.a_drill(
        fault=EVIL,
        verdict=EVIL,
        router={"name": EVIL, "model": EVIL, "firmware": EVIL},
        probes=[probe],
        marks=[{"name": EVIL, "at": 3}],
        phases=[{"name": EVIL, "from": 0, "to": 106}],
        judgements=[{"id": EVIL, "ok": False, "told": EVIL}],
    )
    line = sample.a_link()["wans"][0]
    link = sample.a_link(
        model=EVIL, firmware=EVIL, wans=[line | dict.fromkeys(("type", "status", "why", "address"), EVIL)] * 2
    )
    phone = sample.a_phone(model=EVIL, maker=EVIL, android=EVIL, sim={"state": EVIL, "operator": EVIL})
    _result, page = report(
        link=link, doctor=sample.a_diagnosis(findings=[finding]), phone=phone, drills=[drill], title=EVIL, seen_at=EVIL
    )
    assert not {"script", "img"} & set(page.elements)
    assert not [name for name, _value in page.attributes if name.startswith("on")]
    assert page.text["findings"].count(EVIL) >= 5


def test_the_page_loads_nothing(report, tmp_path):
    _result, page = report(**everything())
    assert not {"script", "img", "iframe", "object", "base", "form"} & set(page.elements)
    assert any(value and value.startswith("default-src 'none'") for name, value in page.attributes if name == "content")
    links = [value for name, value in page.attributes if name in ("href", "src", "xlink:href")]
    assert links
    assert all(value.startswith("#") for value in links)
    assert "url(http" not in (tmp_path / "page.html").read_text()


def test_ids_are_there_once_and_whatever_is_referred_to_is_there(report):
    _result, page = report(**everything())
    assert len(page.ids) == len(set(page.ids))
    for name, value in page.attributes:
        if name in ("aria-labelledby", "aria-describedby"):
            assert value in page.ids
        if name in ("href", "xlink:href"):
            assert value[1:] in page.ids


def test_the_same_input_changes_nothing_and_gives_the_same_bytes(report, tmp_path):
    plot = tmp_path / "plot.svg"
    first, _page = report(**everything(), plot=str(plot))
    page, drawn = (tmp_path / "page.html").read_bytes(), plot.read_bytes()
    second, _page = report(**everything(), plot=str(plot))
    assert (first["changed"], first["written"]) == (True, ["dest", "plot"])
    assert (second["changed"], second["written"]) == (False, [])
    (tmp_path / "page.html").unlink()
    plot.unlink()
    report(**everything(), plot=str(plot))
    assert (tmp_path / "page.html").read_bytes() == page
    assert plot.read_bytes() == drawn


def test_the_order_of_drills_does_not_matter(report, tmp_path):
    report(drills=sample.a_history(4))
    page = (tmp_path / "page.html").read_bytes()
    result, _page = report(drills=sample.a_history(4)[::-1])
    assert not result["changed"]
    assert (tmp_path / "page.html").read_bytes() == page


def test_what_backup_link_drill_returned_is_a_drill_too(report):
    _result, page = report(drills=[{"changed": False, "verdict": "passed", "drill": sample.a_drill()}])
    assert "26.4" in page.text["drill"]


def test_check_mode_writes_nothing_and_says_what_it_would(report, tmp_path):
    result, _page = report(**everything(), plot=str(tmp_path / "plot.png"), check_mode=True)
    assert result["written"] == ["dest", "plot"]
    assert list(tmp_path.iterdir()) == []
    assert result["diff"]["before"] == ""
    assert "12 drills" not in result["diff"]["after"]
    assert "5 drills, the last on 2025-11-25 18:00 UTC: passed, failover 26.4" in result["diff"]["after"]


def test_the_diff_is_of_what_the_page_says(report):
    report(**everything())
    result, _page = report(**everything() | {"link": sample.on_the_backup()})
    before, after = (set(result["diff"][side].splitlines()) for side in ("before", "after"))
    assert before - after == {"primary: wan, connected", "secondary: usb, cold_standby"} | {
        line for line in before if line.startswith("Ready, with")
    }
    assert "secondary: usb, connected" in after


def test_the_files_are_for_their_owner_only_unless_told_otherwise(report, tmp_path):
    report(**everything(), plot=str(tmp_path / "plot.svg"))
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    result, _page = report(**everything(), plot=str(tmp_path / "plot.svg"), mode="0644")
    assert result["changed"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o644}


def test_a_link_at_dest_stays_one(report, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "page.html").symlink_to(tmp_path / "elsewhere" / "index.html")
    report(link=sample.a_link())
    assert (tmp_path / "page.html").is_symlink()
    assert "RT-AX53U" in (tmp_path / "elsewhere" / "index.html").read_text()


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"mode": "420"}, "mode is 420"),
        ({"mode": "u=rw"}, "mode is u=rw"),
        ({"plot": "/tmp/plot.jpg"}, "plot is /tmp/plot.jpg"),
        ({"drills": [{"schema": 2}]}, "drills[0] says schema 2"),
        ({"drills": [{"schema": 1}]}, "drills[0].started is no time"),
        ({"drills": [sample.a_drill(probes="none")]}, "drills[0].probes is of the kind str, and should be a list"),
        ({"drills": [sample.a_drill(failover_seconds="soon")]}, "drills[0].failover_seconds is of the kind str"),
        ({"drills": [sample.a_drill(marks=[{"name": "x"}])]}, "drills[0].marks[0].at is missing"),
        (
            {"drills": [sample.a_drill(probes=[{"samples": [[1]]}])]},
            "drills[0].probes[0].samples[0] is of the kind",
        ),
        ({"drills": [sample.a_drill(started=float("nan"))]}, "drills[0].started is of the kind float"),
        ({"link": {"wans": {"a": 1}}}, "link.wans is of the kind dict, and should be a list"),
        ({"phone": {"battery": {"level_percent": "full"}}}, "phone.battery.level_percent is of the kind str"),
        ({"doctor": {"findings": [7]}}, "doctor.findings[0] is of the kind int, and should be a dictionary"),
    ],
)
def test_bad_input_is_refused_by_its_name_before_anything_is_written(report, tmp_path, wish, said):
    with pytest.raises(BadWish) as refused:
        report(**wish)
    assert said in refused.value.message
    assert refused.value.cure
    assert list(tmp_path.iterdir()) == []


def test_a_missing_directory_is_named_and_nothing_is_written(report, tmp_path):
    with pytest.raises(NotWritten) as refused:
        report(drills=[sample.a_drill()], plot=str(tmp_path / "nowhere" / "plot.svg"))
    assert f"There is no directory {tmp_path}/nowhere" in refused.value.message
    assert list(tmp_path.iterdir()) == []


def test_a_directory_at_dest_is_refused(report, tmp_path):
    with pytest.raises(NotWritten) as refused:
        report(dest=str(tmp_path))
    assert "is a directory" in refused.value.message


def test_without_matplotlib_only_a_page_with_a_drill_fails(report, monkeypatch):
    monkeypatch.setattr(_plot_canvas, "MATPLOTLIB_MISSING", ImportError("No module named 'matplotlib'"))
    report(link=sample.a_link())
    with pytest.raises(MissingLibrary) as missing:
        report(drills=[sample.a_drill()])
    assert (missing.value.name, missing.value.minimum) == ("matplotlib", _plot_canvas.MINIMUM)


def test_a_plot_without_a_drill_is_none_and_that_is_said(report, tmp_path):
    result, _page = report(drills=[], plot=str(tmp_path / "plot.svg"))
    assert result["plot"] is None
    assert "There is no drill to plot" in result["notes"]
    assert not (tmp_path / "plot.svg").exists()


@pytest.mark.parametrize(("form", "begin"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_plot_is_a_file_of_its_own(report, tmp_path, form, begin):
    plot = tmp_path / f"plot.{form}"
    report(drills=[sample.a_drill()], plot=str(plot))
    light = plot.read_bytes()
    assert light.startswith(begin)
    report(drills=[sample.a_drill()], plot=str(plot), plot_theme="dark")
    assert plot.read_bytes() != light


def test_the_history_of_the_router_is_found_where_drills_keep_it(report, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    kept = directory_of(Router("192.168.50.1", 8443, tls=True, username="", password=""))
    kept.mkdir(parents=True)
    for drill in sample.a_history(3):
        (kept / f"{drill['id']}.json").write_text(json.dumps(drill))
    (kept / "zz-torn.json").write_text("{")
    result, page = report(router="192.168.50.1")
    assert result["drills_shown"] == 3
    assert "zz-torn.json" in page.text["history"]
    assert "zz-torn.json" in result["notes"][-1]
    assert report(router="192.168.50.2")[0]["drills_shown"] == 0


@pytest.fixture
def two_at_one_address(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    router = Router("192.168.50.1", 8443, tls=True, username="", password="")
    older, newer, newest = sample.a_history(3)
    for drill, mark in ((older, "aaaaaaaaaaaa"), (newer, "bbbbbbbbbbbb"), (newest, "aaaaaaaaaaaa")):
        record(router, drill | {"of": mark}, keep=10)


@pytest.mark.parametrize(("mark", "shown"), [("aaaaaaaaaaaa", 2), ("bbbbbbbbbbbb", 1), ("cccccccccccc", 0)])
@pytest.mark.parametrize("by", ["link", "doctor"])
@pytest.mark.usefixtures("two_at_one_address")
def test_of_two_routers_at_one_address_a_page_shows_the_drills_of_its_own(report, by, mark, shown):
    result, page = report(router="192.168.50.1", **{by: {"mark": mark, "model": "RT-AX53U"}})
    assert result["drills_shown"] == shown
    assert "routers that were reached at this address" not in page.text["history"]


@pytest.mark.parametrize("given", [{}, {"doctor": {"mark": None, "findings": []}}], ids=["nobody", "not reached"])
@pytest.mark.usefixtures("two_at_one_address")
def test_where_no_router_was_reached_a_page_shows_all_and_says_so(report, given):
    result, page = report(router="192.168.50.1", **given)
    assert result["drills_shown"] == 3
    said = "The drills of 2 routers that were reached at this address"
    assert said in page.text["history"]
    assert said in result["notes"]
