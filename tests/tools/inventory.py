# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of a running lab, as a person would write it for a home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lab.client import LabClient


def inventory(lab: LabClient, adb_port: int, path: Path | None = None) -> Path:
    """Write the inventory (JSON, which Ansible takes for YAML) and return its path.

    It goes into the lab's own directory, which disappears with the lab, or to ``path``.
    ``adb_port`` is that of the adb *server*.
    """
    path = path or lab.state_dir / "inventory.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(_groups(lab, adb_port), indent=2), encoding="utf-8")
    return path


def _groups(lab: LabClient, adb_port: int) -> dict[str, Any]:
    router = {
        "asuswrt_host": "127.0.0.1",
        "asuswrt_port": lab.https_port,
        "asuswrt_tls": True,
        "asuswrt_certificate_fingerprint": lab.certificate_fingerprint,
        "asuswrt_username": lab.username,
        "asuswrt_password": lab.password,
    }
    phone = {"android_serial": lab.serial, "android_adb_server_port": adb_port}
    return {
        "asus_routers": {"hosts": {"router": router}},
        "android_phones": {"hosts": {"phone": phone}},
        "all": {
            "vars": {
                "ansible_connection": "local",
                # Else Ansible looks for a Python of its own, in which httpx may be missing.
                "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            },
        },
    }
