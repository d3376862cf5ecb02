# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script for a machine that looks after the phone, as the role writes it, without a playbook."""

from __future__ import annotations

import shutil
from pathlib import Path

import jinja2

from tools.checkout import ROOT


def script_in(directory: Path) -> None:
    """Write what ``phone_rearm_directory`` has, without the settings."""
    role = ROOT / "roles/phone"
    directory.mkdir(exist_ok=True)
    template = (role / "templates/rearm.sh.j2").read_text(encoding="utf-8")
    (directory / "rearm.sh").write_text(jinja2.Template(template).render() + "\n", encoding="utf-8")
    (directory / "rearm.sh").chmod(0o755)
    shutil.copy(role / "files/watch.sh", directory)
