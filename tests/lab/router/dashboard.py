# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``/ajax_status.xml``, which the pages poll every 3 s (dual-WAN facts 5). Only the parts about WAN and USB."""

from __future__ import annotations

from collections.abc import Iterable

from .lines import UNITS, Lines
from .nvram import Nvram

_OF_THE_ROUTER = frozenset({"active_wan_unit", "link_internet"})
"""The other items are there once for each unit."""


def ajax_status(nvram: Nvram, lines: Lines, items: Iterable[str]) -> str:
    """``items`` are the names of the ``<wan>`` elements in the order of this generation."""
    out = ['<?xml version="1.0" ?>', "<devicemap>"]
    for unit, tag in zip(UNITS, ("first_wan", "second_wan"), strict=True):
        out.extend(
            f"<{tag}>{nvram.get(f'wan{unit}_{name}')}</{tag}>" for name in ("state_t", "sbstate_t", "auxstate_t")
        )
    for name in items:
        if name in _OF_THE_ROUTER:
            value = str(lines.active) if name == "active_wan_unit" else nvram.get(name)
            out.append(f"<wan>{name}={value}</wan>")
        else:
            out.extend(f"<wan>wan{unit}_{name}={nvram.get(f'wan{unit}_{name}')}</wan>" for unit in UNITS)
    kind = nvram.get("usb_path1")
    out.append(f"<usb>'[{'[&quot;1&quot;, &quot;' + kind + '&quot;]' if kind else ''}]'</usb>")
    out.append(f"<usb>modem_enable={nvram.get('modem_enable')}</usb>")
    out.append("</devicemap>")
    return "\n".join(out) + "\n"
