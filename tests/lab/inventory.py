# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of a running lab, as a person would write it for a home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .client import LabClient


def inventory(
    lab: LabClient,
    path: Path | None = None,
    *,
    router_port: int | None = None,
    adb_server_port: int | None = None,
    **variables: Any,
) -> Path:
    """Write the inventory (JSON, which Ansible takes for YAML) and return its path.

    It goes into the lab's own directory, which disappears with the lab, or to ``path``. Other ports than the lab's own
    may be named, of something that stands in between. ``variables`` are for all hosts.
    """
    path = path or lab.state_dir / "inventory.json"
    path.touch(mode=0o600)
    content = groups(lab, router_port, adb_server_port)
    content["all"]["vars"] |= variables
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return path


def groups(lab: LabClient, router_port: int | None = None, adb_server_port: int | None = None) -> dict[str, Any]:
    """The inventory's content. It has the router's password."""
    router = {
        "asuswrt_host": "127.0.0.1",
        "asuswrt_port": router_port or lab.https_port,
        "asuswrt_tls": True,
        "asuswrt_certificate_fingerprint": lab.certificate_fingerprint,
        "asuswrt_username": lab.username,
        "asuswrt_password": lab.password,
    }
    phone: dict[str, str | int] = {
        "android_serial": lab.serial,
        "android_adb_server_host": "127.0.0.1",
    }
    # A lab without an adb server of its own leaves it to whatever there is.
    if port := adb_server_port or lab.adb_server_port:
        phone["android_adb_server_port"] = port
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
