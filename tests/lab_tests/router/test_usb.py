# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phone at the port: what hotplug marks, and what it does unasked."""

from __future__ import annotations

from .workbench import Bench, story


@story
async def test_a_tether_on_a_usb_wan_gets_its_marks(bench: Bench) -> None:
    bench.set(wans_dualwan="wan usb", wans_usb_bk="0")
    await bench.tether()
    marks = {name: bench.nvram(f"usb_modem_act_{name}") for name in ("type", "dev", "vid", "pid")}
    assert marks == {"type": "rndis", "dev": "usb0", "vid": str(0x18D1), "pid": str(0x4EE4)}
    assert (bench.nvram("usb_path1"), bench.nvram("usb_path1_act"), bench.nvram("wan1_ifname")) == (
        "modem",
        "usb0",
        "usb0",
    )
    await bench.until(lambda: bench.nvram("link_wan1") == "1")
    # A cold standby: ready, and not started.
    assert bench.nvram("wan1_state_t") == "0"
    bench.cable.pull()
    assert (bench.nvram("usb_path1"), bench.nvram("usb_modem_act_dev"), bench.nvram("wan1_ifname")) == ("", "", "")
    await bench.until(lambda: bench.nvram("link_wan1") == "0")
    assert bench.nvram("wans_dualwan") == "wan usb"


@story
async def test_a_phone_without_a_tether_is_no_modem(bench: Bench) -> None:
    bench.set(wans_dualwan="wan usb", modem_android="1")
    bench.cable.plug("router")
    bench.phone.show("adb", "mtp")
    await bench.until(lambda: bench.nvram("usb_path1_vid") == "18d1")
    await bench.clock.sleep(6)
    assert (bench.nvram("usb_path1"), bench.router.lines.usb_ready()) == ("", False)


@story
async def test_auto_backup_turns_dual_wan_on_and_off_by_itself(bench: Bench) -> None:
    await bench.tether()
    assert (bench.nvram("wans_dualwan"), bench.nvram("wans_usb_bk_act")) == ("wan usb", "1")
    bench.cable.pull()
    assert (bench.nvram("wans_dualwan"), bench.nvram("wans_usb_bk_act")) == ("wan none", "0")


@story
async def test_auto_backup_is_kept_by_whoever_commits_next(bench: Bench) -> None:
    await bench.tether()
    bench.router.nvram.power_cycle()
    assert bench.nvram("wans_dualwan") == "wan none"
    bench.cable.pull()
    await bench.tether()
    await bench.log_in()
    await bench.apply(wandog_interval="6")
    bench.router.nvram.power_cycle()
    assert (bench.nvram("wans_dualwan"), bench.nvram("wans_usb_bk_act")) == ("wan usb", "1")


@story
async def test_what_is_plugged_in_elsewhere_is_no_line(bench: Bench) -> None:
    class Computer:
        powered = True

        def device_arrived(self, device: object) -> None:
            pass

        def device_left(self) -> None:
            pass

    bench.cable.attach_host("computer", Computer())
    bench.set(wans_dualwan="wan usb")
    await bench.tether()
    assert bench.router.lines.path(1) == "up"
    bench.cable.plug("computer")
    await bench.clock.sleep(2)
    assert (bench.router.lines.path(1), bench.router.lines.link(1)) == ("silent", False)


@story
async def test_without_modem_enable_usb_is_never_ready(bench: Bench) -> None:
    bench.set(wans_dualwan="wan usb", modem_enable="0")
    bench.cable.plug("router")
    bench.phone.show("ncm")
    await bench.until(lambda: bench.nvram("usb_path1_act") == "usb0")
    assert bench.nvram("usb_modem_act_type") == "ncm"
    assert not bench.router.lines.usb_ready()


@story
async def test_a_phone_in_the_lans_subnet_is_a_conflict(bench: Bench) -> None:
    bench.set(wans_dualwan="wan usb", wans_standby="1", wandog_interval="1")
    assert bench.phone.offer is not None
    bench.phone.offer = type(bench.phone.offer)("192.168.50.77", "255.255.255.0", "192.168.50.129", ("192.168.50.129",))
    await bench.tether()
    await bench.until(lambda: (bench.nvram("wan1_state_t"), bench.nvram("wan1_sbstate_t")) == ("4", "4"))
