# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request is for, by its path: the journal's kinds, and the points that faults can be set to."""

from __future__ import annotations

_BY_PATH = {
    "/get_Nonce.cgi": "nonce",
    "/login.cgi": "login",
    "/login_v2.cgi": "login",
    "/appGet.cgi": "read",
    "/ajax_status.xml": "read",
    "/applyapp.cgi": "write",
    "/apply.cgi": "write",
    "/start_apply.htm": "write",
    "/start_apply2.htm": "write",
    "/upload.cgi": "upload",
    "/Logout.asp": "logout",
    "/httpd_check.xml": "check",
}
KINDS = (*dict.fromkeys(_BY_PATH.values()), "download", "page")
"""Without the two that only the journal knows: ``refused`` by the door, and ``cut`` before it was looked at."""

BEHIND_THE_DOOR = frozenset({"read", "write", "upload", "logout", "download"})
"""Those that are let in by a token only."""


def kind_of(path: str) -> str:
    """One of KINDS."""
    if path.endswith(".CFG"):
        return "download"
    return _BY_PATH.get(path, "page")
