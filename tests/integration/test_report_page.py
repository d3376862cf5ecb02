# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's page in a headless Chromium: nothing is fetched, nothing complains, and everybody can read it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._run import run
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here
from ansible_collections.homelab.dualwan.plugins.modules.backup_link_report import EXAMPLES
from tools import browser as browsers
from tools import report_samples as sample
from tools.checkout import BUILD, ROOT
from tools.needs import unavailable

WIDTHS = {"wide": 1200, "narrow": 320}
CONTENTS = {
    "full": {
        "link": sample.a_link(),
        "doctor": sample.a_diagnosis(),
        "phone": sample.a_phone(),
        "drills": sample.a_history(),
    },
    "in trouble": {
        "link": sample.on_the_backup(),
        "doctor": sample.a_diagnosis(
            findings=[
                sample.finding(
                    "primary_unplugged",
                    "error",
                    "The primary has no cable, or nothing at its other end, and so no way out at all",
                    evidence="link_wan=0",
                    cure="Plug in the cable of that line",
                    source="wanduck.c, 382",
                ),
                *sample.a_diagnosis()["findings"],
            ]
        ),
        "phone": sample.a_phone(
            battery={"level_percent": 9, "temperature_celsius": 47.5, "health": "overheated", "powered": False},
            keepalive={"installed": True, "running": False},
        ),
        "drills": [sample.a_drill(verdict="failed", failover_seconds=None, given_back=False)],
    },
    "empty": {},
}


@pytest.fixture(scope="session")
def browser():
    path = browsers.program()
    if not path:
        unavailable("Chromium (on Debian: apt install chromium)")
    with browsers.chromium(path) as running:
        yield running


@pytest.fixture(autouse=True)
def list_of_fonts(monkeypatch):
    """What matplotlib gathers once for each home directory; a house's is new each time, and gathering takes seconds."""
    monkeypatch.setenv("MPLCONFIGDIR", str(BUILD / "matplotlib"))


def make(directory, kind):
    path = directory / "page.html"
    nothing = dict.fromkeys(("plot", "link", "doctor", "phone", "drills", "router", "router_port", "title", "seen_at"))
    options = {"plot_theme": "light", "router_tls": True, "mode": "0600", "dest": str(path)}
    run({**nothing, **options, **CONTENTS[kind]}, Here())
    return path


@pytest.fixture(scope="session", params=CONTENTS)
def content(request, tmp_path_factory):
    """A page of each kind, made once."""
    return make(tmp_path_factory.mktemp("report"), request.param)


@pytest.fixture(scope="session")
def full(tmp_path_factory):
    """The one that has everything."""
    return make(tmp_path_factory.mktemp("report"), "full")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_fetched_and_nothing_complains(browser, content, scheme):
    context = browser.new_context(color_scheme=scheme)
    context.set_default_timeout(browsers.PATIENCE_MILLISECONDS)
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(content.as_uri())
    page.wait_for_load_state("networkidle")
    context.close()
    assert said == []
    assert asked == [content.as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_violation(browser, content, scheme, width):
    with browsers.opened(browser, content, WIDTHS[width], scheme) as page:
        page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
        found = Axe().run(page).response
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]] == []
    assert "color-contrast" in {each["id"] for each in found["passes"]}


def test_no_window_scrolls_sideways(browser, content):
    with browsers.opened(browser, content) as page:
        page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
        needed = {}
        for width in (320, 360, 700, 701, 900, 1200):
            page.set_viewport_size({"width": width, "height": 800})
            needed[width] = page.evaluate("document.documentElement.scrollWidth")
    assert {width: needs for width, needs in needed.items() if needs > width} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_one_drawing_of_each_kind_is_shown(browser, full, width):
    with browsers.opened(browser, full, WIDTHS[width]) as page:
        shown = page.evaluate("[...document.querySelectorAll('svg[role=img]')].filter(e => e.checkVisibility()).length")
        kinds = page.locator("svg[role=img]:visible").evaluate_all("all => all.map(each => each.className.baseVal)")
    assert shown == 3
    assert set(kinds) == {width}


@pytest.mark.parametrize("width", WIDTHS)
def test_the_tab_key_reaches_every_control_and_shows_where_it_is(browser, full, width):
    with browsers.opened(browser, full, WIDTHS[width]) as page:
        wanted = page.evaluate(
            """() => [...document.querySelectorAll('a[href], summary, [tabindex="0"]')]
                .filter(each => each.checkVisibility()).map((each, number) => (each.dataset.number = number))"""
        )
        reached, unseen = [], []
        for _link in wanted:
            page.keyboard.press("Tab")
            number, seen = page.evaluate(
                """() => {
                    const here = document.activeElement;
                    const style = getComputedStyle(here), box = here.getBoundingClientRect();
                    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
                    return [Number(here.dataset.number), outlined && box.width > 0 && box.bottom > 0];
                }"""
            )
            reached.append(number)
            if not seen:
                unseen.append(number)
    assert reached == wanted
    assert len(wanted) > 10
    assert unseen == []


def test_the_skip_link_leads_to_the_content(browser, full):
    with browsers.opened(browser, full) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "link"


def test_a_finding_opens_by_keyboard(browser, full):
    with browsers.opened(browser, full) as page:
        evidence = page.get_by_text("wan1_ipaddr 100.71.12.9")
        assert not evidence.is_visible()
        page.locator("#findings summary").first.focus()
        page.keyboard.press("Enter")
        evidence.wait_for(state="visible")


def test_headings_are_in_order_and_landmarks_are_named(browser, content):
    with browsers.opened(browser, content) as page:
        levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(each => Number(each.tagName[1]))")
        for role in ("banner", "main", "contentinfo", "navigation"):
            assert page.get_by_role(role).count() == 1, role
        for name in ("The two lines", "Findings", "The phone", "The last drill", "All drills"):
            assert page.get_by_role("region", name=name, exact=True).count() == 1, name
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_a_screen_reader_finds_the_plot_named_and_the_same_as_a_table(browser, full):
    with browsers.opened(browser, full, WIDTHS["narrow"]) as page:
        assert page.get_by_role("img", name="Probes over time").count() == 1
        page.get_by_text("The same in tables").click()
        table = page.get_by_role("table", name="Probes", exact=True)
        assert table.get_by_role("rowheader").all_inner_texts() == [each["name"] for each in sample.a_drill()["probes"]]
        assert table.get_by_role("columnheader").count() == 5


def test_dark_is_dark_and_paper_is_light(browser, full):
    colours = {}
    for scheme, medium in (("light", "screen"), ("dark", "screen"), ("dark", "print")):
        with browsers.opened(browser, full, scheme=scheme) as page:
            page.emulate_media(media=medium)
            colours[scheme, medium] = page.evaluate(
                """() => [getComputedStyle(document.querySelector('.card')).backgroundColor,
                          getComputedStyle(document.querySelector('.plot svg path')).fill]"""
            )
    assert colours["light", "screen"] != colours["dark", "screen"]
    assert colours["dark", "print"] == colours["light", "screen"]


def test_forced_colours_are_taken(browser, full):
    with browsers.opened(browser, full, forced_colors="active") as page:
        assert page.evaluate("getComputedStyle(document.querySelector('.plot text')).fill") in (
            "rgb(0, 0, 0)",
            "rgb(255, 255, 255)",
        )


def test_it_prints_with_all_that_is_folded(browser, full):
    with browsers.opened(browser, full) as page:
        printed = page.pdf()
        page.emulate_media(media="print")
        folded = page.locator("#findings dd").first
        assert folded.evaluate("each => each.getBoundingClientRect().height") > 0
        assert not page.get_by_role("navigation").is_visible()
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") >= 1


def test_both_doors_write_the_same_page(house, tmp_path):
    short = sample.a_drill(probes=sample.a_drill()["probes"][:1])  # Ansible looks into each of its samples
    common = {**CONTENTS["full"], "drills": [short], "title": "A house"}
    tasks = [
        {
            "name": door,
            "homelab.dualwan.backup_link_report": {
                **common,
                "dest": str(tmp_path / f"{door}.html"),
                "plot": str(tmp_path / f"{door}.svg"),
            },
            **({"async": 120, "poll": 1} if door == "module" else {}),
        }
        for door in ("inside", "module")
    ]
    variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": variables, "tasks": tasks}
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]))
    first = house.play(tmp_path / "play.yml")
    assert first.code == 0, first.output
    assert first.changed == ["inside", "module"], first.output
    second = house.play(tmp_path / "play.yml", "--diff")
    assert (second.code, second.changed) == (0, []), second.output
    for kind in ("html", "svg"):
        assert (tmp_path / f"inside.{kind}").read_bytes() == (tmp_path / f"module.{kind}").read_bytes()
    inside, outside = first.of("backup_link_report")
    assert inside["told"] == outside["told"]


def test_the_playbook_makes_a_page_of_each_router(house, playbooks, tmp_path):
    report = house.play(playbooks / "report.yml", "-e", f"report_directory={tmp_path}", "-e", "report_mode='0640'")
    assert report.code == 0, report.output
    (page,) = tmp_path.glob("*.html")
    assert page.stat().st_mode & 0o777 == 0o640
    text = page.read_text()
    assert "Not ready" in text  # as the house is found, Dual WAN is off
    assert "dual_wan_off" in text
    assert house.lab.password not in text
    assert "No drill has been run yet" in text


def test_the_examples_run_as_they_are_written(house, tmp_path):
    tasks = yaml.safe_load(EXAMPLES)
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    (tmp_path / "examples.yml").write_text(yaml.safe_dump([play]))
    report = house.play(tmp_path / "examples.yml")
    assert report.code == 0, report.output
    assert len(report.of("backup_link_report")) == len(tasks)


def test_the_guides_own_playbook_plays(house, tmp_path):
    guide = (ROOT / "docs" / "guides" / "report.md").read_text()
    (text,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "guide.yml").write_text(text.replace("/srv/reports", str(tmp_path)))
    report = house.play(tmp_path / "guide.yml", "-e", f"android_adb_server_port={house.lab.adb_server_port}")
    assert report.code == 0, report.output
    page = (tmp_path / "link.html").read_text()
    assert house.run("android_info")["model"] in page
    assert "203.0.113." in page
