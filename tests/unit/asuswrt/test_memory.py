# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the control node remembers of a router, and what follows from it the next time."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import NotRemembered
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import Memory, Restored, Unfinished
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._unfinished import judge
from ansible_collections.homelab.dualwan.plugins.module_utils._state_directory import state_directory
from unit.builders import a_backup_router, a_router
from unit.script import ROUTER

BEGUN = 1_800_000_000.0
CHANGE = Unfinished(
    identity="00:00:5E:00:53:07",
    begun=BEGUN,
    former={"wans_dualwan": "wan none"},
    wanted={"wans_dualwan": "wan usb"},
    service="start_multipath",
    rollback_seconds=180,
)


def files():
    return [path for path in state_directory().rglob("*") if path.is_file()]


def test_a_note_comes_back_as_it_was_written():
    Memory(ROUTER).begin(CHANGE)
    assert Memory(ROUTER).unfinished(CHANGE.identity) == CHANGE


def test_it_is_for_its_owner_only():
    Memory(ROUTER).begin(CHANGE)
    (note,) = files()
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert stat.S_IMODE(note.parent.stat().st_mode) == 0o700


def test_what_came_to_a_good_end_is_forgotten_and_the_login_is_not():
    memory = Memory(ROUTER)
    memory.remember_scheme("classic")
    memory.begin(CHANGE)
    memory.end(CHANGE.identity)
    assert memory.unfinished(CHANGE.identity) is None
    assert memory.scheme() == "classic"


def test_each_address_has_its_own():
    Memory(ROUTER).begin(CHANGE)
    assert Memory(replace(ROUTER, port=8443)).unfinished(CHANGE.identity) is None
    assert Memory(replace(ROUTER, host="fe80::1%eth0")).unfinished(CHANGE.identity) is None


def test_routers_that_are_reached_at_one_address_do_not_forget_for_each_other():
    other = replace(CHANGE, identity="00:00:5E:00:53:08", former={"wans_dualwan": "wan lan"})
    memory = Memory(ROUTER)
    memory.begin(CHANGE)
    memory.begin(other)
    assert (memory.unfinished(CHANGE.identity), memory.unfinished(other.identity)) == (CHANGE, other)
    memory.end(other.identity)
    assert (memory.unfinished(CHANGE.identity), memory.unfinished(other.identity)) == (CHANGE, None)


def test_nor_does_how_one_takes_a_login_go_for_the_other_whose_certificate_is_pinned():
    here, there = (Memory(replace(ROUTER, fingerprint=digit * 64)) for digit in "ab")
    here.remember_scheme("classic")
    there.remember_scheme("nonce")
    assert (here.scheme(), there.scheme(), Memory(ROUTER).scheme()) == ("classic", "nonce", None)
    here.remember_scheme(None)
    assert (here.scheme(), there.scheme()) == (None, "nonce")


def test_a_login_that_an_earlier_version_noted_is_of_a_router_without_a_pin():
    Memory(ROUTER).remember_scheme("nonce")
    (note,) = files()
    note.write_text('{"login": "classic"}')
    assert (Memory(ROUTER).scheme(), Memory(replace(ROUTER, fingerprint="a" * 64)).scheme()) == ("classic", None)


def test_a_file_that_was_put_back_is_known_again_by_its_router():
    memory = Memory(ROUTER)
    memory.begin(CHANGE)
    memory.remember_restored(CHANGE.identity, Restored("12ab", ("foo_seen",)))
    memory.remember_restored("00:00:5E:00:53:08", Restored("34cd", ()))
    assert Memory(ROUTER).restored(CHANGE.identity) == Restored("12ab", ("foo_seen",))
    assert memory.restored("00:00:5E:00:53:09") is None
    memory.end(CHANGE.identity)
    assert memory.restored(CHANGE.identity) == Restored("12ab", ("foo_seen",))


def test_no_password_is_in_it():
    memory = Memory(ROUTER)
    memory.remember_scheme("classic")
    memory.begin(CHANGE)
    assert all(ROUTER.password not in path.read_text() for path in files())


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"restored": {"00:00:5E:00:53:07": {"left": 1}}}',
        '{"unfinished": 3}',
        '{"unfinished": {"00:00:5E:00:53:07": {"begun": 1}}}',
        '{"login": 4}',
        '{"login": {"": 4}}',
    ],
)
def test_a_file_that_was_garbled_says_nothing(content):
    Memory(ROUTER).begin(CHANGE)
    (note,) = files()
    note.write_text(content)
    assert Memory(ROUTER).unfinished(CHANGE.identity) is None
    assert Memory(ROUTER).restored(CHANGE.identity) is None
    assert Memory(ROUTER).scheme() is None


def test_a_change_that_cannot_be_noted_is_not_made(tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    with pytest.raises(NotRemembered, match="cannot be written") as failed:
        Memory(ROUTER).begin(CHANGE)
    assert "XDG_STATE_HOME" in failed.value.cure
    Memory(ROUTER).remember_scheme("classic")  # which only costs a request the next time
    Memory(ROUTER).remember_restored(CHANGE.identity, Restored("12ab", ()))  # or a reboot


def test_a_relative_state_directory_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_directory() == tmp_path / ".local/state/homelab.dualwan"


ON = a_backup_router()
OFFLINE = a_backup_router(link_internet="1")
REBOOT = replace(CHANGE, service="reboot")
NO_WAY_BACK = replace(CHANGE, rollback_seconds=0)
NO_SERVICE = replace(CHANGE, service="none")
UNDOING = replace(CHANGE, undoing=True)
UNDOING_BY_REBOOT = replace(UNDOING, service="reboot")
UNDONE = a_router(link_internet="1")
OUTLIVED = "more than a day ago, so it is not taken back"
JUDGED = [
    # change, the router now, seconds later, seconds since its boot: owed, restore, told
    ("nothing noted", None, ON, 10, None, "none", False, ""),
    ("never arrived", CHANGE, a_router(), 10, None, "none", False, "before its change reached"),
    ("service not seen", CHANGE, ON, 10, None, "start_multipath", False, "owed"),
    ("offline, and time left", CHANGE, OFFLINE, 10, None, "start_multipath", False, "owed"),
    ("offline for too long", CHANGE, OFFLINE, 181, None, "start_multipath", True, "not back"),
    ("offline for a day", CHANGE, OFFLINE, 86400, None, "none", True, "not back"),
    ("offline more than a day later", CHANGE, OFFLINE, 86401, None, "start_multipath", False, OUTLIVED),
    ("and nothing is owed", NO_SERVICE, OFFLINE, 86401, None, "none", False, OUTLIVED),
    ("offline, no way back", NO_WAY_BACK, OFFLINE, 999, None, "start_multipath", False, ""),
    ("online, long ago", CHANGE, ON, 9999, None, "start_multipath", False, "owed"),
    ("service not seen, and a reboot since", CHANGE, ON, 100, 60, "none", False, "has it all"),
    ("service not seen, and a reboot before", CHANGE, ON, 100, 500, "start_multipath", False, "owed"),
    ("reboot not done", REBOOT, ON, 100, 5000, "reboot", False, "owed"),
    ("reboot done by somebody", REBOOT, ON, 100, 60, "none", False, "has it all"),
    ("reboot, and it does not say", REBOOT, ON, 100, None, "reboot", False, "owed"),
    ("no service was needed", NO_SERVICE, ON, 10, None, "none", False, "has it all"),
    (
        "taken back, service not seen",
        UNDOING,
        UNDONE,
        10,
        None,
        "start_multipath",
        False,
        "wrote the former values again",
    ),
    ("taken back, reboot since", UNDOING_BY_REBOOT, UNDONE, 100, 60, "none", False, "has it all"),
    (
        "taken back, reboot before",
        UNDOING_BY_REBOOT,
        UNDONE,
        100,
        500,
        "reboot",
        False,
        "wrote the former values again",
    ),
    (
        "taken back, set otherwise since",
        UNDOING,
        a_router(wans_dualwan="wan lan"),
        10,
        None,
        "none",
        False,
        "before",
    ),
    ("taken back in vain", UNDOING, OFFLINE, 10, None, "none", True, "not back"),
    ("taken back in vain, more than a day ago", UNDOING, OFFLINE, 86401, None, "start_multipath", False, OUTLIVED),
    ("taken back in vain, and online", UNDOING, ON, 10, None, "start_multipath", False, "stored settings"),
    ("written by hand", replace(CHANGE, service="rm -r"), ON, 10, None, "none", False, "has it all"),
]


WELL = [
    # change, the router now, seconds later, seconds since its boot: whether it had its trial
    ("its time is not over", CHANGE, ON, 180, None, False),
    ("its time is over", CHANGE, ON, 181, None, True),
    ("nothing is owed", NO_SERVICE, ON, 181, 5000, True),
    ("it has just booted", CHANGE, ON, 9999, 60, False),
    ("no internet", CHANGE, OFFLINE, 9999, None, False),
    ("it never arrived", CHANGE, a_router(), 9999, None, False),
    ("nothing would be taken back", NO_WAY_BACK, ON, 9999, None, False),
    ("nothing noted", None, ON, 9999, None, False),
]


@pytest.mark.parametrize("row", [pytest.param(row[1:], id=row[0]) for row in WELL])
def test_a_change_is_well_where_there_is_internet_after_all_its_time(row):
    change, now, later, since_boot, well = row
    assert judge(change, now, BEGUN + later, since_boot).well is well


@pytest.mark.parametrize("row", [pytest.param(row[1:], id=row[0]) for row in JUDGED])
def test_what_an_earlier_run_left(row):
    change, now, later, since_boot, owed, restore, told = row
    left = judge(change, now, BEGUN + later, since_boot)
    assert left.restore is restore
    assert restore or left.owed == owed
    assert not (left.watch and change and change.undoing)
    assert told in left.told


@pytest.mark.parametrize(("later", "watch"), [(86400, 120), (86401, 0)])
def test_a_boot_gives_a_change_its_time_again_for_a_day_only(later, watch):
    assert judge(NO_SERVICE, ON, BEGUN + later, 60).watch == watch


@pytest.mark.parametrize(("change", "told"), [(CHANGE, False), (replace(CHANGE, begun=BEGUN - 86401), True)])
def test_that_it_is_too_old_is_only_said_where_the_internet_is_away(change, told):
    assert OUTLIVED not in judge(change, ON, BEGUN, None).told
    assert (OUTLIVED in judge(change, OFFLINE, BEGUN, None).told) is told
