# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phone's file system: a small root of its own, so that ``/data/local/tmp`` is what it says.

``/data`` is a tmpfs with a size, because a full storage has to say ENOSPC by itself. ``/lab`` is no part of a phone:
it holds the seams of the simulation (the host's programs that stand-ins need, and the way to the simulator).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from . import kernel

DATA_BYTES = 256 * 1024 * 1024
TMP = "/data/local/tmp"

_LIBRARIES = ("lib", "lib32", "lib64", "libx32", "usr/lib", "usr/lib32", "usr/lib64", "usr/libx32")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_PEOPLE = {"root": 0, "system": 1000, "shell": 2000, "nobody": 9999}


def build(where: Path, description: dict[str, Any]) -> None:
    """Make the root directory at ``where`` and move into it for good."""
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("phone", str(where), "tmpfs", kernel.MS_NOSUID, "mode=755,size=16m")
    _libraries(where)
    _lab(where, description)
    _system(where, description)
    for name in ("data", "dev", "proc", "sys", "storage", "mnt"):
        (where / name).mkdir()
    kernel.mount("proc", str(where / "proc"), "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
    _devices(where / "dev")
    kernel.mount("data", str(where / "data"), "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, _size(DATA_BYTES))
    (where / "sys/class").mkdir()
    _bind(Path(description["classes"]), where / "sys/class")
    (where / "sys/power").mkdir()
    kernel.mount(description["power"], str(where / "sys/power"), None, kernel.MS_BIND)
    (where / "storage/emulated/0").mkdir(parents=True)
    (where / "storage/self").mkdir()
    (where / "storage/self/primary").symlink_to("/storage/emulated/0")
    (where / "sdcard").symlink_to("/storage/self/primary")
    os.chdir(where)
    kernel.mount(".", "/", None, kernel.MS_MOVE)
    os.chroot(".")
    os.chdir("/")
    furnish_data()
    kernel.mount("/data/media/0", "/storage/emulated/0", None, kernel.MS_BIND)
    kernel.read_only("/")


def furnish_data() -> None:
    """The directories that every phone has.

    Shell and root are one user underneath, so the modes here keep out the owner too: only root's capabilities pass.
    """
    for path, mode in (
        ("/data/local", 0o755),
        (TMP, 0o771),
        ("/data/adb", 0o700),
        ("/data/media", 0o755),
        ("/data/media/0", 0o771),
    ):
        os.makedirs(path, exist_ok=True)
        os.chmod(path, mode)
    os.makedirs("/data/system", exist_ok=True)
    with open("/data/system/packages.list", "w", encoding="utf-8") as file:
        # Something has to be stored for the storage to be full: a tmpfs of no size at all has no limit.
        file.write("lab\n")
    os.chmod("/data/system", 0)
    os.chmod("/data/adb", 0)
    os.chmod("/data/local", 0o511)
    os.chmod("/data/media", 0o111)
    os.chmod("/data", 0o111)


def empty_data() -> None:
    """Factory state, without taking the mount from under who uses it."""
    for top in (TMP, "/data/adb", "/data/media/0"):
        for directory, names, files in os.walk(top, topdown=False):
            for name in files:
                os.unlink(os.path.join(directory, name))
            for name in names:
                path = os.path.join(directory, name)
                if os.path.islink(path):
                    os.unlink(path)
                else:
                    os.rmdir(path)
    furnish_data()


def fill_data(full: bool) -> None:
    """No free block is left, or the usual size again."""
    if full:
        usage = os.statvfs("/data")
        size = (usage.f_blocks - usage.f_bfree) * usage.f_frsize
    else:
        size = DATA_BYTES
    kernel.mount(None, "/data", None, kernel.MS_REMOUNT | kernel.MS_NOSUID | kernel.MS_NODEV, _size(size))


def protect(path: str, protect: bool) -> None:
    """A read-only mount over it, as after errors of the file system: what is open for writing there stays so."""
    if protect:
        kernel.mount(path, path, None, kernel.MS_BIND | kernel.MS_REC)
        kernel.read_only(path)
    else:
        kernel.unmount(path)


def _size(size: int) -> str:
    return f"size={size}"


def _libraries(where: Path) -> None:
    for name in _LIBRARIES:
        source = Path("/") / name
        target = where / name
        if source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(os.readlink(source))
        elif source.is_dir():
            target.mkdir(parents=True)
            _bind(source, target)


def _lab(where: Path, description: dict[str, Any]) -> None:
    (where / "lab/bin").mkdir(parents=True)
    (where / "lab/calls").mkdir()
    kernel.mount(description["calls"], str(where / "lab/calls"), None, kernel.MS_BIND)
    if description["adbd"] is not None:
        (where / "lab/adbd").mkdir()
        _bind(Path(description["adbd"]), where / "lab/adbd")
    for name, source in description["host_programs"].items():
        target = where / "lab/bin" / name
        target.touch()
        _bind(Path(source), target)


def _system(where: Path, description: dict[str, Any]) -> None:
    programs = where / "system/bin"
    programs.mkdir(parents=True)
    for name, target in description["links"].items():
        (programs / name).symlink_to(target)
    for name, text in description["scripts"].items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    (where / "system/xbin").mkdir()
    kernel.mount(description["extra_programs"], str(where / "system/xbin"), None, kernel.MS_BIND)
    kernel.read_only(str(where / "system/xbin"))
    settings = where / "system/etc"
    settings.mkdir()
    (settings / "passwd").write_text("".join(f"{name}:x:{n}:{n}::/:/system/bin/sh\n" for name, n in _PEOPLE.items()))
    (settings / "group").write_text("".join(f"{name}:x:{n}:\n" for name, n in _PEOPLE.items()))
    (where / "bin").symlink_to("/system/bin")
    (where / "etc").symlink_to("/system/etc")


def _devices(where: Path) -> None:
    for name in _DEVICES:
        source = Path("/dev") / name
        if not source.exists():
            continue
        (where / name).touch()
        kernel.mount(str(source), str(where / name), None, kernel.MS_BIND)
    # Terminals that a program opens are the phone's own; those of `adb shell -t` are the host's.
    own = where.parent / "lab/pts"
    own.mkdir()
    kernel.mount("devpts", str(own), "devpts", kernel.MS_NOSUID | kernel.MS_NOEXEC, "newinstance,ptmxmode=0666")
    (where / "ptmx").touch()
    kernel.mount(str(own / "ptmx"), str(where / "ptmx"), None, kernel.MS_BIND)
    if Path("/dev/pts").is_dir():
        (where / "pts").mkdir()
        kernel.mount("/dev/pts", str(where / "pts"), None, kernel.MS_BIND)
    (where / "fd").symlink_to("/proc/self/fd")


def _bind(source: Path, target: Path) -> None:
    kernel.mount(str(source), str(target), None, kernel.MS_BIND | (kernel.MS_REC if source.is_dir() else 0))
    kernel.read_only(str(target))
