# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation with a phone, by way of a scripted adb server on loopback."""

from __future__ import annotations

import socket

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Phone, Reply
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import Address
from ansible_collections.homelab.dualwan.plugins.module_utils._android._errors import (
    ConnectionLost,
    NoPermission,
    NoPhone,
    NotSupported,
    Offline,
    PhoneError,
    ServerMissing,
    SeveralPhones,
    StillBooting,
    TookTooLong,
    Unauthorised,
)
from unit.fake_adb_server import Answer, Cut, FakeAdbServer, Refusal, Shell, ShellRefusal, Silence
from unit.fake_clock import FakeClock

UP = Shell("1\n")
"""What a phone that has booted says to the question for it."""
USB, NETWORK = "R58N12ABCDE", "192.0.2.9:5555"
UNAUTHORISED = Refusal(
    "device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\nTry 'adb kill-server' if that seems wrong."
)
OFFLINE = Refusal("device offline")
AWAY = Refusal(f"device '{USB}' not found")
FORBIDDEN = Refusal(
    "insufficient permissions for device: missing udev rules? user is in the plugdev group\n"
    "See [http://developer.android.com/tools/device.html] for more information"
)


def a_phone(server, serial=USB, timeout=5.0):
    return Phone(Address(serial, "127.0.0.1", server.port, timeout), FakeClock())


def ask(*scenes, serial=USB, timeout=5.0):
    with FakeAdbServer(*scenes) as server:
        return a_phone(server, serial, timeout).shell("id", doing="looking"), server


def failure(*scenes, **how):
    with pytest.raises(PhoneError) as failed:
        ask(*scenes, **how)
    assert failed.value.cure
    return failed.value


def test_both_streams_and_the_code_are_told_apart():
    reply, server = ask(Shell("out\n", "err\n", 42))
    assert reply == Reply("out\n", "err\n", 42)
    assert server.asked == [f"host:transport:{USB}", "shell,v2,raw:id"]


def test_bytes_that_are_no_text_do_no_harm():
    assert ask(Shell(b"a\xffb"))[0].output == "a\ufffdb"


def test_without_a_serial_any_phone_will_do():
    _rest, server = ask(Shell(), serial=None)
    assert server.asked[0] == "host:transport-any"


@pytest.mark.parametrize(
    ("scene", "kind", "what"),
    [
        pytest.param(UNAUTHORISED, Unauthorised, "Allow USB debugging", id="unauthorised"),
        pytest.param(OFFLINE, Offline, "offline", id="offline"),
        pytest.param(Refusal("device still connecting"), Offline, "does not answer", id="connecting"),
        pytest.param(AWAY, NoPhone, "no such phone", id="away"),
        pytest.param(ShellRefusal("closed", "cmd"), NotSupported, "Android 7", id="no shell_v2"),
        pytest.param(ShellRefusal("closed"), ConnectionLost, "dropped", id="the cable pulled as it was asked"),
        pytest.param(ShellRefusal("closed", "device offline"), Offline, "offline", id="gone silent as it was asked"),
        pytest.param(
            ShellRefusal("closed", "device unauthorized."), Unauthorised, "Allow USB", id="revoked as it was asked"
        ),
        pytest.param(Cut("half", "device unauthorized."), Unauthorised, "Allow USB", id="revoked in mid-command"),
        pytest.param(Cut("half of"), ConnectionLost, "dropped", id="dropped in mid-command"),
        pytest.param(Cut(), ConnectionLost, "running again|run again", id="dropped at once"),
    ],
)
def test_what_a_phone_does_instead(scene, kind, what):
    error = failure(scene)
    assert error.__class__ is kind
    assert any(part in error.message for part in what.split("|"))
    assert "while looking" in error.message
    assert USB not in error.message


@pytest.mark.parametrize("serial", [USB, None], ids=["this one", "any"])
def test_a_phone_that_adb_may_not_open_is_said_at_once_and_with_its_cure(serial):
    with FakeAdbServer(FORBIDDEN) as server, pytest.raises(NoPermission) as failed:
        a_phone(server, serial).read("id", doing="looking")
    assert "udev rules" in failed.value.cure
    assert "plugdev" in failed.value.cure


def test_no_phone_at_all():
    error = failure(Refusal("no devices/emulators found"), serial=None)
    assert isinstance(error, NoPhone)
    assert "USB debugging" in error.cure


def test_several_phones_are_counted_and_not_named():
    error = failure(
        Refusal("more than one device/emulator"), Answer("R58N12ABCDE\tdevice\nemulator-5554\toffline\n"), serial=None
    )
    assert isinstance(error, SeveralPhones)
    assert "knows 2 phones" in error.message
    assert "R58N12ABCDE" not in error.message


def test_a_phone_that_says_nothing_is_not_waited_for_forever():
    error = failure(Silence(), timeout=0.2)
    assert isinstance(error, TookTooLong)
    assert "longer timeout" in error.cure


def test_a_missing_server_is_said_and_none_is_started(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("started a program"))
    with pytest.raises(ServerMissing, match=f"127.0.0.1:{port}") as failed:
        Phone(Address(USB, "127.0.0.1", port, 5.0), FakeClock()).shell("id", doing="looking")
    assert "adb start-server" in failed.value.cure


def test_a_server_that_ends_in_the_middle_of_a_command_is_said():
    server = FakeAdbServer(Cut("half of", features=None))
    with server, pytest.raises(ServerMissing, match="No adb server answers"):
        a_phone(server).shell("id", doing="looking")


def test_a_server_that_ends_between_two_commands_is_not_started_again(monkeypatch):
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("started a program"))
    with FakeAdbServer(Shell("ok")) as server:
        phone = a_phone(server, USB, 5.0)
        assert phone.shell("id", doing="looking").output == "ok"
    with pytest.raises(ServerMissing):
        phone.shell("id", doing="looking")
    with pytest.raises(ServerMissing):
        phone.await_return(doing="looking")


@pytest.mark.parametrize(
    "said",
    [f"device '{NETWORK}' not found", "device offline", FORBIDDEN.said],
    ids=["not known", "offline", "hidden by another one on USB"],
)
def test_a_phone_in_the_network_is_connected_to(said):
    reply, server = ask(Refusal(said), Answer(f"connected to {NETWORK}"), Shell("ok"), serial=NETWORK)
    assert reply.output == "ok"
    assert f"host:connect:{NETWORK}" in server.asked


def test_a_connection_that_is_on_its_way_out_is_made_anew():
    gone = Refusal(f"device '{NETWORK}' not found")
    stale, fresh = Answer(f"already connected to {NETWORK}"), Answer(f"connected to {NETWORK}")
    reply, server = ask(gone, stale, gone, fresh, Shell("ok"), serial=NETWORK)
    assert reply.output == "ok"
    assert server.asked.count(f"host:connect:{NETWORK}") == 2


def test_one_that_is_gone_again_as_soon_as_it_was_connected_to_has_dropped():
    gone = Refusal(f"device '{NETWORK}' not found")
    error = failure(gone, Answer(f"connected to {NETWORK}"), gone, serial=NETWORK)
    assert error.__class__ is ConnectionLost


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (f"failed to connect to '{NETWORK}': Connection refused", NoPhone),
        (f"failed to authenticate to {NETWORK}", Unauthorised),
    ],
)
def test_a_phone_in_the_network_that_does_not_want(said, kind):
    error = failure(Refusal(f"device '{NETWORK}' not found"), Answer(said), serial=NETWORK)
    assert error.__class__ is kind


@pytest.mark.parametrize("scene", [Silence(), Refusal("unknown host service")], ids=["no answer", "an old server"])
def test_a_failing_connect_is_a_failure_of_the_family(scene):
    failure(Refusal(f"device '{NETWORK}' not found"), scene, serial=NETWORK, timeout=0.2)


# Adb goes away for 1 to 3 seconds when the USB function switches, and passes all these states on its way back.
COMING_BACK = [
    pytest.param(AWAY, id="away"),
    pytest.param(OFFLINE, id="offline"),
    pytest.param(Refusal("device still connecting"), id="connecting"),
    pytest.param(Refusal("device still authorizing"), id="authorising"),
    pytest.param(ShellRefusal("closed"), id="adbd restarting"),
    pytest.param(Cut(), id="cut off"),
    pytest.param(Shell("\n"), id="booting"),
]


def switch(*scenes, timeout=5.0):
    with FakeAdbServer(*scenes) as server:
        return a_phone(server, timeout=timeout).shell_through_a_switch("svc", doing="switching")


@pytest.mark.parametrize("state", COMING_BACK)
def test_a_phone_is_waited_for_through_every_state_of_its_return(state):
    assert switch(Cut(), state, state, UP) is None


def test_a_switch_that_keeps_the_connection_has_its_reply():
    assert switch(Shell("opId:1")).output == "opId:1"


def read(*scenes):
    with FakeAdbServer(*scenes) as server:
        return a_phone(server).read("id", doing="looking"), server


@pytest.mark.parametrize("state", COMING_BACK)
def test_a_reading_that_a_switch_cuts_off_is_asked_for_again(state):
    reply, server = read(Cut("half of "), state, UP, Shell("all of it"))
    assert reply.output == "all of it"
    assert server.asked.count("shell,v2,raw:id") == 2


def test_a_reading_that_is_cut_off_twice_is_a_lost_connection():
    with pytest.raises(ConnectionLost):
        read(Cut(), UP, Cut())


def test_a_phone_that_is_not_there_to_begin_with_is_not_waited_for():
    with pytest.raises(NoPhone) as failed:
        read(AWAY, Answer(""))
    assert failed.value.cure.startswith("Plug the phone")


@pytest.mark.parametrize(
    ("devices", "told"),
    [
        ("R58N99ZYXWV\tdevice\n", "It knows 1 other: look whether serial (android_serial) is this phone's. "),
        ("R58N99ZYXWV\tunauthorized\nemulator-5554\toffline\n", "It knows 2 others: look"),
    ],
)
def test_a_phone_whose_serial_may_be_another_s_is_told_so_by_a_number(devices, told):
    with FakeAdbServer(AWAY, Answer(devices)) as server, pytest.raises(NoPhone) as failed:
        a_phone(server).read("id", doing="looking")
    assert told in failed.value.message
    assert "Plug the phone" in failed.value.message
    assert not any(serial in failed.value.message for serial in (USB, "R58N99ZYXWV", "emulator-5554"))
    assert server.asked.count("host:devices") == 1


def test_one_by_the_network_that_cannot_be_reached_may_be_another_s_too():
    scenes = (Refusal(f"device '{NETWORK}' not found"), Answer("failed to connect"), Answer("R58N99ZYXWV\tdevice\n"))
    with FakeAdbServer(*scenes) as server, pytest.raises(NoPhone) as failed:
        a_phone(server, NETWORK).read("id", doing="looking")
    assert "It knows 1 other" in failed.value.message


def test_a_server_that_does_not_tell_its_phones_is_no_reason_to_say_anything_else():
    with FakeAdbServer(AWAY, Refusal("unknown host service")) as server, pytest.raises(NoPhone, match="no such phone"):
        a_phone(server).read("id", doing="looking")


def test_a_phone_that_does_not_return_is_said():
    with pytest.raises(ConnectionLost, match="did not return within 1 s") as failed:
        switch(Cut(), *[AWAY] * 20, timeout=1.0)
    assert "cable" in failed.value.cure


def test_a_phone_that_does_not_finish_booting_is_told_from_one_that_does_not_return():
    with pytest.raises(StillBooting, match="has not finished booting") as failed:
        switch(Cut(), *[Shell("\n")] * 20, timeout=1.0)
    assert "screen" in failed.value.cure


def test_a_phone_that_returns_and_no_longer_trusts_us_is_said():
    with pytest.raises(Unauthorised):
        switch(Cut(), AWAY, UNAUTHORISED)


@pytest.mark.parametrize(
    ("devices", "name"),
    [
        ("192.168.50.77:5555\tdevice\n", "192.168.50.77:5555"),
        ("192.168.50.77:5555\tdevice\nemulator-5554\toffline\n", "192.168.50.77:5555"),
        ("192.168.50.77:5555\tdevice\nR58N12ABCDE\tdevice\n", None),
    ],
)
def test_a_phone_of_which_no_serial_was_given_is_known_by_the_servers_name(devices, name):
    with FakeAdbServer(Answer(devices)) as server:
        assert a_phone(server, serial=None).known_as() == name


def test_a_try_that_ended_late_is_not_the_last(monkeypatch):
    phone = Phone(Address(USB, "127.0.0.1", 1, timeout=5.0), FakeClock())
    tries = []

    def slow(_script, *, doing):
        tries.append(phone.clock.now())
        phone.clock.sleep(9)
        if len(tries) == 1:
            raise ConnectionLost("It dropped", doing=doing, cure="Look at the cable")
        return Reply("1\n", "", 0)

    monkeypatch.setattr(phone, "shell", slow)
    phone.await_return(doing="looking")
    assert len(tries) == 2


def test_a_server_that_does_not_tell_its_phones_leaves_it_unclear():
    with FakeAdbServer(Refusal("unknown host service")) as server:
        assert a_phone(server, serial=None).known_as() is None
