# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section on the two lines. Pure."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import Markup, Piece, tag
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._parts import absent, section, table
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._seen import Line, Link, Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._signs import STATUS, known, labelled
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._topology import topology
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import sentence

ADDRESS_KINDS = {
    "public": "public",
    "cgnat": "the provider's own, closed from outside",
    "unknown": "",
}


def link_section(link: Link | None, phone: Phone | None, why_none: str) -> Markup:
    """The drawing, and a row for each line; ``why_none`` in its place."""
    title = "The two lines"
    if link is None:
        return section("link", title, absent(why_none))
    heads = ("Line", "State", "What that means", "Address")
    return section("link", title, topology(link, phone), table("Both lines", heads, map(_row, link.lines)))


def _row(line: Line) -> list[Piece]:
    kind = ADDRESS_KINDS.get(line.address_kind, line.address_kind)
    address = f"{line.address} ({kind})" if line.address and kind else line.address or "none"
    return [
        (line.role.capitalize(), tag("small", f"{line.type}, in use" if line.active else line.type)),
        labelled(known(STATUS, line.status)),
        sentence(line.why),
        address,
    ]
