# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What genuine pages posted, posted again: the simulated router must end where the genuine one did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.captures import CAPTURES, UnknownFirmware, captures, profile_of
from lab_tests.router.leaping_loop import run_leaping
from lab_tests.router.workbench import BROWSER, Bench, form, on_the_bench


@pytest.mark.parametrize("as_app", [False, True], ids=["browser", "app"])
@pytest.mark.parametrize("capture", captures())
def test_a_genuine_post_has_its_genuine_effect(capture: dict[str, Any] | None, as_app: bool) -> None:
    assert capture is not None, f"CI must have the captures, and {CAPTURES} has none"
    run_leaping(_replay(capture, as_app))


@pytest.mark.parametrize(
    ("firmware", "start", "profile"),
    [
        ("ax53u", {"wans_usb_bk": "1"}, "386"),
        ("ax53u", {}, "386-early"),
        ("RT-AX53U_67508", {}, "386-early"),
        ("ac88u", {}, "386-ac88u"),
    ],
)
def test_a_capture_is_replayed_on_its_own_firmware(firmware: str, start: dict[str, str], profile: str) -> None:
    assert profile_of({"name": "any", "firmware": firmware, "start_nvram": start}) == profile


@pytest.mark.parametrize("ci", ["true", ""])
def test_a_firmware_without_a_profile_fails_in_ci_and_says_what_to_do(
    ci: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = {"name": "02_any", "firmware": "be96u", "start_nvram": {"wans_usb_bk": "1"}}
    (tmp_path / "02_any.json").write_text(json.dumps(capture))
    monkeypatch.setattr("conformance.captures.CAPTURES", tmp_path)
    monkeypatch.setenv("CI", ci)
    (parameter,) = captures()
    assert bool(parameter.marks) is not bool(ci)
    with pytest.raises(
        UnknownFirmware, match=r"'be96u' with Auto USB Backup, which the lab has no profile of: add one"
    ):
        test_a_genuine_post_has_its_genuine_effect(*parameter.values, as_app=False)


async def _replay(capture: dict[str, Any], as_app: bool) -> None:
    async with on_the_bench(profile_of(capture)) as bench:
        bench.set(**capture["start_nvram"])
        # The genuine one had booted with these settings.
        bench.router.lines.forget()
        bench.router.lines.connect_now(0)
        how = await _signed_in(bench, as_app)
        before = bench.router.nvram.all()
        page = None
        for post in capture["applies"]:
            assert (post["method"], post["content_type"]) == ("POST", "application/x-www-form-urlencoded")
            page = await bench.ask(post["path"], form(dict(post["fields"])), **how)
        after = bench.router.nvram.all()
        asked = [bench.nvram("rc_service")] if bench.nvram("rc_service") else []

        config = {name for name in before.keys() | after.keys() if bench.router.nvram.row(name) is not None}
        differences = {
            name: [before.get(name, ""), after.get(name, "")]
            for name in config | capture["start_nvram"].keys()
            if before.get(name, "") != after.get(name, "")
        }
        assert differences == capture["nvram_diff"]
        assert asked == capture["rc_service"]
        if page is None:
            assert capture["verdict"] == "refused"
        else:
            assert f"<script>{capture['verdict']}();</script>" in page.body[-300:]
        # Copies by type appear where the genuine one made some. Which 55 is not known, so they are not counted.
        made = {name.partition("_wan_")[0] for name in after.keys() - before.keys() if "_wan_" in name}
        assert made == set(capture["swap_keys"])


async def _signed_in(bench: Bench, as_app: bool) -> dict[str, Any]:
    if as_app:
        await bench.log_in()
        return {}
    answer = await bench.try_login(agent=BROWSER, referer=True)
    cookie = str(answer.header("Set-Cookie")).partition(";")[0]
    return {"agent": BROWSER, "referer": True, "cookie": cookie}
