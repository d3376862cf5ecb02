# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files under ``/sys`` that tell of USB, the tether and the battery to who reads them without a program.

Who may read what is SELinux's doing on a phone. By AOSP's policy of 9 to 15 (shell.te) the user shell lists
``/sys/class/net`` and reads the battery's, and nothing else here. On the host they are plain files, read-only within.
"""

from __future__ import annotations

from pathlib import Path

_ROOT_ONLY, _EVERYBODY = 0, 0o444


class SysFiles:
    """``classes`` on the host is ``/sys/class`` on the phone, ``power`` is ``/sys/power``."""

    def __init__(self, classes: Path, power: Path) -> None:
        self._classes = classes
        self._power = power

    def booted(self) -> None:
        """Nobody holds a wake lock."""
        self._power.mkdir(exist_ok=True)
        for name in ("wake_lock", "wake_unlock"):
            _put(self._power / name, "", _ROOT_ONLY)

    def wake_lock(self) -> str | None:
        """Who keeps the phone awake: what was written last, unless it was given back."""
        held, freed = (_get(self._power / name) for name in ("wake_lock", "wake_unlock"))
        return held if held and held != freed else None

    def usb(self, kernel_state: str) -> None:
        """STATE_PATH of UsbDeviceManager.java; for root."""
        _put(self._classes / "android_usb/android0/state", f"{kernel_state}\n", _ROOT_ONLY)

    def battery(self, level: int, temperature: int) -> None:
        _put(self._classes / "power_supply/battery/capacity", f"{level}\n", _EVERYBODY)
        _put(self._classes / "power_supply/battery/temp", f"{temperature}\n", _EVERYBODY)

    def interface(self, name: str | None, up: bool) -> None:
        """The tether's, whose directory everybody sees."""
        net = self._classes / "net"
        net.mkdir(parents=True, exist_ok=True)
        for there in net.iterdir():
            if there.name != name:
                for file in there.iterdir():
                    file.unlink()
                there.rmdir()
        if name is not None:
            _put(net / name / "carrier", f"{int(up)}\n", _ROOT_ONLY)
            _put(net / name / "operstate", "up\n" if up else "down\n", _ROOT_ONLY)


def _get(path: Path) -> str:
    """Of a file that only root may read on the phone: here we own it."""
    mode = path.stat().st_mode & 0o777
    path.chmod(0o600)
    try:
        return path.read_text().strip()
    finally:
        path.chmod(mode)


def _put(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}")
    fresh.unlink(missing_ok=True)
    fresh.write_text(text)
    fresh.chmod(mode)
    fresh.rename(path)
