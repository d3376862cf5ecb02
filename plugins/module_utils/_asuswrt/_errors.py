# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router does instead of answering."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import DeviceError


class RouterError(DeviceError):
    """Any of the below."""

    tells_what_is_stored = False
    """Whether the error itself says what the router has; else its session adds that."""


class Unreachable(RouterError):
    """Nothing answers at that address, or it stopped answering."""

    reason = "unreachable"


class NotConnected(Unreachable):
    """Not even a connection came about, so nothing was sent."""


class NotAsuswrt(RouterError):
    """Something answers, but not as Asuswrt's web server does."""

    reason = "not_asuswrt"


class CertificateNotTrusted(RouterError):
    """The certificate is neither signed by a known authority nor the pinned one. No password was sent."""

    reason = "certificate_not_trusted"


class WrongPassword(RouterError):
    """The router refused user name or password (error_status 3). Never tried again: five failures lock everyone out."""

    reason = "wrong_password"


class LockedOut(RouterError):
    """Too many failed logins, by whomever (error_status 7)."""

    reason = "locked_out"


class LoginRefused(RouterError):
    """Any other refusal to log in, such as a captcha (error_status 10)."""

    reason = "login_refused"


class SessionLost(RouterError):
    """The router no longer knows the session (error_status 1, 2 or 8), even after logging in again once."""

    reason = "session_lost"


class BadReply(RouterError):
    """An answer that is not what the protocol says."""

    reason = "bad_reply"


class Busy(RouterError):
    """The router is still running a service; one requested now would be lost in silence."""

    reason = "busy"


class NotStored(RouterError):
    """The router took the request and kept another value."""

    reason = "not_stored"
    tells_what_is_stored = True


class NotActivated(RouterError):
    """Stored, but the service or reboot that should make it true was not seen to end."""

    reason = "not_activated"


class NotRebooted(NotActivated):
    """The router was asked to reboot, and answers without having done so."""


class NotCapable(RouterError):
    """The model, its firmware or its operation mode cannot do this."""

    reason = "not_capable"


class NotRemembered(RouterError):
    """The control node cannot keep its note of a change, without which an interrupted one could not be taken back."""

    reason = "not_remembered"


class RolledBack(RouterError):
    """Management or the internet did not come back in time after a change, so the former values were written again."""

    reason = "rolled_back"
    tells_what_is_stored = True


class AnotherRun(RouterError):
    """Somebody else on this control node is writing to this router. Nothing was written."""

    reason = "another_run"


class DrillRunning(AnotherRun):
    """A drill is under way on this router, on this control node. Nothing was written."""

    reason = "drill_running"


class NotGivenBack(RouterError):
    """What a drill took away, or a line that was being switched off, is not all back. The note of it is kept."""

    reason = "not_given_back"
    tells_what_is_stored = True


class BadBackup(RouterError):
    """A settings file that is none, is not whole, or is another model's."""

    reason = "bad_backup"


class NotKept(RouterError):
    """The machine that runs the task cannot keep or read settings files."""

    reason = "not_kept"
