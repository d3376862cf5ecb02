# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Going down and coming back."""

from __future__ import annotations

import contextlib
import re

import pytest

from .workbench import Bench, story


@story
async def test_a_reboot_refuses_then_comes_back_without_tokens(bench: Bench) -> None:
    await bench.log_in()
    bench.cable.plug("router")
    bench.phone.power_seen.clear()
    bench.router.nvram.set("wandog_target", "never committed")
    began = bench.clock.now()
    assert (await bench.apply(rc_service="reboot")).json == {"modify": "0", "run_service": "reboot"}
    await bench.until(lambda: not bench.router.up)
    with pytest.raises(OSError, match="Connect call failed"):
        await bench.ask("/httpd_check.xml")
    assert bench.phone.power_seen == [False]
    took = await bench.until(lambda: bench.router.up) - began
    assert 70 <= took < 80
    assert bench.phone.power_seen == [False, True]
    assert (await bench.ask("/appGet.cgi?hook=uptime()")).json["error_status"] == "2"
    assert bench.nvram("wandog_target") == ""
    await bench.until(lambda: bench.nvram("link_internet") == "2" and bench.nvram("wan0_state_t") == "2")
    assert bench.router.boots == 2


@story
async def test_the_time_since_boot_begins_anew_with_a_reboot(bench: Bench) -> None:
    await bench.log_in()
    assert since_boot((await bench.ask("/appGet.cgi?hook=uptime()")).body) >= 3600
    await bench.router.reboot()
    await bench.until(lambda: not bench.router.up)
    await bench.until(lambda: bench.router.up)
    await bench.log_in()
    assert since_boot((await bench.ask("/appGet.cgi?hook=uptime()")).body) < 100


def since_boot(reply: str) -> int:
    found = re.search(r"\((\d+) secs since boot\)", reply)
    assert found
    return int(found[1])


@story
async def test_a_reboot_finds_the_phone_that_was_plugged_too_early(bench: Bench) -> None:
    bench.set(wans_usb_bk="0")
    bench.cable.plug("router")
    bench.phone.show("rndis")
    await bench.until(lambda: bench.nvram("usb_path1") == "modem")
    await bench.clock.sleep(5)
    await bench.log_in()
    await bench.apply(wans_dualwan="wan usb", rc_service="start_multipath")
    await bench.clock.sleep(20)
    assert bench.nvram("link_wan1") == "0"
    await bench.router.reboot()
    # Power comes back while it boots; a phone presents itself again then.
    await bench.until(lambda: bench.router.usb.powered and bench.router.boots == 2)
    bench.phone.show("rndis")
    await bench.until(lambda: bench.nvram("link_wan1") == "1")
    assert bench.nvram("wan_ifnames") == "eth1 usb"


@story
async def test_restart_with_any_script_reboots(bench: Bench) -> None:
    await bench.log_in()
    await bench.ask("/apply.cgi", "action_mode=+Restart+&action_script=restart_wan")
    await bench.until(lambda: bench.services() == ["reboot"] and not bench.router.up)


@story
async def test_it_can_fall_over_right_after_answering_a_write(bench: Bench) -> None:
    await bench.log_in()
    bench.router.faults.arm("reboot-after-write", None)
    assert (await bench.apply(wandog_interval="6")).json == {"modify": "1"}
    await bench.until(lambda: not bench.router.up)
    assert bench.services() == []


@story
async def test_faults_on_the_wire_hit_once(bench: Bench) -> None:
    await bench.log_in()
    target = "/appGet.cgi?hook=nvram_get(dns_probe_content)"
    whole = await bench.ask(target)
    bench.router.faults.arm("empty-reply", None)
    assert (await bench.ask(target)).head == ""
    bench.router.faults.arm("html-reply", None)
    assert "Main_Login.asp" in (await bench.ask(target)).body
    bench.router.faults.arm("reset-in-body", None)
    cut = None
    with contextlib.suppress(ConnectionResetError):
        cut = await bench.ask(target)
    assert cut is None or len(cut.body) < len(whole.body)
    assert (await bench.ask(target)).body == whole.body
    bench.router.faults.arm("session-gone", None)
    assert (await bench.ask(target)).json["error_status"] == "2"
