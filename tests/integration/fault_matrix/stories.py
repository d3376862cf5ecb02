# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task does with a router, and at which points of that conversation something can go wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Point:
    """One request. A number counts requests of that kind since the story's beginning, or since a reboot began."""

    name: str
    at: str
    """The request itself, in the lab's words."""
    behind: str = ""
    """The one before it; empty where it is the first."""
    rebooting: bool = False
    """It comes once the router went down, and how many were asked before that is not known."""


NONCE = Point("nonce", "nonce 1")
LOGIN = Point("login", "login 1", "nonce 1")
FIRST_READ = Point("first read", "read 1", "login 1")
WRITE = Point("write", "write 1", "read 1")
LOOK = Point("service look", "read 2", "write 1")
WAITING = Point("waiting", "read 3", "read 2")
READ_BACK = Point("read-back", "read 2", "write 1")
WATCHING = Point("watching", "read 3", "read 2")
# A write that asks for a reboot has one read more before it.
UPTIME = Point("uptime", "read 2", "read 1")
REBOOT_WRITE = Point("write", "write 1", "read 2")
REBOOT_LOOK = Point("service look", "read 3", "write 1")
LOGOUT = Point("logout", "logout 1", "read 1")
RELOGIN = Point("relogin", "login 1", rebooting=True)
BOOT_LOOK = Point("boot look", "read 1", "login 1", rebooting=True)
READ_AFTER = Point("read after", "read 2", "read 1", rebooting=True)
DOWN = Point("down", "")
"""Not a request, but the whole time that a reboot takes."""
DOWNLOAD = Point("download", "download 1", "read 1")
UPLOAD = Point("upload", "upload 1", "read 2")
IN_ORDER = (
    *(NONCE, LOGIN, FIRST_READ, DOWNLOAD, UPTIME, WRITE, UPLOAD, LOOK, WAITING, READ_BACK, WATCHING),
    *(DOWN, RELOGIN, BOOT_LOOK, READ_AFTER, LOGOUT),
)


@dataclass(frozen=True)
class Story:
    """One task, and what is true of the router when it has come to its end."""

    name: str
    module: str
    options: dict[str, Any] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)
    """nvram names and values."""
    needs: dict[str, str] = field(default_factory=dict)
    """What has to run once the name is stored, or else a boot; ``boot`` where nothing else will do."""
    found: dict[str, str] = field(default_factory=dict)
    """nvram names and values that the router has beforehand, other than as shipped."""
    firmware: str = "386"
    tls: bool = True


def _watched(story: Story) -> Story:
    """The same with a way back for one who pings and so sees the internet go: after 60 s without, it is taken back."""
    found = {"wandog_enable": "1", "wandog_target": "1.1.1.1", "wandog_interval": "2", "wandog_maxfail": "2"}
    options = {**story.options, "rollback_timeout": 60}
    return replace(story, name=f"{story.name}, watched", options=options, found=found)


def _plain(story: Story) -> Story:
    """The same without TLS, where a reset is seen as one: behind TLS it looks like the end of the reply."""
    return replace(story, name=f"{story.name}, plain HTTP", tls=False)


LIVE = Story(
    "live change",
    "asus_dualwan",
    {"detection": {"interval": 9, "failover_count": 2}},
    {"wandog_interval": "9", "wandog_maxfail": "2"},
)
LIVE_WATCHED = _watched(LIVE)
LIVE_PLAIN = _plain(LIVE)
FAILBACK = Story("failback off", "asus_dualwan", {"failback": False}, {"wans_mode": "fo"})
USB = Story(
    "usb added",
    "asus_dualwan",
    {"state": "enabled", "secondary": "usb"},
    {"wans_dualwan": "wan usb"},
    {"wans_dualwan": "start_multipath"},
)
USB_WATCHED = _watched(USB)
USB_OFF = replace(
    USB,
    name="usb added and on",
    wanted={"wans_dualwan": "wan usb", "wan1_enable": "1"},
    needs={"wans_dualwan": "start_multipath", "wan1_enable": "start_multipath"},
    found={"wan1_enable": "0"},
)
REBOOT = Story(
    "reboot",
    "asus_dualwan",
    {"state": "enabled", "secondary": "usb", "mode": "load_balance"},
    {"wans_dualwan": "wan usb", "wans_mode": "lb"},
    {"wans_dualwan": "start_multipath", "wans_mode": "boot"},
)
# Where load is balanced no probe is made, and so no internet seen to go: here the same service by choice.
REBOOT_WATCHED = _watched(
    replace(
        USB,
        name="reboot by choice",
        options={**USB.options, "activation": "reboot"},
        needs={"wans_dualwan": "boot"},
    )
)
LINE = Story(
    "line off",
    "asus_wan",
    {"wan": "primary", "state": "disabled", "even_without_backup": True},
    {"wan0_enable": "0"},
    {"wan0_enable": "restart_wan_if 0"},
)
INFO = Story("info", "asus_wan_info")
NONCE_LOGIN = replace(INFO, name="info, nonce login", firmware="3006-nonce")
KEEP = Story("file kept", "asus_settings_backup")
KEEP_PLAIN = _plain(KEEP)
RESTORE = Story(
    "file restored",
    "asus_settings_backup",
    {"state": "restored", "file": "newest", "confirm": "restore RT-AX53U"},
    {"wandog_maxfail": "12"},
    {"wandog_maxfail": "boot"},
)
