# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real adbd for the lab: Debian's package, the only build of it for Linux, with the C library that it needs.

``python -m lab.real_adbd DIRECTORY`` fetches it there with apt, from Debian 13 (trixie) whatever release this is, and
installs nothing. It is AOSP's adbd of platform-tools 34, without authorisation and without ``adb root`` and ``tcpip``.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main\n"
PROGRAM = Path("usr/lib/android-sdk/platform-tools/adbd")
"""Below the directory."""


class NoAdbd(Exception):
    """It cannot be had on this machine."""


def fetch(directory: Path) -> Path:
    """Have adbd and its libraries below ``directory``, which is returned. What is there already is not fetched again.

    Raises NoAdbd.
    """
    if (directory / PROGRAM).exists():
        return directory
    missing = [program for program in ("apt-get", "dpkg-deb") if shutil.which(program) is None]
    if missing:
        raise NoAdbd(f"no {' and no '.join(missing)} here: it needs a Debian")
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="adbd-", dir=directory.parent) as name:
        own = Path(name)
        for folder in ("lists/partial", "cache/archives/partial", "root"):
            (own / folder).mkdir(parents=True)
        (own / "sources.list").write_text(SOURCE)
        (own / "status").touch()
        _apt(own, "update")
        _apt(own, "install", "--download-only", "--yes", "--no-install-recommends", "adbd")
        for package in sorted((own / "cache/archives").glob("*.deb")):
            subprocess.run(["dpkg-deb", "--extract", str(package), str(own / "root")], check=True)
        if not (own / "root" / PROGRAM).exists():
            raise NoAdbd("Debian's package adbd is no longer what it was")
        try:
            (own / "root").rename(directory)
        except OSError:
            # Somebody else was quicker; what is there is as good.
            if not (directory / PROGRAM).exists():
                raise
    return directory


def _apt(own: Path, *words: str) -> None:
    settings = {
        "Dir::Etc::SourceList": own / "sources.list",
        "Dir::Etc::SourceParts": "/nonexistent",
        "Dir::State::Lists": own / "lists",
        "Dir::State::Status": own / "status",
        "Dir::Cache": own / "cache",
        "APT::Architecture": "amd64",
        "APT::Sandbox::User": "root",
    }
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    done = subprocess.run(["apt-get", "-qq", *options, *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NoAdbd(f"apt-get {words[0]} failed: {done.stderr.strip()}")


def main() -> int:
    """Fetch it; the exit status."""
    parser = argparse.ArgumentParser(prog="lab.real_adbd", description="Fetch Debian's adbd for the lab")
    parser.add_argument("directory", type=Path)
    try:
        print(fetch(parser.parse_args().directory.resolve()))
    except NoAdbd as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
