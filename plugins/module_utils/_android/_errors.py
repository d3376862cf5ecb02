# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone, or the adb server on the way to it, does instead of answering."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._errors import DeviceError


class PhoneError(DeviceError):
    """Any of the below."""


class ServerMissing(PhoneError):
    """No adb server answers."""

    reason = "adb_server_missing"


class NoPhone(PhoneError):
    """The adb server does not know the phone."""

    reason = "no_phone"


class NoPermission(NoPhone):
    """The adb server may not open what is on its USB. While that is so it says this of every phone that is not there,
    so that it tells nothing of ours."""

    reason = "no_permission"


class SeveralPhones(PhoneError):
    """The adb server knows several phones, and no serial was given."""

    reason = "several_phones"


class Unauthorised(PhoneError):
    """The phone has not allowed this computer's key."""

    reason = "unauthorised"


class Offline(PhoneError):
    """The adb server knows the phone and gets no answer from it."""

    reason = "offline"


class ConnectionLost(PhoneError):
    """The connection ended in the middle of a command."""

    reason = "connection_lost"


class StillBooting(PhoneError):
    """adbd answers, and Android's services do not yet."""

    reason = "still_booting"


class TookTooLong(PhoneError):
    """A command did not end in time."""

    reason = "timeout"


class BadAnswer(PhoneError):
    """An answer that this collection cannot read."""

    reason = "bad_answer"


class NotSupported(PhoneError):
    """This Android cannot do it, or not without root."""

    reason = "not_supported"


class FunctionRefused(PhoneError):
    """The phone did not take the USB function."""

    reason = "function_refused"


class NotWritten(PhoneError):
    """The phone's storage did not take a file."""

    reason = "not_written"


def storage_cure(said: str) -> str | None:
    """What helps where a file could not be written, by the shell's words; None where it is not the storage."""
    if "No space left" in said:
        return "Free some space on the phone"
    if "Read-only" in said or "Permission denied" in said:
        return "Reboot the phone; if it stays, its maker keeps the shell user from /data/local/tmp"
    return None


class NotStored(PhoneError):
    """The phone took a request and kept another state."""

    reason = "not_stored"
