# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What genuine pages posted, posted again: the simulated router must end where the genuine one did."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.captures import CAPTURES, captures
from lab_tests.router.leaping_loop import run_leaping
from lab_tests.router.workbench import BROWSER, Bench, form, on_the_bench


@pytest.mark.parametrize("as_app", [False, True], ids=["browser", "app"])
@pytest.mark.parametrize("capture", captures())
def test_a_genuine_post_has_its_genuine_effect(capture: dict[str, Any] | None, as_app: bool) -> None:
    assert capture is not None, f"CI must have the captures, and {CAPTURES} has none"
    run_leaping(_replay(capture, as_app))


async def _replay(capture: dict[str, Any], as_app: bool) -> None:
    async with on_the_bench() as bench:
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
