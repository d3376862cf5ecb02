# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fault is met at which point of which story. What cannot be, or would be the same again, is not in the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from integration.fault_matrix.faults import (
    BUSY,
    CAPTCHA,
    COMMA,
    CRASH,
    CUT,
    DROPPED,
    EMPTY,
    HTML,
    INTERNET_GONE,
    LOCKED,
    NAME,
    NO_APPLYAPP,
    NO_RETURN,
    OTHER_VALUES,
    REBOOTS,
    REFUSED,
    RESET_IN_BODY,
    RESET_IN_HEADER,
    RESTART,
    SESSION_GONE,
    SLOW,
    SLOW_REBOOT,
    STUCK,
    TOO_LONG,
    TOO_SLOW,
    TRUNCATED,
    Fault,
)
from integration.fault_matrix.stories import (
    BOOT_LOOK,
    DOWN,
    DOWNLOAD,
    FAILBACK,
    FIRST_READ,
    INFO,
    KEEP,
    KEEP_PLAIN,
    LINE,
    LIVE,
    LIVE_PLAIN,
    LIVE_WATCHED,
    LOGIN,
    LOGOUT,
    LOOK,
    NONCE,
    NONCE_LOGIN,
    READ_AFTER,
    READ_BACK,
    REBOOT,
    REBOOT_LOOK,
    REBOOT_WATCHED,
    REBOOT_WRITE,
    RELOGIN,
    RESTORE,
    UPLOAD,
    UPTIME,
    USB,
    USB_OFF,
    USB_WATCHED,
    WAITING,
    WATCHING,
    WRITE,
    Point,
    Story,
)


@dataclass(frozen=True)
class Cell:
    """One fault at one point of one story."""

    story: Story
    fault: Fault
    point: Point

    @property
    def name(self) -> str:
        return f"{self.story.name} - {self.fault.name} - {self.point.name}"

    @property
    def may_fail(self) -> bool:
        """Before anything is written a failure costs nothing; afterwards only what no patience overcomes may end so."""
        upload = self.point is UPLOAD  # a file is not sent twice, as nothing tells whether the first was taken
        refused = self.point is RELOGIN and self.fault in (LOCKED, CAPTCHA)
        return self.point in _BEFORE_THE_WRITE or self.fault in _FINAL or upload or refused


_BEFORE_THE_WRITE = (NONCE, LOGIN, FIRST_READ, DOWNLOAD, UPTIME)
_FINAL = (DROPPED, STUCK, TOO_LONG, NO_RETURN, OTHER_VALUES, INTERNET_GONE)


_SPOILT = (RESET_IN_HEADER, RESET_IN_BODY, TRUNCATED, EMPTY, HTML)
# Python shows a reset within a body as the end of it behind TLS, so that beside the truncated one it is met again in
# the live change and the settings file only, and without TLS.
_EACH = (REFUSED, RESTART, RESET_IN_HEADER, TRUNCATED, EMPTY, HTML, TOO_SLOW)
_HTTPD = (CUT, CRASH, RESTART)
_CONVERSATION = (NONCE, LOGIN, FIRST_READ, WRITE, READ_BACK)

# The stories of asus_dualwan are one up to the first read, and again at the logout: those points are the live change's.
# A read-back behind a service has no number, as waiting takes as many reads as it takes. It is the live change's, too.
_TABLE: tuple[tuple[Story, tuple[Fault, ...], tuple[Point, ...]], ...] = (
    (LIVE, (REFUSED, *_SPOILT, TOO_SLOW), _CONVERSATION),
    # The answer to the question for a nonce is no JSON here, so no comma can lead in it.
    (LIVE, (COMMA,), (LOGIN, FIRST_READ, WRITE, READ_BACK)),
    (LIVE, _HTTPD, (LOGIN, WRITE, READ_BACK)),
    (LIVE, (SLOW,), (LOGIN, FIRST_READ, WRITE)),
    # Nobody waits for more than the end of a logout.
    (LIVE, (REFUSED, RESET_IN_HEADER, HTML, TOO_SLOW), (LOGOUT,)),
    # Before the login there is no session to be gone.
    (LIVE, (SESSION_GONE,), (FIRST_READ, WRITE, READ_BACK, LOGOUT)),
    (LIVE, (LOCKED, CAPTCHA), (NONCE, LOGIN, FIRST_READ, WRITE)),
    (LIVE, (REBOOTS,), (LOGIN, FIRST_READ, WRITE, READ_BACK)),
    (LIVE, (BUSY, DROPPED, NO_APPLYAPP), (WRITE,)),
    (LIVE, (NAME,), (LOGIN,)),
    (LIVE_PLAIN, (RESET_IN_HEADER, RESET_IN_BODY, TRUNCATED), (LOGIN, FIRST_READ, WRITE, READ_BACK)),
    (LIVE_WATCHED, (CUT, HTML, SESSION_GONE, REBOOTS, INTERNET_GONE), (WRITE, WATCHING)),
    (FAILBACK, (NO_APPLYAPP,), (WRITE,)),
    (USB, (*_EACH, SESSION_GONE, REBOOTS), (WRITE, LOOK, WAITING)),
    (USB, (CUT, CRASH, COMMA, SLOW), (WRITE,)),
    (USB, (BUSY, STUCK), (FIRST_READ, WRITE, LOOK)),
    (USB, (DROPPED, NO_APPLYAPP, LOCKED, CAPTCHA), (WRITE,)),
    (USB, (NAME,), (LOGIN,)),
    (USB_OFF, (SLOW, HTML, NO_APPLYAPP), (WRITE,)),
    (USB_WATCHED, (CUT, HTML, CRASH, SESSION_GONE, REBOOTS, INTERNET_GONE), (WRITE, WAITING)),
    (USB_WATCHED, (STUCK,), (WRITE,)),
    (REBOOT, (*_EACH, SESSION_GONE, CUT, CRASH, COMMA, REBOOTS), (REBOOT_WRITE,)),
    (REBOOT, (BUSY, STUCK, DROPPED, NO_APPLYAPP, LOCKED, CAPTCHA), (REBOOT_WRITE,)),
    (REBOOT, (REFUSED, RESTART, RESET_IN_HEADER, HTML, SESSION_GONE), (REBOOT_LOOK,)),
    (REBOOT, (REFUSED, TRUNCATED, HTML, SESSION_GONE), (UPTIME,)),
    (REBOOT, (SLOW_REBOOT, TOO_LONG, NO_RETURN, OTHER_VALUES), (DOWN,)),
    # Who listens hears that the router went down; what comes then is counted from there.
    (REBOOT, (CUT, *_EACH[1:], LOCKED, CAPTCHA), (RELOGIN,)),
    (REBOOT, (CUT, *_EACH[1:], SESSION_GONE), (BOOT_LOOK, READ_AFTER)),
    (REBOOT_WATCHED, (SLOW_REBOOT, TOO_LONG, NO_RETURN), (DOWN,)),
    (REBOOT_WATCHED, (CUT, HTML, LOCKED, INTERNET_GONE), (REBOOT_WRITE, RELOGIN)),
    (LINE, (*_EACH, SESSION_GONE), (WRITE,)),
    (LINE, (REFUSED, HTML, SESSION_GONE), (LOOK, WAITING)),
    (LINE, (BUSY, STUCK, DROPPED, NO_APPLYAPP), (WRITE,)),
    (LINE, (LOCKED, CAPTCHA), (LOGIN,)),
    (INFO, (REFUSED, HTML, TRUNCATED, COMMA, TOO_SLOW), (LOGIN, FIRST_READ)),
    (INFO, (LOCKED, CAPTCHA, NAME), (LOGIN,)),
    (INFO, (SESSION_GONE,), (FIRST_READ,)),
    (NONCE_LOGIN, (CUT, *_SPOILT, TOO_SLOW, LOCKED, CAPTCHA), (NONCE, LOGIN)),
    (NONCE_LOGIN, (HTML, SESSION_GONE), (FIRST_READ,)),
    (KEEP, (*_EACH, RESET_IN_BODY, SESSION_GONE), (DOWNLOAD,)),
    (KEEP, (HTML,), (FIRST_READ,)),
    (KEEP, (LOCKED, NAME), (LOGIN,)),
    (KEEP_PLAIN, (RESET_IN_BODY, TRUNCATED), (DOWNLOAD,)),
    (RESTORE, (TRUNCATED, HTML, SESSION_GONE), (DOWNLOAD,)),
    (RESTORE, (*_EACH, CUT, CRASH, SESSION_GONE), (UPLOAD,)),
    (RESTORE, (SLOW_REBOOT, TOO_LONG, NO_RETURN), (DOWN,)),
    (RESTORE, (HTML, CRASH, LOCKED), (RELOGIN,)),
    (RESTORE, (HTML, SESSION_GONE), (READ_AFTER,)),
)


def _cells() -> Iterator[Cell]:
    for story, faults, points in _TABLE:
        for fault in faults:
            yield from (Cell(story, fault, point) for point in points)


CELLS = tuple(_cells())
