# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Linux calls for which Python 3.11 has no wrapper."""

from __future__ import annotations

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_BIND = 4096
MS_MOVE = 8192
MS_REC = 16384
MS_PRIVATE = 1 << 18
MS_RELATIME = 1 << 21
MNT_DETACH = 2

_PIDFD_GETFD = 438
_PR_SET_CHILD_SUBREAPER = 36
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilityData(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{os.strerror(code)} ({what})")


def _text(value: str | None) -> bytes | None:
    return None if value is None else os.fsencode(value)


def unshare(flags: int, what: str) -> None:
    """Leave the namespaces of the parent."""
    _check(_libc.unshare(flags), f"unshare {what}")


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2)."""
    result = _libc.mount(_text(source), _text(target), _text(kind), ctypes.c_ulong(flags), _text(data))
    _check(result, f"mount {source or kind or ''} on {target}")


def unmount(target: str) -> None:
    """umount2(2), at once for new look-ups; who has something open there keeps it."""
    _check(_libc.umount2(_text(target), MNT_DETACH), f"umount {target}")


def read_only(target: str) -> None:
    """Make one mount read-only. What its source had locked has to be repeated, or the kernel refuses."""
    had = os.statvfs(target).f_flag
    kept = had & (os.ST_NOSUID | os.ST_NODEV | os.ST_NOEXEC | os.ST_NOATIME)
    if had & os.ST_RELATIME:
        kept |= MS_RELATIME
    mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | kept)


def file_of(pid: int, number: int) -> int:
    """An open file of another process as one of ours, sockets included (pidfd_getfd, Linux 5.6)."""
    process = os.pidfd_open(pid)
    try:
        found: int = _libc.syscall(_PIDFD_GETFD, process, number, 0)
        _check(0 if found >= 0 else -1, "pidfd_getfd")
    finally:
        os.close(process)
    return found


def adopt_orphans() -> None:
    """Become the parent of whatever a descendant leaves behind, instead of init."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl PR_SET_CHILD_SUBREAPER")


def drop_capabilities() -> None:
    """Keep no more rights than the user has."""
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    data = (_CapabilityData * 2)()
    _check(_libc.capset(ctypes.byref(header), data), "capset")
