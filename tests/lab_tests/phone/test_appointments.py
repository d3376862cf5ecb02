# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong at a certain request of a conversation, and what is wrong for longer."""

from __future__ import annotations

import pytest

from .rig import Rig


def at(rig: Rig, which: str, words: str) -> None:
    rig.do(rig.phone.adb.at, which, words.split(), rig.phone.control)


def test_the_cable_is_pulled_as_the_second_request_comes(rig: Rig) -> None:
    at(rig, "2", "drop")
    assert rig.shell("echo first").output == "first\n"
    rig.shell("touch /data/local/tmp/second")
    assert rig.on_phone("wait-for-device").status == 0
    assert rig.shell("ls /data/local/tmp").output == ""
    assert rig.state()["adb"]["appointments"] == 0


def test_a_request_is_known_by_what_is_in_it(rig: Rig) -> None:
    at(rig, "1:svc usb", "set storage full")
    assert "full" not in rig.shell("echo free >/data/local/tmp/a; cat /data/local/tmp/a").output
    rig.shell("svc usb setFunctions rndis")
    assert "No space left" in rig.shell("echo more >/data/local/tmp/b").errors


def test_one_appointment_may_make_the_next(rig: Rig) -> None:
    rig.do(rig.phone.adb.at, "1:marked", ["again"], lambda words: again(rig, words))
    rig.shell("echo marked")
    assert rig.state()["storage"] == "ok"
    rig.shell("echo the one after")
    assert rig.state()["storage"] == "full"


async def again(rig: Rig, words: list[str]) -> None:
    rig.phone.adb.at("1", ["set", "storage", "full"], rig.phone.control)


@pytest.mark.parametrize("words", ["reboot", "restart-adbd", "set authorised false", "set offline true"])
def test_what_ends_the_transport_ends_it_for_the_request_that_meets_it_too(rig: Rig, words: str) -> None:
    at(rig, "1", words)
    assert rig.shell("sleep 600; echo never").output == ""
    rig.until(lambda: rig.log("done at a request"))


@pytest.mark.parametrize("which", ["0", "-1", "some", ":text"])
def test_a_request_that_cannot_be_counted_is_refused(rig: Rig, which: str) -> None:
    with pytest.raises(ValueError, match="N or N:TEXT"):
        at(rig, which, "drop")


def test_words_that_there_are_not_are_told_by_the_log(rig: Rig) -> None:
    at(rig, "1", "set storage shiny")
    assert rig.shell("echo served").output == "served\n"
    assert "one of ok, full, ro" in rig.log("not done at a request")[0]["why"]


def test_su_that_asks_takes_silence_for_a_no(rig: Rig) -> None:
    rig.control("set root asks")
    said = rig.shell("su -c id")
    assert (said.errors, said.status) == ("Permission denied\n", 13)
    assert len(rig.log("su asks on the screen")) == 1


def test_su_that_asks_is_answered_by_a_hand(rig: Rig) -> None:
    rig.control("set root asks")
    rig.shell("( su -c id >/data/local/tmp/said ) </dev/null >/dev/null 2>&1 &")
    rig.until(lambda: rig.log("su asks on the screen"))
    rig.control("set root granted")
    rig.until(lambda: "uid=0(root)" in rig.shell("cat /data/local/tmp/said").output)


def test_data_read_only_takes_nothing_from_root_either(rig: Rig) -> None:
    rig.control("set root granted")
    rig.shell("echo kept >/data/local/tmp/file")
    rig.control("set storage ro")
    assert "Read-only file system" in rig.shell("echo x >/data/local/tmp/file").errors
    assert "Read-only file system" in rig.shell("su -c 'echo x >/data/adb/file'").errors
    assert rig.shell("cat /data/local/tmp/file").output == "kept\n"
    rig.control("set storage ok")
    assert rig.shell("su -c 'echo x >/data/adb/file'").status == 0


@pytest.mark.parametrize(
    ("android", "days", "set_first", "expired"),
    [
        pytest.param("14", 8, "", True, id="after a week"),
        pytest.param("14", 6, "", False, id="within a week"),
        pytest.param("14", 800, "settings put global adb_allowed_connection_time 0", False, id="never, as set"),
        pytest.param("10", 800, "", False, id="never, before Android 11"),
    ],
)
def test_a_key_expires(phone_alone: Rig, android: str, days: int, set_first: str, expired: bool) -> None:
    rig = phone_alone
    rig.control(f"set android {android}")
    rig.connect()
    rig.shell(set_first or "true")
    rig.control(f"set days_away {days}")
    rig.until(lambda: rig.adb_state() == ("unauthorized" if expired else "device"))


def test_what_is_nobody_s_business_is_there_to_be_kept(rig: Rig) -> None:
    found = rig.shell("getprop ro.serialno; getprop ril.iccid.sim1; dumpsys telephony.registry").output
    for secret in ("LAB14000001", "89490200000000000014", "+15555550100"):
        assert secret in found
