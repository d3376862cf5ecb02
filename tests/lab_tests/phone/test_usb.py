# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When Android ends a tether by itself, and when it brings it back (UsbDeviceManager.java of 14)."""

from __future__ import annotations

import pytest

from .usb_bench import UsbBench, story, story_of


@story
async def test_a_switch_takes_the_device_off_the_bus_and_back(bench: UsbBench) -> None:
    bench.usb.boot_completed(locked=False)
    bench.cable.plug("router")
    await bench.clock.sleep(5)
    assert bench.router.functions == {"adb"}
    bench.usb.set_current("rndis", "test")
    assert (bench.usb.current, bench.usb.applied) == ("rndis", False)
    await bench.clock.sleep(0.3)
    assert bench.router.functions == set()
    assert bench.usb.connected, "the disconnection is still being debounced"
    await bench.clock.sleep(0.5)
    assert (bench.usb.applied, bench.usb.configured) == (True, True)
    await bench.clock.sleep(1)
    assert bench.router.functions == {"rndis", "adb"}
    assert bench.tether.serving


@story
async def test_a_short_loss_of_contact_is_no_disconnection(bench: UsbBench) -> None:
    await bench.tethered()
    await bench.cable.wiggle(2.5)
    await bench.clock.sleep(10)
    assert bench.router.functions == {"rndis", "adb"}
    assert not bench.happened("tether down")


@story
async def test_unlocked_it_takes_three_seconds_to_fall_back_to_nothing(bench: UsbBench) -> None:
    await bench.tethered()
    await bench.cable.wiggle(3.5)
    await bench.clock.sleep(10)
    assert bench.when("tether down") - bench.when("vbus") == pytest.approx(3.0)
    assert bench.usb.current == "none"
    assert bench.router.functions == {"adb"}


@story
async def test_locked_it_takes_one(bench: UsbBench) -> None:
    await bench.tethered(default="rndis", locked=True)
    await bench.cable.wiggle(1.5)
    await bench.clock.sleep(10)
    assert bench.when("tether down") - bench.when("vbus") == pytest.approx(1.0)
    assert bench.usb.current == "none", "the default is for unlocked phones"
    bench.usb.set_locked(False)
    await bench.clock.sleep(10)
    assert bench.tether.serving


@story
async def test_with_a_default_and_no_lock_it_comes_back(bench: UsbBench) -> None:
    await bench.tethered(default="rndis")
    await bench.cable.wiggle(30)
    assert not bench.tether.serving
    await bench.clock.sleep(5)
    assert bench.tether.serving
    assert bench.router.functions == {"rndis", "adb"}


@story
async def test_locking_ends_nothing_while_connected(bench: UsbBench) -> None:
    await bench.tethered()
    bench.usb.set_locked(True)
    await bench.clock.sleep(10)
    assert bench.tether.serving
    bench.cable.pull()
    await bench.clock.sleep(10)
    assert bench.usb.current == "none"


@story
async def test_a_default_is_current_at_once_and_its_removal_too(bench: UsbBench) -> None:
    bench.usb.boot_completed(locked=False)
    bench.cable.plug("router")
    await bench.clock.sleep(5)
    bench.usb.set_default("rndis", "test")
    await bench.clock.sleep(5)
    assert bench.tether.serving
    bench.usb.set_default("none", "test")
    await bench.clock.sleep(5)
    assert (bench.usb.current, bench.tether.serving) == ("none", False)


@story
async def test_a_host_that_does_not_enumerate_for_five_seconds_gets_the_default(bench: UsbBench) -> None:
    await bench.tethered(default="mtp")
    bench.usb.set_current("ncm", "test")
    bench.cable.pull()
    await bench.clock.sleep(10)
    asked, fell_back = bench.when("USB function requested"), bench.when("fallback to the default USB function")
    assert fell_back - asked == pytest.approx(5.0)
    assert bench.usb.current == "mtp"


@story
async def test_a_hal_that_does_not_answer_for_three_seconds_counts_as_failed(bench: UsbBench) -> None:
    await bench.tethered()
    bench.usb.hal_answers = False
    bench.usb.set_current("ncm", "test")
    await bench.clock.sleep(2.9)
    assert bench.usb.current == "ncm"
    bench.usb.hal_answers = True
    await bench.clock.sleep(3)
    assert (bench.usb.current, bench.usb.applied) == ("none", True)


@story
async def test_a_reset_gadget_does_not_debounce(bench: UsbBench) -> None:
    await bench.tethered(default="rndis")
    bench.usb.reset_gadget()
    assert not bench.tether.serving
    await bench.clock.sleep(5)
    assert bench.tether.serving


@story
async def test_the_same_function_again_is_no_switch(bench: UsbBench) -> None:
    await bench.tethered()
    bench.usb.set_current("rndis", "test")
    await bench.clock.sleep(5)
    assert not bench.journal.entries()


@story
async def test_data_saver_ends_the_tether_and_keeps_it_off(bench: UsbBench) -> None:
    await bench.tethered(default="rndis")
    bench.tether.set_data_saver(True)
    assert not bench.tether.serving
    await bench.cable.wiggle(10)
    await bench.clock.sleep(10)
    assert not bench.tether.serving


@story_of("10")
async def test_10_falls_back_to_nothing_where_the_host_is_slow(bench: UsbBench) -> None:
    await bench.tethered(default="rndis")
    bench.usb.set_current("mtp", "test")
    bench.cable.pull()
    await bench.clock.sleep(10)
    assert bench.when("fallback to no USB function") - bench.when("USB function requested") == pytest.approx(5.0)


@story_of("10")
async def test_10_takes_one_second_for_a_disconnection_locked_or_not(bench: UsbBench) -> None:
    await bench.tethered()
    await bench.cable.wiggle(1.5)
    assert bench.when("tether down") - bench.when("vbus") == pytest.approx(1.0)


@story_of("8.1")
async def test_8_1_serves_on_request_only(bench: UsbBench) -> None:
    bench.usb.boot_completed(locked=False)
    bench.cable.plug("router")
    bench.usb.set_current("rndis", "test")
    await bench.clock.sleep(5)
    assert (bench.tether.interface, bench.tether.serving) == ("rndis0", False)
    assert bench.adbd_restarts == ["sys.usb.config=none"]
    bench.usb.set_current("none", "test")
    bench.tether.requested = True
    bench.usb.set_current("rndis", "test")
    await bench.clock.sleep(5)
    assert bench.tether.serving
    await bench.cable.wiggle(3)
    await bench.clock.sleep(10)
    assert (bench.usb.current, bench.tether.serving) == ("none", False)


@story
async def test_without_a_hal_a_switch_takes_adbd_along(bench: UsbBench) -> None:
    bench.usb.gadget = "legacy"
    await bench.tethered()
    assert bench.adbd_restarts == ["sys.usb.config=none"]
    await bench.cable.wiggle(2)
    await bench.clock.sleep(5)
    assert bench.tether.serving, "shorter than the debounce, so nothing was switched"
    assert len(bench.adbd_restarts) == 1


@story
async def test_a_maker_may_flip_the_default_back(bench: UsbBench) -> None:
    bench.usb.maker = "default-flips"
    await bench.tethered(default="rndis")
    await bench.clock.sleep(100)
    assert (bench.usb.default, bench.usb.current) == ("none", "none")


@story
async def test_a_maker_may_end_the_tether_at_the_lock(bench: UsbBench) -> None:
    bench.usb.maker = "dies-at-lock"
    await bench.tethered()
    bench.usb.set_locked(True)
    await bench.clock.sleep(10)
    assert not bench.tether.serving


@story
async def test_a_maker_may_restart_usb_at_the_lock_where_files_are_the_default(bench: UsbBench) -> None:
    bench.usb.maker = "restarts-at-lock"
    await bench.tethered(default="mtp")
    bench.usb.set_locked(True)
    await bench.clock.sleep(10)
    assert (bench.usb.current, bench.tether.serving) == ("mtp", False)
